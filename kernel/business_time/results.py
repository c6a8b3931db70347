"""What business time answers: an instant or a date that can say how it was reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Protocol

from kernel.business_time.explanation import DaysExplanation, WorkedExplanation
from kernel.dates import end_of
from kernel.intervals import Interval


class Counting(StrEnum):
    """Which days a count of days counts."""

    BUSINESS_DAYS = "business days"
    CALENDAR_DAYS = "calendar days"


class Explains(Protocol):
    """What a result asks of its calendar."""

    @property
    def zone(self) -> tzinfo:
        """The zone of its dates."""

    def closes_at(self, day: date) -> datetime:
        """Give the close of the date's last window."""

    def explain_worked(self, start: datetime, end: datetime, *, pauses: tuple[Interval, ...]) -> WorkedExplanation:
        """Explain the worked time between two instants."""

    def explain_days(self, due: DueDay) -> DaysExplanation:
        """Explain how days were counted."""


@dataclass(frozen=True, slots=True)
class Due:
    """The instant at which an amount of worked time is reached, in UTC."""

    at: datetime
    start: datetime
    pauses: tuple[Interval, ...]
    calendar: Explains = field(repr=False, compare=False)

    @property
    def explanation(self) -> WorkedExplanation:
        """The windows used and days skipped; worked out when asked for."""
        return self.calendar.explain_worked(self.start, self.at, pauses=self.pauses)


@dataclass(frozen=True, slots=True)
class DueDay:
    """The date on which a count of days ends.

    `last` is the last day counted; where the count rolls over closed days, `day` is later.
    """

    day: date
    day_zero: date
    last: date
    counting: Counting
    pauses: tuple[Interval, ...]
    calendar: Explains = field(repr=False, compare=False)

    @property
    def closes_at(self) -> datetime:
        """The close of the date's last window (SEMANTICS 22); ClosedDate if it has none."""
        return self.calendar.closes_at(self.day)

    @property
    def midnight(self) -> datetime:
        """The midnight of the calendar's zone that ends the date, exclusive (SEMANTICS 18)."""
        return end_of(self.day, self.calendar.zone)

    def midnight_in(self, zone: tzinfo) -> datetime:
        """The midnight of another zone that ends the date, exclusive (SEMANTICS 16)."""
        return end_of(self.day, zone)

    @property
    def explanation(self) -> DaysExplanation:
        """The days counted and skipped; worked out when asked for."""
        return self.calendar.explain_days(self)
