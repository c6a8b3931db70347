"""A measured month in words and figures, for the shell."""

from __future__ import annotations

from collections.abc import Iterator

from kernel.intervals import instant_of
from kernel.minutes import MonthMinutes, Outage
from kernel.percent import shown_down
from uptime.events import MonitorMonth
from uptime.rules.months import MeasuredMonth

_CLASSES = (
    ("in a window that leaves the total", "window"),
    ("unknown", "unknown"),
    ("down, excused, leaving the total", "excused_leaving"),
    ("down, excused, counting as up", "excused_as_up"),
    ("down", "down"),
    ("up", "up"),
)


def shown(month: MeasuredMonth, minutes: MonthMinutes) -> Iterator[str]:
    """Tell a month line by line."""
    running = "" if month.is_over else " so far"
    yield f"{month.service} ({month.agreement}) in {month.month}: {minutes.total:,} minutes{running}"
    for words, name in _CLASSES:
        yield f"  {getattr(minutes, name).total:>9,} {words}"
    if minutes.unmeasured and not minutes.unknown:
        yield f"  of these {minutes.unmeasured.total:,} were not measured"
    uptime = minutes.uptime
    share = "not measurable" if uptime is None else f"{shown_down(uptime, 4)} %"
    yield f"uptime: {share} ({minutes.good:,} of {minutes.counted:,} counted minutes)"
    yield from (_monitor(monitor) for monitor in month.monitors)
    yield from (_outage(outage) for outage in minutes.outages)
    yield from (f"exclusion {applied.id} touches this month" for applied in month.exclusions)
    yield from (f"exclusion {proposal} is proposed and undecided" for proposal in month.undecided)
    for found in month.corrections:
        corrected = found.correction
        start, end = instant_of(corrected.minutes.first), instant_of(corrected.minutes.end)
        yield f"correction {found.id}: {corrected.finding.value} from {start:%Y-%m-%dT%H:%MZ} to {end:%Y-%m-%dT%H:%MZ}"


def _monitor(monitor: MonitorMonth) -> str:
    down, unknown = monitor.down.total, monitor.unknown.total
    return f"monitor {monitor.monitor}: {monitor.checks:,} checks, {down:,} minutes down, {unknown:,} unknown"


def _outage(outage: Outage) -> str:
    start = f"{outage.started_at:%Y-%m-%dT%H:%MZ}"
    end = f"{outage.ended_at:%Y-%m-%dT%H:%MZ}" if outage.ended_at else "now, still open"
    return f"outage from {start} to {end}, {outage.unexcused.total:,} unexcused minutes in the month"
