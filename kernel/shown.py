"""How months, times, shares and amounts are written for people, the same everywhere.

The zone always stands beside a time. Names are English and do not follow the machine's locale.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from fractions import Fraction

from kernel.dates import date_of_end
from kernel.money import Money
from kernel.months import Month
from kernel.percent import shown_down

UPTIME_PLACES = 3
# Not of an address, where %20 is a space.
_PERCENT = re.compile(r"(?<=[0-9\u2026])%(?!\w)")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOT_KNOWN = "not known"


def month(value: Month) -> str:
    """October 2026."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def day(value: date) -> str:
    """Wednesday, 4 November 2026."""
    return f"{DAYS[value.weekday()]}, {value.day} {MONTHS[value.month - 1]} {value.year}"


def zone_name(zone: tzinfo) -> str:
    """Name a zone as people know it: UTC, Asia/Hong_Kong."""
    return str(getattr(zone, "key", zone))


def instant(value: datetime, zone: tzinfo) -> str:
    """5 November 2026, 10:12 (UTC)."""
    try:
        local = value.astimezone(zone)
    except OverflowError:  # at the edges of what can be written, not in every zone
        local, zone = value.astimezone(UTC), UTC
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M} ({zone_name(zone)})"


def last_day(bound: datetime, zone: tzinfo) -> str:
    """Name the last day in time before an exclusive bound: Wednesday, 4 November 2026 (UTC)."""
    return f"{day(date_of_end(bound, zone))} ({zone_name(zone)})"


def uptime(value: Fraction | None) -> str:
    """99.499 %, rounded down; a month in which nothing counted is not measurable."""
    return "not measurable" if value is None else f"{shown_down(value, UPTIME_PLACES)} %"


def percent(value: Fraction | None) -> str:
    """Write a row's percent with the places that it has: 25 %, 99.5 %."""
    if value is None:
        return NOT_KNOWN
    written = shown_down(value, 6).rstrip("0").rstrip(".")
    return f"{written} %"


def percents(text: str) -> str:
    """Write every percent of a text with its space: what a file writes as 99.5% is shown as 99.5 %."""
    return _PERCENT.sub(" %", text) if "%" in text else text


def money(value: Money | None) -> str:
    """1,234.50 USD."""
    return NOT_KNOWN if value is None else f"{value.amount:,f} {value.currency}"


def minutes(count: int) -> str:
    """Write a number of minutes: 1 minute, 2,592 minutes."""
    return f"{count:,} minute" if count == 1 else f"{count:,} minutes"


def span(length: timedelta) -> str:
    """Write how long: 12 days, 5 hours, 1 minute; the largest unit that is full."""
    seconds = int(length.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a minute"
