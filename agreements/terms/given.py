"""What a worked example starts from: a period as it was measured, or a single moment of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from agreements.terms.bases import FeeText
from agreements.terms.levels import Length, Level, RateText, Unit, Value, length, seconds
from agreements.terms.part import Part
from agreements.terms.values import (
    NUMBER,
    Amount,
    Day,
    Name,
    Percent,
    Written,
    instant,
    money,
    parsed,
    refused,
    text_of,
)
from kernel.money import Money
from kernel.months import Month

_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})))?", re.ASCII)
_STATUS = re.compile(r"[1-5](?:xx|\d\d)|timeouts|none", re.ASCII)
_SERVICE = re.compile(rf"({NUMBER}) (hour|day|week|month)s?(?: of service)?", re.ASCII)


@dataclass(frozen=True)
class Span:
    """Whole calendar months: `first` and how many."""

    text: str
    first: Month
    months: int

    def minutes(self, zone: ZoneInfo) -> int:
        """Count the minutes in the zone."""
        return self.first.plus(self.months).first_minute(zone) - self.first.first_minute(zone)


def span(value: object) -> Span:
    """Read a month, a quarter or a year: 2027-03, 2027-Q1, 2027."""
    if isinstance(value, Span):
        return value
    expected = "a month, a quarter or a year, such as 2027-03, 2027-Q1 or 2027"
    match = parsed(value, _PERIOD, expected, "")
    year, quarter, month = int(match[1]), match[2], match[3]
    if month and not 1 <= int(month) <= 12:
        raise refused(f"{match[0]} is no month.", expected)
    if quarter:
        return Span(match[0], Month(year, 3 * int(quarter) - 2), 3)
    return Span(match[0], Month(year, int(month)), 1) if month else Span(match[0], Month(year, 1), 12)


@dataclass(frozen=True)
class Lasting:
    """An outage: its length, and the second of its first minute at which it began, if that is known."""

    text: str
    length: Level
    offset: Fraction = Fraction(0)


def lasting(value: object) -> Lasting:
    """Read an outage: 59 seconds, or from 2027-03-05T10:00:30Z to 2027-03-05T10:02Z."""
    if isinstance(value, Lasting):
        return value
    expected = "the length of an outage, such as 59 seconds, or 2027-03-05T10:00:30Z to 2027-03-05T10:02Z"
    text = text_of(value, expected)
    start, to, end = text.partition(" to ")
    if not to:
        return Lasting(text, length(text))
    begun, ended = instant(start), instant(end)
    if ended <= begun:
        raise refused(f"{text!r} ends before it begins.", expected)
    lasted = Fraction((ended - begun) // timedelta(microseconds=1), 1_000_000)
    return Lasting(text, Level(lasted, Unit.TIME, "second"), _offset(begun))


def _offset(begun: datetime) -> Fraction:
    return begun.second + Fraction(begun.microsecond, 1_000_000)


def down_time(value: object) -> Level:
    """Read downtime: a whole number of minutes, or a length of time."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return seconds(str(value), "minute")
    return length(value)


def answer(value: object) -> str:
    """Read what requests were answered with: a status, a class of them, or timeouts."""
    expected = "a status, a class of them, or timeouts, such as 2xx, 404 or timeouts"
    text = text_of(value, expected).lower()
    if _STATUS.fullmatch(text) is None:
        raise refused(f"{text!r} is no answer.", expected)
    return text


@dataclass(frozen=True)
class Before:
    """What was credited already: a sum, or service time."""

    money: Money | None = None
    service: tuple[Fraction, str] | None = None


def before(value: object) -> Before:
    """Read what was credited already: 20 USD, or 12 days."""
    if isinstance(value, Before):
        return value
    expected = "a sum or service time, such as 200.00 USD or 12 days"
    text = text_of(value, expected)
    if found := _SERVICE.fullmatch(text):
        return Before(service=(Fraction(found[1]), found[2]))
    try:
        return Before(money=money(text))
    except ValueError as error:
        raise refused(f"{text!r} was not understood.", expected) from error


SpanText = Annotated[Span, Written(span, "A month, a quarter or a year", "", ("2027-03", "2027-Q1"))]
LastingText = Annotated[Lasting, Written(lasting, "An outage", "", ("59 seconds",))]
DownText = Annotated[
    Level,
    Written(
        down_time, "Minutes, or a length of time", r"\d+|[\d.]+ \w+", ("130", "10 hours"), kind=("string", "integer")
    ),
]
BeforeText = Annotated[Before, Written(before, "A sum, or service time", "", ("200.00 USD", "12 days"))]
AnswerText = Annotated[str, Written(answer, "What requests were answered with", "", ("2xx", "timeouts"))]


class Slots(Part):
    """Slots that are alike."""

    number: int = Field(default=1, gt=0)
    """How many."""
    requests: int | None = Field(default=None, ge=0)
    """The requests in each; a slot without any is empty."""
    failed: int = Field(default=0, ge=0)
    """How many of the requests of each failed."""
    error_rate: Percent | None = None
    """Instead of counts, the share that failed."""


def _listed_names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[Name, ...], BeforeValidator(_listed_names, json_schema_input_type=Name | tuple[Name, ...])]


class Who(Part):
    """The customer and the resource that an example is about."""

    tier: Name | None = None
    """The tier that judges the month, or that asks for support; needless where there is one."""
    which: Mapping[Name, Names] = {}
    """Of other kinds in `varies_by`, what is meant: {region: eu}; several are a mix."""
    age: Length | None = None
    """How long the resource has existed."""
    size: Mapping[Name, Value] = {}
    """Its sizes, by the names in `covers`."""
    lacks: tuple[Name, ...] = ()
    """The set-ups in `covers` that the customer does not have."""
    good_standing: bool = True
    """Whether the account is in good standing."""
    billing: Name | None = None
    """How the customer is billed."""
    contract_ended: bool = False
    """Whether the contract has ended."""
    term_end: Day | None = None
    """The last day of the service term."""


class Fees(Part):
    """What a credit is a share of, and what was credited before."""

    usage: Amount | None = None
    """The month's usage."""
    fee: Amount | None = None
    """The fee that the table of credits names (`of`)."""
    fees: Mapping[FeeText, Amount] = {}
    """Other fees, by their names: {fee of the month: 49 USD, vouchers: 10 USD}."""
    rate: RateText | None = None
    """What time costs: 0.036 USD per hour."""
    credited_before: Mapping[
        Literal["month", "quarter", "period", "incident", "invoice", "twelve months"], BeforeText
    ] = {}
    """What was credited already, per what a cap says."""


class Quantity(Part):
    """What was measured in the period, in one of the ways in which it can be known."""

    uptime: Percent | None = None
    """The exact uptime of the period."""
    value: Value | None = None
    """The measured value of another quantity: 600 ms, 4.1, 2%."""
    support_misses: int | None = Field(default=None, ge=0)
    """How many answers to support requests were late in the period."""
    minutes: int | None = Field(default=None, gt=0)
    """The minutes of the period."""
    length: Length | None = None
    """Instead of the minutes, the length of the period: 30 days."""
    period: SpanText | None = None
    """Instead of the minutes, which month, quarter or year it is."""
    down: DownText | None = None
    """How long it was down and not excused: a number of minutes, or 10 hours."""
    outages: tuple[LastingText, ...] = ()
    """Instead, its outages one by one; what of them counts follows from the terms."""
    credited_down: Length | None = None
    """Downtime of trailing days that was credited before."""
    down_slots: int | None = Field(default=None, ge=0)
    """How many slots were down, where slots are counted."""
    slots: tuple[Slots, ...] = ()
    """The slots that an average is taken of."""
    events: int | None = Field(default=None, ge=0)
    """How many events were counted in the period."""
    failed: int | None = Field(default=None, ge=0)
    """How many of the events, or of `requests`, failed."""
    answers: Mapping[AnswerText, int] = {}
    """Instead, how many were answered with what: {5xx: 12, timeouts: 3}; the rest succeeded."""
    existed: Length | None = None
    """How long the resource existed in the period."""
    resources: int = Field(default=1, gt=0)
    """How many resources pool their minutes."""
    customer_reported: bool = True
    """Whether the customer has reported the downtime."""
    units: int | None = Field(default=None, ge=0)
    """How many units were concerned, where a sum is paid per unit."""


class Instance(Part):
    """One minute, request or outage that may count as down."""

    status: int | None = Field(default=None, ge=0, le=599)
    """An HTTP status that a check was answered with; 0 is no answer."""
    took: Length | None = None
    """How long the answer took."""
    requests: int | None = Field(default=None, ge=0)
    """The requests of a minute or slot."""
    error_rate: Percent | None = None
    """Instead of counts, the share of them that failed."""
    lasted: LastingText | None = None
    """How long an outage lasted."""
    parts: int | None = Field(default=None, gt=0)
    """How many parts there are."""
    parts_failing: int | None = Field(default=None, ge=0)
    """How many of the parts failed together."""


class PeriodGiven(Who, Fees, Quantity):
    """One commitment's period."""

    commitment: Name | None = None
    """Which commitment is judged; without, the first that covers the tier and has what is given."""
