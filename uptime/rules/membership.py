"""When a monitor belongs to its service, and its minutes over several months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.intervals import EMPTY, Ranges, minute_of
from uptime.events import Monitor, MonitorMonth
from uptime.rules.checks import Minutes
from uptime.rules.combining import Member

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """When a monitor was added to its service, and when its first check was made, if one was."""

    added_at: datetime
    first_check_at: datetime | None


def joined(monitors: Iterable[Monitor], begun: Mapping[str, Begun]) -> dict[str, int | None]:
    """Tell the minute from which on each monitor belongs to the service; None where it always did.

    One that says so belongs from then; any other from its first check or from its addition,
    whichever is earlier, so that a monitor more makes nothing unknown that others had watched. Those
    that nobody was there before always belonged.
    """
    said = {one.name: _next_start(one.from_at) for one in monitors if one.from_at is not None}
    found = {one.name: _begins(begun[one.name]) for one in monitors if one.name not in said}
    earliest = min([*said.values(), *found.values()], default=None)
    return {**said, **{name: None if minute == earliest else minute for name, minute in found.items()}}


def _begins(begun: Begun) -> int:
    """Number the minute of the first check, or the first one that was watched since the addition."""
    added = _next_start(begun.added_at)
    return added if begun.first_check_at is None else min(added, minute_of(begun.first_check_at))


def present(monitor: Monitor, since: int | None, *, first: int, last: int) -> Ranges:
    """Tell in which minutes from `first` up to `last` a monitor that joined then belongs to its service.

    It belongs to a minute if it belonged at the minute's start.
    """
    start = first if since is None else max(first, since)
    end = last if monitor.until_at is None else min(last, _next_start(monitor.until_at))
    return Ranges.of((start, end))


def unmeasured(monitor: Monitor, belongs: Ranges) -> MonitorMonth:
    """Give the month of a monitor of which no check is known."""
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
