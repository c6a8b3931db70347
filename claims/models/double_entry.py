"""The books of an account: every ledger event as lines that sum to zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from django.db import models

from claims.events.ledger import (
    CreditDrawn,
    CreditPosted,
    CycleOpened,
    DrawAdjusted,
    PostingReversed,
)
from eventstore import Aggregate, Event
from eventstore.aggregate import Changed
from eventstore.appending import Staged
from eventstore.fields import MonthField
from eventstore.tables import rows_of
from kernel.ids import derived
from kernel.money import Money
from kernel.months import Month

if TYPE_CHECKING:
    from claims.models.ledger import CreditAccount


# COPY pays from about this many rows on.
_A_FEW = 10


class Book(models.TextChoices):
    """The four books of an account: a posting moves an amount from one to another."""

    GRANTED = "granted"
    BALANCE = "balance"
    RESERVED = "reserved"
    BILLED = "billed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a posting."""

    book: Book
    amount: Money
    cycle: Month | None = None


def lines(event: Event) -> tuple[Line, ...]:
    """Write a ledger event as double entry; a line of nothing is left out."""
    return tuple(line for line in _lines(event) if line.amount)


def _lines(event: Event) -> tuple[Line, ...]:
    match event:
        case CreditPosted(amount=amount):
            return Line(Book.GRANTED, -amount), Line(Book.BALANCE, amount)
        case PostingReversed(amount=amount):
            return Line(Book.GRANTED, amount), Line(Book.BALANCE, -amount)
        case CycleOpened(cycle=cycle, reserved=reserved):
            return Line(Book.BALANCE, -reserved), Line(Book.RESERVED, reserved, cycle)
        case CreditDrawn(cycle=cycle, reserved=reserved, drawn=drawn, returned=returned):
            return (
                Line(Book.RESERVED, -reserved, cycle),
                Line(Book.BILLED, drawn, cycle),
                Line(Book.BALANCE, returned),
            )
        case DrawAdjusted(cycle=cycle, before=before, drawn=drawn):
            return Line(Book.BALANCE, before - drawn), Line(Book.BILLED, drawn - before, cycle)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of the ledger")


class LedgerEntry(models.Model):
    """One line of one posting; `posting` is the version of its event in the ledger's stream.

    The database lets the application only add lines, and only where each posting sums to zero.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    ledger = models.UUIDField()
    account = models.UUIDField()
    posting = models.PositiveIntegerField()
    line = models.PositiveSmallIntegerField()
    book = models.TextField(choices=Book)
    cycle = MonthField(null=True)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=36, decimal_places=12)
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_entries"
        ordering = ("account", "posting", "line")
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(fields=["ledger", "posting", "line"], name="ledger_lines_numbered"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="ledger_lines_move_something"),
            models.CheckConstraint(condition=models.Q(book__in=Book.values), name="ledger_lines_in_a_known_book"),
        ]
        indexes = [models.Index(fields=["account", "posting"], name="ledger_lines_of_account")]

    def __str__(self) -> str:
        return f"{self.book} {self.amount} {self.currency}"


class Entries:
    """The ledger's lines, kept as the fold of its events: one posting for each event."""

    model: ClassVar[type[models.Model]] = LedgerEntry
    owner: ClassVar[str] = "ledger"
    only_grows: ClassVar[bool] = True
    compared: ClassVar[tuple[str, ...]] = (
        "ledger",
        "account",
        "posting",
        "line",
        "book",
        "cycle",
        "currency",
        "amount",
        "occurred_at",
    )

    def write(self, changed: Sequence[Changed]) -> None:
        """Add the lines of the events that are being recorded."""
        new = [entry for one in changed for entry in self._entries(one.row, one.events)]
        if len(new) <= _A_FEW:
            for entry in new:
                rows_of(LedgerEntry).insert(entry)
        else:
            rows_of(LedgerEntry).copy_in(new)

    def expected(self, row: Aggregate, events: Sequence[Staged], /) -> list[models.Model]:
        """Return the lines that follow from a whole stream."""
        return list(self._entries(row, events))

    def _entries(self, row: Aggregate, events: Sequence[Staged]) -> Iterator[LedgerEntry]:
        account = cast("CreditAccount", row).account
        for staged in events:
            posting = staged.expected + 1
            for number, line in enumerate(lines(staged.event), start=1):
                yield LedgerEntry(
                    id=derived("ledger-entry", staged.stream, posting, number),
                    ledger=staged.stream,
                    account=account,
                    posting=posting,
                    line=number,
                    book=line.book.value,
                    cycle=line.cycle,  # type: ignore[misc]  # MonthField holds a Month
                    currency=line.amount.currency,
                    amount=line.amount.amount,
                    occurred_at=staged.occurred_at,
                )
