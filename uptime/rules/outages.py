"""Outages as unions of down minutes, with their true ends (SEMANTICS 4, 6, 16)."""

from __future__ import annotations

from kernel.intervals import Ranges
from kernel.minutes import Outage


def outages_of(down: Ranges, unexcused: Ranges, *, first: int, last: int, open_at: int | None) -> tuple[Outage, ...]:
    """Find the outages that have a minute from `first` up to `last`, each with its own ends.

    `down` is all that was down, excused or not, also outside the month; `open_at` is the present
    minute if `down` reaches up to it: an outage that is down until then has not ended.
    """
    return tuple(
        Outage(
            start_minute=start,
            end_minute=None if end == open_at else end,
            unexcused=unexcused.clip(max(start, first), min(end, last)),
            last_unexcused=_last(unexcused.clip(start, end)),
        )
        for start, end in down.overlapping(first, last)
    )


def _last(minutes: Ranges) -> int | None:
    return minutes.end - 1 if minutes else None
