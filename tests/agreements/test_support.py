"""Promised answers: tables, clocks, calendars, priorities, and when a contract may be ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agreements.chronic import Judged, Right, rights
from agreements.explaining import find, lines
from agreements.priorities import severity_of
from agreements.promises import AnswerDue, acknowledgement_due, answer_due, resolution_due, response_due, update_due
from agreements.terms import Terms, TermsMalformed, load
from agreements.terms.promising import Clock, promise
from kernel.business_time import NeverOpen
from kernel.intervals import Interval
from kernel.months import Month
from tests.agreements.texts import SOUND, bent

# Thursday 1 October 2026, 10:00 in London, where clocks stand at UTC+1 until the 25th.
THURSDAY = datetime(2026, 10, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


def supporting(written: str, *, more: str = "", office: str | None = None) -> Terms:
    """Add support of two severities to the sound agreement (London, 09:00-17:00)."""
    body = "".join(f"  {line}\n" for line in written.splitlines())
    text = SOUND if office is None else bent('  hours: {monday-friday: "09:00-17:00"}', office)
    return load(f"{text}support:\n  severities: {{high: Down, low: A question}}\n{body}{more}")


def responded(terms: Terms, *, severity: str = "high", since: datetime = THURSDAY) -> AnswerDue:
    due = response_due(terms, tier="plus", severity=severity, received=since)
    assert due is not None
    return due


def london(day: int, hour: int, minute: int = 0, *, month: int = 10) -> datetime:
    """Give a wall time of London in summer, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - HOUR


# Clocks


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("15 minutes", london(1, 10, 15)),
        ("24 hours", london(2, 10)),
        ("1 week", london(8, 10)),
        ("12 business hours", london(2, 14)),  # 7 h on Thursday, 5 h on Friday
        ("less than 2 business hours", london(1, 12)),
        ("next business day", london(2, 17)),
        ("same business day", london(1, 17)),
        ("2 business days", london(5, 17)),
        ("2 working days", london(5, 17)),
        ("2 office hours", london(1, 12)),
        ("3 calendar days", london(5, 0)),
    ],
)
def test_each_clock_has_its_own_end(written: str, due: datetime) -> None:
    assert responded(supporting(f"response: {written}")).due_at == due


def test_a_month_keeps_the_time_of_day_over_a_change_of_the_clock() -> None:
    due = responded(supporting("response: 1 month"))
    assert due.due_at == datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_the_same_business_day_that_has_closed_is_the_next_one() -> None:
    assert responded(supporting("response: same business day"), since=london(1, 18)).due_at == london(2, 17)
    assert responded(supporting("response: same business day"), since=london(3, 12)).due_at == london(5, 17)


@pytest.mark.parametrize(("written", "late"), [("2 hours", MOMENT), ("less than 2 hours", timedelta(0))])
def test_at_the_due_instant_is_in_time_unless_less_is_promised(written: str, late: timedelta) -> None:
    due = responded(supporting(f"response: {written}"))
    at = THURSDAY + 2 * HOUR
    assert due.late_from == at + late
    assert due.missed(answered_at=at, now=at) == (not late)
    assert due.missed(answered_at=None, now=at + MOMENT)


def test_a_best_effort_has_no_clock_and_may_have_a_guide_figure() -> None:
    due = responded(supporting('response: "best effort, guide 8 business hours"'))
    assert (due.due_at, due.late_from) == (None, None)
    assert due.guide_at == london(2, 10)
    assert not due.missed(answered_at=None, now=THURSDAY + 9999 * HOUR)
    assert "Usual is an answer by 2 October 2026, 10:00" in due.step.sentence


@pytest.mark.parametrize("written", ["2 days", "1.5 business days", "2 business weeks", "3 calendar hours", "soon"])
def test_what_is_no_promise_is_refused(written: str) -> None:
    with pytest.raises(TermsMalformed, match="was not understood"):
        supporting(f"response: {written}")


def test_business_hours_may_pass_round_the_clock_on_business_days() -> None:
    terms = supporting("response: 24 business hours\nbusiness_hours_mean: hours_on_business_days")
    assert responded(terms, since=london(2, 10)).due_at == london(5, 10)


# Tables

TABLE = """\
response:
  plus: {high: 1 hour, every_severity: 8 hours}
  every_tier: {high: 4 hours, low: best effort}
acknowledgement: 30 minutes
progress_every: {every_tier: {high: 2 hours}}
resolution: {plus: 1 business day}
resolution_from: acknowledgement
"""


@pytest.mark.parametrize(
    ("tier", "severity", "hours"), [("plus", "high", 1), ("plus", "low", 8), ("other", "high", 4), ("other", "x", None)]
)
def test_the_nearest_cell_decides(tier: str, severity: str, hours: int | None) -> None:
    due = response_due(supporting(TABLE), tier=tier, severity=severity, received=THURSDAY)
    assert (due and due.due_at) == (hours and THURSDAY + hours * HOUR)


def test_each_kind_of_answer_has_a_table() -> None:
    terms = supporting(TABLE)
    acknowledged = acknowledgement_due(terms, tier="plus", severity="low", received=THURSDAY)
    updated = update_due(terms, tier="plus", severity="high", updated=THURSDAY)
    solved = resolution_due(terms, tier="plus", severity="low", since=THURSDAY)
    assert [due and due.due_at for due in (acknowledged, updated, solved)] == [
        *(london(1, 10, 30), london(1, 12), london(2, 17)),
    ]
    assert update_due(terms, tier="plus", severity="low", updated=THURSDAY) is None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("response: {plux: 1 hour}", "There is no tier `plux`."),
        ("response: {plus: {hihg: 1 hour}}", "did you mean `high`?"),
        ("response: {plus: {within: 4 hours, calendar: nights}}", "'4 hours' is not business time"),
        ("response: {plus: {within: 4 business hours, calendar: nights}}", "There is no calendar `nights`."),
        ("response: 1 hour\ncalendar: {plus: nights}", "There is no calendar `nights`."),
    ],
)
def test_a_cell_of_something_unknown_is_refused(written: str, told: str) -> None:
    with pytest.raises(TermsMalformed) as refused:
        supporting(written)
    assert told in str(refused.value)


def test_a_calendar_may_be_named_by_tier_severity_or_cell() -> None:
    calendars = """\
calendars:
  long: {time_zone: Europe/London, hours: {monday-friday: "06:00-22:00"}}
  always: {time_zone: UTC, hours: {monday-sunday: "00:00-24:00"}}
"""
    cells = "response: {plus: {high: 10 business hours, low: {within: 10 business hours, calendar: always}}}"
    terms = supporting(f"{cells}\ncalendar: {{plus: {{every_severity: long}}}}", more=calendars)
    since = london(2, 20)  # Friday evening
    assert responded(terms, since=since).due_at == london(5, 14)
    assert responded(terms, severity="low", since=since).due_at == london(3, 6)
    plain, _, _ = SOUND.partition("business_hours:")
    assert load(bent("settle_within: 10 business days", "settle_within: 14 days", text=plain)).business_hours is None


def test_waiting_for_the_customer_pauses_only_the_clocks_that_it_may() -> None:
    waiting = (Interval(THURSDAY + HOUR, THURSDAY + 3 * HOUR),)
    terms = supporting("response: 4 hours\nresolution: 4 business hours\nwaiting_pauses: [resolution]")
    first = response_due(terms, tier="plus", severity="high", received=THURSDAY, pauses=waiting)
    solved = resolution_due(terms, tier="plus", severity="high", since=THURSDAY, pauses=waiting)
    assert [due and due.due_at for due in (first, solved)] == [THURSDAY + 4 * HOUR, THURSDAY + 6 * HOUR]


@given(some.integers(1, 200), some.lists(some.tuples(some.integers(0, 100), some.integers(1, 50)), max_size=4))
def test_a_pause_moves_an_elapsed_clock_by_what_lies_before_its_end(hours: int, pauses: list[tuple[int, int]]) -> None:
    terms = supporting(f"resolution: {hours} hours\nwaiting_pauses: [resolution]")
    begun, stretches = 0, []
    for wait, length in pauses:
        begun += wait
        stretches.append(Interval(THURSDAY + begun * HOUR, THURSDAY + (begun + length) * HOUR))
        begun += length
    due = resolution_due(terms, tier="plus", severity="high", since=THURSDAY, pauses=stretches)
    assert due is not None
    assert due.due_at is not None
    paused = sum(((min(one.end, due.due_at) - one.start) for one in stretches if one.start < due.due_at), timedelta())
    assert due.due_at - THURSDAY - paused == hours * HOUR


@pytest.mark.parametrize(("hour", "due"), [(16, london(1, 16, 30)), (17, london(1, 19)), (8, london(1, 10))])
def test_another_time_may_be_promised_outside_the_hours(hour: int, due: datetime) -> None:
    terms = supporting("response: {plus: {high: {within: 30 minutes, outside_hours: 2 hours}}}")
    assert responded(terms, since=london(1, hour)).due_at == due


def test_an_answer_explains_its_clock_and_calendar() -> None:
    terms = supporting("response: {plus: {high: {is: 12 business hours, clause: §5.2}}}")
    told = list(lines(responded(terms).step))
    assert told[0] == (
        "Response: Promised within 12 business hours of 1 October 2026, 10:00 (Europe/London): "
        "due by 2 October 2026, 14:00 (Europe/London). (§5.2)"
    )
    assert "Thu 01 Oct 2026 10:00 to 17:00: 7:00 hours worked." in told[1]


# The business calendar


def test_a_break_is_cut_out_of_the_hours() -> None:
    terms = supporting(
        "response: 4 business hours",
        office='  hours: {monday-friday: "09:00-17:00"}\n  breaks: {monday-friday: "12:00-13:00"}',
    )
    assert responded(terms).due_at == london(1, 15)  # fmt: skip


@pytest.mark.parametrize("pause", ['saturday: "12:00-13:00"', 'monday: "08:00-10:00"', 'monday: "16:00-18:00"'])
def test_a_break_outside_the_hours_is_refused(pause: str) -> None:
    with pytest.raises(TermsMalformed, match="is not inside its hours"):
        supporting("response: 1 hour", office=f'  hours: {{monday-friday: "09:00-17:00"}}\n  breaks: {{{pause}}}')


def test_single_dates_may_have_hours_of_their_own() -> None:
    special = '  hours: {monday-friday: "09:00-17:00"}\n  special_hours: {2026-12-24: "09:00-12:00", %s}'
    terms = supporting("response: 4 business hours", office=special % '2026-12-26: "10:00-12:00"')
    due = responded(terms, since=datetime(2026, 12, 24, 10, tzinfo=UTC))
    assert due.due_at == datetime(2026, 12, 26, 12, tzinfo=UTC)


HOLIDAYS = "  holidays: {public_holidays_of: GB-ENG, years: 2025-2030}"


def holidays_of(written: str) -> dict[date, str]:
    return dict(load(bent(HOLIDAYS.strip(), f"holidays: {{{written}, years: 2026}}")).holidays)


def test_a_day_is_a_holiday_in_any_or_in_all_of_several_countries() -> None:
    german, french = (set(holidays_of(f"public_holidays_of: {one}")) for one in ("DE", "FR"))
    assert set(holidays_of("public_holidays_of: [DE, FR], holiday_in: any")) == german | french
    assert set(holidays_of("public_holidays_of: [DE, FR], holiday_in: all")) == german & french
    assert date(2026, 7, 14) in german ^ french
    assert date(2026, 5, 1) in german & french


def test_a_list_of_ones_own_may_name_days_of_every_year() -> None:
    own = 'also: ["01-01", "02-29", 2026-12-24]'
    assert list(holidays_of(own)) == [date(2026, 1, 1), date(2026, 12, 24)]
    assert date(2026, 12, 25) not in holidays_of('public_holidays_of: GB-ENG, except: ["12-25"]')


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("public_holidays_of: [DE, FR]", "add `holiday_in`"),
        ("public_holidays_of: DE, holiday_in: all", "`holiday_in` is about several countries."),
        ("public_holidays_of: [DE, DE], holiday_in: any", "or one twice"),
        ('also: ["02-30"]', "'02-30' is no date."),
    ],
)
def test_holidays_that_could_mean_two_things_are_refused(written: str, told: str) -> None:
    with pytest.raises(TermsMalformed) as refused:
        holidays_of(written)
    assert told in str(refused.value)


# Priority

PRIORITY = """\
response: 1 hour
priority:
  matrix:
    wide: {now: high, later: low}
    small: {now: low, later: low}
  facts: {workaround: There is one, beta: In beta, outage: The service is down}
  rules:
    - {when: beta, always: low}
    - {when: workaround, unless: outage, at_most: low}
    - {when: outage, at_least: high}
  otherwise: low
"""


@pytest.mark.parametrize(
    ("impact", "urgency", "facts", "severity"),
    [
        ("wide", "now", (), "high"),
        ("small", "now", (), "low"),
        ("wide", "now", ("workaround",), "low"),
        ("wide", "now", ("workaround", "outage"), "high"),
        ("small", "later", ("outage",), "high"),
        ("small", "later", ("outage", "beta"), "low"),
        (None, None, (), "low"),
        (None, None, ("beta",), "low"),
    ],
)
def test_impact_and_urgency_give_the_severity_and_facts_change_it(
    impact: str | None, urgency: str | None, facts: tuple[str, ...], severity: str
) -> None:
    assert severity_of(supporting(PRIORITY), impact=impact, urgency=urgency, facts=facts).severity == severity


@pytest.mark.parametrize(
    ("stated", "facts", "severity"),
    [
        ("high", (), "high"),
        ("high", ("workaround",), "low"),
        (None, ("workaround",), "low"),
        ("low", ("outage",), "high"),
    ],
)
def test_facts_change_a_severity_that_was_stated(stated: str | None, facts: tuple[str, ...], severity: str) -> None:
    terms = supporting(bent("otherwise: low", "otherwise: high", text=PRIORITY))
    assert severity_of(terms, stated=stated, facts=facts).severity == severity


def test_a_priority_tells_which_fact_changed_it() -> None:
    found = severity_of(supporting(PRIORITY), impact="wide", urgency="now", facts=["workaround"])
    step = find(found.step, "Fact")
    assert step is not None
    assert step.sentence == "There is one: the severity is at most low."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("now: low, later: low", "now: low", "Impact `small` at urgency `later` has no severity."),
        ("now: high", "now: hihg", "did you mean `high`?"),
        ("when: beta", "when: alpha", "There is no fact `alpha`."),
        ("always: low", "always: low, at_most: low", "A rule of facts has one effect."),
    ],
)
def test_a_priority_with_a_hole_or_an_unknown_name_is_refused(old: str, new: str, told: str) -> None:
    with pytest.raises(TermsMalformed) as refused:
        supporting(bent(old, new, text=PRIORITY))
    assert told in str(refused.value)


# Chronic failure


def ending(rule: str) -> Terms:
    return load(f"{SOUND}chronic_failure: [{{name: chronic, {rule}}}]\n")


def months(*missed: int, of: int = 12, **more: object) -> list[Judged]:
    """Give the months of 2026, of which these missed their target."""
    return [judged(number, missed=number in missed, **more) for number in range(1, of + 1)]


def judged(number: int, **more: object) -> Judged:
    month = Month(2026, number)
    return Judged(first_day=month.first_day, last_day=month.last_day, **more)  # type: ignore[arg-type]


def arose(found: tuple[Right, ...]) -> list[int]:
    return [right.arose_on.month for right in found]


@pytest.mark.parametrize(
    ("rule", "missed", "gives"),
    [
        ("times: 3, in_a_row: true", (1, 2, 4, 5, 6, 7), [6, 7]),
        ("times: 3, within: 6 months", (1, 3, 6), [6]),
        ("times: 3, within: 6 months", (1, 3, 7), []),
        ("times: 2, within: calendar quarter", (3, 4, 6), [6]),
        ("times: 2, within: 2 periods", (3, 5, 6), [6]),
        ("times: 2, within: 60 days", (1, 2, 4, 6), [2]),  # 2 May to 30 June has no April
    ],
)
def test_misses_in_a_row_or_within_a_span_give_the_right(rule: str, missed: tuple[int, ...], gives: list[int]) -> None:
    assert arose(rights(ending(rule), months(*missed))) == gives


def test_a_month_that_is_not_there_breaks_a_row() -> None:
    gone = [judged(1, missed=True), judged(3, missed=True)]
    assert rights(ending("times: 2, in_a_row: true"), gone) == ()


@pytest.mark.parametrize(
    ("counts", "more", "reached"),
    [
        ("uptime_below: 95%", {"uptime": Fraction(95, 100)}, False),
        ("uptime_at_most: 95%", {"uptime": Fraction(95, 100)}, True),
        ("uptime_below: 95%", {}, False),
        ("down_more_than: 8 hours", {"down_minutes": 480}, False),
        ("down_at_least: 8 hours", {"down_minutes": 480}, True),
        ("missed_replies: 5", {"missed_replies": 5}, True),
        ("missed_replies: 5", {"missed_replies": 4}, False),
        ("replies_in_time_below: 90%", {"replies": 20, "missed_replies": 2}, False),
        ("replies_in_time_below: 90%", {"replies": 20, "missed_replies": 3}, True),
        ("replies_in_time_below: 90%", {}, False),
        ("outage_longer_than: 24 hours", {"longest_outage_minutes": 1441}, True),
        ("outages: 3", {"outages": 3}, True),
    ],
)
def test_a_threshold_of_its_own_gives_the_right_at_once(counts: str, more: dict[str, object], reached: bool) -> None:
    assert bool(rights(ending(f"counts: {{{counts}}}"), [judged(1, **more)])) == reached


def test_credits_at_their_cap_may_count() -> None:
    terms = ending("counts: capped_credits, times: 2, in_a_row: true")
    assert arose(rights(terms, [judged(1, capped=True), judged(2, capped=True), judged(3, missed=True)])) == [2]


def test_the_time_to_use_a_right_may_run_from_what_is_told_later() -> None:
    terms = ending("end_within: {within: 30 days, counted_from: aware}")
    (unknown,) = rights(terms, [judged(1, missed=True)])
    (known,) = rights(terms, [judged(1, missed=True)], told={"aware": date(2026, 2, 10)})
    assert unknown.window is None
    assert known.window is not None
    assert known.window.last_day == date(2026, 3, 12)


def test_time_down_may_be_added_up_over_a_span() -> None:
    terms = ending("counts: {down_more_than: 10 hours}, added_up: true, within: 3 months")
    down = [judged(number, down_minutes=minutes) for number, minutes in enumerate((300, 0, 300, 301, 0), start=1)]
    assert arose(rights(terms, down)) == [4, 5]


def test_the_right_is_used_within_its_time_and_says_so() -> None:
    terms = ending("times: 2, in_a_row: true, end_within: 30 days, notice: 14 days, tiers: [plus]")
    (right,) = rights(terms, months(1, 2), tier="plus")
    assert right.window is not None
    assert (right.arose_on, right.window.last_day) == (date(2026, 2, 28), date(2026, 3, 30))
    assert [period.last_day.month for period in right.periods] == [1, 2]
    assert right.step.sentence.startswith("The customer may end the contract with 14 days' notice")
    assert rights(terms, months(1, 2), tier="other") == ()


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("times: 3", "3 times in what?"),
        ("in_a_row: true, times: 2, within: 6 months", "Periods in a row need no span."),
        ("added_up: true, within: 6 months", "Only time down, outages and replies add up."),
        ("counts: {uptime_below: 95%, down_at_least: 8 hours}", "not exactly once"),
        ("times: 2, within: a while", "'a while' was not understood."),
        ("times: 2, within: 6 months, tiers: [plux]", "There is no tier `plux`."),
        ("times: 2, within: 6 months, commitment: gone", "There is no commitment `gone`."),
    ],
)
def test_a_right_that_could_mean_two_things_is_refused(rule: str, told: str) -> None:
    with pytest.raises(TermsMalformed) as refused:
        ending(rule)
    assert told in str(refused.value)


def test_clocks_are_told_apart() -> None:
    assert [promise(text).clock for text in ("1 week", "1 month", "at discretion", "next business day")] == [
        *(Clock.ELAPSED, Clock.MONTHS, Clock.NONE, Clock.BUSINESS_DAYS),
    ]


def test_a_calendar_that_never_opens_is_told() -> None:
    closed = '  hours: {monday: "09:00-17:00"}\n  breaks: {monday: "09:00-17:00"}'
    with pytest.raises(NeverOpen):
        responded(supporting("response: 1 business hour", office=closed))


def test_an_answer_of_any_kind_is_none_without_support() -> None:
    assert answer_due(load(SOUND), "resolution", tier="plus", severity="high", since=THURSDAY) is None
