"""Events with every kind of field, and one that had other shapes before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from eventstore import Event, Private, event, upcasts
from kernel.ids import AccountId
from kernel.intervals import Interval, Ranges
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True)
class Line:
    """A part of an event that is a value of its own."""

    label: str
    amount: Money


@event("tests.everything_happened")
@dataclass(frozen=True, kw_only=True)
class EverythingHappened(Event):
    text: str
    count: int
    flag: bool
    exact: Decimal
    account: AccountId
    at: datetime
    on: date
    missing: str | None
    money: Money
    share: Fraction
    month: Month
    minutes: Ranges
    words: Private
    lines: tuple[Line, ...]
    names: dict[str, int]
    stretches: tuple[Interval, ...]


EVERYTHING = EverythingHappened(
    text='Zoë said "no" \\ ünd ✓',
    count=-7,
    flag=True,
    exact=Decimal("1.10"),
    account=AccountId(UUID("00000000-0000-0000-0000-00000000000a")),
    at=datetime(2026, 10, 1, 12, 30, 0, 5, tzinfo=UTC),
    on=date(2026, 10, 31),
    missing=None,
    money=Money.of("50", "USD"),
    share=Fraction(999, 1000),
    month=Month(2026, 10),
    minutes=Ranges.of((10, 20), (30, 40)),
    words=Private(UUID("00000000-0000-0000-0000-00000000000b"), "a-token"),
    lines=(Line("credit", Money.of("2", "JPY")),),
    names={"b": 2, "a": 1},
    stretches=(Interval(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC)),),
)

EVERYTHING_WRITTEN = (
    '{"account":"00000000-0000-0000-0000-00000000000a","at":"2026-10-01T12:30:00.000005Z","count":-7,"exact":"1.10",'
    '"flag":true,"lines":[{"amount":{"amount":"2","currency":"JPY"},"label":"credit"}],"minutes":[[10,20],[30,40]],'
    '"missing":null,"money":{"amount":"50.00","currency":"USD"},"month":{"month":10,"year":2026},"names":{"a":1,"b":2},'
    '"on":"2026-10-31","share":"999/1000","stretches":[{"end":"2026-10-02T00:00:00Z","start":"2026-10-01T00:00:00Z"}],'
    '"text":"Zoë said \\"no\\" \\\\ ünd ✓",'
    '"words":{"subject":"00000000-0000-0000-0000-00000000000b","token":"a-token"}}'
)


@event("tests.price_named", version=3)
@dataclass(frozen=True, kw_only=True)
class PriceNamed(Event):
    """Version 1 had whole dollars, version 2 an amount in dollars, version 3 has a currency."""

    price: Money


@upcasts("tests.price_named", since=1)
def whole_dollars(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"amount": str(fields["dollars"])}


@upcasts("tests.price_named", since=2)
def dollars_only(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"price": {"amount": fields["amount"], "currency": "USD"}}
