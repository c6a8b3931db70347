"""The minutes of an account's month by class, and the outages in it (SEMANTICS 8, 9, 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from kernel.errors import ClassesOverlap
from kernel.intervals import EMPTY, Ranges, instant_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """One outage as it falls on an account.

    Start and end are the outage's own, also where they lie outside the month; the end is None
    while it is open. `unexcused` are its down minutes within the month that nothing excuses;
    `last_unexcused` is the last such minute wherever it lies, also beyond the month: its date is
    day 0 of the filing window (SEMANTICS 16).
    """

    start_minute: int
    end_minute: int | None
    unexcused: Ranges = EMPTY
    last_unexcused: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the outage has not ended yet."""
        return self.end_minute is None

    @property
    def is_claimable(self) -> bool:
        """Whether it has an unexcused down minute for the account in the month (SEMANTICS 16)."""
        return bool(self.unexcused)

    @property
    def started_at(self) -> datetime:
        """The instant at which the outage began."""
        return instant_of(self.start_minute)

    @property
    def ended_at(self) -> datetime | None:
        """The first instant after the outage; None while it is open."""
        return None if self.end_minute is None else instant_of(self.end_minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMinutes:
    """Every minute of an account's month, each in exactly one class (SEMANTICS 8).

    `first` and `last` are minute numbers, the last exclusive. The treatment of missing data is
    already applied: `unmeasured` keeps what was unknown before it. What is in no class is up.
    """

    first: int
    last: int
    window: Ranges = EMPTY
    unknown: Ranges = EMPTY
    excused_leaving: Ranges = EMPTY
    excused_as_up: Ranges = EMPTY
    down: Ranges = EMPTY
    unmeasured: Ranges = EMPTY
    outages: tuple[Outage, ...] = ()

    def __post_init__(self) -> None:
        together = Ranges.union(self._classes())
        apart = sum(ranges.total for ranges in self._classes())
        inside = not together or (self.first <= together.first and together.end <= self.last)
        if not inside or apart != together.total:
            raise ClassesOverlap(self.first, self.last)

    def _classes(self) -> tuple[Ranges, ...]:
        return (
            self.window,
            self.unknown,
            self.excused_leaving,
            self.excused_as_up,
            self.down,
        )

    @property
    def total(self) -> int:
        """All minutes of the month."""
        return self.last - self.first

    @property
    def up(self) -> Ranges:
        """The minutes that are in no other class."""
        return Ranges.of((self.first, self.last)) - Ranges.union(self._classes())

    @property
    def counted(self) -> int:
        """The denominator: what has not left the total."""
        left = self.window.total + self.unknown.total + self.excused_leaving.total
        return self.total - left

    @property
    def good(self) -> int:
        """The numerator: minutes that were up or count as up."""
        return self.counted - self.down.total

    @property
    def uptime(self) -> Fraction | None:
        """The exact share of good minutes; None where no minute counts (SEMANTICS 5, 11)."""
        return Fraction(self.good, self.counted) if self.counted else None

    @property
    def claimable_outages(self) -> tuple[Outage, ...]:
        """The outages with an unexcused down minute in this month (SEMANTICS 16)."""
        return tuple(outage for outage in self.outages if outage.is_claimable)
