"""By when a claim is decided: SEMANTICS 18 and 19, as tables with the counting on each row."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claims.rules import settlement as rules
from claims.rules.settlement import SettlementRule
from kernel.business_time import BusinessCalendar
from kernel.dates import DAY, start_of
from kernel.intervals import Interval
from kernel.months import Month

LONDON = ZoneInfo("Europe/London")
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
OFFICE_HOURS = {day: [("09:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
WINTER_HOLIDAYS = {
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day, in lieu",
    date(2027, 1, 1): "New Year's Day",
}


def rule(zone: ZoneInfo = LONDON) -> SettlementRule:
    return SettlementRule(
        calendar=BusinessCalendar.of(zone, OFFICE_HOURS, holidays=WINTER_HOLIDAYS),
        within_days=10,
        pause_for_evidence=True,
        warn_at=(Fraction(1, 2), Fraction(4, 5)),
        on_missed="escalate",
    )


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


@pytest.mark.parametrize(
    ("filed", "zero", "tenth"),
    [
        # Thu 17 Dec: 18, 21, 22, 23, 24, not 25 and 28, 29, 30, 31, not 1 Jan, 4, 5 January.
        ("2026-12-17T12:00Z", date(2026, 12, 17), date(2027, 1, 5)),
        # Friday or Saturday: day 1 is Monday.
        ("2026-11-06T12:00Z", date(2026, 11, 6), date(2026, 11, 20)),
        ("2026-11-07T12:00Z", date(2026, 11, 7), date(2026, 11, 20)),
        ("2026-11-08T12:00Z", date(2026, 11, 8), date(2026, 11, 20)),
        ("2026-11-09T12:00Z", date(2026, 11, 9), date(2026, 11, 23)),
        # Filed before the month ended: day 0 is the month's last day, Saturday 31 October.
        ("2026-10-06T12:00Z", date(2026, 10, 31), date(2026, 11, 13)),
        # A second before midnight, and at it: British Summer Time had ended on 25 October.
        ("2026-11-09T23:59:59Z", date(2026, 11, 9), date(2026, 11, 23)),
        ("2026-11-10T00:00:00Z", date(2026, 11, 10), date(2026, 11, 24)),
    ],
)
def test_ten_business_days_after_the_later_of_filing_and_month_end(filed: str, zero: date, tenth: date) -> None:
    day_zero = rules.day_zero(at(filed), Month(2026, 10), rule())
    settled = rules.settle(day_zero, rule())
    assert day_zero == zero
    assert settled.counted[-1] == tenth
    assert len(settled.counted) == 10
    assert settled.due_at == start_of(tenth + DAY, LONDON)


def test_the_filing_date_is_that_of_the_business_calendars_zone() -> None:
    """17:00 UTC on the 9th is 01:00 on the 10th in Hong Kong, and due is a Hong Kong midnight."""
    filed = at("2026-11-09T17:00Z")
    day_zero = rules.day_zero(filed, Month(2026, 10), rule(HONG_KONG))
    assert day_zero == date(2026, 11, 10)
    assert rules.settle(day_zero, rule(HONG_KONG)).due_at == at("2026-11-24T16:00Z")


def test_a_deadline_says_which_days_it_skipped_and_why() -> None:
    settled = rules.settle(date(2026, 12, 17), rule())
    told = {one.day: one.why for one in settled.skipped}
    assert told[date(2026, 12, 25)] == "holiday, Christmas Day"
    assert told[date(2026, 12, 19)] == "weekend, Saturday"
    assert date(2026, 12, 18) not in told


@pytest.mark.parametrize(
    ("start", "end", "tenth"),
    [
        # Asked Tuesday afternoon, answered Thursday morning: only Wednesday the 11th lies wholly inside.
        ("2026-11-10T14:00Z", "2026-11-12T09:00Z", date(2026, 11, 24)),
        # Within one day: no day lies wholly inside.
        ("2026-11-10T09:00Z", "2026-11-10T17:00Z", date(2026, 11, 23)),
        # From midnight to midnight: the day is skipped.
        ("2026-11-10T00:00Z", "2026-11-11T00:00Z", date(2026, 11, 24)),
        # Friday evening to Monday morning: only a weekend, which did not count anyway.
        ("2026-11-13T18:00Z", "2026-11-16T08:00Z", date(2026, 11, 23)),
        # Asked on day 10 itself: it lies not wholly inside, so the deadline stands.
        ("2026-11-23T09:00Z", "2026-12-01T09:00Z", date(2026, 11, 23)),
    ],
)
def test_a_business_day_is_skipped_if_it_lay_wholly_inside_the_pause(start: str, end: str, tenth: date) -> None:
    settled = rules.settle(date(2026, 11, 9), rule(), pauses=rules.pause(at(start), at(end)))
    assert settled.counted[-1] == tenth


def test_operators_are_warned_at_half_and_four_fifths_between_start_and_due() -> None:
    """From midnight after Mon 9 November to midnight after Mon 23: 14 days; half 7, four fifths 11.2."""
    settled = rules.settle(date(2026, 11, 9), rule())
    assert settled.starts_at == at("2026-11-10T00:00Z")
    assert settled.due_at == at("2026-11-24T00:00Z")
    assert settled.warn_at == (at("2026-11-17T00:00Z"), at("2026-11-21T04:48Z"))


def test_a_deadline_that_moves_warns_again_at_least_once() -> None:
    settled = rules.settle(date(2026, 11, 9), rule())
    half, last = settled.warn_at
    assert rules.from_here(settled, now=half).warn_at == (last,)
    assert rules.from_here(settled, now=last).warn_at == (last,)


def test_a_warning_is_given_once() -> None:
    settled = rules.settle(date(2026, 11, 9), rule())
    half, last = settled.warn_at
    assert rules.warned(settled, half).warn_at == (last,)
    assert rules.warned(rules.warned(settled, half), last).warn_at == ()


def test_an_answer_is_waited_for_ten_business_days() -> None:
    """Asked on Mon 9 November: day 10 is Mon 23, and the wait ends at the following midnight."""
    assert rules.answer_due(at("2026-11-09T15:00Z"), rule()) == at("2026-11-24T00:00Z")


def test_what_an_operator_moved_is_not_taken_back_by_a_pause() -> None:
    computed = rules.settle(date(2026, 11, 9), rule())
    later = computed.due_at + timedelta(days=30)
    assert rules.never_before(computed, later, rule()).due_at == later
    assert rules.never_before(computed, None, rule()) == computed
    assert rules.never_before(computed, computed.starts_at, rule()) == computed


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(date(2026, 1, 1), date(2026, 11, 1))


@given(DAYS, INSTANTS, INSTANTS)
def test_a_pause_never_brings_a_deadline_forward(zero: date, one: datetime, other: datetime) -> None:
    assume(one != other)
    paused = rules.settle(zero, rule(), pauses=(Interval(min(one, other), max(one, other)),))
    assert paused.due_at >= rules.settle(zero, rule()).due_at


@given(DAYS, DAYS)
def test_who_files_later_is_never_due_earlier(one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert rules.settle(first, rule()).due_at <= rules.settle(second, rule()).due_at


@given(DAYS)
def test_warnings_lie_between_start_and_due_in_order(zero: date) -> None:
    settled = rules.settle(zero, rule())
    moments = (settled.starts_at, *settled.warn_at, settled.due_at)
    assert all(earlier < later for earlier, later in pairwise(moments))
