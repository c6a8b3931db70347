"""Dates of a zone and the instants at which they begin and end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from kernel.intervals import aware

DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


def date_at(instant: datetime, zone: tzinfo) -> date:
    """Tell the zone's date at the instant."""
    return aware(instant).astimezone(zone).date()


def date_of_end(end: datetime, zone: tzinfo) -> date:
    """Tell the date of an end: that of the last instant before it (SEMANTICS 1).

    A month that ends at 2026-11-01T00:00 ended on 31 October.
    """
    return date_at(aware(end).astimezone(UTC) - _INSTANT, zone)


def start_of(day: date, zone: tzinfo) -> datetime:
    """Give the first instant of the zone's date, in UTC.

    Where the clock is set forward over midnight, the date begins at that change.
    """
    return local_instant(datetime.combine(day, time()), zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """Give the midnight that ends the zone's date, in UTC: the first instant after it."""
    return start_of(day + DAY, zone)


def local_instant(wall: datetime, zone: tzinfo) -> datetime:
    """Find the UTC instant at which clocks of the zone first reach this wall time.

    A wall time that is skipped is reached at the change; of one that comes twice, the first
    counts.
    """
    first = wall.replace(tzinfo=zone, fold=0)
    instant = first.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    before = first.utcoffset()
    low = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _change_between(low, instant, before, zone)


def set_back(start: datetime, end: datetime, zone: tzinfo) -> datetime | None:
    """Find the first instant of the stretch at which the zone's clock is set back; None where it is not."""
    low, end = aware(start).astimezone(UTC), aware(end).astimezone(UTC)
    while low < end:
        high = min(low + DAY, end)
        before, after = low.astimezone(zone).utcoffset(), high.astimezone(zone).utcoffset()
        if before is not None and after is not None and after < before:
            return _change_between(low, high, before, zone)
        low = high
    return None


def comes_twice(wall: datetime, zone: tzinfo) -> bool:
    """Tell whether clocks of the zone show this wall time twice."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and second < first


def _change_between(low: datetime, high: datetime, before: timedelta | None, zone: tzinfo) -> datetime:
    """Find the whole second at which the zone leaves the offset that it had before."""
    first, last = 0, int((high - low).total_seconds())
    while first < last:
        middle = (first + last) // 2
        probe = low + timedelta(seconds=middle)
        if probe.astimezone(zone).utcoffset() == before:
            first = middle + 1
        else:
            last = middle
    return low + timedelta(seconds=first)
