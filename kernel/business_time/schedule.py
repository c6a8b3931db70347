"""What a business calendar says about each date, before any zone is asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Self

from kernel.business_time.hours import WHOLE_DAY, WeeklyHours, Window, Written, parse_windows


class Reason(StrEnum):
    """Why a date gives no business time."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    OVERRIDE = "override"
    BREAK = "break"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A date that was passed over; the name is the holiday's or the weekday's."""

    day: date
    reason: Reason
    name: str

    def __str__(self) -> str:
        return f"{self.day:%a %d %b %Y}: {self.reason}, {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Weekly hours and the dates that differ from them.

    A holiday removes the windows that start on it. An override replaces a date's windows, also
    those of a holiday. A break cuts whatever is open, also the window of the evening before.
    Versions are other weekly hours, each from its date on.
    """

    weekly: WeeklyHours
    holidays: Mapping[date, str] = field(default_factory=dict)
    overrides: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    breaks: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    versions: tuple[tuple[date, WeeklyHours], ...] = ()
    by_whole_days: bool = False

    @classmethod
    def parse(
        cls,
        weekly: Mapping[str, Iterable[Written]],
        *,
        holidays: Mapping[date, str] | None = None,
        overrides: Mapping[date, Iterable[Written]] | None = None,
        breaks: Mapping[date, Iterable[Written]] | None = None,
        versions: Mapping[date, Mapping[str, Iterable[Written]]] | None = None,
    ) -> Self:
        """Read a schedule whose times are written as texts."""
        return cls(
            weekly=WeeklyHours.parse(weekly),
            holidays=dict(holidays or {}),
            overrides=_parse_dates(overrides or {}),
            breaks=_parse_dates(breaks or {}),
            versions=tuple((start, WeeklyHours.parse(hours)) for start, hours in sorted((versions or {}).items())),
        )

    def in_whole_days(self) -> Schedule:
        """Give the schedule whose business days are open round the clock (SEMANTICS 22)."""
        return replace(self, by_whole_days=True)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Give the windows that start on the date, before breaks."""
        windows = self._windows_on(day)
        return (WHOLE_DAY,) if windows and self.by_whole_days else windows

    def _windows_on(self, day: date) -> tuple[Window, ...]:
        if day in self.overrides:
            return self.overrides[day]
        return () if day in self.holidays else self.weekly_on(day).on(day)

    def weekly_on(self, day: date) -> WeeklyHours:
        """Give the weekly hours of the version in force on the date."""
        place = bisect_right(self.versions, day, key=_effective)
        return self.versions[place - 1][1] if place else self.weekly

    def why_closed(self, day: date) -> SkippedDay:
        """Say why a date without business time has none."""
        weekday = f"{day:%A}"
        if day in self.overrides and not self.overrides[day]:
            return SkippedDay(day, Reason.OVERRIDE, weekday)
        if not self.windows_on(day) and self.weekly_on(day).on(day):
            return SkippedDay(day, Reason.HOLIDAY, self.holidays[day])
        reason = Reason.BREAK if self.windows_on(day) else Reason.WEEKEND
        return SkippedDay(day, reason, weekday)

    def opens_after(self, year: int) -> bool:
        """Whether any later year can have business time."""
        last = self.versions[-1][1] if self.versions else self.weekly
        changes = [*self.overrides, *(start for start, _ in self.versions)]
        return bool(last) or any(day.year > year for day in changes)

    def opens_before(self, year: int) -> bool:
        """Whether any earlier year can have business time."""
        changes = [*self.overrides, *(start for start, _ in self.versions)]
        return bool(self.weekly) or any(day.year < year for day in changes)


def _parse_dates(written: Mapping[date, Iterable[Written]]) -> dict[date, tuple[Window, ...]]:
    return {day: parse_windows(windows) for day, windows in written.items()}


def _effective(version: tuple[date, WeeklyHours]) -> date:
    return version[0]
