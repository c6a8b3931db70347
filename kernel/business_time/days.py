"""Arithmetic of business days on compiled years; dates are ordinals."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from kernel.business_time.timeline import instant_at
from kernel.business_time.years import Years
from kernel.dates import DAY, date_at, start_of
from kernel.intervals import Ranges

# The first and the last date that a pause covers from midnight to midnight.
Span = tuple[int, int]


def forward(years: Years, zero: int, count: int, paused: list[Span]) -> int:
    """Find the business day that is so many after day 0, leaving out the paused ones."""
    due = _after(years, zero, count)
    for first, last in paused:
        if first > due:
            break
        count += _within(years, max(first, zero + 1), last)
        due = _after(years, zero, count)
    return due


def backward(years: Years, zero: int, count: int, paused: list[Span]) -> int:
    """Find the business day that is so many before day 0, leaving out the paused ones."""
    due = _before(years, zero, count)
    for first, last in reversed(paused):
        if last < due:
            break
        count += _within(years, first, min(last, zero - 1))
        due = _before(years, zero, count)
    return due


def is_business_day(years: Years, day: int) -> bool:
    """Whether business time starts on the date."""
    return _within(years, day, day) == 1


def closing(years: Years, day: int) -> int:
    """Give the close, in microseconds, of the last window that starts on a business day."""
    line = years.covering_date(day)
    return line.closes[bisect_left(line.days, day)]


def spans(years: Years, pauses: Ranges) -> Iterator[Span]:
    """Give the dates that each pause covers from midnight to midnight, where there are any."""
    for left, right in pauses:
        start = instant_at(left)
        first = date_at(start, years.zone)
        if start_of(first, years.zone) < start:
            first += DAY
        last = date_at(instant_at(right), years.zone) - DAY
        if first <= last:
            yield first.toordinal(), last.toordinal()


def _within(years: Years, first: int, last: int) -> int:
    if last < first:
        return 0
    years.covering_date(first)
    days = years.covering_date(last).days
    return bisect_right(days, last) - bisect_left(days, first)


def _after(years: Years, day: int, count: int) -> int:
    line = years.covering_date(day)
    while (place := bisect_right(line.days, day) + count - 1) >= len(line.days):
        line = years.opening_after(line)
    return line.days[place]


def _before(years: Years, day: int, count: int) -> int:
    line = years.covering_date(day)
    while (place := bisect_left(line.days, day) - count) < 0:
        line = years.opening_before(line)
    return line.days[place]
