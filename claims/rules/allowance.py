"""A month that runs: what of it has passed, how much downtime it allows, what is left (SEMANTICS 11)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kernel.minutes import MonthMinutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Whole minutes that may be down before the target is missed, and those that were."""

    counted_minutes: int
    allowed_minutes: int
    down_minutes: int

    @property
    def left_minutes(self) -> int:
        """What is left; negative once the target is missed."""
        return self.allowed_minutes - self.down_minutes


def passed(minutes: MonthMinutes, *, present: int) -> MonthMinutes:
    """Keep the minutes of a month that have passed; the rest is nothing yet, not unknown."""
    first, last = minutes.first, max(minutes.first, min(minutes.last, present))
    return MonthMinutes(
        first=first,
        last=last,
        window=minutes.window.clip(first, last),
        unknown=minutes.unknown.clip(first, last),
        excused_leaving=minutes.excused_leaving.clip(first, last),
        excused_as_up=minutes.excused_as_up.clip(first, last),
        down=minutes.down.clip(first, last),
        unmeasured=minutes.unmeasured.clip(first, last),
        outages=minutes.outages,
    )


def allowance(minutes: MonthMinutes, target: Fraction, *, end: int) -> Allowance:
    """Tell what the month allows as it stands: what has left the total allows nothing.

    `end` is the minute after the month's last; minutes that are still to come count as good.
    The largest number d with (counted - d) / counted at the target or above it.
    """
    left = minutes.window.total + minutes.unknown.total + minutes.excused_leaving.total
    counted = end - minutes.first - left
    allowed = ((1 - target) * counted).__floor__()
    return Allowance(counted_minutes=counted, allowed_minutes=allowed, down_minutes=minutes.down.total)
