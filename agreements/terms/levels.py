"""Measured values: a share, a length of time or a number, each with the unit that was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from agreements.terms.bands import exact_text, percent_text
from agreements.terms.values import NUMBER, Written, parsed, refused, text_of

MINUTE = 60
DAY = 24 * 60 * MINUTE
UNITS = {
    "millisecond": Fraction(1, 1000),
    "second": Fraction(1),
    "minute": Fraction(MINUTE),
    "hour": Fraction(60 * MINUTE),
    "day": Fraction(DAY),
    "week": Fraction(7 * DAY),
}
SHORT = {"ms": "millisecond", "s": "second", "min": "minute", "h": "hour"}

_TIME = r"ms|milliseconds?|s|seconds?|min|minutes?|h|hours?|days?|weeks?"
_LEVEL = re.compile(rf"({NUMBER}) ?(%|[A-Za-z][A-Za-z/.]*)?", re.ASCII)
_LENGTH = re.compile(rf"({NUMBER}) ?({_TIME})", re.ASCII)
_RATE = re.compile(rf"({NUMBER}) ([A-Z]{{3}}) (?:per|an|a) (hour|day|minute|month)", re.ASCII)
_PLACES = re.compile(r"(\d) (?:decimals?|places?)(?: (up|down))?", re.ASCII)


class Unit(StrEnum):
    """What kind of value it is; values of two kinds are never compared."""

    SHARE = "a percent"
    TIME = "a length of time"
    NUMBER = "a number"


@dataclass(frozen=True)
class Level:
    """A value: a share of the whole, seconds, or a plain number; `label` is the unit written."""

    value: Fraction
    unit: Unit
    label: str = ""

    def __str__(self) -> str:
        return in_unit_of(self, self.value)


def in_unit_of(level: Level, value: Fraction) -> str:
    """Write a value exactly, in the unit that the level is written in."""
    if level.unit is Unit.SHARE:
        return percent_text(value)
    if level.unit is Unit.TIME:
        amount = value / UNITS[level.label]
        return counted(amount, level.label)
    return f"{exact_text(value)} {level.label}".rstrip()


def counted(amount: Fraction, noun: str) -> str:
    """Write an exact number of things: 1 minute, 2.5 hours."""
    return f"{exact_text(amount)} {noun}" + ("" if amount == 1 else "s")


def level(value: object) -> Level:
    """Read a value with its unit: 99.5%, 30 minutes, 500 ms, 3, 100 Mbit/s."""
    if isinstance(value, Level):
        return value
    expected = "a value with its unit, such as 99.5%, 30 minutes, 500 ms or 3"
    amount, unit = parsed(value, _LEVEL, expected, "").groups()
    if unit == "%":
        return Level(Fraction(amount) / 100, Unit.SHARE)
    if unit and re.fullmatch(_TIME, unit, re.ASCII):
        return seconds(amount, unit)
    return Level(Fraction(amount), Unit.NUMBER, unit or "")


def seconds(amount: str, unit: str) -> Level:
    """Make a length of time of a number and the word for its unit, in short or in full."""
    name = SHORT.get(unit, unit.removesuffix("s"))
    return Level(Fraction(amount) * UNITS[name], Unit.TIME, name)


def length(value: object) -> Level:
    """Read a length of time, days and weeks of 24 hours included: 5 minutes, 10 days."""
    if isinstance(value, Level):
        return value
    match = parsed(value, _LENGTH, "a length of time, such as 5 minutes, 30 seconds or 10 days", " minutes")
    return seconds(*match.groups())


@dataclass(frozen=True)
class Rate:
    """What a unit of time costs: `amount` in the currency for `seconds`."""

    amount: Decimal
    currency: str
    seconds: Fraction
    text: str

    def __str__(self) -> str:
        return self.text

    def exact(self, time: Fraction) -> Fraction:
        """Tell what so many seconds cost, exactly."""
        return Fraction(self.amount) * time / self.seconds


def rate(value: object) -> Rate:
    """Read what time costs: 0.036 USD per hour."""
    if isinstance(value, Rate):
        return value
    expected = "what an hour costs, such as 0.036 USD per hour"
    amount, currency, unit = parsed(value, _RATE, expected, "").groups()
    if unit == "month":
        raise refused("A month has no fixed length, so it gives no rate.", expected, "give the fee of the month")
    return Rate(Decimal(amount), currency, UNITS[unit], text_of(value, expected))


@dataclass(frozen=True)
class Places:
    """How a value is rounded: to so many decimals, to the nearest (half up), or always up or down."""

    decimals: int
    way: str = "nearest"

    def __str__(self) -> str:
        way = "" if self.way == "nearest" else f" {self.way}"
        return f"{self.decimals} decimal{'' if self.decimals == 1 else 's'}{way}"

    def percent(self, share: Fraction) -> Fraction:
        """Round a share, as a percent, to these decimals."""
        return self.plain(share * 100) / 100

    def plain(self, value: Fraction) -> Fraction:
        """Round a number to these decimals."""
        scaled = value * 10**self.decimals
        whole = {"nearest": (scaled + Fraction(1, 2)).__floor__, "up": scaled.__ceil__, "down": scaled.__floor__}
        return Fraction(whole[self.way](), 10**self.decimals)


def places(value: object) -> Places:
    """Read how a value is rounded: 2 decimals, 2 decimals down."""
    if isinstance(value, Places):
        return value
    match = parsed(value, _PLACES, "a number of decimals, such as 2 decimals or 2 decimals down", " decimals")
    return Places(int(match[1]), match[2] or "nearest")


Value = Annotated[
    Level,
    Written(
        level,
        "A value with its unit",
        rf"{NUMBER} ?(?:%|[A-Za-z/.]+)?",
        ("99.5%", "30 minutes", "500 ms", "3"),
        kind=("string", "number"),
    ),
]
Length = Annotated[Level, Written(length, "A length of time", rf"{NUMBER} ?\w+", ("5 minutes", "10 days"))]
RateText = Annotated[Rate, Written(rate, "What time costs", "", ("0.036 USD per hour",))]
PlacesText = Annotated[Places, Written(places, "How a value is rounded", "", ("2 decimals", "2 decimals down"))]
