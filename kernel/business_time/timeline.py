"""A schedule compiled to sorted UTC instants, so that a deadline is a binary search.

Instants are whole microseconds from 1970. A position is the worked time up to an instant,
counted from the start of the first year compiled; years before it go below zero.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import accumulate

from kernel.business_time.hours import Window
from kernel.business_time.schedule import Schedule
from kernel.dates import DAY, local_instant, start_of
from kernel.intervals import EPOCH, Ranges, aware

MICROSECOND = timedelta(microseconds=1)

# Start, end and the ordinal of the date that the window belongs to.
Piece = tuple[int, int, int]


def microseconds_of(instant: datetime) -> int:
    """Count the microseconds from 1970 to the instant."""
    return (aware(instant) - EPOCH) // MICROSECOND


def instant_at(microseconds: int) -> datetime:
    """Give the instant, in UTC, of a count of microseconds."""
    return EPOCH + timedelta(microseconds=microseconds)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The business time of some whole years; valid for instants from `low` to `high`.

    Window i is open from starts[i] to ends[i] and belongs to the date owners[i]; totals[i] is
    the position of its start, and one more total is the position of the end of all. The
    windows of a date may overlap those of the date before: a moment is worked once.
    """

    first_year: int
    last_year: int
    first_day: int
    last_day: int
    low: int
    high: int
    starts: array[int]
    ends: array[int]
    totals: array[int]
    owners: array[int]
    days: array[int]
    closes: array[int]

    def position(self, instant: int) -> int:
        """Count the worked time up to the instant."""
        place = bisect_right(self.starts, instant) - 1
        if place < 0:
            return self.totals[0]
        return self.totals[place] + min(instant, self.ends[place]) - self.starts[place]

    def earliest(self, position: int) -> int:
        """Find the first instant with this much worked time: at closing time, it stays there."""
        place = bisect_left(self.totals, position) - 1
        return self.starts[place] + position - self.totals[place]

    def latest(self, position: int) -> int:
        """Find the last instant with this much worked time: at closing time, the next opening."""
        place = bisect_right(self.totals, position) - 1
        return self.starts[place] + position - self.totals[place]

    def windows_between(self, start: int, end: int) -> Iterator[Piece]:
        """Give the open pieces, with the date each belongs to, cut to start and end."""
        for place in range(bisect_right(self.ends, start), bisect_left(self.starts, end)):
            opens, closes = max(self.starts[place], start), min(self.ends[place], end)
            yield opens, closes, self.owners[place]

    def followed_by(self, later: Timeline) -> Timeline:
        """Join the years after these; positions up to here stay as they are."""
        shift = self.totals[-1] - later.totals[0]
        return _joined(self, later, self.totals + _shifted(later.totals[1:], shift))

    def preceded_by(self, earlier: Timeline) -> Timeline:
        """Join the years before these; positions from here on stay as they are."""
        shift = self.totals[0] - earlier.totals[-1]
        return _joined(earlier, self, _shifted(earlier.totals[:-1], shift) + self.totals)


def _shifted(totals: array[int], shift: int) -> array[int]:
    return array("q", [total + shift for total in totals])


def _joined(early: Timeline, late: Timeline, totals: array[int]) -> Timeline:
    return Timeline(
        first_year=early.first_year,
        last_year=late.last_year,
        first_day=early.first_day,
        last_day=late.last_day,
        low=early.low,
        high=late.high,
        starts=early.starts + late.starts,
        ends=early.ends + late.ends,
        totals=totals,
        owners=early.owners + late.owners,
        days=early.days + late.days,
        closes=early.closes + late.closes,
    )


def compile_year(schedule: Schedule, zone: tzinfo, breaks: Ranges, year: int) -> Timeline:
    """Compile the windows that start on the dates of a year."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    eve = _pieces(schedule, zone, breaks, first - DAY)
    own = [
        piece
        for ordinal in range(first.toordinal(), after.toordinal())
        for piece in _pieces(schedule, zone, breaks, date.fromordinal(ordinal))
    ]
    closes = {owner: end for _, end, owner in own}
    worked = list(_worked_once(sorted(own), reach=max([end for _, end, _ in eve], default=None)))
    return Timeline(
        first_year=year,
        last_year=year,
        first_day=first.toordinal(),
        last_day=after.toordinal() - 1,
        low=microseconds_of(start_of(first + DAY, zone)),
        high=microseconds_of(start_of(after, zone)),
        starts=array("q", [start for start, _, _ in worked]),
        ends=array("q", [end for _, end, _ in worked]),
        totals=array("q", accumulate((end - start for start, end, _ in worked), initial=0)),
        owners=array("q", [owner for _, _, owner in worked]),
        days=array("q", closes.keys()),
        closes=array("q", closes.values()),
    )


def placed(windows: Iterable[Window], day: date, zone: tzinfo) -> Ranges:
    """Place windows of wall time on a date: where they are skipped or come twice, see dates."""
    midnight = datetime.combine(day, time())
    return Ranges(
        (
            microseconds_of(local_instant(midnight + timedelta(seconds=opens), zone)),
            microseconds_of(local_instant(midnight + timedelta(seconds=closes), zone)),
        )
        for opens, closes in windows
    )


def _pieces(schedule: Schedule, zone: tzinfo, breaks: Ranges, day: date) -> list[Piece]:
    """Give what is open of a date's windows, in order; a window belongs to its starting date."""
    open_time = placed(schedule.windows_on(day), day, zone) - breaks
    return [(start, end, day.toordinal()) for start, end in open_time]


def _worked_once(pieces: Iterable[Piece], *, reach: int | None) -> Iterator[Piece]:
    """Cut what an earlier window already covers; `reach` is the end of the year before."""
    for start, end, owner in pieces:
        opens = start if reach is None else max(start, reach)
        if opens < end:
            yield opens, end, owner
            reach = end
