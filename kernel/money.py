"""Money: exact decimal amounts in one currency, rounded once and only where asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Subnormal
from fractions import Fraction
from functools import lru_cache
from typing import Self

from kernel.errors import CurrencyMismatch, MoneyMalformed

DEFAULT_MINOR_DIGITS = 2
# ISO 4217, where the minor unit is not a hundredth.
MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_DIGITS = re.compile(r"[-+]?\d+(\.\d+)?", re.ASCII)
# What this context can not say exactly is refused, never rounded.
_EXACT = Context(prec=200, Emin=-100, Emax=100, traps=[Inexact, InvalidOperation, Overflow, Subnormal])


def minor_digits(currency: str) -> int:
    """Count the digits of the currency's minor unit: USD 2, JPY 0, KWD 3."""
    return MINOR_DIGITS.get(currency, DEFAULT_MINOR_DIGITS)


@lru_cache(maxsize=512)
def _quantum(currency: str) -> Decimal:
    if _CURRENCY.fullmatch(currency) is None:
        raise MoneyMalformed(repr(currency))
    return Decimal(1).scaleb(-minor_digits(currency))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency; arithmetic is exact and refuses floats and other currencies."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not Decimal or not self.amount.is_finite():
            raise MoneyMalformed(repr(self.amount))
        quantum = _quantum(self.currency)
        if not self.amount.same_quantum(quantum) or not self.amount or self.amount.adjusted() > _EXACT.Emax:
            object.__setattr__(self, "amount", _written_one_way(self.amount, quantum))

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Self:
        """Make money from a Decimal, a whole number or plain digits ("-1250.00"), never from a float."""
        is_digits = isinstance(amount, str) and _DIGITS.fullmatch(amount)
        if is_digits or type(amount) in (int, Decimal):
            return cls(Decimal(amount), currency)
        raise MoneyMalformed(repr(amount)[:80])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what str() wrote: "50.00 USD"."""
        amount, space, currency = text.partition(" ")
        if not space:
            raise MoneyMalformed(repr(text))
        return cls.of(amount, currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """No money, in this currency."""
        return cls(Decimal(0), currency)

    def __str__(self) -> str:
        """Write the amount with at least its minor digits: 50.00 USD, 0.000125 USD."""
        return f"{self.amount:f} {self.currency}"

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __add__(self, other: Money) -> Money:
        return Money(_EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(_EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)

    def __abs__(self) -> Money:
        return Money(self.amount.copy_abs(), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    @property
    def is_whole(self) -> bool:
        """Whether the amount is a whole number of minor units."""
        return self.amount.same_quantum(_quantum(self.currency))

    def _same(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            raise MoneyMalformed(repr(other))
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount


def share(money: Money, part: Fraction) -> Money:
    """Take a part of the money, rounded once, half even, to the minor unit (SEMANTICS 13)."""
    return _from_minor(round(_minor_units(money, part)), money.currency)


def share_down(money: Money, part: Fraction) -> Money:
    """Take a part of the money, rounded once, down, to the minor unit (SEMANTICS 13)."""
    return _from_minor(_minor_units(money, part).__floor__(), money.currency)


def _minor_units(money: Money, part: Fraction) -> Fraction:
    if not isinstance(part, Fraction | int):
        raise MoneyMalformed("share", part)
    scale: int = 10 ** minor_digits(money.currency)
    return Fraction(money.amount) * part * scale


def _from_minor(units: int, currency: str) -> Money:
    return Money(Decimal(units).scaleb(-minor_digits(currency), _EXACT), currency)


def _written_one_way(amount: Decimal, quantum: Decimal) -> Decimal:
    """Drop a negative zero and zeros after the minor digits, and have the minor digits."""
    if not amount:
        return quantum - quantum
    try:
        shortest = amount.normalize(_EXACT)
        return shortest if _places(shortest) > _places(quantum) else shortest.quantize(quantum, context=_EXACT)
    except (Inexact, InvalidOperation, Overflow, Subnormal) as error:
        raise MoneyMalformed(repr(amount)[:80]) from error


def _places(amount: Decimal) -> int:
    return -int(amount.as_tuple().exponent)
