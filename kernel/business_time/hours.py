"""Opening hours as wall time: windows of a day, and a week of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Self

from kernel.business_time.errors import HoursMalformed

# Seconds of wall time from the midnight that begins a date; the end may lie on the next date.
Window = tuple[int, int]
Written = tuple[str, str]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHOLE_DAY: Window = (0, 86_400)

_DAY = 86_400
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


def parse_window(written: Written) -> Window:
    """Read ("09:00", "17:00"); ("19:00", "05:00") passes midnight; "24:00" is the day's end."""
    opens, closes = (_seconds(text) for text in written)
    if opens in (closes, _DAY):
        raise HoursMalformed(*written)
    return (opens, closes if closes > opens else closes + _DAY)


def parse_windows(written: Iterable[Written]) -> tuple[Window, ...]:
    """Read the windows of one date, in any order."""
    return tuple(sorted(parse_window(window) for window in written))


def _seconds(text: str) -> int:
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise HoursMalformed(text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if total > _DAY:
        raise HoursMalformed(text)
    return total


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The windows of each weekday, Monday first; several a day, and over midnight."""

    days: tuple[tuple[Window, ...], ...]

    @classmethod
    def parse(cls, written: Mapping[str, Iterable[Written]]) -> Self:
        """Read {"mon": [("09:00", "17:00")], ...}; a weekday that is not named is closed."""
        unknown = set(written) - set(WEEKDAYS)
        if unknown:
            raise HoursMalformed(*sorted(unknown))
        return cls(tuple(parse_windows(written.get(name, ())) for name in WEEKDAYS))

    def on(self, day: date) -> tuple[Window, ...]:
        """Give the windows that start on the date's weekday."""
        return self.days[day.weekday()]

    def __bool__(self) -> bool:
        return any(self.days)

    def __str__(self) -> str:
        """Write the week as people do: Mon-Thu 09:00-17:00, Fri 09:00-12:00."""
        spans = []
        for windows, places in groupby(range(7), key=self.days.__getitem__):
            if windows:
                first, *rest = places
                names = [WEEKDAYS[place].capitalize() for place in (first, *rest[-1:])]
                spans.append(f"{'-'.join(names)} {' '.join(map(_told, windows))}")
        return ", ".join(spans)


def _told(window: Window) -> str:
    """Write a window as people do: 09:00-17:00."""
    return "-".join(_clock(second) for second in window)


def _clock(second: int) -> str:
    wall = second if second <= _DAY else second - _DAY
    minutes, seconds = divmod(wall, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text
