"""How much downtime a month allows, and what is left of it (SEMANTICS 11)."""

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


def allowance(minutes: MonthMinutes, target: Fraction, *, end: int) -> Allowance:
    """Tell what the month allows as it stands: what has left the total allows nothing.

    `end` is the minute after the month's last; minutes that are still to come count as good.
    The largest number d with (counted - d) / counted at the target or above it.
    """
    left = minutes.window.total + minutes.unknown.total + minutes.excused_leaving.total
    counted = end - minutes.first - left
    allowed = ((1 - target) * counted).__floor__()
    return Allowance(counted_minutes=counted, allowed_minutes=allowed, down_minutes=minutes.down.total)
