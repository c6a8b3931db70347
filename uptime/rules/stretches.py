"""Stretches of time as exact microseconds, and the whole minutes inside them (SEMANTICS 8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from kernel.intervals import EPOCH, Interval, Ranges
from uptime.rules.checks import MICROSECONDS_IN_MINUTE

_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """Number the microsecond of an aware instant, counted from 1970."""
    return (instant - EPOCH) // _MICROSECOND


def of_interval(interval: Interval) -> Ranges:
    """Write an interval as a set of microseconds."""
    return Ranges.of((microseconds(interval.start), microseconds(interval.end)))


def of_intervals(intervals: Iterable[Interval]) -> Ranges:
    """Unite intervals exactly: two that touch within a minute leave that minute whole."""
    return Ranges.union(of_interval(interval) for interval in intervals)


def until(stretch: Ranges, end: datetime | None) -> Ranges:
    """Cut a stretch off at an instant, if there is one."""
    if end is None or not stretch:
        return stretch
    return stretch.clip(stretch.first, microseconds(end))


def whole_minutes(stretch: Ranges) -> Ranges:
    """Collect the minutes that lie wholly inside: a begun minute is not excused."""
    return Ranges((-(-start // MICROSECONDS_IN_MINUTE), end // MICROSECONDS_IN_MINUTE) for start, end in stretch)
