"""Time limits in words: how long, counted from what, open from when, and where the end may move.

A limit by the clock (`24 hours`) ends at an instant. A limit by the calendar (`30 days`, `2 months`,
`end of the month after`) ends with its last day, at the midnight that follows (SEMANTICS 16).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from agreements.terms.part import Part
from agreements.terms.problems import nearest
from agreements.terms.rewording import reworded
from agreements.terms.values import NUMBER, SECONDS, Written, refused, text_of


class Reach(StrEnum):
    """How a time limit is counted."""

    ELAPSED = "elapsed time"
    WORKED = "worked time"
    DAYS = "calendar days"
    BUSINESS_DAYS = "business days"
    MONTHS = "months"
    END_OF = "end of a period"
    WHILE_IT_LASTS = "while the incident lasts"
    NEXT = "next of a kind"
    UNLIMITED = "no limit"


@dataclass(frozen=True)
class Within:
    """A time limit: `time` for what is elapsed or worked, else `amount` of days, months or periods.

    Of END_OF, `of` is the period and `amount` how many after the one that holds day 0; of NEXT,
    `of` is what is waited for and `amount` the how manyth of it.
    """

    text: str
    reach: Reach
    amount: int = 0
    time: timedelta = timedelta(0)
    of: str = ""

    def __str__(self) -> str:
        return self.text

    @property
    def business(self) -> bool:
        """Whether it counts business time."""
        return self.reach in (Reach.WORKED, Reach.BUSINESS_DAYS)


CALENDAR_MONTH = "month"
QUARTER = "quarter"
WEEK = "week"
YEAR = "year"
CYCLE = "billing cycle"
INVOICE = "invoice"

_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_PERIODS = rf"(?P<of>(?:calendar )?{CALENDAR_MONTH}|(?:calendar )?{QUARTER}|{WEEK}|(?:calendar )?{YEAR}|{CYCLE})"
_AMOUNT = re.compile(
    rf"(?P<amount>{NUMBER}) (?:calendar )?(?P<business>(?:business|working|office) )?"
    r"(?P<unit>second|minute|hour|day|week|month|year)s?",
    re.ASCII,
)
_END_OF = re.compile(
    rf"(?:the )?end of the (?:(?P<which>same|next|following|{'|'.join(_ORDINALS)}) )?{_PERIODS}"
    r"(?P<after> (?:after|following))?",
    re.ASCII,
)
_NEXT = re.compile(rf"(?:the )?(?P<which>next|{'|'.join(_ORDINALS)}) (?P<of>{INVOICE}|{CYCLE})", re.ASCII)
_WHOLE = {"day": (Reach.DAYS, 1), "week": (Reach.DAYS, 7), "month": (Reach.MONTHS, 1), "year": (Reach.MONTHS, 12)}
_LASTS = ("during the outage", "during the incident", "while it lasts")
_UNLIMITED = ("no limit", "unlimited")

LIMIT_EXPECTED = (
    "a time limit, such as 30 days, 24 hours, 5 business days, 2 months, end of the month after, "
    "end of the second billing cycle, during the outage or no limit"
)


def within(value: object) -> Within:
    """Read a time limit in words."""
    if isinstance(value, Within):
        return value
    text = " ".join(text_of(value, LIMIT_EXPECTED).lower().split()).removeprefix("within ")
    found = _read(text)
    if found is None:
        raise refused(f"{text!r} was not understood.", LIMIT_EXPECTED, _mended(text))
    return found


def _read(text: str) -> Within | None:
    if text in _LASTS:
        return Within(text, Reach.WHILE_IT_LASTS)
    if text in _UNLIMITED:
        return Within(text, Reach.UNLIMITED)
    if match := _AMOUNT.fullmatch(text):
        return _amount(text, match)
    if match := _END_OF.fullmatch(text):
        return Within(text, Reach.END_OF, amount=_periods_later(match), of=_period(match["of"]))
    if match := _NEXT.fullmatch(text):
        return Within(text, Reach.NEXT, amount=_place(match["which"]), of=match["of"])
    return None


def _mended(text: str) -> str:
    """Tell how a number without its unit, or one in words, is written."""
    if re.fullmatch(NUMBER, text, re.ASCII):
        return f"write {text} days"
    return reworded(text, _AMOUNT.fullmatch)


def _amount(text: str, match: re.Match[str]) -> Within:
    number, unit = Fraction(match["amount"]), match["unit"]
    if unit in SECONDS:
        time = timedelta(microseconds=int(number * SECONDS[unit] * 1_000_000))
        return Within(text, Reach.WORKED if match["business"] else Reach.ELAPSED, time=time)
    if number.denominator != 1 or (match["business"] and unit != "day"):
        raise refused(f"{text!r} was not understood.", LIMIT_EXPECTED, "write whole days, or the hours")
    if match["business"]:
        return Within(text, Reach.BUSINESS_DAYS, amount=number.numerator)
    reach, times = _WHOLE[unit]
    return Within(text, reach, amount=number.numerator * times)


def _periods_later(match: re.Match[str]) -> int:
    """Count how many periods after the one that holds day 0: that one is the first."""
    which, after = match["which"], bool(match["after"])
    if which in ("next", "following"):
        if after:
            raise refused(f"{match[0]!r} says twice that it is a later one.", LIMIT_EXPECTED)
        return 1
    if which is None or which == "same":
        return 1 if after else 0
    return _place(which) - (0 if after else 1)


def _place(which: str) -> int:
    return 1 if which == "next" else _ORDINALS.index(which) + 1


def _period(written: str) -> str:
    return written.removeprefix("calendar ")


WithinText = Annotated[
    Within,
    Written(
        within,
        "A time limit",
        "",
        (
            "30 days",
            "24 hours",
            "5 business days",
            "2 months",
            "end of the month after",
            "end of the second billing cycle",
        ),
    ),
]

OCCASIONS = (
    "incident_start",
    "incident_end",
    "reported",
    "ticket",
    "ticket_closed",
    "period_end",
    "billing_cycle_end",
    "invoiced",
    "aware",
    "eligible",
    "notified",
    "published",
    "opening",
    "filed",
    "complete",
    "decided",
    "approved",
    "term_end",
)
PERIOD_ENDS = ("period_end", "billing_cycle_end", "term_end")


@dataclass(frozen=True)
class CountedFrom:
    """What gives day 0: one occasion, or the later or the earlier of several."""

    occasions: tuple[str, ...]
    which: Literal["", "later", "earlier"] = ""

    def __str__(self) -> str:
        return f"{self.which} of {' and '.join(self.occasions)}" if self.which else self.occasions[0]


_SEVERAL = re.compile(r"(?:the )?(later|latest|earlier|earliest) of (.+)", re.ASCII)
_WRITTEN_BEFORE = {"later_of_filing_and_month_end": "later of filed and period_end"}
OCCASION_EXPECTED = "one of " + ", ".join(OCCASIONS) + ", or `later of` or `earlier of` two of them"


def counted_from(value: object) -> CountedFrom:
    """Read what a limit is counted from: incident_end, or later of filed and period_end."""
    if isinstance(value, CountedFrom):
        return value
    written = text_of(value, OCCASION_EXPECTED)
    text = _WRITTEN_BEFORE.get(written, written)
    several = _SEVERAL.fullmatch(text)
    if several is None:
        return CountedFrom((_occasion(text),))
    names = tuple(_occasion(name) for name in re.split(r",? and |, ", several[2]))
    if len(set(names)) < 2:
        raise refused(f"{written!r} names one occasion only.", OCCASION_EXPECTED)
    return CountedFrom(names, "later" if several[1].startswith("late") else "earlier")


def _occasion(written: str) -> str:
    name = written.strip()
    if name in OCCASIONS:
        return name
    raise refused(f"{name!r} is no occasion.", OCCASION_EXPECTED, nearest(name, OCCASIONS))


CountedFromText = Annotated[
    CountedFrom,
    Written(counted_from, "What a time limit is counted from", "", (*OCCASIONS, "later of filed and period_end")),
]


class Opening(Part):
    """When a window opens that is not open from the start."""

    once: WithinText | None = None
    """What must have passed first: after `5 days`, it opens when day 5 is over."""
    on_day: int | None = Field(default=None, ge=0)
    """Instead, the day on which it opens, at its start; day 0 is that of `counted_from`."""
    counted_from: CountedFromText
    """What gives day 0; alone, the window opens there."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.once is not None and self.on_day is not None:
            raise refused("The opening is told twice.", "either `once` or `on_day`")
        if self.once is not None and self.once.reach not in OPENING_REACHES:
            raise refused(f"A window can not open {self.once.text!r} after something.", "hours, days or months")
        return self


OPENING_REACHES = (Reach.ELAPSED, Reach.WORKED, Reach.DAYS, Reach.BUSINESS_DAYS, Reach.MONTHS)


def _long_opening(value: Any) -> Any:
    return {"counted_from": value} if isinstance(value, str | CountedFrom) else value


ShortOpening = Annotated[Opening, BeforeValidator(_long_opening, json_schema_input_type=CountedFromText | Opening)]


class Limit(Part):
    """A time limit of its own: so long, counted from something."""

    within: WithinText
    """How long."""
    counted_from: CountedFromText
    """What gives day 0, which never counts unless `first_day_counts`."""
    first_day_counts: bool = False
    """Whether the day of `counted_from` is day 1."""
    roll: bool = False
    """Whether a last day that is no business day rolls to the next one."""

    @model_validator(mode="after")
    def _in_days(self) -> Self:
        require_days(self.within, first_day_counts=self.first_day_counts, roll=self.roll)
        return self


def require_days(limit: Within, **told: bool) -> None:
    """Refuse what is told about the days of a limit that has none."""
    for name, value in told.items():
        if value and limit.reach in (Reach.ELAPSED, Reach.WORKED, Reach.WHILE_IT_LASTS, Reach.UNLIMITED):
            sentence = f"`{name}` is about days, and {limit.text!r} is not counted in days."
            raise refused(sentence, "a limit in days or months", f"remove `{name}`")


def long_limit(value: Any) -> Any:
    """Let a limit whose day 0 is known be written short: 45 days."""
    return {"within": value} if isinstance(value, str | int | Within) else value


def length_text(length: timedelta) -> str:
    """Write a length of time exactly: 8 hours, 90 minutes, 30 seconds."""
    for unit, seconds in reversed(SECONDS.items()):
        number = Fraction(length // timedelta(microseconds=1), seconds * 1_000_000)
        if number.denominator == 1:
            return f"{number} {unit}" + ("" if number == 1 else "s")
    return f"{length.total_seconds()} seconds"
