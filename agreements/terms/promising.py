"""Promised times of support: how one is written, and by which clock it passes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from agreements.terms.values import NUMBER, SECONDS, Written, parsed, refused


class Clock(StrEnum):
    """How the time of a promise passes."""

    ELAPSED = "elapsed"
    MONTHS = "months"
    CALENDAR_DAYS = "calendar_days"
    BUSINESS_HOURS = "business_hours"
    BUSINESS_DAYS = "business_days"
    NONE = "best_effort"

    @property
    def business(self) -> bool:
        """Whether it needs a business calendar."""
        return self in (Clock.BUSINESS_HOURS, Clock.BUSINESS_DAYS)


@dataclass(frozen=True)
class Promise:
    """A promised time: `time` by an elapsed or worked clock, `days` and `months` by the calendar.

    A `strict` promise ends before its instant ("less than 2 hours"). `guide` is the figure that
    stands beside a best effort; it is shown, and nothing can miss it. `calendar` names the
    business calendar, where it is not the agreement's own. `outside` stands in its place where the
    clock begins outside the hours of that calendar.
    """

    text: str
    clock: Clock
    time: timedelta = timedelta(0)
    days: int = 0
    months: int = 0
    strict: bool = False
    guide: Promise | None = None
    calendar: str | None = None
    outside: Promise | None = None

    def __str__(self) -> str:
        return self.text


EXPECTED = (
    "a promised time: 24 hours, 24 business hours, 5 business days, next business day, less than 2 business hours, "
    "1 week, best effort, or best effort, guide 8 hours"
)
_EFFORT = "best effort|reasonable effort|at discretion|not promised"
_AMOUNT = re.compile(
    rf"(?P<strict>less than |under |within |at most )?(?P<amount>{NUMBER}) "
    r"(?P<kind>(?:business|working|office|calendar) )?"
    r"(?P<unit>second|minute|hour|day|week|month)s?",
    re.ASCII | re.IGNORECASE,
)
_PROMISE = re.compile(
    rf"(?P<effort>{_EFFORT})(?:, (?:guide|about|usually) (?P<guide>.+))?"
    rf"|(?P<which>same|next) (?:business|working) day|{_AMOUNT.pattern}",
    re.ASCII | re.IGNORECASE,
)


def promise(value: object) -> Promise:
    """Read a promised time: 24 hours, 24 business hours, 5 business days, best effort."""
    if isinstance(value, Promise):
        return value
    match = parsed(value, _PROMISE, EXPECTED, " hours")
    text = match[0].lower()
    if match["effort"]:
        guide = promise(match["guide"]) if match["guide"] else None
        return Promise(text, Clock.NONE, guide=guide)
    if match["which"]:
        return Promise(text, Clock.BUSINESS_DAYS, days=int(match["which"].lower() == "next"))
    strict = (match["strict"] or "").lower() in ("less than ", "under ")
    return replace(_timed(text, match), strict=strict)


def _timed(text: str, match: re.Match[str]) -> Promise:
    amount, unit = Fraction(match["amount"]), match["unit"].lower()
    kind = (match["kind"] or "").strip().lower().replace("working", "business").replace("office", "business")
    if unit in SECONDS and kind != "calendar":
        time = timedelta(microseconds=int(amount * SECONDS[unit] * 1_000_000))
        return Promise(text, Clock.BUSINESS_HOURS if kind else Clock.ELAPSED, time=time)
    if amount.denominator == 1:
        whole = amount.numerator
        if unit == "day" and kind:
            clock = Clock.BUSINESS_DAYS if kind == "business" else Clock.CALENDAR_DAYS
            return Promise(text, clock, days=whole)
        if unit == "week" and not kind:
            return Promise(text, Clock.ELAPSED, time=timedelta(weeks=whole))
        if unit == "month" and kind != "business":
            return Promise(text, Clock.MONTHS, months=whole)
    raise refused(
        f"{text!r} was not understood.",
        "whole business or calendar days, weeks or months, or hours",
        f"write {match['amount']} business days, or the hours",
    )


PromisedTime = Annotated[
    Promise,
    Written(
        promise,
        "A promised time",
        "",
        ("24 hours", "5 business days", "next business day", "less than 2 business hours", "best effort"),
    ),
]
