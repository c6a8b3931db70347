"""What an operator's later finding changes in the measured minutes, and for whom (SEMANTICS 4, 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from kernel.intervals import Ranges
from uptime.events import Finding
from uptime.rules.checks import Minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A finding about a stretch of whole minutes.

    Up and down hold for the named accounts, or for everybody if none is named. A confined outage
    counts for the named accounts only: for everybody else its down minutes were up. A monitor's
    name confines the finding to that monitor, before the monitors are combined.
    """

    finding: Finding
    minutes: Ranges
    accounts: frozenset[UUID] = frozenset()
    monitor: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What one correction does for one account."""

    effect: Literal["up", "down", "down_to_up"]
    minutes: Ranges
    monitor: str | None = None

    def applied(self, measured: Minutes) -> Minutes:
        """Give the minutes as this change leaves them."""
        if self.effect == "down":
            return Minutes(measured.down | self.minutes, measured.unknown - self.minutes)
        if self.effect == "up":
            return Minutes(measured.down - self.minutes, measured.unknown - self.minutes)
        return Minutes(measured.down - self.minutes, measured.unknown)


def change_for(correction: Correction, account: UUID | None) -> Change | None:
    """Tell what the correction does for this account; None stands for an account nobody named."""
    named = account in correction.accounts
    if correction.finding is Finding.CONFINED:
        return None if named else Change("down_to_up", correction.minutes, correction.monitor)
    if correction.accounts and not named:
        return None
    effect: Literal["up", "down"] = "down" if correction.finding is Finding.DOWN else "up"
    return Change(effect, correction.minutes, correction.monitor)


def corrected(measured: Minutes, changes: Iterable[Change], *, monitor: str | None) -> Minutes:
    """Apply the changes that are about this monitor, or the service as a whole, in their order.

    Of two that disagree on a minute the later one holds.
    """
    for change in changes:
        if change.monitor == monitor:
            measured = change.applied(measured)
    return measured
