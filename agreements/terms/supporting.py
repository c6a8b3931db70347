"""Promised answers: how soon a support request is answered, by tier and severity."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal

from agreements.terms.part import Part
from agreements.terms.values import NUMBER, SECONDS, MailAddress, Name, Written, parsed, refused


class Clock(StrEnum):
    """How the time of a promise passes."""

    ELAPSED = "elapsed"
    BUSINESS_HOURS = "business_hours"
    BUSINESS_DAYS = "business_days"
    NONE = "best_effort"


@dataclass(frozen=True)
class Promise:
    """A promised time: `time` by an elapsed or worked clock, `days` by business days."""

    text: str
    clock: Clock
    time: timedelta = timedelta(0)
    days: int = 0

    def __str__(self) -> str:
        return self.text


_PROMISE = re.compile(
    rf"best effort|(?P<amount>{NUMBER}) (?P<business>business )?(?P<unit>minute|hour|day)s?",
    re.ASCII | re.IGNORECASE,
)


def promise(value: object) -> Promise:
    """Read a promised time: 24 hours, 24 business hours, 5 business days, best effort."""
    if isinstance(value, Promise):
        return value
    expected = "a promised time: 24 hours, 24 business hours, 5 business days or best effort"
    match = parsed(value, _PROMISE, expected, " hours")
    text = match[0].lower()
    amount, business, unit = match["amount"], match["business"], match["unit"]
    if amount is None:
        return Promise(text, Clock.NONE)
    if unit.lower() == "day":
        return _days(text, amount, business)
    time = timedelta(microseconds=int(Fraction(amount) * SECONDS[unit.lower()] * 1_000_000))
    return Promise(text, Clock.BUSINESS_HOURS if business else Clock.ELAPSED, time=time)


def _days(text: str, amount: str, business: str | None) -> Promise:
    if business and amount.isdigit():
        return Promise(text, Clock.BUSINESS_DAYS, days=int(amount))
    raise refused(
        f"{text!r} was not understood.",
        "whole business days, or hours",
        f"write {amount} business days, or the hours",
    )


PromisedTime = Annotated[
    Promise,
    Written(promise, "A promised time", "", ("24 hours", "5 business days", "best effort")),
]


class Support(Part):
    """Support requests and their first answers."""

    channel: MailAddress | None = None
    """Where requests are sent; without, to the support contact."""
    severities: Mapping[Name, str]
    """The severities, most urgent first, and what each means."""
    response: Mapping[Name, Mapping[Name, PromisedTime]]
    """The promised time to the first reply, by tier and severity."""
    answered_by: Literal["solution_or_question"] = "solution_or_question"
    """What stops the clock: a person's reply that gives a solution or asks for information."""
    business_hours_mean: Literal["worked", "hours_on_business_days"] = "worked"
    """Whether business hours are hours worked, or all hours of business days."""
    progress_every: PromisedTime | None = None
    """How often an open request or incident is reported on."""
    resolution: Literal["not_promised"] = "not_promised"
    """When a problem is solved is not promised."""
