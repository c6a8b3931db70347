"""Times in a form's lines: what we write reads back as the same instants, also where a clock is set back."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from kernel.intervals import Interval
from kernel.months import Month
from portal.times import TimesField, how_to_write, longest, written

ZONES = [
    "UTC", "Asia/Hong_Kong", "America/New_York", "America/Los_Angeles", "America/Havana", "America/Sao_Paulo",
    "America/Scoresbysund", "Europe/Berlin", "Europe/Dublin", "Africa/Casablanca", "Asia/Beirut", "Asia/Kathmandu",
    "Asia/Gaza", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia", "Pacific/Chatham", "America/Caracas",
]  # fmt: skip
NEW_YORK = ZoneInfo("America/New_York")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTE, INSTANT = timedelta(minutes=1), timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def stretch(start: str, end: str) -> Interval:
    return Interval(at(start), at(end))


def read(text: str, zone: tzinfo) -> tuple[Interval, ...]:
    """Read lines as the form does."""
    field = TimesField()
    field.zone = zone
    times: tuple[Interval, ...] = field.clean(text)
    return times


@cache
def changes(zone: str) -> list[datetime]:
    """Collect the hours of twenty years at which the zone's clock is another than an hour before."""
    here, begin = ZoneInfo(zone), datetime(2010, 1, 1, tzinfo=UTC)
    days = [begin + DAY * one for one in range(365 * 20)]
    moved = [one for one in days if one.astimezone(here).utcoffset() != (one + DAY).astimezone(here).utcoffset()]
    hours = [one + HOUR * hour for one in moved for hour in range(24)]
    return [one for one in hours if one.astimezone(here).utcoffset() != (one + HOUR).astimezone(here).utcoffset()]


def near(zone: str, step: timedelta) -> st.SearchStrategy[datetime]:
    """Draw instants from four hours before a change of the zone's clock to four after it."""
    steps = 4 * HOUR // step
    around = st.sampled_from(changes(zone) or [datetime(2026, 11, 1, tzinfo=UTC)])
    return st.builds(lambda change, count: change + count * step, around, st.integers(-steps, steps))


@pytest.mark.parametrize("step", [MINUTE, INSTANT], ids=["minutes", "instants"])
@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data())
def test_what_is_written_reads_back_as_the_same_stretch(zone: str, step: timedelta, data: st.DataObject) -> None:
    start = data.draw(near(zone, step))
    end = start + data.draw(st.integers(1, 8 * HOUR // step)) * step
    here, told = ZoneInfo(zone), Interval(start, end)

    assert read(written([told], here), here) == (told,)


@pytest.mark.parametrize("zone", ZONES)
@given(start=st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_at_any_time_whatever_the_clocks_of_its_day_were_set_by(zone: str, start: datetime) -> None:
    """In 1900 they were off by odd seconds."""
    here, told = ZoneInfo(zone), Interval(start, start + HOUR)

    assert read(written([told], here), here) == (told,)


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (stretch("2026-11-01T04:10Z", "2026-11-01T04:50Z"), "2026-11-01 00:10 to 2026-11-01 00:50"),
        (stretch("2026-11-01T05:10Z", "2026-11-01T05:50Z"), "2026-11-01 01:10-04:00 to 2026-11-01 01:50-04:00"),
        (stretch("2026-11-01T05:40Z", "2026-11-01T06:20Z"), "2026-11-01 01:40-04:00 to 2026-11-01 01:20-05:00"),
        (stretch("2026-11-01T06:10Z", "2026-11-01T06:50Z"), "2026-11-01 01:10-05:00 to 2026-11-01 01:50-05:00"),
        (stretch("2026-11-01T06:10Z", "2026-11-01T07:00Z"), "2026-11-01 01:10-05:00 to 2026-11-01 02:00"),
        (stretch("2026-03-08T06:50Z", "2026-03-08T07:10Z"), "2026-03-08 01:50 to 2026-03-08 03:10"),
    ],
)
def test_a_time_that_comes_twice_is_written_with_its_offset(times: Interval, told: str) -> None:
    """At 06:00 UTC on 1 November the clocks of New York go from 02:00 back to 01:00."""
    assert written([times], NEW_YORK) == told
    assert read(told, NEW_YORK) == (times,)


@pytest.mark.parametrize(
    ("told", "times"),
    [
        # the first that fits: a beginning is the first of the two, an end the first after its beginning
        ("2026-11-01 01:10 to 2026-11-01 01:50", stretch("2026-11-01T05:10Z", "2026-11-01T05:50Z")),
        ("2026-11-01 01:40 to 2026-11-01 01:20", stretch("2026-11-01T05:40Z", "2026-11-01T06:20Z")),
        ("2026-11-01 01:10-05:00 to 01:50", stretch("2026-11-01T06:10Z", "2026-11-01T06:50Z")),
        ("2026-11-01 00:10 to 01:50-05:00", stretch("2026-11-01T04:10Z", "2026-11-01T06:50Z")),
        # however the offset is written, and whether or not one is needed
        ("2026-11-01T01:10 -0500 to 2026-11-01 01:50:30 -05:00", stretch("2026-11-01T06:10Z", "2026-11-01T06:50:30Z")),
        ("2026-11-01T06:10Z - 2026-11-01T06:50:00Z", stretch("2026-11-01T06:10Z", "2026-11-01T06:50Z")),
        ("2026-10-05 12:30-04:00 to 14:00", stretch("2026-10-05T16:30Z", "2026-10-05T18:00Z")),
    ],
)
def test_people_may_write_an_offset_or_leave_it_out(told: str, times: Interval) -> None:
    assert read(told, NEW_YORK) == (times,)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("2026-10-05 12:30+99:00 to 2026-10-05 14:00", "is no stretch of time"),
        ("0001-01-01 00:00+14:00 to 2026-10-05 14:00", "is no stretch of time"),
        ("2026-11-01 01:50-05:00 to 2026-11-01 01:10-05:00", "ends before it starts"),
        ("2026-11-01 01:50-05:00 to 2026-11-01 01:10", "ends before it starts"),
    ],
)
def test_what_cannot_be_meant_is_an_error_of_its_line(told: str, problem: str) -> None:
    with pytest.raises(forms.ValidationError, match=problem):
        read(told, NEW_YORK)


@pytest.mark.parametrize(
    ("month", "zone", "when", "first", "second"),
    [
        (
            Month(2026, 11),
            "America/New_York",
            "On Sunday, 1 November 2026 the clock is set back, and the times from 01:00 to 02:00 come twice",
            "2026-11-01 01:00-04:00",
            "2026-11-01 01:00-05:00",
        ),
        (
            Month(2027, 4),
            "Australia/Lord_Howe",
            "On Sunday, 4 April 2027 the clock is set back, and the times from 01:30 to 02:00 come twice",
            "2027-04-04 01:30+11:00",
            "2027-04-04 01:30+10:30",
        ),
    ],
)
def test_a_form_of_a_month_whose_clock_is_set_back_says_how_to_tell_its_times_apart(
    month: Month, zone: str, when: str, first: str, second: str
) -> None:
    told = how_to_write(month, ZoneInfo(zone))

    assert f"{when}: write {first} for the first, {second} for the second." in told


@pytest.mark.parametrize(
    ("month", "zone"),
    [(Month(2026, 3), "America/New_York"), (Month(2026, 10), "America/New_York"), (Month(2026, 11), "UTC")],
)
def test_no_other_form_speaks_of_it(month: Month, zone: str) -> None:
    assert "twice" not in how_to_write(month, ZoneInfo(zone))


def test_the_longest_stretches_are_chosen_and_stay_in_the_order_of_time() -> None:
    two, one, three, two_later = (
        stretch("2026-10-01T00:00Z", "2026-10-01T02:00Z"),
        stretch("2026-10-02T00:00Z", "2026-10-02T01:00Z"),
        stretch("2026-10-03T00:00Z", "2026-10-03T03:00Z"),
        stretch("2026-10-04T00:00Z", "2026-10-04T02:00Z"),
    )

    assert longest([two, one, three, two_later], 2) == [two, three]
    assert longest([two, one, three, two_later], 3) == [two, three, two_later]
    assert longest([two, one], 3) == [two, one]
