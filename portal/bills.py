"""What an account's bills come to, cycle by cycle."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from claims.queries import ledger
from customers import queries as customers
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True, slots=True)
class Bill:
    """One billing cycle: its usage, what credit was reserved for it and what of that was applied.

    Without usage nothing is applied yet; without credit nothing was reserved.
    """

    month: Month
    usage: Money | None
    reserved: Money | None
    applied: Money | None

    @property
    def remainder(self) -> Money | None:
        """What is left to pay."""
        if self.usage is None or self.applied is None:
            return None
        return self.usage - self.applied


def bills_of(account: UUID) -> list[Bill]:
    """List the account's cycles, the newest first."""
    usages = customers.usages_of(account)
    balance = ledger.balance(account)
    cycles = {one.month: one for one in balance.cycles} if balance else {}
    bills = []
    for month in sorted(usages.keys() | cycles.keys(), reverse=True):
        usage, cycle = usages.get(month), cycles.get(month)
        drawn = cycle.drawn if cycle else None
        applied = drawn or (Money.zero(usage.currency) if usage else None)
        bills.append(Bill(month, usage, cycle.reserved if cycle else None, applied))
    return bills
