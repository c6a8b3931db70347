"""The single values of the format: how each is written, and the exact value that it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from agreements.terms.problems import nearest
from agreements.terms.rewording import currency_meant, date_meant, money_meant, name_meant, percent_meant, reworded
from kernel.errors import KernelError
from kernel.money import Money

NUMBER = r"\d+(?:\.\d+)?"
SECONDS = {"second": 1, "minute": 60, "hour": 3600}

_PERCENT = re.compile(rf"({NUMBER}) ?%", re.ASCII)
_DURATION = re.compile(rf"({NUMBER}) (second|minute|hour)s?", re.ASCII)
_DAYS = re.compile(r"(\d+) days?", re.ASCII)
_BUSINESS_DAYS = re.compile(r"(\d+) business days?", re.ASCII)
_PORTION = re.compile(r"([1-9]\d*)/([1-9]\d*)", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*", re.ASCII)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def refused(sentence: str, expected: str, mend: str = "", *, at: str = "") -> PydanticCustomError:
    """Make the error that `agreements.terms.loading` turns into a Problem with its line.

    `at` is the name within the value that is at fault, where it is not the value as a whole.
    """
    told = {"sentence": sentence, "expected": expected, "mend": mend, "at": at}
    return PydanticCustomError("terms", "{sentence}", told)


def text_of(value: object, expected: str) -> str:
    """Require a text; a float is refused because it is not the number that was written."""
    if isinstance(value, float):
        raise refused(f"{value} is a float, which is not exact.", expected, "write it as a text")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise refused(f"{_kind(value)} can not stand here.", expected)
    return value.strip()


def parsed(value: object, pattern: re.Pattern[str], expected: str, unit: str, *, at: str = "") -> re.Match[str]:
    """Match the text, or say what was expected; a bare number is told its unit."""
    text = text_of(value, expected)
    match = pattern.fullmatch(text)
    if match is None:
        bare = unit and re.fullmatch(NUMBER, text, re.ASCII)
        mend = f"write {text}{unit}" if bare else reworded(text, pattern.fullmatch)
        raise refused(f"{text!r} was not understood.", expected, mend, at=at)
    return match


def _kind(value: object) -> str:
    if value is None:
        return "An empty value"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "A list" if isinstance(value, tuple | list) else "A mapping"


def percent(value: object) -> Fraction:
    """Read 99.5% as the exact share 199/200."""
    if isinstance(value, Fraction):
        return value
    expected = "a percent from 0% to 100%, such as 99.5%"
    text = text_of(value, expected)
    if re.fullmatch(NUMBER, text, re.ASCII):
        raise refused(f"{text!r} was not understood.", expected, percent_meant(text))
    share = Fraction(parsed(text, _PERCENT, expected, "%")[1]) / 100
    if share > 1:
        raise refused(f"{value} is more than the whole.", expected)
    return share


def duration(value: object) -> timedelta:
    """Read a length of elapsed time: 48 hours, 5 minutes, 30 seconds."""
    if isinstance(value, timedelta):
        return value
    expected = "a length of time in hours, minutes or seconds, such as 48 hours"
    amount, unit = parsed(value, _DURATION, expected, " hours").groups()
    microseconds = Fraction(amount) * SECONDS[unit] * 1_000_000
    if microseconds.denominator != 1:
        raise refused(f"{value} is no whole number of microseconds.", expected)
    return timedelta(microseconds=microseconds.numerator)


def days(value: object) -> int:
    """Read a number of calendar days: 30 days."""
    return int(parsed(value, _DAYS, "a number of calendar days, such as 30 days", " days")[1])


def business_days(value: object) -> int:
    """Read a number of business days: 10 business days."""
    expected = "a number of business days, such as 10 business days"
    return int(parsed(value, _BUSINESS_DAYS, expected, " business days")[1])


def portion(value: object) -> Fraction:
    """Read a part of a whole: 1/2, 4/5."""
    if isinstance(value, Fraction):
        return value
    expected = "a part of the whole as a fraction, such as 4/5"
    part = Fraction(parsed(value, _PORTION, expected, "")[0])
    if part >= 1:
        raise refused(f"{value} is not a part of the whole.", expected)
    return part


def money(value: object) -> Money:
    """Read an amount with its currency: 200 USD."""
    if isinstance(value, Money):
        return value
    expected = "an amount and its currency, such as 200.00 USD"
    try:
        return Money.parse(text_of(value, expected))
    except KernelError as error:
        raise refused(f"{value!r} was not understood.", expected, money_meant(str(value))) from error


def currency(value: object) -> str:
    """Read the name of a currency: USD."""
    expected = "a currency as three capital letters, such as USD"
    text = text_of(value, expected)
    if _CURRENCY.fullmatch(text) is None:
        raise refused(f"{text!r} is no currency.", expected, currency_meant(text))
    return text


def name(value: object) -> str:
    """Read a name that programs use: apicheap, severity_1."""
    expected = "a name of small letters, digits, - and _, such as apicheap"
    text = text_of(value, expected)
    if _NAME.fullmatch(text) is None:
        raise refused(f"{text!r} is no name.", expected, name_meant(text))
    return text


def mail_address(value: object) -> str:
    """Read a mail address."""
    return parsed(value, _MAIL, "a mail address, such as claims@example.net", "")[0]


def zone(value: object) -> ZoneInfo:
    """Read a time zone of the IANA database: Asia/Hong_Kong."""
    if isinstance(value, ZoneInfo):
        return value
    expected = "a time zone of the IANA database, such as Asia/Hong_Kong or UTC"
    text = text_of(value, expected)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = nearest(text, available_timezones()) if "/" in text else "write the zone of a city: America/New_York"
        raise refused(f"{text!r} is no time zone that is known here.", expected, near) from error


def day(value: object) -> date:
    """Read a date: 2026-03-30."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    expected = "a date, such as 2026-03-30"
    text = text_of(value, expected)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refused(f"{text!r} is no date.", expected, date_meant(text)) from error


def instant(value: object) -> datetime:
    """Read an instant, which says its offset: 2026-10-05T14:00Z."""
    expected = "an instant with its offset, such as 2026-10-05T14:00Z"
    try:
        read = datetime.fromisoformat(text_of(value, expected))
    except ValueError as error:
        raise refused(f"{value!r} is no instant.", expected) from error
    if read.tzinfo is None:
        raise refused(f"{value} does not say its offset from UTC.", expected, f"write {value}Z")
    return read.astimezone(UTC)


def day_or_instant(value: object) -> date | datetime:
    """Read a date, which begins at its midnight in the agreement's zone, or an instant."""
    return instant(value) if "T" in str(value) else day(value)


@dataclass(frozen=True)
class Written:
    """How a value is written: its reader, and what the JSON Schema tells editors about it."""

    read: Callable[[Any], object]
    describes: str
    pattern: str = ""
    examples: tuple[str, ...] = ()
    kind: str | tuple[str, ...] = "string"

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate with the reader alone."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe what is written; the reader checks more than a pattern can."""
        kind = self.kind if isinstance(self.kind, str) else list(self.kind)
        told: JsonSchemaValue = {"type": kind, "description": self.describes}
        if self.pattern:
            told["pattern"] = f"^(?:{self.pattern})$"
        described = self.describes[0].lower() + self.describes[1:]
        such = f", such as {' or '.join(self.examples[:3])}" if self.examples else ""
        told["errorMessage"] = f"Expected {described}{such}."
        return told | {"examples": [self._plain(one) for one in self.examples]} if self.examples else told

    def _plain(self, example: str) -> str | int:
        """Give a whole number as one where it is written without quotes."""
        return int(example) if self.kind != "string" and example.isdigit() else example


Percent = Annotated[Fraction, Written(percent, "A share of the whole", rf"{NUMBER} ?%", ("99.5%",))]
Duration = Annotated[
    timedelta,
    Written(duration, "Elapsed time", rf"{NUMBER} (?:second|minute|hour)s?", ("48 hours", "5 minutes")),
]
Days = Annotated[int, Written(days, "Calendar days", r"\d+ days?", ("30 days",))]
Portion = Annotated[Fraction, Written(portion, "A part of the whole", r"\d+/\d+", ("4/5",))]
Amount = Annotated[Money, Written(money, "Money", r"[\d.]+ [A-Z]{3}", ("200.00 USD",))]
Currency = Annotated[str, Written(currency, "A currency (ISO 4217)", "[A-Z]{3}", ("USD",))]
Name = Annotated[str, Written(name, "A name: small letters, digits, _ and -", "[a-z][a-z0-9_-]*")]
MailAddress = Annotated[str, Written(mail_address, "A mail address", "[^@ ]+@[^@ ]+")]
Zone = Annotated[ZoneInfo, Written(zone, "A time zone of the IANA database", "", ("UTC", "Asia/Hong_Kong"))]
Day = Annotated[date, Written(day, "A date", r"\d{4}-\d\d-\d\d", ("2026-03-30",))]
Instant = Annotated[datetime, Written(instant, "An instant", "", ("2026-10-05T14:00Z",))]
DayOrInstant = Annotated[
    date | datetime,
    Written(
        day_or_instant,
        "A date, from its midnight in the agreement's zone, or an instant",
        "",
        ("2026-03-30", "2026-03-30T16:00Z"),
    ),
]
