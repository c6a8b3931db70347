"""Periods of the calendar, and an account's own billing cycles, as days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kernel.dates import DAY
from kernel.months import Month

MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Cycles:
    """Billing cycles of some months that begin on one day of the month: the 1st, the 15th.

    Where a month has no such day, its cycle begins on the month's last day. `first_month` is the
    month of the year in which a cycle of several months begins.
    """

    day: int = 1
    months: int = 1
    first_month: int = 1

    def start(self, held: date) -> date:
        """Give the first day of the cycle that holds the date."""
        month = Month.of_date(held)
        month = month.plus(-((month.month - self.first_month) % self.months))
        begun = _on(month, self.day)
        return begun if begun <= held else _on(month.plus(-self.months), self.day)

    def last_day(self, held: date, *, later: int = 0) -> date:
        """Give the last day of the cycle that holds the date, or of one so many cycles later."""
        begun = Month.of_date(self.start(held))
        return _on(begun.plus(self.months * (later + 1)), self.day) - DAY

    @classmethod
    def ending(cls, last: date, *, months: int = 1) -> Cycles:
        """Give the cycles of which one ends on this day."""
        begins = last + DAY
        return cls(begins.day, months, (begins.month - 1) % months + 1)

    @classmethod
    def starting(cls, first: date, *, months: int = 1) -> Cycles:
        """Give the cycles of which one begins on this day."""
        return cls(first.day, months, (first.month - 1) % months + 1)


def _on(month: Month, day: int) -> date:
    return date(month.year, month.month, min(day, month.days))


def last_day_of(unit: str, held: date, *, later: int = 0) -> date:
    """Give the last day of the week, month, quarter or year that holds the date, or of a later one.

    Weeks begin on Monday.
    """
    if unit == "week":
        return held + (6 - held.weekday() + _WEEK * later) * DAY
    return Cycles(months=MONTHS_IN[unit]).last_day(held, later=later)


def first_day_of(unit: str, held: date) -> date:
    """Give the first day of the week, month, quarter or year that holds the date."""
    if unit == "week":
        return held - held.weekday() * DAY
    return Cycles(months=MONTHS_IN[unit]).start(held)


def plus_months(day: date, months: int) -> date:
    """Go months forward to the same date, or to the month's last day where there is none."""
    return _on(Month.of_date(day).plus(months), day.day)


def months_after_end(last: date, months: int) -> date:
    """Go whole months forward from a period that ended on the day: 28 February and 3 are 31 May."""
    return plus_months(last + DAY, months) - DAY
