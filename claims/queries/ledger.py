"""Reading credit: an account's balance and postings, and what each bill took."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Protocol
from uuid import UUID

from claims.events.ledger import Cycle, Earned
from claims.models.double_entry import LedgerEntry
from claims.models.ledger import CreditAccount
from claims.rules.identity import ledger_id
from claims.rules.ledger import cycle_of
from customers.queries import AccountHoldings, accounts_under, usage_for
from eventstore import Event, history
from kernel.ids import AccountId
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """An account's credit: what can be drawn, what is set apart, what was earned and taken."""

    account: UUID
    balance: Money
    reserved: Money
    earned: tuple[Earned, ...]
    cycles: tuple[Cycle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a posting: a book and an amount, of a cycle where it is about one."""

    book: str
    amount: Money
    cycle: Month | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingView:
    """One posting with its lines, which sum to zero, and the event that it follows from."""

    number: int
    type: str
    event: Event
    occurred_at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """What a billing cycle comes to; without usage only what is reserved is known."""

    account: UUID
    number: str
    cycle: Month
    gross: Money | None
    reserved: Money | None
    credit_applied: Money | None
    remainder: Money | None


COLUMNS = ("cycle", "account", "currency", "gross", "credit_applied", "remainder")


def balance(account: UUID) -> Balance | None:
    """Give an account's credit; None where it never had any."""
    row = CreditAccount.objects.filter(account=account).first()
    if row is None:
        return None
    apart = (one.reserved for one in row.cycles if one.drawn is None)
    return Balance(
        account=account,
        balance=row.balance,
        reserved=sum(apart, start=Money.zero(row.balance.currency)),
        earned=row.earned,
        cycles=row.cycles,
    )


def postings(account: UUID) -> list[PostingView]:
    """List an account's postings with their lines, the first one first."""
    ledger = ledger_id(account)
    events = {one.version: one for one in history(ledger)}
    rows = LedgerEntry.objects.filter(ledger=ledger).order_by("posting", "line")
    return [
        PostingView(
            number=number,
            type=events[number].type_name,
            event=events[number].event,
            occurred_at=events[number].occurred_at,
            lines=tuple(_line(row) for row in lines),
        )
        for number, lines in groupby(rows, key=lambda row: row.posting)
    ]


def _line(row: LedgerEntry) -> Line:
    return Line(book=row.book, amount=Money(row.amount, row.currency), cycle=row.cycle)


def bill_lines(agreement: str, cycle: Month) -> Iterator[BillLine]:
    """Tell for every account under the agreement what its bill of the cycle comes to."""
    usage = usage_for(agreement, cycle)
    for accounts in accounts_under(agreement):
        cycles = _cycles(accounts, cycle)
        for one in accounts:
            yield bill_line(one, cycle, usage.get(one.id), cycles.get(one.id))


def _cycles(accounts: Iterable[AccountHoldings], month: Month) -> dict[UUID, Cycle]:
    rows = CreditAccount.objects.filter(account__in=[one.id for one in accounts])
    found = ((row.account, cycle_of(row.cycles, month)) for row in rows.order_by("account"))
    return {account: cycle for account, cycle in found if cycle is not None}


class Numbered(Protocol):
    """An account by its id and the number that people know."""

    @property
    def id(self) -> AccountId:
        """Its id."""

    @property
    def number(self) -> str:
        """Its number."""


def bill_line(account: Numbered, month: Month, gross: Money | None, cycle: Cycle | None) -> BillLine:
    """Work out what a cycle's bill comes to; without usage nothing is applied yet."""
    applied = cycle.drawn if cycle else None
    if gross is not None and applied is None:
        applied = Money.zero(gross.currency)
    remainder = gross - applied if gross is not None and applied is not None else None
    return BillLine(
        account=account.id,
        number=account.number,
        cycle=month,
        gross=gross,
        reserved=cycle.reserved if cycle else None,
        credit_applied=applied,
        remainder=remainder,
    )


def bills_csv(agreement: str, cycle: Month) -> Iterator[str]:
    """Write gross, credit applied and remainder of every account with usage, line by line."""
    return csv_of(bill_lines(agreement, cycle))


def csv_of(lines: Iterable[BillLine]) -> Iterator[str]:
    """Write bills as CSV, line by line; a cycle whose usage is not known has no line."""
    yield _csv_line(COLUMNS)
    for line in lines:
        if line.gross is not None:
            yield _csv_line(
                (
                    str(line.cycle),
                    line.number,
                    line.gross.currency,
                    _digits(line.gross),
                    _digits(line.credit_applied),
                    _digits(line.remainder),
                )
            )


def _digits(money: Money | None) -> str:
    amount = Decimal(0) if money is None else money.amount
    return f"{amount:f}"


def _csv_line(fields: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(fields)
    return line.getvalue()
