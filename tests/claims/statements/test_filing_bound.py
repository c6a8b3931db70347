"""Until when a month may be claimed: SEMANTICS 16, and the bounds of 20, in dates worked out by hand."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.happening import Happened
from agreements.terms import load_file
from agreements.windows import filing_window
from claims.rules.filing_bound import (
    FilingRule,
    Incident,
    claimed_times_bound,
    filing_rule,
    incident_bound,
    known_bound,
    last_incident,
    latest,
    publication_bound,
    reminders,
)
from kernel.dates import date_of_end
from kernel.intervals import EMPTY
from kernel.minutes import Outage
from tests.claims.statements.scenes import TERMS_FILE, at, minute, month_of, outage, rule, stretch, terms

APICHEAP = rule()
NO_ROLL = rule(("roll: true", "roll: false"))

# The end of an outage, and the first instant that is late: 30 days in UTC, rolled to Hong Kong's next business day.
BOUNDS = [
    ("2026-10-05T14:00Z", "2026-11-05T00:00Z", "day 30 is Wednesday 4 November"),
    ("2026-10-01T14:00Z", "2026-11-03T00:00Z", "day 30 is Saturday 31 October, so Monday 2 November"),
    ("2026-10-02T14:00Z", "2026-11-03T00:00Z", "day 30 is Sunday 1 November, so Monday 2 November"),
    ("2026-10-06T00:00Z", "2026-11-05T00:00Z", "an end at midnight is of the day before"),
    ("2026-10-06T00:01Z", "2026-11-06T00:00Z", "a minute after midnight is the next day"),
    ("2026-11-25T09:00Z", "2026-12-29T00:00Z", "day 30 is Christmas Day, then Boxing Day and a Sunday"),
    ("2026-09-20T10:00Z", "2026-10-21T00:00Z", "day 30 is Tuesday 20 October"),
    ("2026-09-19T10:00Z", "2026-10-21T00:00Z", "day 30 is Monday 19 October, off for Chung Yeung Festival"),
    ("2028-01-30T10:00Z", "2028-03-01T00:00Z", "day 30 is 29 February"),
]


@pytest.mark.parametrize(("ended", "late", "why"), BOUNDS, ids=[why for _, _, why in BOUNDS])
def test_the_bound_is_the_midnight_that_ends_the_thirtieth_day(ended: str, late: str, why: str) -> None:
    assert incident_bound(at(ended), APICHEAP).until == at(late)


def test_thirty_days_are_not_720_hours() -> None:
    ended = at("2026-10-05T14:00Z")
    assert incident_bound(ended, NO_ROLL).until == ended + timedelta(hours=720 + 10)


def test_without_a_roll_a_last_day_on_a_saturday_stays_there() -> None:
    bound = incident_bound(at("2026-10-01T14:00Z"), NO_ROLL)
    assert (bound.last_day, bound.until) == (date(2026, 10, 31), at("2026-11-01T00:00Z"))


def test_days_are_those_of_the_agreements_zone() -> None:
    western = rule(("time_zone: UTC", "time_zone: America/Los_Angeles"), ("roll: true", "roll: false"))
    # 03:00 UTC on the 6th is the 5th in Los Angeles; 4 November ends there at 08:00 UTC, after the clocks went back.
    assert incident_bound(at("2026-10-06T03:00Z"), western).until == at("2026-11-05T08:00Z")


def test_an_agreement_without_credits_has_no_bound_to_tell() -> None:
    assert filing_rule(load_file(Path(TERMS_FILE).with_name("apisec.yaml")).terms) is None


def test_where_nothing_was_measured_the_days_run_from_the_end_of_the_claimed_times() -> None:
    bound = claimed_times_bound(at("2026-10-05T14:00Z"), APICHEAP)
    assert (bound.until, bound.by) == (at("2026-11-05T00:00Z"), "claimed_times")


def test_a_publication_gives_thirty_days_from_its_own_date() -> None:
    # Day 0 is 20 November; day 30 is Sunday 20 December, rolled to Monday.
    assert publication_bound(at("2026-11-20T23:59Z"), APICHEAP).until == at("2026-12-22T00:00Z")


def test_a_miss_that_became_known_late_can_be_claimed_for_seven_days_without_a_roll() -> None:
    bound = known_bound(date(2026, 10, 31), APICHEAP)
    assert bound.last_day == date(2026, 11, 7), "a Saturday, and it stays there"
    assert bound.until == at("2026-11-08T00:00Z")


def test_the_latest_of_all_bounds_counts() -> None:
    incident = incident_bound(at("2026-10-01T14:00Z"), APICHEAP)
    known = known_bound(date(2026, 11, 2), APICHEAP)
    assert latest(incident, None, known) == known
    assert latest(None, None) is None


def test_the_customer_is_reminded_seven_days_and_one_day_before_the_end() -> None:
    bound = incident_bound(at("2026-10-05T14:00Z"), APICHEAP)
    assert reminders(bound, APICHEAP, after=at("2026-10-06T00:00Z")) == (
        at("2026-10-29T00:00Z"),
        at("2026-11-04T00:00Z"),
    )


def test_a_reminder_that_would_have_been_before_the_opening_is_the_opening_itself() -> None:
    bound = incident_bound(at("2026-10-05T14:00Z"), APICHEAP)
    assert reminders(bound, APICHEAP, after=at("2026-10-30T10:00Z")) == (at("2026-11-04T00:00Z"),)
    assert reminders(bound, APICHEAP, after=at("2026-11-04T00:00Z")) == ()


class TestTheIncident:
    """Day 0 is the date of the last unexcused down minute of the month's last claimable outage."""

    def test_it_is_the_last_outage_of_the_month(self) -> None:
        early = stretch("2026-10-02T00:00Z", "2026-10-02T01:00Z")
        late = stretch("2026-10-09T00:00Z", "2026-10-09T00:30Z")
        assert last_incident(month_of(early | late)) == Incident(ended_at=at("2026-10-09T00:30Z"))

    def test_a_month_without_an_outage_has_none(self) -> None:
        assert last_incident(month_of()) is None

    def test_a_month_whose_outages_are_excused_has_none(self) -> None:
        excused = outage(minute("2026-10-09T00:00Z"), minute("2026-10-09T01:00Z"), unexcused=EMPTY)
        assert last_incident(month_of(outages=(excused,))) is None

    def test_an_excused_outage_after_the_last_claimable_one_moves_nothing(self) -> None:
        down = stretch("2026-10-02T00:00Z", "2026-10-02T01:00Z")
        excused = outage(minute("2026-10-09T00:00Z"), minute("2026-10-09T01:00Z"), unexcused=EMPTY)
        month = month_of(down, outages=(outage(down.first, down.end), excused))
        assert last_incident(month) == Incident(ended_at=at("2026-10-02T01:00Z"))

    def test_excused_minutes_at_the_end_of_an_outage_are_not_its_end(self) -> None:
        down = stretch("2026-10-02T22:00Z", "2026-10-02T23:00Z")
        partly = outage(minute("2026-10-02T22:00Z"), minute("2026-10-03T02:00Z"), unexcused=down)
        assert last_incident(month_of(down, outages=(partly,))) == Incident(ended_at=at("2026-10-02T23:00Z"))

    def test_an_outage_across_the_month_end_counts_by_its_true_end_for_both_months(self) -> None:
        in_october = stretch("2026-10-31T23:00Z", "2026-11-01T00:00Z")
        across = Outage(
            start_minute=in_october.first,
            end_minute=minute("2026-11-01T05:00Z"),
            unexcused=in_october,
            last_unexcused=minute("2026-11-01T04:59Z"),
        )
        assert last_incident(month_of(in_october, outages=(across,))) == Incident(ended_at=at("2026-11-01T05:00Z"))

    def test_while_an_outage_is_open_there_is_no_end_to_count_from(self) -> None:
        closed = outage(minute("2026-10-02T00:00Z"), minute("2026-10-02T01:00Z"))
        still = outage(minute("2026-10-09T00:00Z"), None)
        down = closed.unexcused | still.unexcused
        assert last_incident(month_of(down, outages=(closed, still))) == Incident(ended_at=None)


DAYS = st.integers(min_value=0, max_value=120)
ENDS = st.datetimes(
    min_value=at("2025-01-01T00:00Z").replace(tzinfo=None), max_value=at("2029-06-01T00:00Z").replace(tzinfo=None)
)
ZONES = st.sampled_from([ZoneInfo("UTC"), ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Hong_Kong")])


@given(ended=ENDS, days=DAYS, zone=ZONES)
def test_every_instant_of_the_last_day_is_in_time_and_its_end_is_late(
    ended: datetime, days: int, zone: ZoneInfo
) -> None:
    rule = FilingRule(zone=zone, within_days=days, min_after_known_days=7, remind_before_days=(7, 1))
    end = ended.replace(tzinfo=ZoneInfo("UTC"))
    bound = incident_bound(end, rule)
    assert date_of_end(bound.until, zone) == bound.last_day
    assert (bound.last_day - date_of_end(end, zone)).days == days


@given(ended=ENDS, later=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60)))
def test_a_later_end_never_gives_an_earlier_bound(ended: datetime, later: timedelta) -> None:
    first = ended.replace(tzinfo=ZoneInfo("UTC"))
    assert incident_bound(first, APICHEAP).until <= incident_bound(first + later, APICHEAP).until


@pytest.mark.parametrize(
    ("within", "ended", "last_day"),
    [
        ("2 months", "2026-10-05T14:00Z", date(2026, 12, 7)),  # 5 December is a Saturday
        ("1 month", "2027-01-31T14:00Z", date(2027, 3, 1)),  # 28 February is a Sunday
        ("end of the month after", "2026-10-05T14:00Z", date(2026, 11, 30)),
        ("end of the quarter", "2026-10-05T14:00Z", date(2026, 12, 31)),
    ],
)
def test_months_and_ends_of_periods_are_counted_as_the_terms_count_them(
    within: str, ended: str, last_day: date
) -> None:
    written = ("file_within: {is: 30 days,", f"file_within: {{is: {within},")
    bound = incident_bound(at(ended), rule(written))
    window = filing_window(terms(written), Happened(terms(written), {"incident_end": at(ended)}))
    assert bound.last_day == last_day
    assert window is not None
    assert (window.last_day, window.late_from) == (bound.last_day, bound.until)
