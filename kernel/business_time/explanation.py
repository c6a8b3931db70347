"""How a result of business time came about: windows used, days skipped and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from kernel.business_time.schedule import SkippedDay
from kernel.intervals import Interval


@dataclass(frozen=True, slots=True)
class UsedWindow:
    """A stretch of worked time, in UTC, and the date whose window it is part of."""

    day: date
    start: datetime
    end: datetime

    @property
    def worked(self) -> timedelta:
        """How long the stretch is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedExplanation:
    """How worked time adds up between two instants; the windows sum to the amount."""

    start: datetime
    end: datetime
    zone: tzinfo
    hours: str
    windows: tuple[UsedWindow, ...]
    skipped: tuple[SkippedDay, ...]
    pauses: tuple[Interval, ...]

    @property
    def worked(self) -> timedelta:
        """The worked time of all windows."""
        return sum((window.worked for window in self.windows), timedelta())

    def lines(self) -> Iterator[str]:
        """Tell it in sentences, in the calendar's zone."""
        yield f"Hours: {self.hours}, {self.zone}."
        yield f"From {self._told(self.start)}."
        told = [(window.start, self._used(window)) for window in self.windows]
        told += [(pause.start, self._paused(pause)) for pause in self.pauses]
        skipped = [(day.day, f"{day}.") for day in self.skipped]
        dated = [(start.astimezone(self.zone).date(), text) for start, text in sorted(told)]
        for _, text in sorted(dated + skipped, key=_first):
            yield text
        yield f"Until {self._told(self.end)}: {_hours(self.worked)} worked."

    def _used(self, window: UsedWindow) -> str:
        return f"{self._from_to(window.start, window.end)}: {_hours(window.worked)} worked."

    def _paused(self, pause: Interval) -> str:
        return f"{self._from_to(pause.start, pause.end)}: paused."

    def _from_to(self, start: datetime, end: datetime) -> str:
        one_date = start.astimezone(self.zone).date() == end.astimezone(self.zone).date()
        return f"{self._told(start)} to {self._clock(end) if one_date else self._told(end)}"

    def _told(self, instant: datetime) -> str:
        return f"{_dated(instant.astimezone(self.zone))} {self._clock(instant)}"

    def _clock(self, instant: datetime) -> str:
        local = instant.astimezone(self.zone)
        return f"{local:%H:%M:%S}" if local.second or local.microsecond else f"{local:%H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysExplanation:
    """How days were counted: day 0 never counts, and a skipped date is not one of them.

    `last` is the last day counted; a due date after it was rolled there.
    """

    day_zero: date
    last: date
    due: date
    zone: tzinfo
    hours: str
    counted: tuple[date, ...]
    skipped: tuple[SkippedDay, ...]

    def lines(self) -> Iterator[str]:
        """Tell it in sentences."""
        yield f"Business days: {self.hours}, {self.zone}."
        yield f"Day 0 is {_dated(self.day_zero)}."
        yield from (f"{day}." for day in self.skipped if day.day < self.last)
        yield f"Day {len(self.counted)} is {_dated(self.last)}."
        yield from (f"{day}." for day in self.skipped if day.day >= self.last)
        if self.due != self.last:
            yield f"Rolled to {_dated(self.due)}."


def _hours(worked: timedelta) -> str:
    minutes, seconds = divmod(worked, timedelta(minutes=1))
    text = f"{minutes // 60}:{minutes % 60:02d}"
    return f"{text}:{seconds.seconds:02d} hours" if seconds else f"{text} hours"


def _dated(day: date) -> str:
    return f"{day:%a %d %b %Y}"


def _first(pair: tuple[date, str]) -> date:
    return pair[0]
