"""Calendar months of a zone (SEMANTICS 2): a month's length is counted, not assumed."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Self

from kernel.dates import date_at, start_of
from kernel.errors import MonthMalformed
from kernel.intervals import Interval, minute_of

_WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_MONTHS = 12
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month; which instants it has depends on the zone."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= _MONTHS and 1 <= self.year < date.max.year):
            raise MonthMalformed(self.year, self.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what str() wrote: 2026-10."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise MonthMalformed(text)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, instant: datetime, zone: tzinfo) -> Self:
        """Tell the month of the zone in which the instant falls."""
        return cls.of_date(date_at(instant, zone))

    @classmethod
    def of_date(cls, day: date) -> Self:
        """Tell the month of a date."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def days(self) -> int:
        """How many days the month has."""
        return monthrange(self.year, self.month)[1]

    @property
    def first_day(self) -> date:
        """The date on which the month begins."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The date on which the month ends."""
        return date(self.year, self.month, self.days)

    def next(self) -> Month:
        """Give the month after this one."""
        return self.plus(1)

    def previous(self) -> Month:
        """Give the month before this one."""
        return self.plus(-1)

    def plus(self, months: int) -> Month:
        """Go this many months forward, or backward if negative."""
        year, month = divmod(self.year * _MONTHS + self.month - 1 + months, _MONTHS)
        return Month(year, month + 1)

    def start(self, zone: tzinfo) -> datetime:
        """Give the first instant of the month in the zone, in UTC."""
        return start_of(self.first_day, zone)

    def end(self, zone: tzinfo) -> datetime:
        """Give the first instant after the month in the zone, in UTC."""
        return start_of(self.last_day + _DAY, zone)

    def interval(self, zone: tzinfo) -> Interval:
        """Give the month in the zone as an interval."""
        return Interval(self.start(zone), self.end(zone))

    def first_minute(self, zone: tzinfo) -> int:
        """Number the month's first minute."""
        return minute_of(self.start(zone))

    def last_minute(self, zone: tzinfo) -> int:
        """Number the minute after the month's last: the end is exclusive."""
        return minute_of(self.end(zone))

    def minutes(self, zone: tzinfo) -> int:
        """Count the minutes of the month: New York, March 2026 has 44,580."""
        return self.last_minute(zone) - self.first_minute(zone)
