"""Stretches of time as a form's lines: written down, and read again as the same instants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any

from django import forms

from claims.rules.claim import MOST_TIMES
from eventstore import DomainError
from kernel import shown
from kernel.dates import comes_twice, local_instant, set_back
from kernel.intervals import Interval
from kernel.months import Month

FORMATS = tuple(
    f"%Y-%m-%d{between}{time}{offset}"
    for between in " T"
    for time in ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f")
    for offset in ("", "%z")
)
BETWEEN = re.compile(r"\s+(?:to|until|-|\u2013|\u2014)\s+")
BEFORE_OFFSET = re.compile(r"\s+(?=(?:Z|[+-]\d\d:?\d\d)$)")
ONLY_A_TIME = re.compile(r"\d\d:\d\d(?::\d\d)?(?:\s*(?:Z|[+-]\d\d:?\d\d))?")
MEND = "Write it as 2026-10-05 12:30 to 2026-10-05 14:00."


class TimesField(forms.CharField):
    """Stretches of downtime, one on each line, in the zone that the form names.

    `require` refuses a stretch that the claim cannot mean.
    """

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        self.zone: tzinfo = UTC
        self.require: Callable[[Interval], None] | None = None
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value: Any) -> Any:
        """Read the lines. Errors name each line that cannot be read, and how to mend it."""
        text = super().clean(value)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_TIMES:
            raise forms.ValidationError(f"State at most {MOST_TIMES} stretches; several can be written as one.")
        read, problems = [], []
        for number, line in enumerate(lines, start=1):
            try:
                read.append(self._stretch(number, line))
            except forms.ValidationError as problem:
                problems.append(problem)
        if problems:
            raise forms.ValidationError(problems)
        return tuple(read)

    def _stretch(self, number: int, line: str) -> Interval:
        start, _, end = BETWEEN.sub("\n", line, count=1).partition("\n")
        if ONLY_A_TIME.fullmatch(end.strip()):
            end = f"{start[:10]} {end.strip()}"
        begun = self._instant(start)
        ended = self._instant(end, after=begun)
        if begun is None or ended is None:
            raise forms.ValidationError(f"Line {number} (“{line}”) is no stretch of time. {MEND}")
        if ended <= begun:
            raise forms.ValidationError(f"Line {number} (“{line}”) ends before it starts: correct one of its times.")
        stretch = Interval(begun, ended)
        try:
            if self.require is not None:
                self.require(stretch)
        except DomainError as error:
            raise forms.ValidationError(f"Line {number} (“{line}”): {error.sentence}") from error
        return stretch

    def _instant(self, text: str, *, after: datetime | None = None) -> datetime | None:
        told = BEFORE_OFFSET.sub("", text.strip())
        for form in FORMATS:
            try:
                read = datetime.strptime(told, form)  # noqa: DTZ007 — it has an offset, or the zone comes next
                return read.astimezone(UTC) if read.tzinfo else _first(read, self.zone, after)
            except (ValueError, OverflowError):
                continue
        return None


def _first(wall: datetime, zone: tzinfo, after: datetime | None) -> datetime:
    """Find when clocks first show a wall time, if need be the second time that they do: an end follows its start."""
    first = local_instant(wall, zone)
    if after is None or first > after or not comes_twice(wall, zone):
        return first
    return wall.replace(tzinfo=zone, fold=1).astimezone(UTC)


def written(times: Iterable[Interval], zone: tzinfo) -> str:
    """Write stretches as the field reads them."""
    return "\n".join(f"{_written(one.start, zone)} to {_written(one.end, zone)}" for one in times)


def _written(instant: datetime, zone: tzinfo) -> str:
    """Write an instant as the zone's wall time, and where that comes twice with its offset."""
    local = instant.astimezone(zone)
    wall = local.replace(tzinfo=None)
    told = local if comes_twice(wall, zone) else wall
    return told.isoformat(" ", "auto" if wall.second or wall.microsecond else "minutes")


def longest(times: Iterable[Interval], count: int) -> list[Interval]:
    """Choose this many stretches, the longest, in the order of time."""
    chosen = sorted(times, key=lambda one: (-one.duration, one.start))[:count]
    return sorted(chosen, key=lambda one: one.start)


def how_to_write(month: Month, zone: tzinfo) -> str:
    """Say how times are written, and of a month whose clock is set back, how those that come twice are."""
    told = f"In {shown.zone_name(zone)} time, each stretch on a line of its own. {MEND}"
    change = set_back(month.start(zone), month.end(zone), zone)
    return told if change is None else f"{told} {_of_those_that_come_twice(change, zone)}"


def _of_those_that_come_twice(change: datetime, zone: tzinfo) -> str:
    again = change.astimezone(zone)
    first = local_instant(again.replace(tzinfo=None, fold=0), zone).astimezone(zone)
    until = (change + (change - first.astimezone(UTC))).astimezone(zone)
    return (
        f"On {shown.day(again.date())} the clock is set back, and the times from {again:%H:%M} to {until:%H:%M} come "
        f"twice: write {first.isoformat(' ', 'minutes')} for the first, {again.isoformat(' ', 'minutes')} for the "
        "second. Without its offset the first that fits is meant."
    )
