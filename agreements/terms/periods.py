"""Over which time a quantity is measured, and what it is a share of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from agreements.terms.levels import MINUTE, Level, length
from agreements.terms.problems import nearest
from agreements.terms.values import Written, refused, text_of

# The shortest and the longest that a period can be, in days; a change of the clock moves it by an hour.
LENGTHS = {
    "calendar month": (28, 31),
    "billing month": (28, 31),
    "calendar quarter": (90, 92),
    "calendar year": (365, 366),
    "week": (7, 7),
    "day": (1, 1),
}
OF_A_CAP = {
    "calendar month": "month",
    "billing month": "month",
    "calendar quarter": "quarter",
    **dict.fromkeys(("outage", "case", "event"), "incident"),
}
SINGLE = ("hour", "outage", "case", "event")
PERIODS = (*LENGTHS, *SINGLE)

_TRAILING = re.compile(r"(?:the )?(?:trailing|last) (\d+) days?", re.ASCII)
_EXPECTED = f"one of {', '.join(PERIODS)}, or trailing 30 days"


@dataclass(frozen=True)
class Period:
    """A period: `name` as it is written, `days` of trailing days, else 0."""

    name: str
    days: int = 0

    def __str__(self) -> str:
        return self.name

    @property
    def is_single(self) -> bool:
        """Whether the period is one outage, case or event, each judged by itself."""
        return self.name in ("outage", "case", "event")

    @property
    def of_a_cap(self) -> str:
        """What a cap calls this period: month, quarter, incident; "" where none does."""
        return OF_A_CAP.get(self.name, "")

    @property
    def bounds(self) -> tuple[Fraction, Fraction] | None:
        """The least and the most minutes that it can have; None where nothing limits it."""
        if self.name == "hour":
            return Fraction(60), Fraction(60)
        if self.is_single:
            return None
        least, most = LENGTHS.get(self.name, (self.days, self.days))
        return Fraction(least * 24 * 60 - 60), Fraction(most * 24 * 60 + 60)


def period(value: object) -> Period:
    """Read a period: calendar_month, billing month, trailing 30 days, outage."""
    if isinstance(value, Period):
        return value
    text = text_of(value, _EXPECTED).replace("_", " ").lower()
    text = {"month": "calendar month", "quarter": "calendar quarter", "year": "calendar year"}.get(text, text)
    if trailing := _TRAILING.fullmatch(text):
        return Period(f"trailing {trailing[1]} days", int(trailing[1]))
    if text not in PERIODS:
        near = (
            "write calendar_month" if "month" in text else nearest(text, (each.replace(" ", "_") for each in PERIODS))
        )
        raise refused(f"{text!r} is no period.", _EXPECTED, near)
    return Period(text)


@dataclass(frozen=True)
class Total:
    """What downtime is a share of: the minutes of the period, a fixed time, or a resource's own."""

    name: str
    fixed: Level | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def minutes(self) -> Fraction | None:
        """The minutes of a fixed total."""
        return self.fixed.value / MINUTE if self.fixed else None


TOTALS = {
    "minutes of the period": "period",
    "the period": "period",
    "the time it existed": "existed",
    "minutes pooled over resources": "pooled",
}
_TOTALS = f"{', '.join(TOTALS)}, or a fixed time such as 30 days or 730 hours"


def total(value: object) -> Total:
    """Read a total: minutes of the period, 730 hours, the time it existed."""
    if isinstance(value, Total):
        return value
    text = text_of(value, _TOTALS)
    if text in TOTALS:
        return Total(TOTALS[text])
    try:
        fixed = length(text)
    except ValueError as error:
        raise refused(f"{text!r} is no total.", _TOTALS) from error
    if not fixed.value or fixed.value % MINUTE:
        raise refused(f"{text!r} is no whole number of minutes.", _TOTALS)
    return Total("fixed", fixed)


PERIODS_WRITTEN = (
    *("calendar_month", "billing month", "calendar quarter", "calendar year", "week", "day", "hour"),
    *("outage", "case", "event", "trailing 30 days"),
)
PeriodText = Annotated[
    Period,
    Written(period, "A period", "", PERIODS_WRITTEN),
]
TotalText = Annotated[
    Total,
    Written(
        total,
        "What downtime is a share of",
        "",
        ("minutes of the period", "730 hours", "the time it existed", "minutes pooled over resources"),
    ),
]
