"""The most and the least that is paid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from agreements.terms.bases import Base, base
from agreements.terms.rewording import money_meant
from agreements.terms.values import NUMBER, Written, refused, text_of
from kernel.money import Money

# Per what a cap holds, as written and as it is called in `credited_before`.
PER = {
    "month": "month",
    "calendar month": "month",
    "period": "period",
    "quarter": "quarter",
    "calendar quarter": "quarter",
    "incident": "incident",
    "outage": "incident",
    "invoice": "invoice",
    "year": "twelve months",
    "twelve months": "twelve months",
    "12 months": "twelve months",
}

_PER = re.compile(rf"(?P<head>.+?) (?:per|in any|in each) (?P<per>{'|'.join(PER)})", re.ASCII)
_SHARE = re.compile(rf"(?:({NUMBER}) ?%|(\d+)/([1-9]\d*)) of (.+)", re.ASCII)
_SERVICE = re.compile(rf"({NUMBER}) (hour|day|week|month)s? of (?:paid )?service", re.ASCII)
_SUM = re.compile(rf"{NUMBER} [A-Z]{{3}}", re.ASCII)
_LEAST = re.compile(rf"(at least|above|more than) ({NUMBER} [A-Z]{{3}})", re.ASCII)
_EXPECTED = (
    "a percent of a base, days of service or a sum, such as 50% of usage of the month, 15 days of service per month, "
    "or 100 USD per incident"
)


@dataclass(frozen=True)
class Cap:
    """The most that is paid: a share of a base, service time, or a sum; `per` says over what."""

    text: str
    kind: Literal["share", "service", "sum"]
    amount: Fraction
    unit: str = ""
    base: Base | None = None
    per: str = "period"

    def __str__(self) -> str:
        return self.text

    @property
    def share(self) -> Fraction:
        """The share, of a cap that is one."""
        return self.amount

    @property
    def of(self) -> str:
        """The base, of a cap that is a share of one; otherwise ""."""
        return self.base.text if self.base else ""


def cap(value: object) -> Cap:
    """Read the most that is paid: 50% of usage of the month, 15 days of service, 100 USD per incident."""
    if isinstance(value, Cap):
        return value
    text = text_of(value, _EXPECTED)
    found = _PER.fullmatch(text)
    head, per = (found["head"], PER[found["per"]]) if found else (text, "period")
    if share := _SHARE.fullmatch(head):
        part = Fraction(share[1]) / 100 if share[1] else Fraction(int(share[2]), int(share[3]))
        return Cap(text, "share", part, base=base(share[4]), per=per)
    if service := _SERVICE.fullmatch(head):
        return Cap(text, "service", Fraction(service[1]), service[2], per=per)
    if _SUM.fullmatch(head):
        money = Money.parse(head)
        return Cap(text, "sum", Fraction(money.amount), money.currency, per=per)
    mend = f"say of what: {text} of usage of the month" if re.fullmatch(rf"{NUMBER} ?%", text, re.ASCII) else ""
    raise refused(f"{text!r} was not understood.", _EXPECTED, mend)


@dataclass(frozen=True)
class Minimum:
    """The least that is paid out: a smaller credit is none."""

    amount: Money
    includes: bool

    def __str__(self) -> str:
        return f"{'at least' if self.includes else 'above'} {self.amount}"

    def reached(self, credit: Money) -> bool:
        """Tell whether a credit is paid out."""
        return credit > self.amount or (self.includes and credit == self.amount)


def minimum(value: object) -> Minimum:
    """Read the least that is paid out: at least 5 USD, above 5 USD."""
    if isinstance(value, Minimum):
        return value
    expected = "a least credit, such as at least 5 USD or above 5 USD"
    found = _LEAST.fullmatch(text_of(value, expected))
    if found is None:
        mend = money_meant(str(value)).replace("write ", "write at least ")
        raise refused(f"{value!r} was not understood.", expected, mend)
    return Minimum(Money.parse(found[2]), includes=found[1] == "at least")


def _listed(value: Any) -> Any:
    if value == "none":
        return ()
    return (value,) if isinstance(value, str | Cap | Mapping) else value


CapText = Annotated[
    Cap, Written(cap, "The most that is paid", "", ("50% of usage of the month", "100 USD per incident"))
]
Caps = Annotated[
    tuple[CapText, ...],
    BeforeValidator(_listed, json_schema_input_type=CapText | tuple[CapText, ...] | Literal["none"]),
]
MinimumText = Annotated[Minimum, Written(minimum, "The least that is paid out", "", ("at least 5 USD", "above 5 USD"))]
