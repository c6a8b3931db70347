"""The business calendar of an agreement: its hours, its holidays, and the years that it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import holidays
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from agreements.terms.part import Part
from agreements.terms.values import Written, Zone, day, parsed, refused
from kernel.business_time import WEEKDAYS, BusinessCalendar, HoursMalformed, Schedule, WeeklyHours
from kernel.business_time.holiday_lists import public_holidays
from kernel.business_time.hours import parse_window
from kernel.intervals import Ranges
from kernel.months import Month

WeeklyWindows = Mapping[str, tuple[tuple[str, str], ...]]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(rf"({'|'.join(_DAYS)})(?:-({'|'.join(_DAYS)}))?", re.ASCII)
_WINDOWS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)", re.ASCII)
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)
_YEARLY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)
_COUNTRY = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,4}))?", re.ASCII)
_A_DAY = 86_400


def weekly_hours(value: object) -> WeeklyWindows:
    """Read {monday-friday: 09:00-18:00} as the windows of each weekday."""
    if not isinstance(value, Mapping) or not value:
        raise refused("No hours stand here.", "hours by weekday, such as monday-friday: 09:00-18:00")
    week: dict[str, tuple[tuple[str, str], ...]] = {}
    for days, windows in value.items():
        for weekday in _weekdays(days):
            if weekday in week:
                raise refused(f"{weekday} has hours twice.", "each weekday once")
            week[weekday] = tuple(_windows(windows, at=str(days)))
    try:
        WeeklyHours.parse(week)
    except HoursMalformed as error:
        raise refused(f"{value} can not be hours.", "times such as 09:00-18:00") from error
    return week


def _weekdays(written: object) -> Iterator[str]:
    match = parsed(written, _SPAN, "a weekday or a span of them, such as monday-friday", "", at=str(written))
    first = _DAYS.index(match[1])
    last = _DAYS.index(match[2] or match[1])
    if last < first:
        raise refused(f"{written} runs backward.", "a span within one week, from monday to sunday")
    yield from WEEKDAYS[first : last + 1]


def _windows(written: object, at: str) -> Iterator[tuple[str, str]]:
    listed = written if isinstance(written, tuple | list) else (written,)
    for window in listed:
        match = parsed(window, _WINDOWS, "opening hours, such as 09:00-18:00", "", at=at)
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


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _different(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or len(set(value)) != len(value):
        raise refused("No country stands here, or one twice.", "a country, or a list of different ones: [DE, FR]")
    return value


def day_of_year(value: object) -> date | tuple[int, int]:
    """Read a date, or a date of every year: 2026-12-24, or 12-24."""
    if isinstance(value, date | tuple):
        return value
    match = _YEARLY.fullmatch(str(value).strip())
    if match is None:
        return day(value)
    try:
        date(2024, int(match[1]), int(match[2]))
    except ValueError as error:
        raise refused(f"{value!r} is no date.", "a date such as 2026-12-24, or of every year: 12-24") from error
    return int(match[1]), int(match[2])


Country = Annotated[
    str, Written(country, "A country or a part of one (ISO 3166)", "[A-Z]{2}(?:-[A-Z0-9]{1,4})?", ("HK", "US"))
]
Countries = Annotated[
    tuple[Country, ...],
    AfterValidator(_different),
    BeforeValidator(_listed, json_schema_input_type=Country | tuple[Country, ...]),
]
YearlyDay = Annotated[
    date | tuple[int, int],
    Written(day_of_year, "A date, or month and day of every year", r"(?:\d{4}-)?\d\d-\d\d", ("2026-12-24", "12-24")),
]


class Holidays(Part):
    """Which dates are no business days. What is published keeps the dates, not the rule."""

    public_holidays_of: Countries | None = None
    """The country, or a part of it, or several; of the United States, the federal holidays."""
    holiday_in: Literal["any", "all"] | None = None
    """Of several countries: whether a holiday in `any` of them counts, or only one in `all`."""
    years: Years
    """The years whose holidays are known; no date outside them is a holiday."""
    also: tuple[YearlyDay, ...] = ()
    """Further dates that are no business days; 12-24 is that of every year."""
    except_: tuple[YearlyDay, ...] = Field(default=(), alias="except")
    """Public holidays that are business days all the same."""

    @model_validator(mode="after")
    def _any_or_all(self) -> Self:
        several = self.public_holidays_of is not None and len(self.public_holidays_of) > 1
        if several and self.holiday_in is None:
            raise refused("Several countries are named.", "`holiday_in: any` or `holiday_in: all`", "add `holiday_in`")
        if self.holiday_in is not None and not several:
            raise refused("`holiday_in` is about several countries.", "a list of countries", "remove `holiday_in`")
        return self

    def dates(self) -> dict[date, str]:
        """Name each holiday of the known years, in order."""
        named = dict.fromkeys(self._each(self.also), "by the agreement")
        named |= self._public()
        left_out = set(self._each(self.except_))
        return {day: named[day] for day in sorted(named) if day not in left_out}

    def _public(self) -> dict[date, str]:
        lists = [_public_holidays(of, self.years) for of in self.public_holidays_of or ()]
        shared = set.intersection(*(set(listed) for listed in lists)) if self.holiday_in == "all" else None
        named: dict[date, str] = {}
        for listed in lists:
            for holiday, name in listed.items():
                if shared is None or holiday in shared:
                    named.setdefault(holiday, name)
        return named

    def _each(self, days: tuple[date | tuple[int, int], ...]) -> Iterator[date]:
        for one in days:
            if isinstance(one, date):
                yield one
            else:
                yield from (date(year, *one) for year in self.years if _exists(year, *one))


def _exists(year: int, month: int, day_of_month: int) -> bool:
    return day_of_month <= Month(year, month).days


def special_hours(value: object) -> Mapping[date, tuple[tuple[str, str], ...]]:
    """Read the hours of single dates: {2026-12-24: "09:00-12:00"}."""
    expected = "hours by date, such as 2026-12-24: 09:00-12:00"
    if not isinstance(value, Mapping) or not value:
        raise refused("No hours of dates stand here.", expected)
    return {day(written): tuple(_windows(windows, at=str(written))) for written, windows in value.items()}


SpecialHours = Annotated[
    Mapping[date, tuple[tuple[str, str], ...]],
    Written(special_hours, "Hours of single dates: 2026-12-24: 09:00-12:00", kind="object"),
]


class Office(Part):
    """When business is open: hours of the week in a zone, less breaks and holidays."""

    time_zone: Zone
    """The zone of the hours and of the business days."""
    hours: Hours
    """The hours of each weekday: {monday-friday: "09:00-18:00"}, several as a list; other days are closed."""
    breaks: Hours | None = None
    """Breaks by weekday, which are cut out of the hours: {monday-friday: "12:00-13:00"}."""
    special_hours: SpecialHours | None = None
    """The hours of single dates, in place of the weekday's, also of holidays: {2026-12-24: "09:00-12:00"}."""
    holidays: Holidays | None = None
    """The dates that are no business days; without, every weekday with hours is one."""

    @model_validator(mode="after")
    def _breaks_in_hours(self) -> Self:
        for weekday, windows in (self.breaks or {}).items():
            for window in windows:
                if not any(_inside(window, open_) for open_ in self.hours.get(weekday, ())):
                    told = f"The break {'-'.join(window)} of {weekday} is not inside its hours."
                    raise refused(told, "a break inside the hours of its weekday")
        return self

    @property
    def week(self) -> WeeklyWindows:
        """The windows of each weekday, less the breaks."""
        pauses = self.breaks or {}
        return {weekday: _cut(windows, pauses.get(weekday, ())) for weekday, windows in self.hours.items()}

    def holiday_dates(self) -> dict[date, str]:
        """Name each date that is no business day for being a holiday."""
        return self.holidays.dates() if self.holidays else {}

    def calendar(self, closed: Mapping[date, str] | None = None) -> BusinessCalendar:
        """Compile the calendar, with these holidays or with those that are known now."""
        dates = self.holiday_dates() if closed is None else closed
        special = tuple(sorted((self.special_hours or {}).items()))
        return calendar_of(self.time_zone, tuple(self.week.items()), tuple(dates.items()), special)


def _inside(pause: tuple[str, str], open_: tuple[str, str]) -> bool:
    (starts, ends), (opens, closes) = (parse_window(pause), parse_window(open_))
    return opens <= starts and ends <= closes and (ends < _A_DAY or ends == closes <= _A_DAY)


def _cut(windows: tuple[tuple[str, str], ...], pauses: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    open_time = Ranges(parse_window(window) for window in windows)
    left = open_time - Ranges(parse_window(pause) for pause in pauses)
    return tuple((_clock(start), _clock(end)) for start, end in left)


def _clock(second: int) -> str:
    """Write a second of the day as a time; past midnight it is that of the next day."""
    wall = second if second <= _A_DAY else second - _A_DAY
    return f"{wall // 3600:02d}:{wall // 60 % 60:02d}"


@lru_cache(maxsize=64)
def _public_holidays(of: str, span: range) -> Mapping[date, str]:
    return {day: name for day, name in public_holidays(of, span).items() if day.year in span}


@lru_cache(maxsize=64)
def calendar_of(
    zone: ZoneInfo,
    week: tuple[tuple[str, tuple[tuple[str, str], ...]], ...],
    closed: tuple[tuple[date, str], ...],
    special: tuple[tuple[date, tuple[tuple[str, str], ...]], ...] = (),
) -> BusinessCalendar:
    """Compile a calendar; agreements and versions that share hours and holidays share it."""
    schedule = Schedule.parse(dict(week), holidays=dict(closed), overrides=dict(special))
    return BusinessCalendar(zone, schedule)
