"""The business calendar of an agreement: its hours, its holidays, and the years that it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

import holidays
from pydantic import Field

from agreements.terms.part import Part
from agreements.terms.values import Day, Written, Zone, parsed, refused
from kernel.business_time import WEEKDAYS, BusinessCalendar, HoursMalformed, WeeklyHours
from kernel.business_time.holiday_lists import public_holidays

WeeklyWindows = Mapping[str, tuple[tuple[str, str], ...]]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(rf"({'|'.join(_DAYS)})(?:-({'|'.join(_DAYS)}))?", re.ASCII)
_WINDOWS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)", re.ASCII)
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)
_COUNTRY = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,4}))?", re.ASCII)


def weekly_hours(value: object) -> WeeklyWindows:
    """Read {monday-friday: 09:00-18:00} as the windows of each weekday."""
    if not isinstance(value, Mapping) or not value:
        raise refused("No hours stand here.", "hours by weekday, such as monday-friday: 09:00-18:00")
    week: dict[str, tuple[tuple[str, str], ...]] = {}
    for days, windows in value.items():
        for day in _weekdays(days):
            if day in week:
                raise refused(f"{day} has hours twice.", "each weekday once")
            week[day] = tuple(_windows(windows))
    try:
        WeeklyHours.parse(week)
    except HoursMalformed as error:
        raise refused(f"{value} can not be hours.", "times such as 09:00-18:00") from error
    return week


def _weekdays(written: object) -> Iterator[str]:
    match = parsed(written, _SPAN, "a weekday or a span of them, such as monday-friday", "")
    first = _DAYS.index(match[1])
    last = _DAYS.index(match[2] or match[1])
    if last < first:
        raise refused(f"{written} runs backward.", "a span within one week, from monday to sunday")
    yield from WEEKDAYS[first : last + 1]


def _windows(written: object) -> Iterator[tuple[str, str]]:
    listed = written if isinstance(written, tuple | list) else (written,)
    for window in listed:
        match = parsed(window, _WINDOWS, "opening hours, such as 09:00-18:00", "")
        yield match[1], match[2]


def years(value: object) -> range:
    """Read the years whose holidays are known: 2024-2030."""
    if isinstance(value, range):
        return value
    match = parsed(value, _YEARS, "the years that are known, such as 2024-2030", "")
    first = int(match[1])
    last = int(match[2] or first)
    if last < first:
        raise refused(f"{value} runs backward.", "the first year and the last")
    return range(first, last + 1)


def country(value: object) -> str:
    """Read the ISO code of a country, or of a part of one, whose holidays are known: HK, GB-ENG."""
    expected = "the two letters of a country, such as HK or US, or a part of one, such as GB-ENG"
    match = parsed(value, _COUNTRY, expected, "")
    regions = holidays.list_supported_countries().get(match[1])
    if regions is None or match[2] not in (None, *regions):
        raise refused(f"No holidays of {match[0]} are known.", expected)
    return match[0]


Hours = Annotated[WeeklyWindows, Written(weekly_hours, "Hours by weekday: monday-friday: 09:00-18:00", kind="object")]
Years = Annotated[range, Written(years, "Years", r"\d{4}(?:-\d{4})?", ("2024-2030",))]
Country = Annotated[
    str, Written(country, "A country or a part of one (ISO 3166)", "[A-Z]{2}(?:-[A-Z0-9]{1,4})?", ("HK", "US"))
]


class Holidays(Part):
    """Which dates are no business days. What is published keeps the dates, not the rule."""

    public_holidays_of: Country | None = None
    """The country, or a part of it; of the United States, the federal holidays."""
    years: Years
    """The years whose holidays are known; no date outside them is a holiday."""
    also: tuple[Day, ...] = ()
    """Further dates that are no business days."""
    except_: tuple[Day, ...] = Field(default=(), alias="except")
    """Public holidays that are business days all the same."""

    def dates(self) -> dict[date, str]:
        """Name each holiday of the known years, in order."""
        named = dict.fromkeys(self.also, "by the agreement")
        if self.public_holidays_of is not None:
            named |= _public_holidays(self.public_holidays_of, self.years)
        return {day: named[day] for day in sorted(named) if day not in self.except_}


class Office(Part):
    """When business is open: hours of the week in a zone, less holidays."""

    time_zone: Zone
    """The zone of the hours and of the business days."""
    hours: Hours
    """The windows of each weekday; a weekday that is not named is closed."""
    holidays: Holidays | None = None
    """The dates that are no business days; without, every weekday with hours is one."""

    def holiday_dates(self) -> dict[date, str]:
        """Name each date that is no business day for being a holiday."""
        return self.holidays.dates() if self.holidays else {}


@lru_cache(maxsize=64)
def _public_holidays(of: str, span: range) -> Mapping[date, str]:
    return {day: name for day, name in public_holidays(of, span).items() if day.year in span}


@lru_cache(maxsize=64)
def calendar_of(
    zone: ZoneInfo,
    week: tuple[tuple[str, tuple[tuple[str, str], ...]], ...],
    closed: tuple[tuple[date, str], ...],
) -> BusinessCalendar:
    """Compile a calendar; agreements and versions that share hours and holidays share it."""
    return BusinessCalendar.of(zone, dict(week), holidays=dict(closed))
