"""Laws of business time, for any calendar: hypothesis looks for one that breaks them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.business_time import BusinessCalendar, Schedule, WeeklyHours, Window
from kernel.intervals import Interval, instant_of, minute_of

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Hong_Kong", "Australia/Lord_Howe", "America/Sao_Paulo")
YEAR = (date(2018, 1, 1), date(2018, 12, 31))
MINUTE = timedelta(minutes=1)

instants = st.datetimes(datetime(2018, 1, 1), datetime(2018, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(0), timedelta(hours=200))
dates = st.dates(*YEAR)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Give a window of whole minutes that may end on the next date."""
    opens = draw(st.integers(0, 1439))
    return opens * 60, draw(st.integers(opens + 1, opens + 1440)) * 60


@st.composite
def weeks(draw: st.DrawFn) -> WeeklyHours:
    """Give a week that is open for four hours at least, so that amounts are reached within years."""
    days = draw(st.lists(st.lists(windows(), max_size=2), min_size=7, max_size=7))
    opens = draw(st.integers(0, 1439)) * 60
    days[draw(st.integers(0, 6))].append((opens, opens + draw(st.integers(240, 1440)) * 60))
    return WeeklyHours(tuple(tuple(sorted(day)) for day in days))


@st.composite
def calendars(draw: st.DrawFn) -> BusinessCalendar:
    """Give a calendar of any zone, with every kind of exception."""
    some_windows = st.lists(windows(), max_size=2).map(tuple)
    schedule = Schedule(
        weekly=draw(weeks()),
        holidays=draw(st.dictionaries(dates, st.just("a holiday"), max_size=20)),
        overrides=draw(st.dictionaries(dates, some_windows, max_size=5)),
        breaks=draw(st.dictionaries(dates, some_windows, max_size=5)),
        versions=tuple(sorted(draw(st.dictionaries(dates, weeks(), max_size=2)).items(), key=lambda each: each[0])),
    )
    return BusinessCalendar(ZoneInfo(draw(st.sampled_from(ZONES))), schedule)


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Give pauses, in no order, that may overlap."""
    lengths = st.timedeltas(MINUTE, timedelta(days=9))
    return tuple(Interval(start, start + draw(lengths)) for start in draw(st.lists(instants, max_size=3)))


patient = settings(max_examples=60)


@patient
@given(calendars(), instants, amounts, pauses())
def test_adding_worked_time_and_measuring_it_gives_it_back(
    calendar: BusinessCalendar, start: datetime, amount: timedelta, stops: tuple[Interval, ...]
) -> None:
    later = calendar.add_worked(start, amount, pauses=stops).at
    earlier = calendar.add_worked(start, -amount, pauses=stops).at
    assert calendar.worked_between(start, later, pauses=stops) == amount
    assert calendar.worked_between(earlier, start, pauses=stops) == amount
    assert calendar.worked_between(later, start, pauses=stops) == -amount


@patient
@given(calendars(), instants, amounts, pauses())
def test_the_due_instant_is_the_earliest_and_backward_the_latest(
    calendar: BusinessCalendar, start: datetime, amount: timedelta, stops: tuple[Interval, ...]
) -> None:
    moment = timedelta(microseconds=1)
    wanted = amount + moment
    later = calendar.add_worked(start, wanted, pauses=stops).at
    earlier = calendar.add_worked(start, -wanted, pauses=stops).at
    assert calendar.worked_between(start, later - moment, pauses=stops) == amount
    assert calendar.worked_between(earlier + moment, start, pauses=stops) == amount


@patient
@given(calendars(), instants, instants, amounts, amounts, pauses())
def test_more_time_or_a_later_start_is_never_due_earlier(
    calendar: BusinessCalendar,
    one: datetime,
    other: datetime,
    less: timedelta,
    more: timedelta,
    stops: tuple[Interval, ...],
) -> None:
    start, later = sorted((one, other))
    least, most = sorted((less, more))
    due = calendar.add_worked(start, least, pauses=stops).at
    assert due <= calendar.add_worked(start, most, pauses=stops).at
    assert due <= calendar.add_worked(later, least, pauses=stops).at


@patient
@given(calendars(), instants, amounts, amounts, pauses())
def test_adding_in_two_steps_is_adding_at_once(
    calendar: BusinessCalendar, start: datetime, one: timedelta, other: timedelta, stops: tuple[Interval, ...]
) -> None:
    for sign in (1, -1):
        halfway = calendar.add_worked(start, sign * one, pauses=stops).at
        at_once = calendar.add_worked(start, sign * (one + other), pauses=stops).at
        assert calendar.add_worked(halfway, sign * other, pauses=stops).at == at_once


@patient
@given(calendars(), st.lists(instants, min_size=3, max_size=3).map(sorted), pauses())
def test_worked_time_adds_up(calendar: BusinessCalendar, moments: list[datetime], stops: tuple[Interval, ...]) -> None:
    first, middle, last = moments
    parts = calendar.worked_between(first, middle, pauses=stops) + calendar.worked_between(middle, last, pauses=stops)
    assert parts == calendar.worked_between(first, last, pauses=stops)


@patient
@given(calendars(), instants, amounts, pauses())
def test_the_windows_of_an_explanation_sum_to_the_amount(
    calendar: BusinessCalendar, start: datetime, amount: timedelta, stops: tuple[Interval, ...]
) -> None:
    explained = calendar.add_worked(start, amount, pauses=stops).explanation
    used = [Interval(window.start, window.end) for window in explained.windows]
    assert explained.worked == amount
    assert all(one.end <= next_one.start for one, next_one in pairwise(used))
    assert not any(window.overlaps(stop) for window in used for stop in stops)
    assert not {window.day for window in explained.windows} & {day.day for day in explained.skipped}


@patient
@given(calendars(), instants, amounts)
def test_it_does_not_matter_which_year_was_asked_for_first(
    calendar: BusinessCalendar, start: datetime, amount: timedelta
) -> None:
    travelled = BusinessCalendar(calendar.zone, calendar.schedule)
    for year in (2021, 2015):
        travelled.is_open(datetime(year, 6, 1, tzinfo=UTC))
    assert travelled.add_worked(start, amount) == calendar.add_worked(start, amount)
    assert travelled.add_business_days(start, 30) == calendar.add_business_days(start, 30)


@patient
@given(calendars(), dates, st.integers(1, 40), st.integers(1, 40), pauses())
def test_counting_business_days_in_two_steps_is_counting_at_once(
    calendar: BusinessCalendar, zero: date, one: int, other: int, stops: tuple[Interval, ...]
) -> None:
    for sign in (1, -1):
        halfway = calendar.add_business_days(zero, sign * one, pauses=stops).day
        at_once = calendar.add_business_days(zero, sign * (one + other), pauses=stops).day
        assert calendar.add_business_days(halfway, sign * other, pauses=stops).day == at_once
        assert calendar.is_business_day(at_once)


@patient
@given(calendars(), dates, st.integers(-40, 40).filter(bool), pauses())
def test_an_explanation_counts_every_day_once(
    calendar: BusinessCalendar, zero: date, count: int, stops: tuple[Interval, ...]
) -> None:
    due = calendar.add_business_days(zero, count, pauses=stops)
    explained = due.explanation
    assert len(explained.counted) == abs(count)
    assert explained.counted[-1] == due.day
    assert len(explained.counted) + len(explained.skipped) == abs((due.day - zero).days)
    assert not set(explained.counted) & {day.day for day in explained.skipped}


def plainly_open(schedule: Schedule, zone: ZoneInfo, minute: int) -> bool:
    """Ask the wall clock whether a minute is open: the plainest way, with nothing compiled."""
    wall = instant_of(minute).astimezone(zone)
    second = wall.hour * 3600 + wall.minute * 60
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)

    def shows(windows: tuple[Window, ...], passed: int) -> bool:
        return any(opens <= passed < closes for opens, closes in windows)

    broken = shows(schedule.breaks.get(today, ()), second) or shows(schedule.breaks.get(yesterday, ()), second + 86_400)
    own = shows(schedule.windows_on(today), second) or shows(schedule.windows_on(yesterday), second + 86_400)
    return own and not broken


@settings(max_examples=25)
@given(calendars(), instants)
def test_a_week_measured_minute_by_minute_agrees(calendar: BusinessCalendar, start: datetime) -> None:
    """Only where no wall time comes twice: there the first one counts, which a wall clock can't tell."""
    zone = ZoneInfo("Asia/Hong_Kong")
    here = BusinessCalendar(zone, calendar.schedule)
    first = minute_of(start)
    opened = sum(plainly_open(here.schedule, zone, minute) for minute in range(first, first + 7 * 1440))
    measured = here.worked_between(instant_of(first), instant_of(first + 7 * 1440))
    assert measured == opened * MINUTE


@pytest.mark.parametrize("zone", ZONES)
def test_windows_that_tile_the_day_leave_no_gap_when_clocks_change(zone: str) -> None:
    halves = WeeklyHours((((0, 9_000), (9_000, 86_400)),) * 7)
    calendar = BusinessCalendar(ZoneInfo(zone), Schedule(weekly=halves))
    first, last = datetime(2018, 1, 1, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC)
    assert calendar.worked_between(first, last) == last - first
