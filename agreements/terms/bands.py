"""Bands of values: exact intervals whose bounds say whether they belong, and their algebra.

A cut lies just before or just after a value, so that a band is simply from one cut to a later
one, and "at least", "above", "below" and "at most" need no cases of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations


@dataclass(frozen=True, order=True)
class Cut:
    """A place between values: just before `at`, or, with `after`, just after it."""

    at: Fraction
    after: bool


def before(value: Fraction) -> Cut:
    """Cut so that the value lies above."""
    return Cut(value, after=False)


def after(value: Fraction) -> Cut:
    """Cut so that the value lies below."""
    return Cut(value, after=True)


@dataclass(frozen=True, order=True)
class Band:
    """The values between two cuts; empty where they meet or have passed each other."""

    low: Cut
    high: Cut

    def __contains__(self, value: Fraction) -> bool:
        return self.low <= before(value) and after(value) <= self.high

    def __bool__(self) -> bool:
        return self.low < self.high

    def __and__(self, other: Band) -> Band:
        return Band(max(self.low, other.low), min(self.high, other.high))

    def __str__(self) -> str:
        return band_text(self, percent_text)


MOST_DECIMALS = 30
LOWEST = before(Fraction(0))
HIGHEST = after(Fraction(1))
# Above every value of a quantity that is no share of a whole.
UNBOUNDED = after(Fraction(10**30))
EVERYTHING = Band(LOWEST, HIGHEST)


def band_text(band: Band, write: Callable[[Fraction], str]) -> str:
    """Tell a band in words, its bounds as `write` writes a value."""
    if band.low == before(band.high.at):
        return f"exactly {write(band.low.at)}"
    above = f"{'above' if band.low.after else 'from'} {write(band.low.at)}"
    below = f"{'up to' if band.high.after else 'below'} {write(band.high.at)}"
    endless = band.high in (HIGHEST, UNBOUNDED)
    if band.low == LOWEST:
        return "any" if endless else below
    if endless:
        return above
    return f"{above} {below}" if band.high.after else f"{above} to {below}"


def below(value: Fraction) -> Band:
    """Every uptime that misses a target of this value."""
    return Band(LOWEST, before(value))


def without(whole: Band, parts: Iterable[Band]) -> Iterator[Band]:
    """Give what the parts leave of the whole, lowest first."""
    reached = whole.low
    for part in sorted(parts):
        cut = part & whole
        if not cut:
            continue
        if reached < cut.low:
            yield Band(reached, cut.low)
        reached = max(reached, cut.high)
    if reached < whole.high:
        yield Band(reached, whole.high)


def gaps_between(bands: Iterable[Band]) -> tuple[Band, ...]:
    """Give the values between the lowest and the highest of the bands that none of them holds."""
    held = [band for band in bands if band]
    if not held:
        return ()
    whole = Band(min(band.low for band in held), max(band.high for band in held))
    return tuple(without(whole, held))


def overlaps(bands: Iterable[Band]) -> Iterator[tuple[int, int, Band]]:
    """Give each two bands, by their numbers, that share values, and the values."""
    for (one, first), (two, second) in combinations(enumerate(bands), 2):
        if shared := first & second:
            yield one, two, shared


@lru_cache(maxsize=1024)
def percent_text(share: Fraction) -> str:
    """Write a share exactly as percent: 99.5%."""
    return f"{exact_text(share * 100)}%"


def exact_text(value: Fraction) -> str:
    """Write a value exactly: in decimals where they end, else as a fraction."""
    whole, rest = divmod(value.numerator, value.denominator)
    digits = ""
    while rest and len(digits) < MOST_DECIMALS:
        digit, rest = divmod(rest * 10, value.denominator)
        digits += str(digit)
    if rest:
        return f"{value.numerator}/{value.denominator}"
    return f"{whole}.{digits}" if digits else str(whole)
