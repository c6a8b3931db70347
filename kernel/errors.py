"""What the kernel refuses: one class per broken rule, its docstring the sentence a person reads."""

from __future__ import annotations


class KernelError(ValueError):
    """A value was refused."""

    def __init__(self, *refused: object) -> None:
        sentence = (type(self).__doc__ or "").strip()
        values = ", ".join(str(value) for value in refused)
        super().__init__(f"{sentence} ({values})" if values else sentence)


class NaiveInstant(KernelError):
    """An instant must say its time zone."""


class BackwardInterval(KernelError):
    """An interval must end after it starts."""


class MonthMalformed(KernelError):
    """A month is written as year and month, such as 2026-10."""


class ClassesOverlap(KernelError):
    """Each minute of a month has exactly one class, inside the month (SEMANTICS 8)."""


class MoneyMalformed(KernelError):
    """Money is an exact, finite decimal amount and a currency of three capital letters."""


class CurrencyMismatch(KernelError):
    """Amounts in different currencies can not be added or compared."""


class ClockRefused(KernelError):
    """MAKEGOOD_CLOCK moves the clock, and these settings do not allow a moved clock."""


class ClockOffsetMalformed(KernelError):
    """MAKEGOOD_CLOCK is a signed duration, such as +40d, +3h or -1d12h30m."""


class QuotationMarkStray(KernelError):
    """A quotation mark before a text has its partner after it, on the same line."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found
