"""When a monitor belongs to its service, and its minutes over several months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from kernel.intervals import EMPTY, Ranges, minute_of
from uptime.events import Monitor, MonitorMonth
from uptime.rules.checks import Minutes
from uptime.rules.combining import Member

_MICROSECOND = timedelta(microseconds=1)


def present(monitor: Monitor, *, first: int, last: int) -> Ranges:
    """Tell in which minutes from `first` up to `last` the monitor belongs to its service.

    It belongs to a minute if it belonged at the minute's start.
    """
    start = first if monitor.from_at is None else max(first, _next_start(monitor.from_at))
    end = last if monitor.until_at is None else min(last, _next_start(monitor.until_at))
    return Ranges.of((start, end))


def unmeasured(monitor: Monitor, *, first: int, last: int) -> MonitorMonth:
    """Give the month of a monitor of which no check is known."""
    belongs = present(monitor, first=first, last=last)
    return MonitorMonth(monitor=monitor.name, present=belongs, down=EMPTY, unknown=belongs, checks=0, digest="")


def members(months: Iterable[tuple[MonitorMonth, ...]]) -> tuple[Member, ...]:
    """Join each monitor's minutes over months that follow on each other."""
    joined: dict[str, list[MonitorMonth]] = {}
    for month in months:
        for monitor in month:
            joined.setdefault(monitor.monitor, []).append(monitor)
    return tuple(
        Member(
            name,
            Minutes(Ranges.union(part.down for part in parts), Ranges.union(part.unknown for part in parts)),
            Ranges.union(part.present for part in parts),
        )
        for name, parts in joined.items()
    )


def _next_start(instant: datetime) -> int:
    """Number the first minute that starts at the instant or after it."""
    return minute_of(instant - _MICROSECOND) + 1
