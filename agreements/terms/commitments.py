"""What is promised, and what a miss pays: commitments, their measures, targets and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from agreements.terms.bands import exact_text
from agreements.terms.caps import Caps
from agreements.terms.covering import Covered
from agreements.terms.downtime import Down, DownRule
from agreements.terms.levels import Length, Level, PlacesText, Unit, Value
from agreements.terms.part import Part
from agreements.terms.periods import PeriodText, Total, TotalText
from agreements.terms.tables import Credits
from agreements.terms.values import NUMBER, SECONDS, Name, Written, parsed, refused

EVERY_TIER = "every_tier"
TIER = "tier"

_ABOUT = re.compile(rf"(?:~|about )({NUMBER}) (second|minute|hour)s?", re.ASCII)

Measure = Literal[
    "uptime",
    "good_events",
    "slot_average",
    "downtime",
    "latency",
    "loss",
    "quality",
    "capacity",
    "repair_time",
    "response_time",
    "support_misses",
    "quantity",
]
# What kind of value each measure has, and whether more of it is better; None: the file says.
MEASURES: Mapping[str, tuple[Unit | None, bool | None]] = {
    "uptime": (Unit.SHARE, True),
    "good_events": (Unit.SHARE, True),
    "slot_average": (Unit.SHARE, True),
    "downtime": (Unit.TIME, False),
    "latency": (Unit.TIME, False),
    "loss": (Unit.SHARE, False),
    "quality": (None, True),
    "capacity": (None, True),
    "repair_time": (Unit.TIME, False),
    "response_time": (Unit.TIME, False),
    "support_misses": (Unit.NUMBER, False),
    "quantity": (None, None),
}
MEASURE_MEANINGS: Mapping[str, str] = {
    "uptime": "The share of counted minutes, or of slots, that were up: percent.",
    "good_events": "The share of good ones among all counted events of the period: percent.",
    "slot_average": "100 % less the error rate of each of the slots, averaged without weights: percent.",
    "downtime": "How long it was down: time.",
    "latency": "A time, of which what and percentile say which: 500 ms.",
    "loss": "A share that is lost: percent.",
    "quality": "A score, of which what says which: 4.1.",
    "capacity": "A rate or a size, of which what says which: 100 Mbit/s.",
    "repair_time": "The time until a failure was repaired: 4 hours.",
    "response_time": "The time until somebody answered: 30 minutes.",
    "support_misses": "The number of answers that were late in the period.",
    "quantity": "Another quantity, of which what says which: 95%, 12 units.",
}
# Measures that are made of minutes down, of slots or of counted events.
SHARES_UP = ("uptime", "good_events", "slot_average")


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
    """The value that is promised: one bound, which says whether it belongs."""

    at_least: Value | None = None
    """The least value; exactly this much meets the target."""
    above: Value | None = None
    """A value that must be exceeded; exactly this much misses the target."""
    at_most: Value | None = None
    """The greatest value, for latency and the like; exactly this much meets the target."""
    below: Value | None = None
    """A value that must not be reached; exactly this much misses the target."""
    negotiable: bool = False
    """Whether single customers may be given another."""
    maximum_downtime: RoundedTime | None = None
    """What the document says this allows; it informs, the percentage governs."""

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if len(self._bounds()) != 1:
            raise refused("A target has one bound.", "one of `at_least`, `above`, `at_most` and `below`")
        return self

    def _bounds(self) -> dict[str, Level]:
        named = {name: getattr(self, name) for name in ("at_least", "above", "at_most", "below")}
        return {name: found for name, found in named.items() if found is not None}

    @cached_property
    def kind(self) -> str:
        """The name of the bound."""
        return next(iter(self._bounds()))

    @cached_property
    def bound(self) -> Level:
        """The value of the bound, with its unit."""
        return next(iter(self._bounds().values()))

    @property
    def share(self) -> Fraction:
        """The value of the bound, exactly."""
        return self.bound.value

    @property
    def more_is_better(self) -> bool:
        """Whether values above the bound meet the target."""
        return self.kind in ("at_least", "above")

    def met(self, value: Fraction) -> bool:
        """Tell whether a value meets the target."""
        if self.kind == "at_least":
            return value >= self.share
        if self.kind == "above":
            return value > self.share
        return value <= self.share if self.kind == "at_most" else value < self.share

    def miss(self, value: Fraction) -> Fraction:
        """Tell by how much a value misses the bound, in its own unit; nothing where it does not."""
        short = self.share - value if self.more_is_better else value - self.share
        return max(short, Fraction(0))

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} {self.bound}"


_SIGNS = {">=": "at_least", "≥": "at_least", ">": "above", "<=": "at_most", "≤": "at_most", "<": "below"}


def _long_target(value: Any) -> Any:
    if isinstance(value, str) and (sign := next((sign for sign in _SIGNS if value.startswith(sign)), "")):
        mend = f"write {{{_SIGNS[sign]}: {value.removeprefix(sign).strip()}}}"
        raise refused(f"{value!r} was not understood.", "a value, or its bound in words", mend)
    return {"at_least": value} if isinstance(value, str | int | Fraction | Level) else value


def _long_targets(value: Any) -> Any:
    if isinstance(value, Mapping) and not set(value) & set(Target.model_fields):
        return value
    return {EVERY_TIER: value}


ShortTarget = Annotated[Target, BeforeValidator(_long_target, json_schema_input_type=Value | Target)]
Targets = Annotated[
    Mapping[Name, ShortTarget],
    BeforeValidator(_long_targets, json_schema_input_type=Value | Target | Mapping[Name, ShortTarget]),
]


class Rounding(Part):
    """How figures are rounded before they are compared; without, they are compared exactly."""

    value: PlacesText | None = None
    """The uptime, as a percent, or the measured value."""
    downtime_share: PlacesText | None = None
    """The share of time that was down, as a percent, before it is taken from 100%."""


def _long_rounding(value: Any) -> Any:
    return value if isinstance(value, Mapping | Rounding) else {"value": value}


class Commitment(Part):
    """One promise: what is measured, over which period, the target, and what a miss pays."""

    name: Name
    """What the promise is called."""
    measure: Annotated[Measure, Field(json_schema_extra={"enumDescriptions": list(MEASURE_MEANINGS.values())})]
    """The quantity: `uptime` is the share of counted minutes that were up."""
    what: str | None = None
    """Which latency, quality or other quantity is meant, in words."""
    percentile: int | None = Field(default=None, gt=0, lt=100)
    """The percentile of it that is compared."""
    better: Literal["higher", "lower"] | None = None
    """Of a `quantity`, whether more or less of it is better."""
    period: PeriodText
    """The period over which it is measured, in the agreement's time zone."""
    service: Name | None = None
    """The service that it is about; without, the first one listed."""
    covers: Covered = Covered()
    """To whom and to what the promise is made."""
    by: Name = TIER
    """What targets and tables differ by: the tier, or a kind that stands in `varies_by`."""
    mix: Literal["lowest", "highest"] = "lowest"
    """Which target counts where a customer has several of that kind."""
    down: DownRule = Down()
    """What counts as down."""
    slots: Length | None = None
    """The length of the slots that are counted instead of minutes."""
    empty: Literal["counts_as_up", "left_out"] = "counts_as_up"
    """What a slot without requests counts as, and a period without events."""
    total: TotalText = Total("period")
    """What downtime is a share of."""
    rounding: Annotated[Rounding, BeforeValidator(_long_rounding, json_schema_input_type=PlacesText | Rounding)] = (
        Rounding()
    )
    """How figures are rounded before they are compared."""
    target: Targets | None = None
    """The value promised, for all or one by one; without, nothing is promised."""
    credits: Credits | None = None
    """What a miss pays; without, nothing."""

    def target_of(self, tier: str) -> Target | None:
        """Give the target of the tier, or of the name that the commitment varies by."""
        targets = self.target or {}
        return targets.get(tier, targets.get(EVERY_TIER))

    @property
    def unit(self) -> Unit | None:
        """What kind of value is measured; None where target and table say it."""
        return MEASURES[self.measure][0]

    @property
    def more_is_better(self) -> bool:
        """Whether more of the quantity is better, as the measure, the file or a target says."""
        known = MEASURES[self.measure][1]
        if known is not None:
            return known
        if self.better is not None:
            return self.better == "higher"
        return all(target.more_is_better for target in (self.target or {}).values())


class Together(Part):
    """How the credits of several commitments for one period become one."""

    credits: Literal["add_up", "larger_counts", "first_counts", "undecided"] = "add_up"
    """Whether they add up, the larger counts, the first that pays excludes the rest, or nobody said."""
    caps: Caps = Field(default=(), alias="cap")
    """The most that they pay together."""
