"""How figures of a judgement are written: exactly where they end, else cut off and marked."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache

from agreements.terms.bands import exact_text, percent_text
from agreements.terms.levels import UNITS, Level, Unit, counted
from kernel import shown
from kernel.money import Money, minor_digits
from kernel.money import share as share_of
from kernel.percent import shown_down

PLACES = 6
MINUTE = 60


@lru_cache(maxsize=4096)
def share(value: Fraction) -> str:
    """Write a share as percent: 99.5 %; one that does not end is cut off: 99.899691… %."""
    scaled = value * 100 * 10**PLACES
    if scaled.denominator == 1:
        return shown.percents(percent_text(value))
    return f"{shown_down(value, PLACES)}… %"


def number(value: Fraction) -> str:
    """Write a number with thousands: 43,200; one that does not end is cut off: 0.333333…."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    scaled = value * 10**PLACES
    if scaled.denominator == 1:
        return exact_text(value)
    return f"{exact_text(Fraction(scaled.__floor__(), 10**PLACES))}…"


def time(seconds: Fraction) -> str:
    """Write a length of time in minutes, or in seconds where it has no whole minutes."""
    if seconds % MINUTE and seconds < MINUTE:
        return counted_number(seconds, "second")
    return counted_number(seconds / MINUTE, "minute")


def counted_number(value: Fraction, noun: str) -> str:
    """Write a number of things: 1 minute, 43,200 minutes, 3 misses."""
    if value == 1:
        return f"1 {noun}"
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number(value)} {plural}"


def in_unit(like: Level | None, unit: Unit | None, value: Fraction) -> str:
    """Write a value in the unit of a level, or of its kind."""
    if like is None:
        return share(value) if unit is Unit.SHARE else time(value) if unit is Unit.TIME else number(value)
    if like.unit is Unit.SHARE:
        return share(value)
    if like.unit is Unit.TIME:
        return counted_number(value / UNITS[like.label], like.label)
    return f"{number(value)} {like.label}".rstrip()


def service(amount: Fraction, unit: str) -> str:
    """Write service time: 3 days of service."""
    return f"{counted(amount, unit)} of service"


def money(value: Money) -> str:
    """Write an amount: 1,234.50 USD."""
    return f"{value.amount:,f} {value.currency}"


def exact_sum(value: Fraction, currency: str) -> str:
    """Write a sum that is not rounded yet: 49.9975 USD, and with its minor digits where it has no more."""
    if (value * 10 ** minor_digits(currency)).denominator == 1:
        return money(share_of(Money.of(1, currency), value))
    return f"{number(value)} {currency}"


def day(value: date) -> str:
    """Write a date: 2027-01-03."""
    return value.isoformat()
