"""Fixed windows of the week as minutes: every Sunday from 02:00 to 06:00, the first of a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, tzinfo

from agreements.terms.excusing import FixedWindow
from kernel.business_time import WEEKDAYS
from kernel.business_time.hours import parse_windows
from kernel.business_time.timeline import placed
from kernel.dates import DAY, date_at
from kernel.intervals import Ranges, instant_of
from kernel.months import Month

_MINUTE = 60_000_000
_WEEK = 7
_PLACES = ("first", "second", "third", "fourth")


def windows_between(window: FixedWindow, first: int, last: int, *, zone: tzinfo) -> Ranges:
    """Give the minutes of a fixed window from one minute to before another, wholly inside it.

    Where clocks are set forward over a part of the window, it is that much shorter.
    """
    named = window.time_zone or zone
    return Ranges(_minutes(window, first, last, named)).clip(first, last)


def _minutes(window: FixedWindow, first: int, last: int, zone: tzinfo) -> Iterator[tuple[int, int]]:
    day, end = date_at(instant_of(first), zone) - DAY, date_at(instant_of(last), zone)
    while day <= end:
        if held_on(window, day):
            hours = window.hours.get(WEEKDAYS[day.weekday()], ())
            yield from (
                (-(-start // _MINUTE), stop // _MINUTE) for start, stop in placed(parse_windows(hours), day, zone)
            )
        day += DAY


def held_on(window: FixedWindow, day: date) -> bool:
    """Tell whether the window is held in the week of the date: its first Sunday, its last."""
    if not window.weeks:
        return True
    place = (day.day - 1) // _WEEK
    is_last = day.day + _WEEK > Month.of_date(day).days
    return ("last" in window.weeks and is_last) or (place < len(_PLACES) and _PLACES[place] in window.weeks)
