"""What a month was found to be, for all accounts that share its minutes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from eventstore import Event, event
from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionUsed:
    """An approved exclusion and the minutes of the month that it excuses (SEMANTICS 7, 8)."""

    exclusion: UUID
    category: str
    treatment: str
    minutes: Ranges
    reason: str
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where minutes came from: a monitor's checks of the month, by number and digest."""

    service: str
    monitor: str
    checks: int
    digest: str


@event("claims.month_found")
class MonthFound(Event):
    """The minutes of a month were combined, excused and classed.

    One finding serves every account whose minutes are the same; its id is derived
    from what it says, so that the same finding is recorded once.
    """

    agreement: str
    month: Month
    minutes: MonthMinutes
    exclusions: tuple[ExclusionUsed, ...]
    sources: tuple[Source, ...]
