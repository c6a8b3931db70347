"""The compiled years of a schedule, extended as questions need them."""

from __future__ import annotations

from datetime import date, tzinfo
from threading import Lock

from kernel.business_time.errors import BeyondCalendar, NeverOpen
from kernel.business_time.schedule import Schedule
from kernel.business_time.timeline import Timeline, compile_year, instant_at, placed
from kernel.intervals import Ranges

# A date far off, as a slip or an attack would write it, must not cost the compiling of thousands of years.
COMPUTED = range(1900, 2201)


class Years:
    """A timeline that grows year by year in both directions.

    It is replaced as a whole, and positions never change, so threads may share it.
    """

    __slots__ = ("_breaks", "_growing", "_timeline", "schedule", "zone")

    def __init__(self, zone: tzinfo, schedule: Schedule) -> None:
        self.zone = zone
        self.schedule = schedule
        self._breaks = Ranges.union(placed(windows, day, zone) for day, windows in schedule.breaks.items())
        self._growing = Lock()
        self._timeline: Timeline | None = None

    def covering(self, first: int, last: int) -> Timeline:
        """Give a timeline that can measure from the first instant to the last."""
        line = self._timeline or self._begin(instant_at(first).year)
        while first < line.low:
            line = self._earlier(line)
        while last > line.high:
            line = self._later(line)
        return line

    def covering_date(self, day: int) -> Timeline:
        """Give a timeline that has the year of the date's ordinal."""
        line = self._timeline or self._begin(date.fromordinal(day).year)
        while day < line.first_day:
            line = self._earlier(line)
        while day > line.last_day:
            line = self._later(line)
        return line

    def reaching(self, position: int, line: Timeline) -> Timeline:
        """Extend the timeline until this much worked time is reached."""
        while line.totals[-1] < position:
            line = self.opening_after(line)
        return line

    def reaching_back(self, position: int, line: Timeline) -> Timeline:
        """Extend the timeline backward until it has this position."""
        while line.totals[0] > position:
            line = self.opening_before(line)
        return line

    def opening_after(self, line: Timeline) -> Timeline:
        """Extend by a year; NeverOpen where no later year can have business time."""
        if not self.schedule.opens_after(line.last_year):
            raise NeverOpen("after", line.last_year)
        return self._later(line)

    def opening_before(self, line: Timeline) -> Timeline:
        """Extend by a year before; NeverOpen where no earlier year can have business time."""
        if not self.schedule.opens_before(line.first_year):
            raise NeverOpen("before", line.first_year)
        return self._earlier(line)

    def _begin(self, year: int) -> Timeline:
        with self._growing:
            self._timeline = self._timeline or self._compile(year)
            return self._timeline

    def _later(self, line: Timeline) -> Timeline:
        with self._growing:
            known = self._timeline or line
            if known.last_year == line.last_year:
                known = known.followed_by(self._compile(known.last_year + 1))
            self._timeline = known
            return known

    def _earlier(self, line: Timeline) -> Timeline:
        with self._growing:
            known = self._timeline or line
            if known.first_year == line.first_year:
                known = known.preceded_by(self._compile(known.first_year - 1))
            self._timeline = known
            return known

    def _compile(self, year: int) -> Timeline:
        if year not in COMPUTED:
            raise BeyondCalendar(year)
        return compile_year(self.schedule, self.zone, self._breaks, year)
