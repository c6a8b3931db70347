"""Worked time and business days, case by case: our table, and all cases of others where they are present."""

from datetime import date, timedelta

import pytest

from tests.kernel.business_time.cases import (
    ALWAYS,
    EVERY_DAY,
    NINE_TO_FIVE,
    WORKWEEK,
    Case,
    at,
    calendar,
    cases_of_others,
    off,
    on,
    pause,
    weekly,
)


def h(hours: int, minutes: int = 0, seconds: int = 0) -> timedelta:
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


OFFICE = calendar(NINE_TO_FIVE)
BERLIN = calendar(weekly(EVERY_DAY, ("09:00", "18:00")), "Europe/Berlin")
NIGHTS = calendar(weekly(WORKWEEK, ("19:00", "05:00")))
LATE = calendar(weekly(WORKWEEK, ("21:00", "02:00")))
TWO_SHIFTS = calendar(weekly(WORKWEEK, ("03:00", "05:00"), ("19:00", "01:00")))
DAY_AND_NIGHT = calendar(weekly(WORKWEEK, ("09:00", "17:00"), ("23:00", "07:00")))
WHOLE_DAYS = calendar(weekly("mon fri", ("00:00", "24:00")) | weekly("sat", ("11:00", "15:00")))
NEW_YORK = calendar(ALWAYS, "America/New_York")
LATE_LUNCH = calendar(
    weekly("thu", ("08:00", "18:00")) | weekly("fri", ("08:00", "12:00"), ("13:00", "18:00")),
    overrides=on(d2019_12_27=[("08:00", "12:00"), ("14:00", "18:00")]),
)
WITH_BREAKS = calendar(
    weekly("mon wed fri", ("09:00", "17:00")) | weekly("tue thu", ("10:00", "16:00")),
    breaks=on(
        d2006_01_02=[("08:00", "10:15"), ("11:30", "12:30")], d2006_01_03=[("12:00", "13:00"), ("14:25", "14:40")]
    ),
)
SHORTER_FROM_27_JULY = calendar(
    weekly(EVERY_DAY, ("09:00", "09:01")),
    versions={date(2022, 7, 27): weekly(WORKWEEK, ("09:00", "09:00:30")) | weekly("sat sun", ("09:00", "09:00:10"))},
)
GLPI = calendar(weekly("mon", ("10:30", "19:00")) | weekly("tue wed thu fri", ("08:30", "19:00")))
TWO_PAUSES = (
    pause("2013-06-04T09:00", "2013-06-04T10:30"),
    pause("2013-06-04T11:00", "2013-06-04T12:00"),
)

ADDED = [
    # Within a window, and what is left over goes to the next one.
    Case("inside one window", OFFICE, at("2026-11-16T09:00"), h(2), at("2026-11-16T11:00")),
    Case("over a night", OFFICE, at("2026-11-16T16:00"), h(2), at("2026-11-17T10:00")),
    Case("over a weekend", OFFICE, at("2026-11-20T16:00"), h(2), at("2026-11-23T10:00")),
    Case("24 business hours are three days of eight", OFFICE, at("2026-11-16T09:00"), h(24), at("2026-11-18T17:00")),
    Case("a start outside hours begins at the opening", OFFICE, at("2026-11-14T23:00"), h(1), at("2026-11-16T10:00")),
    Case("due at closing time stays there", OFFICE, at("2026-11-16T09:00"), h(8), at("2026-11-16T17:00")),
    Case("one microsecond more is the next opening's", OFFICE, at("2026-11-16T09:00"), h(8) + timedelta(microseconds=1),
         at("2026-11-17T09:00:00.000001")),
    Case("no time at all stays at the start", OFFICE, at("2026-11-14T23:00"), h(0), at("2026-11-14T23:00")),
    # Backward, to the latest instant.
    Case("back over a night, microseconds kept", OFFICE, at("2015-02-26T09:00:00.700000"), -h(0, 45),
         at("2015-02-25T16:15:00.700000")),
    Case("back to an opening stays there", OFFICE, at("2026-11-16T11:00"), -h(2), at("2026-11-16T09:00")),
    # Over midnight, each window belonging to the date it starts on.
    Case("Friday's night ends on Saturday", NIGHTS, at("2014-07-05T04:30"), h(1), at("2014-07-07T19:30")),
    Case("back into Friday's night", NIGHTS, at("2014-07-07T19:30"), -h(1), at("2014-07-05T04:30")),
    Case("back over the gap between two shifts", TWO_SHIFTS, at("2014-07-02T08:00"), -h(1), at("2014-07-02T04:00")),
    Case("28 hours of nights, from Saturday 01:00", LATE, at("2014-07-05T01:00"), h(28), at("2014-07-14T23:00")),
    Case("24:00 is the day's end", WHOLE_DAYS, at("2010-12-24T15:00"), h(24), at("2010-12-27T11:00")),
    Case("and back", WHOLE_DAYS, at("2010-12-27T11:00"), -h(24), at("2010-12-24T15:00")),
    # Holidays, overrides, breaks.
    Case("a holiday passes", calendar(NINE_TO_FIVE, holidays=off("2026-11-17")), at("2026-11-16T16:00"), h(2),
         at("2026-11-18T10:00")),
    Case("a holiday removes the night that starts on it", calendar(weekly(WORKWEEK, ("19:00", "05:00")),
         holidays=off("2014-07-01")), at("2014-07-01T04:30"), h(1), at("2014-07-02T19:30")),
    Case("an override opens a holiday", calendar(NINE_TO_FIVE, holidays=off("2026-11-17"),
         overrides=on(d2026_11_17=[("10:00", "12:00")])), at("2026-11-16T16:00"), h(2), at("2026-11-17T11:00")),
    Case("an override lengthens lunch", LATE_LUNCH, at("2019-12-27T12:59"), h(0, 2), at("2019-12-27T14:02")),
    Case("a break cuts", WITH_BREAKS, at("2006-01-02T09:00"), h(1), at("2006-01-02T11:15")),
    # Clocks that change.
    Case("24 hours over spring-forward", NEW_YORK, at("2010-03-14T00:00-05:00"), h(24), at("2010-03-15T01:00-04:00")),
    Case("24 hours over fall-back", NEW_YORK, at("2010-11-07T00:00-04:00"), h(24), at("2010-11-07T23:00-05:00")),
    Case("an hour that comes twice", calendar(weekly(EVERY_DAY, ("00:00", "10:00")), "Europe/Amsterdam"),
         at("2022-10-30T02:00+02:00"), h(1), at("2022-10-30T02:00+01:00")),
    # Pauses stop the clock.
    Case("a pause, then due at closing time", BERLIN, at("2013-06-04T11:00+02:00"), h(2), at("2013-06-04T18:00+02:00"),
         (pause("2013-06-04T10:00", "2013-06-04T15:00"),)),
    Case("paused from the start", BERLIN, at("2013-06-04T11:00+02:00"), h(4), at("2013-06-04T18:00+02:00"),
         (pause("2013-06-04T09:00", "2013-06-04T12:00"),)),
    Case("paused twice", BERLIN, at("2013-06-04T11:00+02:00"), h(2), at("2013-06-04T15:30+02:00"), TWO_PAUSES),
    Case("pauses over nights stop working hours only", GLPI, at("2034-06-05T10:00"), h(4), at("2034-06-08T12:00"), (
         pause("2034-06-05T11:00", "2034-06-07T09:30"), pause("2034-06-07T10:00", "2034-06-08T09:00"))),
    Case("a pause after the due instant changes nothing", OFFICE, at("2026-11-16T09:00"), h(8),
         at("2026-11-16T17:00"), (pause("2026-11-16T17:00", "2026-11-20T17:00"),)),
    Case("back over a pause", OFFICE, at("2026-11-17T10:00"), -h(2), at("2026-11-16T15:30"),
         (pause("2026-11-16T16:30", "2026-11-17T09:00"),)),
    Case("back to the end of a pause stays there", OFFICE, at("2026-11-17T10:00"), -h(1), at("2026-11-17T09:00"),
         (pause("2026-11-16T12:00", "2026-11-17T09:00"),)),
    Case("back to the end of a pause within the day", OFFICE, at("2026-11-17T12:00"), -h(1), at("2026-11-17T11:00"),
         (pause("2026-11-17T10:00", "2026-11-17T11:00"),)),
]  # fmt: skip

MEASURED = [
    Case("reversed is negative", OFFICE, at("2014-04-07T15:00"), at("2014-04-07T10:00"), -h(5)),
    Case("outside hours is nothing", OFFICE, at("2026-11-14T00:00"), at("2026-11-15T23:00"), h(0)),
    Case("19 years of Sundays", calendar(weekly("sun", ("08:00", "21:00")), "Europe/Paris"),
         at("2002-10-27T07:00+01:00"), at("2021-10-30T02:00+02:00"), timedelta(seconds=46_425_600)),
    Case("spring-forward day, window after the gap", calendar(weekly("sun", ("08:00", "21:00")), "Europe/Paris"),
         at("2020-03-29T03:00+02:00"), at("2020-03-30T02:00+02:00"), h(13)),
    Case("a day and a night shift, five times", DAY_AND_NIGHT, at("2016-01-18T09:00"), at("2016-01-25T09:00"), h(80)),
    Case("breaks over opening, noon and afternoon", WITH_BREAKS, at("2006-01-02T00:00"), at("2006-01-04T00:00"),
         h(10, 30)),
    Case("a break swallows the day", calendar(NINE_TO_FIVE, breaks=on(d2006_01_02=[("08:00", "18:00")])),
         at("2006-01-02T00:00"), at("2006-01-03T00:00"), h(0)),
    Case("a new version from its date", SHORTER_FROM_27_JULY, at("2022-07-25T08:59"), at("2022-07-30T10:00"),
         timedelta(seconds=60 + 60 + 30 + 30 + 30 + 10)),
    Case("two pauses", BERLIN, at("2013-06-04T11:00+02:00"), at("2013-06-04T14:00+02:00"), h(0, 30), TWO_PAUSES),
    Case("hours that overlap the night before are worked once", calendar(weekly(EVERY_DAY, ("22:00", "10:00"),
         ("09:00", "12:00"))), at("2026-11-16T12:00"), at("2026-11-17T12:00"), h(14)),
    Case("and over the turn of the year", calendar(weekly(EVERY_DAY, ("22:00", "10:00"), ("09:00", "12:00"))),
         at("2026-12-31T12:00"), at("2027-01-01T12:00"), h(14)),
    Case("nights over the turn of the year", calendar(weekly(EVERY_DAY, ("20:00", "04:00"))),
         at("2026-12-31T00:00"), at("2027-01-02T00:00"), h(4 + 8 + 4)),
]  # fmt: skip

COUNTED = [
    Case("the day after", OFFICE, at("1991-11-15T14:00"), 1, date(1991, 11, 18)),
    Case("from a Saturday, day 1 is Monday", OFFICE, at("2015-02-28T10:13"), 1, date(2015, 3, 2)),
    Case("back from a Saturday", OFFICE, at("2018-05-19T10:00"), -1, date(2018, 5, 18)),
    Case("Thursday in UTC is Friday in Tokyo", calendar(NINE_TO_FIVE, "Asia/Tokyo"), at("1991-11-14T21:00"), 1,
         date(1991, 11, 18)),
    Case("a holiday on a Sunday moves nothing", calendar(NINE_TO_FIVE, holidays=off("2010-07-04")),
         at("2010-07-02T16:50"), 1, date(2010, 7, 5)),
    Case("five back over Armistice Day", calendar(NINE_TO_FIVE, holidays=off("2011-11-11")),
         at("2011-11-18T00:00"), -5, date(2011, 11, 10)),
    Case("weekends only", calendar(weekly("sat sun", ("09:00", "17:00"))), at("2007-02-25T00:00"), 11,
         date(2007, 4, 7)),
    Case("a week from Sunday to Thursday", calendar(weekly("sun mon tue wed thu", ("09:00", "17:00")),
         holidays=off("2013-05-01")), at("2013-04-30T00:00"), 2, date(2013, 5, 5)),
    Case("more than a year", calendar(NINE_TO_FIVE, holidays=off("2016-07-04")), at("2016-01-01T00:00"), 366,
         date(2017, 5, 30)),
    Case("zero is the date itself", OFFICE, at("2018-05-18T17:00"), 0, date(2018, 5, 18)),
    Case("zero on a Saturday rolls forward", OFFICE, at("2018-05-19T17:00"), 0, date(2018, 5, 21)),
    Case("London, 17 December, ten days", calendar(NINE_TO_FIVE, "Europe/London",
         holidays=off("2026-12-25", "2026-12-28", "2027-01-01")), at("2026-12-17T12:00"), 10, date(2027, 1, 5)),
    Case("a paused day is left out forward", OFFICE, at("2026-11-16T12:00"), 1, date(2026, 11, 18),
         (pause("2026-11-17T00:00", "2026-11-18T00:00"),)),
    Case("a paused day is left out backward", OFFICE, at("2026-11-18T12:00"), -1, date(2026, 11, 16),
         (pause("2026-11-17T00:00", "2026-11-18T00:00"),)),
]  # fmt: skip


@pytest.mark.parametrize("case", [*ADDED, *cases_of_others("add")], ids=str)
def test_worked_time_added_gives_this_instant(case: Case) -> None:
    assert case.calendar.add_worked(case.start, case.asked, pauses=case.pauses).at == case.expect


@pytest.mark.parametrize("case", [*MEASURED, *cases_of_others("between")], ids=str)
def test_this_much_is_worked_between(case: Case) -> None:
    assert case.calendar.worked_between(case.start, case.asked, pauses=case.pauses) == case.expect


@pytest.mark.parametrize("case", [*COUNTED, *cases_of_others("add_days")], ids=str)
def test_business_days_end_on_this_date(case: Case) -> None:
    assert case.calendar.add_business_days(case.start, case.asked, pauses=case.pauses).day == case.expect
