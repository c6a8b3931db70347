"""The business calendar: worked time and business days in a zone (SEMANTICS 16-18, 22)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Self

from kernel.business_time import days, worked
from kernel.business_time.errors import ClosedDate
from kernel.business_time.explaining import (
    explain_business_days,
    explain_calendar_days,
    explain_worked,
)
from kernel.business_time.explanation import DaysExplanation, WorkedExplanation
from kernel.business_time.hours import Written
from kernel.business_time.results import Counting, Due, DueDay
from kernel.business_time.schedule import Schedule
from kernel.business_time.timeline import MICROSECOND, instant_at, microseconds_of
from kernel.business_time.years import Years
from kernel.dates import DAY, date_at
from kernel.intervals import EMPTY, Interval, Ranges

Pauses = Sequence[Interval]


class BusinessCalendar:
    """Weekly hours, holidays and exceptions of one zone, compiled once to UTC instants.

    Years are compiled when a question first needs them. Results are instants in UTC, or dates
    in the calendar's zone, and can explain themselves. Threads may share a calendar.
    """

    __slots__ = ("_years", "schedule", "zone")

    def __init__(self, zone: tzinfo, schedule: Schedule) -> None:
        self.zone = zone
        self.schedule = schedule
        self._years = Years(zone, schedule)

    def __repr__(self) -> str:
        return f"<BusinessCalendar {self.schedule.weekly} {self.zone}>"

    @classmethod
    def of(
        cls,
        zone: tzinfo,
        weekly: Mapping[str, Iterable[Written]],
        *,
        holidays: Mapping[date, str] | None = None,
    ) -> Self:
        """Make a calendar of weekly hours written as texts, and holidays."""
        return cls(zone, Schedule.parse(weekly, holidays=holidays))

    def in_whole_days(self) -> BusinessCalendar:
        """Give the calendar whose business days are open round the clock (SEMANTICS 22)."""
        return BusinessCalendar(self.zone, self.schedule.in_whole_days())

    def add_worked(self, start: datetime, amount: timedelta, *, pauses: Pauses = ()) -> Due:
        """Find the earliest instant with this much worked time after the start.

        A due instant at closing time stays there. A negative amount goes backward, to the
        latest instant with that much worked time before the start; none stays at the start.
        """
        stopped = tuple(pauses)
        begin, wanted = microseconds_of(start), amount // MICROSECOND
        if wanted > 0:
            begin = worked.forward(self._years, begin, wanted, _united(stopped))
        elif wanted < 0:
            begin = worked.backward(self._years, begin, -wanted, _united(stopped))
        return Due(instant_at(begin), start, stopped, self)

    def worked_between(self, start: datetime, end: datetime, *, pauses: Pauses = ()) -> timedelta:
        """Measure the worked time from start to end; negative where the end is earlier."""
        first, last = microseconds_of(start), microseconds_of(end)
        stopped = _united(pauses)
        if last < first:
            return -worked.between(self._years, last, first, stopped) * MICROSECOND
        return worked.between(self._years, first, last, stopped) * MICROSECOND

    def is_open(self, instant: datetime) -> bool:
        """Whether the instant is inside a window."""
        moment = microseconds_of(instant)
        return worked.between(self._years, moment, moment + 1, EMPTY) == 1

    def day_of(self, moment: date | datetime) -> date:
        """Tell the date of an instant in the calendar's zone; a date is its own."""
        return date_at(moment, self.zone) if isinstance(moment, datetime) else moment

    def is_business_day(self, day: date) -> bool:
        """Whether business time starts on the date."""
        return days.is_business_day(self._years, day.toordinal())

    def next_business_day(self, day: date) -> date:
        """Give the first business day after the date."""
        return date.fromordinal(days.forward(self._years, day.toordinal(), 1, []))

    def previous_business_day(self, day: date) -> date:
        """Give the last business day before the date."""
        return date.fromordinal(days.backward(self._years, day.toordinal(), 1, []))

    def rolled_forward(self, day: date) -> date:
        """Give the date itself, or the next business day if it is none (SEMANTICS 16)."""
        return self.next_business_day(day - DAY)

    def closes_at(self, day: date) -> datetime:
        """Give the close of the last window that starts on the date; ClosedDate if none does."""
        if not self.is_business_day(day):
            raise ClosedDate(day)
        return instant_at(days.closing(self._years, day.toordinal()))

    def add_business_days(self, start: date | datetime, count: int, *, pauses: Pauses = ()) -> DueDay:
        """Count business days from day 0, the date of the start, which never counts.

        A business day is skipped if it lies, from midnight to midnight, inside a pause. A
        negative count goes backward; zero gives the start's date, rolled forward.
        """
        stopped, zero = tuple(pauses), self.day_of(start)
        paused = list(days.spans(self._years, _united(stopped))) if stopped else []
        if count > 0:
            due = days.forward(self._years, zero.toordinal(), count, paused)
        elif count < 0:
            due = days.backward(self._years, zero.toordinal(), -count, paused)
        else:
            due = days.forward(self._years, zero.toordinal() - 1, 1, paused)
        last = date.fromordinal(due)
        return DueDay(last, zero, last, Counting.BUSINESS_DAYS, stopped, self)

    def add_calendar_days(self, start: date | datetime, count: int) -> DueDay:
        """Count calendar days from day 0, the date of the start; the last day stays as it is."""
        zero = self.day_of(start)
        last = zero + count * DAY
        return DueDay(last, zero, last, Counting.CALENDAR_DAYS, (), self)

    def add_calendar_days_rolled(self, start: date | datetime, count: int) -> DueDay:
        """Count calendar days; a last day that is no business day rolls to the next one."""
        zero = self.day_of(start)
        last = zero + count * DAY
        return DueDay(self.rolled_forward(last), zero, last, Counting.CALENDAR_DAYS, (), self)

    def explain_worked(self, start: datetime, end: datetime, *, pauses: Pauses = ()) -> WorkedExplanation:
        """Say which windows make up the worked time between two instants, and what is skipped."""
        first, last = sorted((microseconds_of(start), microseconds_of(end)))
        return explain_worked(self._years, first, last, _united(pauses))

    def explain_days(self, due: DueDay) -> DaysExplanation:
        """Say which days were counted from day 0, and which were skipped or rolled over."""
        if due.counting is Counting.CALENDAR_DAYS:
            return explain_calendar_days(self._years, due)
        paused = list(days.spans(self._years, _united(due.pauses)))
        return explain_business_days(self._years, due, paused)


def _united(pauses: Collection[Interval]) -> Ranges:
    if not pauses:
        return EMPTY
    return Ranges((microseconds_of(pause.start), microseconds_of(pause.end)) for pause in pauses)
