"""Of what a credit is a share: the fees and charges that a document names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from agreements.terms.values import Written, refused, text_of

USAGE_OF_MONTH = "usage of the month"
BASES: Mapping[str, str] = {
    USAGE_OF_MONTH: "gross metered charges of the calendar month, before credits and tax",
    "usage of the period": "the same, of the commitment's period",
    "fee of the month": "all that is charged for the month",
    "fee of the period": "all that is charged for the commitment's period",
    "fee of the year": "all that is charged for the contract year",
    "fee of the service": "what is charged for the affected service in the period",
    "fee of the component": "what is charged for the affected component or feature in the period",
    "fee of the item": "what is charged for the affected item, such as one server or cluster, in the period",
    "recurring charge": "the charge that recurs each period, without usage and one-off items",
    "order": "the whole order that the service belongs to",
    "invoice": "the invoice to which the credit is applied",
}
VOUCHERS = "vouchers"

_BEFORE = re.compile(r"fees of the \d+ days before", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*", re.ASCII)
_CHOICE = re.compile(r"the (greater|lesser) of (.+) and (.+)", re.ASCII)
_LESS = re.compile(r"(.+) without vouchers", re.ASCII)


@dataclass(frozen=True)
class Base:
    """A base: one fee, or the greater or lesser of two, perhaps without what a voucher paid."""

    text: str = field(compare=False)
    names: tuple[str, ...]
    choice: str = "only"
    without_vouchers: bool = False

    def __str__(self) -> str:
        return self.text


def base(value: object) -> Base:
    """Read a base: usage of the month, fee of the service, the greater of two."""
    if isinstance(value, Base):
        return value
    text = text_of(value, _expected())
    less = _LESS.fullmatch(text)
    plain = less[1] if less else text
    if choice := _CHOICE.fullmatch(plain):
        names = (fee(choice[2]), fee(choice[3]))
        return Base(text, names, choice[1], less is not None)
    return Base(text.removeprefix("the "), (fee(plain),), without_vouchers=less is not None)


def fee(value: object) -> str:
    """Read the name of one fee: a phrase that the format knows, or a name of the file's own `bases`."""
    text = text_of(value, _expected()).removeprefix("the ")
    if text in BASES or text == VOUCHERS or _BEFORE.fullmatch(text) or _NAME.fullmatch(text):
        return text
    raise refused(f"{text!r} is no base.", _expected(), _nearest(text))


def is_known(name: str) -> bool:
    """Tell whether the format itself knows the fee."""
    return name in BASES or name == VOUCHERS or _BEFORE.fullmatch(name) is not None


def _nearest(text: str) -> str:
    shared = {known: len(set(known.split()) & set(text.split())) for known in BASES}
    best = max(shared, key=lambda known: shared[known])
    return f"write {best}" if shared[best] else "name it in `bases`, and write that name"


def _expected() -> str:
    return f"one of {', '.join(BASES)}, fees of the 30 days before, or a name that stands in `bases`"


BaseText = Annotated[
    Base,
    Written(base, "A base", "", (USAGE_OF_MONTH, "fee of the service", "the greater of fee of the month and order")),
]
FeeText = Annotated[str, Written(fee, "A fee", "", ("fee of the month",))]
