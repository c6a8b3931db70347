"""How much of a maintenance its allowances admit: what is over counts as down, unused is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, tzinfo

from agreements.cycles import first_day_of
from agreements.terms.excusing import MINUTE, Allowance
from kernel.dates import date_at, end_of
from kernel.intervals import Ranges, instant_of, minute_of

_UNITS = {"per_week": "week", "per_month": "month", "per_quarter": "quarter", "per_year": "year"}
_Period = tuple[str, date]


def admitted(used: Ranges, allowance: Allowance, *, zone: tzinfo) -> Ranges:
    """Give the minutes that the allowance admits, the earliest first.

    A minute needs room in every limit, and only admitted minutes use room up. Weeks begin on
    Monday, all periods at midnight of the zone. `used` is given from the start of the earliest
    period that matters.
    """
    account = _Account(allowance)
    return Ranges(piece for start, end in used for piece in _of_stretch(account, start, end, zone))


def _of_stretch(account: _Account, start: int, end: int, zone: tzinfo) -> Iterator[tuple[int, int]]:
    if not account.opens(date_at(instant_of(start), zone)):
        return
    for first, last, day in _by_day(start, end, zone):
        taken = account.take(last - first, day)
        if taken:
            yield first, first + taken


def _by_day(start: int, end: int, zone: tzinfo) -> Iterator[tuple[int, int, date]]:
    """Cut a stretch at the midnights of the zone."""
    while start < end:
        day = date_at(instant_of(start), zone)
        midnight = minute_of(end_of(day, zone))
        yield start, min(end, midnight), day
        start = min(end, midnight)


@dataclass
class _Account:
    """What has been used of each limit, period by period."""

    allowance: Allowance
    used: dict[_Period, int] = field(default_factory=dict)
    times: dict[_Period, int] = field(default_factory=dict)
    in_stretch: int = 0

    def opens(self, day: date) -> bool:
        """Begin a stretch on the date, unless one of its periods has had as many as it may."""
        self.in_stretch = 0
        periods = {(unit, first_day_of(unit, day)): most for unit, most in self.allowance.times()}
        if any(self.times.get(period, 0) >= most for period, most in periods.items()):
            return False
        for period in periods:
            self.times[period] = self.times.get(period, 0) + 1
        return True

    def take(self, wanted: int, day: date) -> int:
        """Take as many of the wanted minutes of a date as every limit has room for."""
        rooms = [most // MINUTE - self._used(name, day) for name, most in self.allowance.limits()]
        taken = max(0, min([wanted, *rooms]))
        self.in_stretch += taken
        for name, _ in self.allowance.limits():
            if name != "each":
                period = _period(name, day)
                self.used[period] = self.used.get(period, 0) + taken
        return taken

    def _used(self, name: str, day: date) -> int:
        return self.in_stretch if name == "each" else self.used.get(_period(name, day), 0)


def _period(name: str, day: date) -> _Period:
    return name, day if name == "per_day" else first_day_of(_UNITS[name], day)
