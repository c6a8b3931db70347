"""How explanations are put together from compiled years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from kernel.business_time.days import Span, is_business_day
from kernel.business_time.explanation import DaysExplanation, UsedWindow, WorkedExplanation
from kernel.business_time.results import DueDay
from kernel.business_time.schedule import Reason, SkippedDay
from kernel.business_time.timeline import instant_at
from kernel.business_time.years import Years
from kernel.dates import date_at, date_of_end
from kernel.intervals import Interval, Ranges


def explain_worked(years: Years, first: int, last: int, pauses: Ranges) -> WorkedExplanation:
    """Say which windows make up the worked time between two instants, and what is skipped."""
    stopped = pauses.clip(first, last)
    opened = list(years.covering(first, last).windows_between(first, last))
    used = [
        UsedWindow(date.fromordinal(owner), instant_at(left), instant_at(right))
        for opens, closes, owner in opened
        for left, right in Ranges.of((opens, closes)) - stopped
    ]
    worked_on = {window.day.toordinal() for window in used}
    paused = {owner for _, _, owner in opened} - worked_on
    start, end = instant_at(first), instant_at(last)
    day, final = date_at(start, years.zone), date_of_end(end, years.zone)
    return WorkedExplanation(
        start=start,
        end=end,
        zone=years.zone,
        hours=str(years.schedule.weekly_on(day)),
        windows=tuple(used),
        skipped=tuple(_skipped(years, range(day.toordinal(), final.toordinal() + 1), paused)),
        pauses=tuple(Interval(instant_at(left), instant_at(right)) for left, right in stopped),
    )


def explain_business_days(years: Years, due: DueDay, paused: list[Span]) -> DaysExplanation:
    """Say which business days were counted from day 0 to the due date, and which skipped."""
    zero, end = due.day_zero.toordinal(), due.day.toordinal()
    dates = range(zero + 1, end + 1) if end >= zero else range(zero - 1, end - 1, -1)
    out = {day for first, last in paused for day in range(first, last + 1)}
    skipped = list(_skipped(years, dates, out))
    left_out = {day.day for day in skipped}
    counted = [date.fromordinal(day) for day in dates]
    return DaysExplanation(
        day_zero=due.day_zero,
        last=due.last,
        due=due.day,
        zone=years.zone,
        hours=str(years.schedule.weekly_on(due.day_zero)),
        counted=tuple(day for day in counted if day not in left_out),
        skipped=tuple(skipped),
    )


def explain_calendar_days(years: Years, due: DueDay) -> DaysExplanation:
    """Say which dates were counted, and which the due date was rolled over."""
    zero, last = due.day_zero.toordinal(), due.last.toordinal()
    return DaysExplanation(
        day_zero=due.day_zero,
        last=due.last,
        due=due.day,
        zone=years.zone,
        hours=str(years.schedule.weekly_on(due.day_zero)),
        counted=tuple(date.fromordinal(day) for day in range(zero + 1, last + 1)),
        skipped=tuple(_skipped(years, range(last, due.day.toordinal()), set())),
    )


def _skipped(years: Years, days: Iterable[int], paused: set[int]) -> Iterator[SkippedDay]:
    for ordinal in days:
        day = date.fromordinal(ordinal)
        if not is_business_day(years, ordinal):
            yield years.schedule.why_closed(day)
        elif ordinal in paused:
            yield SkippedDay(day, Reason.PAUSE, f"{day:%A}")
