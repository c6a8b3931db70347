"""Time limits of claims, settlement and reports: how they are written, where they end, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agreements.cycles import Cycles, first_day_of, last_day_of, months_after_end, plus_months
from agreements.explaining import find, lines
from agreements.happening import Happened, NotTold
from agreements.settlement import decision_due, payment_due, report_due, settlement_due
from agreements.terms import Terms, TermsMalformed, load
from agreements.terms.limits import Reach, within
from agreements.windows import Window, filing_window, ticket_window
from tests.agreements.texts import SOUND, bent

INCIDENT = datetime(2026, 10, 5, 14, tzinfo=UTC)


def claims(written: str, *, more: str = "") -> Terms:
    """Bend the sound agreement (London, UTC in winter) to these claims."""
    head, _, rest = SOUND.partition("claims:\n")
    _, _, office = rest.partition("business_hours:")
    body = "".join(f"  {line}\n" for line in written.splitlines())
    return load(f"{head}claims:\n{body}business_hours:{office}{more}")


def filing(terms: Terms, **told: date | datetime) -> Window:
    window = filing_window(terms, Happened(terms, told))
    assert window is not None
    return window


@pytest.mark.parametrize(
    ("written", "reach", "amount"),
    [
        ("30 days", Reach.DAYS, 30),
        ("2 weeks", Reach.DAYS, 14),
        ("5 business days", Reach.BUSINESS_DAYS, 5),
        ("5 working days", Reach.BUSINESS_DAYS, 5),
        ("30 calendar days", Reach.DAYS, 30),
        ("2 months", Reach.MONTHS, 2),
        ("1 year", Reach.MONTHS, 12),
        ("end of the month", Reach.END_OF, 0),
        ("end of the month after", Reach.END_OF, 1),
        ("end of the following month", Reach.END_OF, 1),
        ("end of the second billing cycle", Reach.END_OF, 1),
        ("end of the second billing cycle after", Reach.END_OF, 2),
        ("the end of the next calendar quarter", Reach.END_OF, 1),
        ("next invoice", Reach.NEXT, 1),
        ("during the outage", Reach.WHILE_IT_LASTS, 0),
        ("no limit", Reach.UNLIMITED, 0),
    ],
)
def test_a_limit_is_a_few_words(written: str, reach: Reach, amount: int) -> None:
    assert (within(written).reach, within(written).amount) == (reach, amount)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("file_within: 30", "mend: write 30 days"),
        ("file_within: 1.5 days", "write whole days, or the hours"),
        ("file_within: end of the next month after", "says twice that it is a later one"),
        ("file_within: two months", "mend: write 2 months"),
        ("file_within: soon", "'soon' was not understood."),
        ("file_within: next invoice", "'next invoice' is when something is paid."),
        ("file_within: 24 hours\nroll: true", "`roll` is about days, and '24 hours' is not counted in days."),
        ("file_within: 30 days\ncounted_from: incident_ende", "did you mean `incident_end`?"),
        ("file_within: 30 days\ncounted_from: later of filed and filed", "names one occasion only"),
        ("settle_within: 10 business days", "`file_within` is missing."),
        ("automatic: true\nfile_within: 30 days", "Credit is automatic, and yet a claim has a time limit."),
        (
            "file_within: 9 days\nopens: {once: 5 days, on_day: 5, counted_from: period_end}",
            "The opening is told twice.",
        ),
        ("file_within: 9 days\nticket: {within: 1 day, from: aware}", "There is no field `from` here."),
    ],
)
def test_what_is_no_limit_is_refused_with_what_was_expected(written: str, told: str) -> None:
    with pytest.raises(TermsMalformed) as refused:
        claims(written)
    assert told in str(refused.value)


def test_business_days_and_rolls_need_business_hours() -> None:
    head, _, _ = bent("settle_within: 10 business days", "roll: true").partition("business_hours:")
    with pytest.raises(TermsMalformed, match="This counts business time, and no business hours are named"):
        load(head)
    plain, _, _ = bent("settle_within: 10 business days", "settle_within: 45 days").partition("business_hours:")
    assert load(plain).claims is not None


# Where a limit ends

LATER = "counted_from: later of aware and period_end"
EARLIER = "counted_from: earlier of aware and period_end"
AWARE_LATER: dict[str, date | datetime] = {"incident_end": INCIDENT, "aware": date(2026, 11, 3)}
MIDNIGHT_IN_LONDON = datetime(2026, 10, 5, 23, tzinfo=UTC)
FEBRUARY = {"billing_cycle_end": date(2027, 2, 28)}
PERIOD_END = "counted_from: period_end"
CYCLE_END = "counted_from: billing_cycle_end"


@pytest.mark.parametrize(
    ("written", "told", "last"),
    [
        ("file_within: 30 days", {"incident_end": INCIDENT}, "2026-11-04"),
        ("file_within: 30 days", {"incident_end": MIDNIGHT_IN_LONDON}, "2026-11-04"),
        ("file_within: 30 days\nfirst_day_counts: true", {"incident_end": INCIDENT}, "2026-11-03"),
        (f"file_within: 15 days\n{PERIOD_END}", {"period_end": date(2027, 3, 31)}, "2027-04-15"),
        (f"file_within: 3 months\n{CYCLE_END}", {"billing_cycle_end": date(2027, 1, 31)}, "2027-04-30"),
        (f"file_within: 3 months\n{CYCLE_END}", FEBRUARY, "2027-05-31"),
        (f"file_within: 3 months\n{CYCLE_END}\nmonth_ends: same_date", FEBRUARY, "2027-05-28"),
        ("file_within: 1 month", {"incident_end": datetime(2027, 1, 31, 12, tzinfo=UTC)}, "2027-02-28"),
        ("file_within: 2 months\ncounted_from: incident_start", {"incident_start": INCIDENT}, "2026-12-05"),
        ("file_within: end of the month after", {"incident_end": date(2027, 2, 3)}, "2027-03-31"),
        ("file_within: end of the second month after", {"incident_end": date(2026, 12, 31)}, "2027-02-28"),
        ("file_within: end of the next quarter", {"incident_end": date(2026, 12, 31)}, "2027-03-31"),
        ("file_within: end of the week", {"incident_end": date(2026, 10, 7)}, "2026-10-11"),
        ("file_within: end of the second billing cycle", {"incident_end": date(2027, 1, 10)}, "2027-02-28"),
        ("file_within: 5 business days\ncounted_from: aware", {"aware": date(2026, 12, 24)}, "2027-01-05"),
        (f"file_within: 30 days\n{LATER}", AWARE_LATER, "2026-12-03"),
        (f"file_within: 30 days\n{EARLIER}", AWARE_LATER, "2026-11-30"),
    ],
)
def test_a_limit_ends_with_its_last_day(written: str, told: dict[str, date | datetime], last: str) -> None:
    window = filing(claims(written), **told)
    assert str(window.last_day) == last
    assert window.rolled_from is None


def test_the_last_day_ends_at_midnight_of_the_agreements_zone() -> None:
    window = filing(claims("file_within: 30 days"), incident_end=datetime(2026, 6, 1, 12, tzinfo=UTC))
    late = datetime(2026, 7, 1, 23, tzinfo=UTC)  # midnight after 1 July in London, in summer
    assert (window.late_from, window.last_instant) == (late, late - timedelta(microseconds=1))
    assert not window.holds(late)
    assert window.holds(late - timedelta(microseconds=1))


def test_hours_end_at_an_instant_which_is_in_time() -> None:
    window = filing(claims("file_within: 24 hours\ncounted_from: aware"), aware=INCIDENT)
    due = INCIDENT + timedelta(hours=24)
    assert window.last_instant == due
    assert window.holds(due)
    assert not window.holds(due + timedelta(microseconds=1))


def test_hours_from_a_bare_date_are_not_guessed() -> None:
    with pytest.raises(NotTold, match="Nothing tells the instant of becoming aware"):
        filing(claims("file_within: 24 hours\ncounted_from: aware"), aware=date(2026, 10, 5))


def test_a_last_day_rolls_only_where_the_agreement_says_so_and_says_over_what() -> None:
    plain = filing(claims("file_within: 30 days"), incident_end=date(2026, 11, 25))
    rolled = filing(claims("file_within: 30 days\nroll: true"), incident_end=date(2026, 11, 25))
    assert str(plain.last_day) == "2026-12-25"
    assert (str(rolled.last_day), str(rolled.rolled_from)) == ("2026-12-29", "2026-12-25")
    step = find(rolled.step, "Roll")
    assert step is not None
    assert "is no business day, so the last day rolls to Tuesday, 29 December 2026" in step.sentence
    assert "Christmas Day" in dict(step.inputs)["closed"]


def test_the_period_of_an_incident_is_the_commitments() -> None:
    monthly = bent("file_within: 60 days", f"file_within: 30 days\n  {PERIOD_END}")
    quarterly = load(bent("period: calendar_month", "period: quarter", text=monthly))
    assert str(filing(load(monthly), incident_end=date(2027, 2, 3)).last_day) == "2027-03-30"
    assert str(filing(quarterly, incident_end=date(2027, 2, 3)).last_day) == "2027-04-30"


def test_each_account_may_have_its_own_billing_cycle() -> None:
    own = claims("file_within: end of the second billing cycle", more="billing: {cycle: own_month}\n")
    told: dict[str, date | datetime] = {"incident_end": date(2027, 1, 20)}
    assert str(filing(own, billing_cycle_end=date(2027, 2, 14), **told).last_day) == "2027-03-14"
    with pytest.raises(NotTold):
        filing(own, **told)
    fixed = claims("file_within: end of the billing cycle", more="billing: {cycle: own_month, begins_on_day: 15}\n")
    assert str(filing(fixed, **told).last_day) == "2027-02-14"


# Windows


@pytest.mark.parametrize(
    ("opening", "at"),
    [
        ("opens: period_end", datetime(2026, 11, 1, tzinfo=UTC)),
        ("opens: {on_day: 5, counted_from: period_end}", datetime(2026, 11, 5, tzinfo=UTC)),
        ("opens: {once: 5 days, counted_from: period_end}", datetime(2026, 11, 6, tzinfo=UTC)),
        ("opens: {once: 36 hours, counted_from: period_end}", datetime(2026, 11, 2, 12, tzinfo=UTC)),
    ],
)
def test_a_window_may_open_only_later(opening: str, at: datetime) -> None:
    window = filing(claims(f"file_within: 60 days\n{opening}"), incident_end=INCIDENT)
    assert window.opens_at == at
    assert not window.holds(at - timedelta(microseconds=1))
    assert window.holds(at)


def test_a_limit_may_run_from_the_opening() -> None:
    terms = claims("file_within: 10 days\ncounted_from: opening\nopens: {once: 5 days, counted_from: period_end}")
    assert str(filing(terms, incident_end=INCIDENT).last_day) == "2026-11-16"


def test_a_second_limit_ends_the_window_if_it_passes_first() -> None:
    terms = claims(
        "file_within: 30 days\ncounted_from: aware\nno_later_than: {within: 90 days, counted_from: incident_end}"
    )
    soon = filing(terms, aware=date(2026, 10, 20), incident_end=INCIDENT)
    late = filing(terms, aware=date(2027, 2, 1), incident_end=INCIDENT)
    assert (str(soon.last_day), str(late.last_day)) == ("2026-11-19", "2027-01-03")
    assert find(late.step, "Day 0") is not None
    assert len(late.step.steps) == 2


def test_a_window_may_be_open_at_least_until_something() -> None:
    terms = claims("file_within: 30 days\nat_least_until: {within: 14 days, counted_from: published}")
    soon = filing(terms, incident_end=INCIDENT, published=date(2026, 10, 6))
    late = filing(terms, incident_end=INCIDENT, published=date(2026, 11, 2))
    assert (str(soon.last_day), str(late.last_day)) == ("2026-11-04", "2026-11-16")


def test_a_ticket_comes_before_the_claim() -> None:
    terms = claims("file_within: 30 days\ncounted_from: ticket\nticket: during the outage")
    happened = Happened(terms, {"incident_start": INCIDENT, "incident_end": INCIDENT + timedelta(hours=2)})
    ticket = ticket_window(terms, happened)
    assert ticket is not None
    assert ticket.late_from == INCIDENT + timedelta(hours=2)
    assert str(filing(terms, ticket=INCIDENT).last_day) == "2026-11-04"


def test_while_the_outage_lasts_the_ticket_is_in_time() -> None:
    terms = claims("file_within: 30 days\nticket: during the outage")
    ticket = ticket_window(terms, Happened(terms, {"incident_start": INCIDENT}))
    assert ticket is not None
    assert (ticket.late_from, ticket.step.sentence) == (None, "The incident lasts, so the time has not ended.")


def test_a_ticket_within_hours_after_the_outage() -> None:
    terms = claims("file_within: 30 days\nticket: {within: 48 hours, counted_from: incident_end}")
    ticket = ticket_window(terms, Happened(terms, {"incident_end": INCIDENT}))
    assert ticket is not None
    assert ticket.last_instant == INCIDENT + timedelta(hours=48)


def test_automatic_credit_has_no_window() -> None:
    terms = claims("automatic: true")
    assert filing_window(terms, Happened(terms, {"incident_end": INCIDENT})) is None


# Settlement and reports


def due(window: Window | None) -> str:
    assert window is not None
    return str(window.last_day)


def test_settlement_counts_from_the_later_of_filing_and_the_months_end() -> None:
    terms = claims("file_within: 30 days\nsettle_within: 10 business days")
    filed = {"filed": datetime(2026, 12, 17, 12, tzinfo=UTC), "period_end": date(2026, 11, 30)}
    assert due(settlement_due(terms, Happened(terms, filed))) == "2027-01-05"  # SEMANTICS 18
    early = {"filed": datetime(2026, 12, 1, 12, tzinfo=UTC), "period_end": date(2026, 12, 31)}
    assert due(settlement_due(terms, Happened(terms, early))) == "2027-01-15"


def test_deciding_and_paying_may_have_times_of_their_own() -> None:
    terms = claims("file_within: 30 days\ndecide: {within: 45 days, counted_from: complete}\npay: 10 business days")
    happened = Happened(terms, {"complete": date(2026, 10, 1), "approved": date(2026, 11, 2)})
    assert due(decision_due(terms, happened)) == "2026-11-15"
    assert due(payment_due(terms, happened)) == "2026-11-16"


@pytest.mark.parametrize(
    ("pay", "billing", "last"),
    [
        ("next billing cycle", "", "2026-12-31"),
        ("second billing cycle", "", "2027-01-31"),
        ("next invoice", "", "2026-12-01"),
        ("next invoice", "billing: {invoiced_after: 5 days}\n", "2026-11-05"),
        ("second invoice", "billing: {invoiced_after: 5 days}\n", "2026-12-05"),
    ],
)
def test_a_credit_comes_with_the_next_invoice_or_cycle(pay: str, billing: str, last: str) -> None:
    terms = claims(f"file_within: 30 days\npay: {pay}", more=billing)
    assert due(payment_due(terms, Happened(terms, {"approved": date(2026, 11, 3)}))) == last


def test_a_report_is_due_days_after_an_incident_to_whom_it_is_owed() -> None:
    reports = "reports: [{name: post_mortem, within: 5 business days, tiers: [plus]}]\n"
    terms = claims("file_within: 30 days", more=reports)
    happened = Happened(terms, {"incident_end": datetime(2026, 12, 23, 12, tzinfo=UTC)})
    assert due(report_due(terms, "post_mortem", happened, tier="plus")) == "2027-01-04"
    assert report_due(terms, "post_mortem", happened, tier=None) is None
    assert report_due(terms, "monthly", happened, tier="plus") is None


def test_a_window_explains_itself() -> None:
    terms = claims("file_within: {is: 30 days, clause: §9}\ncounted_from: {is: aware, clause: §9.1}")
    assert list(lines(filing(terms, aware=INCIDENT).step)) == [
        (
            "Claim window: The last day in time is Wednesday, 4 November 2026; late is from "
            "5 November 2026, 00:00 (Europe/London). (§9)"
        ),
        "  Day 0: Counted from becoming aware: Monday, 5 October 2026. (§9.1)",
    ]


# Periods

DATES = some.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(DATES, some.integers(1, 31), some.sampled_from([1, 3, 12]))
def test_every_day_is_in_one_cycle_and_cycles_follow_one_another(day: date, begins: int, months: int) -> None:
    cycles = Cycles(begins, months)
    first, last = cycles.start(day), cycles.last_day(day)
    assert first <= day <= last
    assert cycles.start(last) == first
    assert cycles.start(last + timedelta(days=1)) == last + timedelta(days=1)
    assert cycles.last_day(day, later=1) == cycles.last_day(last + timedelta(days=1))


@given(DATES, some.sampled_from(["week", "month", "quarter", "year"]))
def test_a_period_of_the_calendar_holds_its_days(day: date, unit: str) -> None:
    first, last = first_day_of(unit, day), last_day_of(unit, day)
    assert first <= day <= last
    assert first_day_of(unit, last) == first
    assert last_day_of(unit, day, later=1) == last_day_of(unit, last + timedelta(days=1))


def test_months_from_an_end_are_whole_and_from_a_day_end_on_its_date() -> None:
    assert months_after_end(date(2027, 2, 28), 3) == date(2027, 5, 31)
    assert plus_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
