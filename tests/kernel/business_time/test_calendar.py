"""What a business calendar promises to those who compute deadlines with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.business_time import BeyondCalendar, ClosedDate, Counting, HoursMalformed, NeverOpen, WeeklyHours
from kernel.errors import NaiveInstant
from tests.kernel.business_time.cases import (
    EVERY_DAY,
    NINE_TO_FIVE,
    WORKWEEK,
    Hours,
    at,
    calendar,
    off,
    on,
    pause,
    weekly,
)

NIGHTS = calendar(weekly(WORKWEEK, ("19:00", "05:00")), "Asia/Hong_Kong")
OFFICE = calendar(
    weekly(WORKWEEK, ("09:00", "12:30"), ("13:30", "18:00")), "Asia/Hong_Kong", holidays=off("2026-10-01")
)

MONDAY = date(2026, 11, 16)
FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)


# SEMANTICS 16: thirty days, rolled, until midnight.


def test_thirty_days_end_at_the_midnight_after_day_thirty() -> None:
    due = OFFICE.add_calendar_days(date(2026, 10, 5), 30)
    assert due.day == date(2026, 11, 4)
    assert due.midnight_in(UTC) == at("2026-11-05T00:00")


def test_day_thirty_on_a_saturday_rolls_to_monday() -> None:
    due = OFFICE.add_calendar_days_rolled(date(2026, 10, 1), 30)
    assert (due.last, due.day) == (date(2026, 10, 31), date(2026, 11, 2))
    assert due.midnight_in(UTC) == at("2026-11-03T00:00")


def test_without_roll_day_thirty_stays_a_saturday() -> None:
    due = OFFICE.add_calendar_days(date(2026, 10, 1), 30)
    assert due.midnight_in(UTC) == at("2026-11-01T00:00")


def test_a_business_day_is_not_rolled() -> None:
    assert OFFICE.add_calendar_days_rolled(date(2026, 10, 5), 30).day == date(2026, 11, 4)


def test_thirty_days_are_not_720_hours() -> None:
    new_york = calendar(NINE_TO_FIVE, "America/New_York")
    due = new_york.add_calendar_days(at("2026-10-10T16:00"), 30)
    assert due.midnight - at("2026-10-11T04:00") == timedelta(days=30, hours=1)


# SEMANTICS 18: ten business days, and what pauses them.


def test_day_zero_is_the_date_in_the_calendars_zone() -> None:
    friday_night_in_london = at("2026-11-20T23:30")
    assert OFFICE.add_business_days(friday_night_in_london, 0).day_zero == SATURDAY


@pytest.mark.parametrize("filed", [FRIDAY, SATURDAY])
def test_filed_friday_or_saturday_day_one_is_monday(filed: date) -> None:
    assert OFFICE.add_business_days(filed, 1).day == date(2026, 11, 23)


def test_business_days_end_at_the_following_local_midnight() -> None:
    assert OFFICE.add_business_days(FRIDAY, 1).midnight == at("2026-11-24T00:00+08:00")


def test_business_days_also_end_at_the_close_of_the_last_window() -> None:
    assert OFFICE.add_business_days(FRIDAY, 5).closes_at == at("2026-11-27T18:00+08:00")


def test_a_night_closes_on_the_morning_after() -> None:
    assert NIGHTS.closes_at(FRIDAY) == at("2026-11-21T05:00+08:00")


def test_a_closed_date_has_no_closing_time() -> None:
    with pytest.raises(ClosedDate):
        OFFICE.closes_at(SATURDAY)


def test_a_business_day_wholly_inside_a_pause_is_skipped() -> None:
    paused = pause("2026-11-16T12:00+08:00", "2026-11-18T12:00+08:00")
    assert OFFICE.add_business_days(date(2026, 11, 13), 2, pauses=[paused]).day == date(2026, 11, 18)


def test_a_business_day_partly_inside_a_pause_counts() -> None:
    paused = pause("2026-11-17T00:01+08:00", "2026-11-18T00:00+08:00")
    assert OFFICE.add_business_days(MONDAY, 1, pauses=[paused]).day == date(2026, 11, 17)


def test_a_pause_from_midnight_to_midnight_skips_its_day() -> None:
    paused = pause("2026-11-17T00:00+08:00", "2026-11-18T00:00+08:00")
    assert OFFICE.add_business_days(MONDAY, 1, pauses=[paused]).day == date(2026, 11, 18)


def test_two_pauses_that_touch_are_one() -> None:
    paused = [
        pause("2026-11-17T12:00+08:00", "2026-11-18T00:00+08:00"),
        pause("2026-11-16T18:00+08:00", "2026-11-17T12:00+08:00"),
    ]
    assert OFFICE.add_business_days(MONDAY, 1, pauses=paused).day == date(2026, 11, 18)


def test_a_pause_that_moves_the_due_day_into_a_second_pause_skips_that_too() -> None:
    paused = [
        pause("2026-11-17T00:00+08:00", "2026-11-18T00:00+08:00"),
        pause("2026-11-18T00:00+08:00", "2026-11-20T00:00+08:00"),
    ]
    assert OFFICE.add_business_days(MONDAY, 1, pauses=paused).day == FRIDAY


def test_a_pause_over_a_weekend_skips_no_business_day() -> None:
    paused = pause("2026-11-20T18:00+08:00", "2026-11-23T09:00+08:00")
    assert OFFICE.add_business_days(FRIDAY, 1, pauses=[paused]).day == date(2026, 11, 23)


# SEMANTICS 22: hours.


def test_business_hours_may_mean_hours_on_business_days() -> None:
    start = at("2026-11-20T20:00+08:00")
    assert OFFICE.in_whole_days().add_worked(start, timedelta(hours=24)).at == at("2026-11-23T20:00+08:00")


def test_whole_days_keep_the_holidays() -> None:
    start = at("2026-09-30T20:00+08:00")
    assert OFFICE.in_whole_days().add_worked(start, timedelta(hours=24)).at == at("2026-10-02T20:00+08:00")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("08:59:59.999999", False), ("09:00", True), ("12:30", False), ("17:59:59.999999", True), ("18:00", False)],
)
def test_a_window_includes_its_opening_and_excludes_its_closing(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(f"2026-11-16T{moment}+08:00")) is is_open


# Clocks that change.


def test_a_window_that_begins_in_the_skipped_hour_begins_at_the_change() -> None:
    early = calendar(weekly(EVERY_DAY, ("02:30", "04:00")), "Europe/Berlin")
    worked = early.worked_between(at("2026-03-29T00:00+01:00"), at("2026-03-30T00:00+02:00"))
    assert worked == timedelta(hours=1)


def test_a_window_wholly_inside_the_skipped_hour_is_not_worked() -> None:
    early = calendar(weekly(EVERY_DAY, ("02:15", "02:45")), "Europe/Berlin")
    assert not early.is_business_day(date(2026, 3, 29))
    assert early.is_business_day(date(2026, 3, 30))


def test_a_window_that_ends_in_the_repeated_hour_ends_the_first_time() -> None:
    early = calendar(weekly(EVERY_DAY, ("00:00", "02:30")), "Europe/Berlin")
    assert early.closes_at(date(2026, 10, 25)) == at("2026-10-25T02:30+02:00")


def test_midnight_is_where_the_date_begins_even_if_midnight_is_skipped() -> None:
    sao_paulo = calendar(NINE_TO_FIVE, "America/Sao_Paulo")
    assert sao_paulo.add_calendar_days(date(2018, 11, 2), 1).midnight == at("2018-11-04T03:00")


# Days.


def test_next_and_previous_leave_the_date_and_rolling_keeps_it() -> None:
    assert OFFICE.next_business_day(FRIDAY) == date(2026, 11, 23)
    assert OFFICE.previous_business_day(MONDAY) == date(2026, 11, 13)
    assert OFFICE.rolled_forward(FRIDAY) == FRIDAY
    assert OFFICE.rolled_forward(SATURDAY) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "is_business_day"),
    [("2026-09-30", True), ("2026-10-01", False), ("2026-10-03", False)],
    ids=["a Wednesday", "a holiday", "a Saturday"],
)
def test_a_business_day_is_one_on_which_a_window_starts(day: str, is_business_day: bool) -> None:
    assert OFFICE.is_business_day(date.fromisoformat(day)) is is_business_day


def test_a_saturday_that_only_ends_a_night_is_no_business_day() -> None:
    assert NIGHTS.is_open(at("2026-11-21T04:00+08:00"))
    assert not NIGHTS.is_business_day(SATURDAY)


def test_results_tell_what_was_counted() -> None:
    assert OFFICE.add_business_days(MONDAY, 3).counting is Counting.BUSINESS_DAYS
    assert OFFICE.add_calendar_days(MONDAY, 3).counting is Counting.CALENDAR_DAYS


# What is refused.


def test_a_calendar_that_never_opens_again_says_so() -> None:
    once = calendar({}, overrides=on(d2020_04_01=[("09:00", "10:00")]))
    assert once.add_worked(at("2019-01-01T00:00"), timedelta(hours=1)).at == at("2020-04-01T10:00")
    assert once.add_worked(at("2021-01-01T00:00"), -timedelta(hours=1)).at == at("2020-04-01T09:00")
    for start, amount in [("2019-01-01T00:00", 2), ("2020-04-01T10:00", 1), ("2021-01-01T00:00", -2)]:
        with pytest.raises(NeverOpen):
            once.add_worked(at(start), timedelta(hours=amount))
    with pytest.raises(NeverOpen):
        once.next_business_day(date(2020, 4, 1))
    with pytest.raises(NeverOpen):
        once.previous_business_day(date(2020, 4, 1))


def test_time_measured_where_nothing_ever_opens_is_none() -> None:
    assert calendar({}).worked_between(at("2019-01-01T00:00"), at("2021-01-01T00:00")) == timedelta(0)


@pytest.mark.parametrize("start", ["0001-01-01T00:00", "1899-12-31T00:00", "2201-01-02T00:00", "9999-12-31T00:00"])
def test_a_date_that_is_centuries_off_is_refused(start: str) -> None:
    with pytest.raises(BeyondCalendar):
        OFFICE.add_worked(at(start), timedelta(hours=1))
    with pytest.raises(BeyondCalendar):
        OFFICE.is_business_day(at(start).date())


def test_the_years_of_a_calendar_end() -> None:
    with pytest.raises(BeyondCalendar):
        OFFICE.add_worked(at("2200-01-01T00:00"), timedelta(hours=24 * 365))


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveInstant):
        OFFICE.add_worked(datetime(2026, 11, 16, 9), timedelta(hours=1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "hours",
    [
        {"monday": [("09:00", "17:00")]},
        {"mon": [("9", "17:00")]},
        {"mon": [("09:00", "25:00")]},
        {"mon": [("09:60", "17:00")]},
        {"mon": [("09:00", "09:00")]},
        {"mon": [("24:00", "09:00")]},
        {"mon": [("09:00", "24:00:01")]},
    ],
    ids=str,
)
def test_malformed_hours_are_refused(hours: dict[str, Hours]) -> None:
    with pytest.raises(HoursMalformed):
        WeeklyHours.parse(hours)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (NINE_TO_FIVE, "Mon-Fri 09:00-17:00"),
        (weekly("mon tue", ("09:00", "12:00"), ("13:00", "17:30")), "Mon-Tue 09:00-12:00 13:00-17:30"),
        (weekly("mon wed", ("19:00", "05:00")), "Mon 19:00-05:00, Wed 19:00-05:00"),
        (weekly("sun", ("00:00", "24:00")), "Sun 00:00-24:00"),
        (weekly("sun", ("09:00", "09:00:30")), "Sun 09:00-09:00:30"),
        ({}, ""),
    ],
)
def test_a_week_is_told_as_people_do(hours: dict[str, Hours], told: str) -> None:
    assert str(WeeklyHours.parse(hours)) == told


def test_a_calendar_names_its_hours_and_zone() -> None:
    assert repr(calendar(NINE_TO_FIVE)) == "<BusinessCalendar Mon-Fri 09:00-17:00 UTC>"


def test_threads_that_share_a_calendar_agree() -> None:
    shared = calendar(NINE_TO_FIVE, "Europe/Berlin")
    starts = [datetime(year, 7, 1, tzinfo=UTC) for year in range(1990, 2060)] * 4

    def due(start: datetime) -> datetime:
        return shared.add_worked(start, timedelta(hours=3000)).at

    alone = calendar(NINE_TO_FIVE, "Europe/Berlin")
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(due, starts))
    assert together == [alone.add_worked(start, timedelta(hours=3000)).at for start in starts]
