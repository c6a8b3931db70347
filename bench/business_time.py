"""Business time against `businesstimedelta`, and business days against `numpy.busday_offset`."""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

import businesstimedelta
import numpy as np
import pytz

from bench.harness import Comparison, Row, compared, figure, report, timing
from kernel.business_time import WEEKDAYS, BusinessCalendar
from kernel.business_time.holiday_lists import public_holidays

ZONE = "Asia/Hong_Kong"
OPENS, CLOSES = dt.time(9), dt.time(18)
AMOUNT = dt.timedelta(hours=24)
DAYS = 10
HOLIDAYS = public_holidays("HK", range(2025, 2029))
DEADLINES = 300
DATES = 10_000


def measure() -> Iterator[Row]:
    """Compare deadlines, spans and counts of days, where both sides give the same answers."""
    chosen = random.Random(20261122)
    first = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    starts = [first + dt.timedelta(minutes=chosen.randrange(525_600)) for _ in range(DEADLINES)]
    yield from _worked_time(starts)
    yield from _business_days([dt.date(2026, 1, 1) + dt.timedelta(days=chosen.randrange(365)) for _ in range(DATES)])
    yield figure("compiling a year of a calendar", _compiling(), "ms")


def _calendar() -> BusinessCalendar:
    week = {name: [(f"{OPENS:%H:%M}", f"{CLOSES:%H:%M}")] for name in WEEKDAYS[:5]}
    return BusinessCalendar.of(ZoneInfo(ZONE), week, holidays=HOLIDAYS)


def _peer() -> businesstimedelta.Rules:
    zone = pytz.timezone(ZONE)
    hours = businesstimedelta.WorkDayRule(start_time=OPENS, end_time=CLOSES, working_days=[0, 1, 2, 3, 4], tz=zone)
    return businesstimedelta.Rules([hours, businesstimedelta.HolidayRule(HOLIDAYS, tz=zone)])


def _worked_time(starts: list[dt.datetime]) -> Iterator[Row]:
    calendar, peer = _calendar(), _peer()
    amount = businesstimedelta.BusinessTimeDelta(peer, timedelta=AMOUNT)
    ends = [calendar.add_worked(start, AMOUNT).at for start in starts]

    yield _same(
        Comparison(name="due after 24 business hours", reference="businesstimedelta", operations=DEADLINES),
        lambda: [calendar.add_worked(start, AMOUNT).at for start in starts],
        lambda: [start + amount for start in starts],
    )
    yield _same(
        Comparison(name="worked time between two instants", reference="businesstimedelta", operations=DEADLINES),
        lambda: [calendar.worked_between(start, end) for start, end in zip(starts, ends, strict=True)],
        lambda: [peer.difference(start, end).timedelta for start, end in zip(starts, ends, strict=True)],
    )


def _business_days(days: list[dt.date]) -> Iterator[Row]:
    calendar = _calendar()
    peer = np.busdaycalendar(weekmask="1111100", holidays=list(HOLIDAYS))
    numbers = [np.datetime64(day) for day in days]
    together = np.array(numbers)

    def one_by_one() -> list[dt.date]:
        return [calendar.add_business_days(day, DAYS).day for day in days]

    yield _same(
        Comparison(name="due after 10 business days, one date a call", reference="numpy", operations=DATES),
        one_by_one,
        lambda: [np.busday_offset(day, DAYS, roll="backward", busdaycal=peer).item() for day in numbers],
    )
    yield _same(
        Comparison(name="the same against one call of numpy for all dates", reference="numpy", operations=DATES),
        one_by_one,
        lambda: np.busday_offset(together, DAYS, roll="backward", busdaycal=peer).tolist(),
    )


def _compiling() -> float:
    anywhere = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    return min(timing(lambda: _calendar().is_open(anywhere))() for _ in range(5)) * 1000


def _same(what: Comparison, ours: Callable[[], Sequence[object]], theirs: Callable[[], Sequence[object]]) -> Row:
    """Compare two ways to the same answers."""
    assert ours() == theirs(), f"{what.name}: the answers differ"
    return compared(what, ours=timing(ours), reference=timing(theirs))


if __name__ == "__main__":
    sys.exit(report(measure(), "businesstimedelta", "numpy", "holidays"))
