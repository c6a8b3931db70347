"""What one account's bills come to, cycle by cycle."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from claims.queries.ledger import BillLine, balance, bill_line
from customers import queries as customers


def bills_of(account: UUID) -> Iterator[BillLine]:
    """Give every cycle of the account with usage or with credit set aside, the newest first."""
    view, credit = customers.account(account), balance(account)
    usages = customers.usages_of(account)
    cycles = {one.month: one for one in credit.cycles} if credit else {}
    for month in sorted(usages.keys() | cycles.keys(), reverse=True):
        yield bill_line(view, month, usages.get(month), cycles.get(month))
