"""Chronic failure: what has to go wrong how often before the customer may end the contract."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from agreements.terms.limits import CountedFrom, CountedFromText, Limit, WithinText, long_limit
from agreements.terms.part import Part
from agreements.terms.values import Days, Duration, Name, Percent, Written, refused, text_of

_EXPECTED = "a span such as 6 months, 90 days, 4 periods, 1 quarter or calendar year"
_SPAN = re.compile(r"(?:any )?(\d+) (?:consecutive |rolling )?(day|week|month|quarter|year|period)s?", re.ASCII)
_CALENDAR = re.compile(r"(?:the |one |a )?calendar (month|quarter|year)", re.ASCII)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Span:
    """A span in which misses are counted: rolling days, months or periods, or one calendar unit."""

    text: str
    days: int = 0
    months: int = 0
    periods: int = 0
    calendar: str = ""

    def __str__(self) -> str:
        return self.text


def span(value: object) -> Span:
    """Read a span: 6 months, 90 days, 4 periods, calendar year."""
    if isinstance(value, Span):
        return value
    text = text_of(value, _EXPECTED).lower().replace("_", " ")
    if match := _CALENDAR.fullmatch(text):
        return Span(text, calendar=match[1])
    match = _SPAN.fullmatch(text)
    if match is None or not int(match[1]):
        raise refused(f"{text!r} was not understood.", _EXPECTED)
    number, unit = int(match[1]), match[2]
    if unit in _MONTHS:
        return Span(text, months=number * _MONTHS[unit])
    if unit == "period":
        return Span(text, periods=number)
    return Span(text, days=number * (7 if unit == "week" else 1))


SpanText = Annotated[Span, Written(span, "A span in which misses are counted", "", ("6 months", "calendar year"))]


class Count(Part):
    """What is counted as chronic: exactly one of these, period by period."""

    uptime_below: Percent | None = None
    """A period whose uptime is below this share."""
    uptime_at_most: Percent | None = None
    """A period whose uptime is this share or less."""
    down_more_than: Duration | None = None
    """A period that was down for longer than this."""
    down_at_least: Duration | None = None
    """A period that was down for this long or longer."""
    outage_longer_than: Duration | None = None
    """A period with a single outage that was longer than this."""
    outages: int | None = Field(default=None, ge=1)
    """A period with at least so many outages."""
    missed_replies: int | None = Field(default=None, ge=1)
    """A period in which at least so many replies were missed."""
    replies_in_time_below: Percent | None = None
    """A period in which less than this share of the replies came in time."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        told = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(told) != 1:
            expected = "one of " + ", ".join(type(self).model_fields)
            raise refused("What counts is told not exactly once.", expected)
        return self

    @property
    def field(self) -> str:
        """The threshold that it names."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def adds_up(self) -> bool:
        """Whether it is an amount, which several periods can add up to."""
        return self.field not in ("uptime_below", "uptime_at_most", "outage_longer_than")


Counts = Literal["misses", "capped_credits"] | Count


class EndWithin(Limit):
    """How long the right to end the contract can be used."""

    counted_from: CountedFromText = CountedFrom(("period_end",))
    """What gives day 0: the end of the period that gave the right."""


class ChronicFailure(Part):
    """A right to end the contract, and what gives it."""

    name: Name
    """What the right is called."""
    commitment: Name | None = None
    """The promise whose periods are counted; without, the first one."""
    counts: Counts = "misses"
    """What is counted: misses of the target, credits that reached their cap, or a threshold of its own."""
    times: int = Field(default=1, ge=1)
    """In how many periods it must be so."""
    in_a_row: bool = False
    """Whether these periods must follow one another."""
    within: SpanText | None = None
    """In which span these periods must lie; with `added_up`, over which it is added up."""
    added_up: bool = False
    """Whether the time down, the outages or the replies of the span are added up."""
    tiers: tuple[Name, ...] = ()
    """The tiers that have the right; without, all."""
    end_within: (
        Annotated[EndWithin, BeforeValidator(long_limit, json_schema_input_type=WithinText | EndWithin)] | None
    ) = None
    """Within which time the right must be used; absent: no limit is named."""
    notice: Days | None = None
    """The notice that the customer gives."""
    also: str | None = None
    """What else follows, in words: a refund of fees paid ahead."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.in_a_row and self.within is not None:
            raise refused("Periods in a row need no span.", "either `in_a_row` or `within`", "remove `within`")
        if self.times > 1 and not self.in_a_row and self.within is None:
            raise refused(f"{self.times} times in what?", "`in_a_row: true` or `within: ...`", "add `within: 6 months`")
        if self.added_up:
            self._summed()
        return self

    def _summed(self) -> None:
        if not isinstance(self.counts, Count) or not self.counts.adds_up:
            raise refused("Only time down, outages and replies add up.", "an amount at `counts`", "remove `added_up`")
        if self.within is None or self.times > 1 or self.in_a_row:
            raise refused("What is added up is added up over a span, once.", "`within: ...` and no `times`")


def chronic_part(value: Any) -> Any:
    """Let one right stand without a list."""
    return (value,) if isinstance(value, dict) else value


ChronicFailures = Annotated[
    tuple[ChronicFailure, ...],
    BeforeValidator(chronic_part, json_schema_input_type=ChronicFailure | tuple[ChronicFailure, ...]),
]
