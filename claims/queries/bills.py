"""What one account's bills come to, cycle by cycle."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from claims.queries.ledger import BillLine, balance
from customers import queries as customers
from kernel.money import Money


def bills_of(account: UUID) -> Iterator[BillLine]:
    """Give gross, credit applied and remainder of each cycle of the account with usage, the newest first."""
    number = customers.account(account).number
    credit = balance(account)
    cycles = {one.month: one for one in credit.cycles} if credit else {}
    for month, gross in customers.usages_of(account).items():
        cycle = cycles.get(month)
        applied = (cycle.drawn if cycle else None) or Money.zero(gross.currency)
        yield BillLine(
            account=account,
            number=number,
            cycle=month,
            gross=gross,
            credit_applied=applied,
            remainder=gross - applied,
        )
