"""Worked examples: what is given, and what the terms must make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from agreements.terms.bands import percent_text
from agreements.terms.example_times import ExpectedTimes, GivenTimes
from agreements.terms.given import Instance, PeriodGiven
from agreements.terms.levels import Level, counted, level
from agreements.terms.part import Part
from agreements.terms.tables import Form
from agreements.terms.values import NUMBER, Amount, Day, Instant, Name, Written, percent, refused, text_of

Outcome = Literal[
    "met",
    "below_target",
    "awaiting_usage",
    "unmatched_miss",
    "undecided",
    "no_credits",
    "no_target",
    "no_tier",
    "not_covered",
    "not_measurable",
]

_ROUNDED = re.compile(rf"(?:~|about )({NUMBER}) ?%", re.ASCII)
_EXACT = re.compile(rf"({NUMBER}) ?%", re.ASCII)
_SERVICE = re.compile(rf"({NUMBER}) (hour|day|week|month)s?(?: of service)?", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """An expected share: exact, or, with `places`, rounded to the nearest at as many decimals."""

    value: Fraction
    places: int | None = None

    def agrees(self, found: object) -> bool:
        """Tell whether what was found is what is shown."""
        if not isinstance(found, Fraction):
            return False
        if self.places is None:
            return found == self.value
        return abs(found - self.value) <= Fraction(1, 2 * 100 * 10**self.places)

    def __str__(self) -> str:
        return percent_text(self.value) if self.places is None else f"about {percent_text(self.value)}"


def shown(value: object) -> Shown:
    """Read an expected share: 99.5%, or ~99.899691%, which is rounded at the places that it shows."""
    if isinstance(value, Shown):
        return value
    text = text_of(value, "a percent, such as 99.5%, or a rounded one, such as ~99.899691%")
    if found := _ROUNDED.fullmatch(text):
        return Shown(Fraction(found[1]) / 100, len(found[1].partition(".")[2]))
    if found := _EXACT.fullmatch(text):
        return Shown(Fraction(found[1]) / 100)
    return Shown(percent(text))


@dataclass(frozen=True)
class ServiceTime:
    """An expected length of service; none of it is the same in every unit."""

    amount: Fraction
    unit: str

    def agrees(self, found: object) -> bool:
        """Tell whether as much service was found."""
        return found == (self.amount, self.unit) or (not self.amount and (found is None or not _amount(found)))

    def __str__(self) -> str:
        return f"{counted(self.amount, self.unit)} of service"


def _amount(found: object) -> object:
    return found[0] if isinstance(found, tuple) else found


def service_time(value: object) -> ServiceTime:
    """Read an expected length of service: 3 days."""
    if isinstance(value, ServiceTime):
        return value
    expected = "a length of service, such as 3 days"
    found = _SERVICE.fullmatch(text_of(value, expected))
    if found is None:
        raise refused(f"{value!r} was not understood.", expected)
    return ServiceTime(Fraction(found[1]), found[2])


@dataclass(frozen=True)
class Bound:
    """An expected target: an exact value in its unit."""

    level: Level

    def agrees(self, found: object) -> bool:
        """Tell whether the target is this one."""
        return found == self.level.value

    def __str__(self) -> str:
        return str(self.level)


def bound(value: object) -> Bound:
    """Read an expected target or value: 99.5%, 500 ms."""
    if isinstance(value, Bound):
        return value
    return Bound(level(value))


ShownText = Annotated[Shown, Written(shown, "A share, exact or rounded", rf"~?{NUMBER} ?%", ("99.5%", "~99.899691%"))]
ServiceText = Annotated[ServiceTime, Written(service_time, "A length of service", "", ("3 days",))]
BoundText = Annotated[Bound, Written(bound, "A value with its unit", "", ("99.5%", "500 ms"))]


class Given(PeriodGiven, Instance, GivenTimes):
    """What the example starts from; the fields that are given choose what is tried."""

    severity: Name | None = None
    """The severity of a support request."""
    received: Instant | None = None
    """When the support request was received."""
    together: tuple[PeriodGiven, ...] = ()
    """Several commitments judged for one period, whose credits become one."""


class Expected(ExpectedTimes):
    """What must follow; only what is stated is compared."""

    target: BoundText | None = None
    """The target that counts."""
    missed: bool | None = None
    """Whether it was missed."""
    outcome: Outcome | None = None
    """What the judgement is called."""
    row: str | None = None
    """The row in words, such as `from 99% to below 99.5%`."""
    pays: ShownText | None = None
    """The share that the row pays, before the cap; 0% where nothing is paid."""
    credit: Amount | None = None
    """The credit, after the cap."""
    service: ServiceText | None = None
    """The service time that is owed, after the cap."""
    benefit: str | None = None
    """The benefit that is owed, in words."""
    form: Form | None = None
    """How the credit is given."""
    new_term_end: Day | None = None
    """The last day of the service term, after service was added."""
    uptime: ShownText | None = None
    """The uptime that is compared."""
    downtime_share: ShownText | None = None
    """The share of the total that was down, before any rounding."""
    value: BoundText | None = None
    """The measured value that is compared."""
    down: bool | None = None
    """Whether the minute, request or outage counts as down."""
    success: bool | None = None
    """Whether the answer shows the service working."""
    answer_by: Instant | None = None
    """The last instant at which an answer is in time."""
    best_effort: bool | None = None
    """Whether an answer is promised without a time."""


class Example(Part):
    """One example; `agreements check` runs it, and terms whose example fails are not published."""

    name: str
    """What it shows."""
    given: Given
    """What it starts from."""
    expect: Expected
    """What must follow."""
