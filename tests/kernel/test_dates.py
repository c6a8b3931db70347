"""Dates begin and end where clocks of their zone say so (SEMANTICS 1)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.dates import comes_twice, date_at, date_of_end, end_of, local_instant, set_back, start_of

ZONES = [
    "UTC", "Asia/Hong_Kong", "America/Los_Angeles", "Europe/Berlin", "America/Sao_Paulo", "America/Havana",
    "Asia/Beirut", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Scoresbysund", "Pacific/Apia",
]  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("end", "ended"),
    [
        ("2026-11-01T00:00+00:00", "2026-10-31"),  # a month that ends then ended on 31 October
        ("2026-10-05T00:00+00:00", "2026-10-04"),  # an outage that ends at midnight ended the day before
        ("2026-10-05T00:00:00.000001+00:00", "2026-10-05"),
        ("2026-10-05T14:00+00:00", "2026-10-05"),
    ],
)
def test_the_date_of_an_end_is_that_of_the_last_instant_before_it(end: str, ended: str) -> None:
    assert date_of_end(at(end), UTC) == date.fromisoformat(ended)


def test_a_date_is_the_zones() -> None:
    evening = at("2026-10-05T23:30+00:00")
    assert date_at(evening, ZoneInfo("Asia/Hong_Kong")) == date(2026, 10, 6)
    assert date_at(evening, ZoneInfo("America/Los_Angeles")) == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("day", "zone", "starts"),
    [
        ("2026-10-05", "UTC", "2026-10-05T00:00+00:00"),
        ("2026-10-05", "Asia/Hong_Kong", "2026-10-04T16:00+00:00"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00+00:00"),  # 00:00 to 00:59 skipped
        ("2018-02-17", "America/Sao_Paulo", "2018-02-17T02:00+00:00"),
        ("2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00+00:00"),  # 23:00 to 23:59 of the 17th came twice
        ("2026-11-01", "America/Havana", "2026-11-01T04:00+00:00"),  # 00:00 to 00:59 comes twice
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00+00:00"),  # the whole date is skipped
        ("2011-12-31", "Pacific/Apia", "2011-12-30T10:00+00:00"),
    ],
)
def test_a_date_begins_at_its_first_instant(day: str, zone: str, starts: str) -> None:
    assert start_of(date.fromisoformat(day), ZoneInfo(zone)) == at(starts)


def test_a_gap_over_midnight_ends_the_date_at_the_change() -> None:
    """In Toronto the clock went from 23:30 on 30 March 1919 to 00:30 on the 31st."""
    toronto = ZoneInfo("America/Toronto")
    assert start_of(date(1919, 3, 31), toronto) == at("1919-03-31T04:30+00:00")
    assert end_of(date(1919, 3, 30), toronto) == at("1919-03-31T04:30+00:00")


@pytest.mark.parametrize("zone", ZONES)
@given(day=st.dates(date(1975, 1, 1), date(2035, 12, 31)))
def test_dates_follow_each_other_without_gap(zone: str, day: date) -> None:
    here = ZoneInfo(zone)
    start, end = start_of(day, here), end_of(day, here)
    assert end == start_of(day + timedelta(days=1), here)
    assert start <= end
    assert date_at(start, here) >= day
    assert date_of_end(start, here) < day


@pytest.mark.parametrize(
    ("wall", "reached"),
    [
        ("2026-03-29T01:59", "2026-03-29T00:59+00:00"),
        ("2026-03-29T02:00", "2026-03-29T01:00+00:00"),  # skipped: at the change
        ("2026-03-29T02:30", "2026-03-29T01:00+00:00"),
        ("2026-03-29T03:00", "2026-03-29T01:00+00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30+00:00"),  # comes twice: the first time
        ("2026-10-25T03:00", "2026-10-25T02:00+00:00"),
    ],
)
def test_a_wall_time_is_where_clocks_first_reach_it(wall: str, reached: str) -> None:
    assert local_instant(at(wall), ZoneInfo("Europe/Berlin")) == at(reached)


@pytest.mark.parametrize(
    ("wall", "zone", "twice"),
    [
        ("2026-10-25T01:59:59", "Europe/Berlin", False),
        ("2026-10-25T02:00", "Europe/Berlin", True),
        ("2026-10-25T02:59:59", "Europe/Berlin", True),
        ("2026-10-25T03:00", "Europe/Berlin", False),
        ("2026-03-29T02:30", "Europe/Berlin", False),  # comes never
        ("2026-04-05T01:45", "Australia/Lord_Howe", True),  # half an hour
        ("2018-02-17T23:30", "America/Sao_Paulo", True),
        ("2026-10-25T02:30", "UTC", False),
    ],
)
def test_a_wall_time_comes_twice_where_the_clock_is_set_back(wall: str, zone: str, *, twice: bool) -> None:
    assert comes_twice(at(wall), ZoneInfo(zone)) is twice


@pytest.mark.parametrize(
    ("start", "end", "zone", "change"),
    [
        ("2026-10-01T00:00Z", "2026-11-01T00:00Z", "Europe/Berlin", "2026-10-25T01:00Z"),
        ("2026-10-25T00:59:59Z", "2026-10-25T01:00:01Z", "Europe/Berlin", "2026-10-25T01:00Z"),
        ("2026-10-25T01:00Z", "2026-11-01T00:00Z", "Europe/Berlin", None),
        ("2026-03-01T00:00Z", "2026-04-01T00:00Z", "Europe/Berlin", None),  # set forward
        ("2026-04-01T00:00Z", "2026-05-01T00:00Z", "Australia/Lord_Howe", "2026-04-04T15:00Z"),
        ("2026-10-01T00:00Z", "2026-11-01T00:00Z", "UTC", None),
    ],
)
def test_a_clock_is_set_back_at_one_instant(start: str, end: str, zone: str, change: str | None) -> None:
    assert set_back(at(start), at(end), ZoneInfo(zone)) == (at(change) if change else None)
