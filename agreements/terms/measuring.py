"""What is measured, and when a minute is up, down or unknown."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from typing import Annotated, Literal

from agreements.terms.part import Part
from agreements.terms.values import Duration, Written, percent, refused, text_of

_STATUS = re.compile(r"([1-5])(?:xx|\d\d)", re.ASCII)


def _status(value: object) -> str:
    expected = "an HTTP status or a class of them, such as 2xx or 404"
    text = text_of(value, expected).lower()
    if _STATUS.fullmatch(text) is None:
        raise refused(f"{text!r} is no HTTP status.", expected)
    return text


Status = Annotated[
    str, Written(_status, "An HTTP status or a class", "[1-5](?:xx|\\d\\d)", ("2xx",), kind=("string", "integer"))
]


def _service_rule(value: object) -> str | Fraction:
    if value in ("any_down", "all_down"):
        return str(value)
    expected = "any_down, all_down, or a share of the monitors such as 50%"
    try:
        share = percent(value)
    except ValueError:
        share = Fraction(0)
    if not share:
        raise refused(f"{value!r} is no rule for a service.", expected)
    return share


ServiceRule = Annotated[
    str | Fraction,
    Written(
        _service_rule,
        "The share of its monitors that must be down",
        "",
        ("any_down", "all_down", "50%"),
    ),
]


class Service(Part):
    """One thing whose uptime is measured."""

    title: str
    """Its name as customers read it."""
    endpoint: str | None = None
    """Where it is reached."""


class Measurement(Part):
    """How checks become the minutes of a service."""

    success_statuses: tuple[Status, ...] = ("2xx",)
    """The answers that show the service working; every other, and no answer, is a failure."""
    quorum: Literal["all", "majority", "any"] = "all"
    """How many of a monitor's checks in one minute must fail for the minute to be down."""
    max_gap: Duration = timedelta(minutes=5)
    """For how long after a check the minutes without one keep its state."""
    service_rule: ServiceRule = "any_down"
    """When a service is down that several monitors watch."""
    no_data: Literal["up", "down", "leaves_total"] = "leaves_total"
    """What an unknown minute counts as; every statement shows them, whatever it is."""

    def success(self, status: int) -> bool:
        """Tell whether the answer shows the service working; 0 is no answer."""
        listed = self.success_statuses
        return str(status) in listed or f"{status // 100}xx" in listed
