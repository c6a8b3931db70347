"""Worked examples: what is given, and what the terms must make of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agreements.terms.example_times import ExpectedTimes, GivenTimes
from agreements.terms.part import Part
from agreements.terms.values import Amount, Instant, Name, Percent

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


class Given(GivenTimes):
    """What the example starts from; the fields that are given choose what is tried."""

    tier: Name | None = None
    """The tier that judges the month, or that asks for support."""
    uptime: Percent | None = None
    """The month's exact uptime."""
    minutes: int | None = Field(default=None, gt=0)
    """Instead of an uptime: the minutes of the month,"""
    down: int | None = Field(default=None, ge=0)
    """and how many of them were down and not excused."""
    usage: Amount | None = None
    """The month's usage."""
    status: int | None = Field(default=None, ge=0, le=599)
    """An HTTP status that a check was answered with; 0 is no answer."""
    severity: Name | None = None
    """The severity of a support request,"""
    received: Instant | None = None
    """and when it was received."""


class Expected(ExpectedTimes):
    """What must follow; only what is stated is compared."""

    target: Percent | None = None
    """The tier's target."""
    missed: bool | None = None
    """Whether it was missed."""
    outcome: Outcome | None = None
    """What the judgement is called."""
    pays: Percent | None = None
    """The share that the row pays, before the cap."""
    credit: Amount | None = None
    """The credit, after the cap."""
    uptime: Percent | None = None
    """The uptime that the minutes make, exactly."""
    success: bool | None = None
    """Whether the status shows the service working."""
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
