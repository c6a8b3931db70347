"""What is promised, and what a miss pays: commitments, their targets and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from agreements.terms.bands import HIGHEST, LOWEST, Band, Cut, after, before, exact_text
from agreements.terms.part import Part
from agreements.terms.values import NUMBER, SECONDS, Name, Percent, Written, parsed, percent, refused

EVERY_TIER = "every_tier"

_ABOUT = re.compile(rf"(?:~|about )({NUMBER}) (second|minute|hour)s?", re.ASCII)
_CAP = re.compile(rf"({NUMBER} ?%) of (usage of the month)", re.ASCII)

Base = Literal["usage of the month"]


@dataclass(frozen=True)
class About:
    """A length of time as a document rounds it: from 7.25 to 7.35 hours is "~7.3 hours"."""

    text: str
    amount: Fraction
    unit: str
    decimals: int

    def agrees(self, minutes: Fraction) -> bool:
        """Tell whether this many minutes, rounded to the digits shown, are what is shown."""
        return abs(self._in_unit(minutes) - self.amount) <= Fraction(1, 2 * 10**self.decimals)

    def in_its_unit(self, minutes: Fraction) -> str:
        """Write as many minutes exactly, in the unit of this text."""
        return f"{exact_text(self._in_unit(minutes))} {self.unit}s"

    def _in_unit(self, minutes: Fraction) -> Fraction:
        return minutes * 60 / SECONDS[self.unit]


def about(value: object) -> About:
    """Read a rounded length of time: ~7.3 hours."""
    if isinstance(value, About):
        return value
    expected = "a rounded length of time, such as ~7.3 hours"
    match = parsed(value, _ABOUT, expected, "")
    amount, unit = match.groups()
    return About(match[0], Fraction(amount), unit, decimals=len(amount.partition(".")[2]))


RoundedTime = Annotated[
    About,
    Written(about, "A length of time as a document rounds it", rf"(?:~|about ){NUMBER} \w+", ("~7.3 hours",)),
]


class Target(Part):
    """The least uptime that a tier is promised."""

    at_least: Percent
    """The target; an uptime of exactly this much meets it."""
    negotiable: bool = False
    """Whether single customers may be given another."""
    maximum_downtime: RoundedTime | None = None
    """What the document says this allows; it informs, the percentage governs."""


def _long_target(value: Any) -> Any:
    return {"at_least": value} if isinstance(value, str | int | Fraction) else value


def _long_targets(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {EVERY_TIER: value}


ShortTarget = Annotated[Target, BeforeValidator(_long_target, json_schema_input_type=Percent | Target)]
Targets = Annotated[
    Mapping[Name, ShortTarget],
    BeforeValidator(_long_targets, json_schema_input_type=Percent | Mapping[Name, ShortTarget]),
]


@dataclass(frozen=True)
class Cap:
    """The most that one month pays."""

    share: Fraction
    of: str


def cap(value: object) -> Cap:
    """Read the most that is paid: 50% of usage of the month."""
    if isinstance(value, Cap):
        return value
    expected = "a percent of a base, such as 50% of usage of the month"
    match = parsed(value, _CAP, expected, "")
    return Cap(percent(match[1]), match[2])


CapText = Annotated[Cap, Written(cap, "The most that one month pays", "", ("50% of usage of the month",))]


class Row(Part):
    """One row of a table of credits: a band of uptime, and what it pays."""

    from_: Percent | None = Field(default=None, alias="from")
    """The least uptime of the band, itself included."""
    above: Percent | None = None
    """The uptime above which the band begins, itself excluded."""
    below: Percent | None = None
    """The uptime below which the band ends, itself excluded."""
    up_to: Percent | None = None
    """The greatest uptime of the band, itself included."""
    pays: Percent
    """The share of the base that is paid."""

    @model_validator(mode="after")
    def _one_bound_each(self) -> Self:
        if self.from_ is not None and self.above is not None:
            raise refused("The band begins twice.", "either `from` or `above`")
        if self.below is not None and self.up_to is not None:
            raise refused("The band ends twice.", "either `below` or `up_to`")
        return self

    @cached_property
    def band(self) -> Band:
        """The uptimes that the row pays for."""
        return Band(self._low(), self._high())

    @cached_property
    def label(self) -> str:
        """The band in words."""
        return str(self.band)

    def _low(self) -> Cut:
        if self.above is not None:
            return after(self.above)
        return LOWEST if self.from_ is None else before(self.from_)

    def _high(self) -> Cut:
        if self.up_to is not None:
            return after(self.up_to)
        return HIGHEST if self.below is None else before(self.below)


class Credits(Part):
    """What a missed target pays."""

    of: Base
    """The base: the month's gross metered charges before credits and tax."""
    rows: tuple[Row, ...] = Field(min_length=1)
    """The table; a row pays where the tier's target is missed and the uptime is in its band."""
    unmatched_miss: Literal["nothing", "smallest_credit", "undecided"] = "nothing"
    """What a missed target pays whose uptime is in no row."""
    cap: CapText | None = None
    """The most that one month pays, rounded down to the minor unit."""
    form: Literal["account_balance"] = "account_balance"
    """How a credit is given."""
    applied_to: Literal["next_billing_cycle"] = "next_billing_cycle"
    """What a credit is drawn by."""
    cash: Literal[False] = False
    """A credit is never paid out."""
    transferable: Literal[False] = False
    """A credit stays at the account that earned it."""

    def row_for(self, uptime: Fraction) -> Row | None:
        """Find the row of the uptime; where rows overlap, the one that pays most."""
        found = [row for row in self.rows if uptime in row.band]
        return max(found, key=lambda row: row.pays, default=None)


class Commitment(Part):
    """One promise: what is measured, over which period, the target, and what a miss pays."""

    name: Name
    """What the promise is called."""
    measure: Literal["uptime"]
    """The quantity: the share of counted minutes that were up."""
    period: Literal["calendar_month"]
    """The period over which it is measured, in the agreement's time zone."""
    service: Name | None = None
    """The service that it is about; without, the first one listed."""
    target: Targets | None = None
    """The least uptime, for every tier or tier by tier; without, nothing is promised."""
    credits: Credits | None = None
    """What a miss pays; without, nothing."""

    def target_of(self, tier: str) -> Target | None:
        """Give the target of the tier, where it has one."""
        targets = self.target or {}
        return targets.get(tier, targets.get(EVERY_TIER))
