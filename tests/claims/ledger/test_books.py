"""What the database itself refuses: an unbalanced posting, a changed line, a line at another account."""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from claims.commands.claims.credit import credit
from claims.models.double_entry import LedgerEntry
from tests.claims.october import TUESDAY_10TH
from tests.personas import ACME, RIVAL

LINE = """
INSERT INTO ledger_entries (id, ledger, account, posting, line, book, cycle, currency, amount, occurred_at)
SELECT gen_random_uuid(), ledger, %s, %s, %s, %s, NULL, %s, %s, now() FROM ledger_entries LIMIT 1
"""
Written = Callable[..., None]


@pytest.fixture
def credited(approved: UUID) -> UUID:
    credit(approved, now=TUESDAY_10TH)
    return approved


def write(*lines: tuple[UUID, int, int, str, str, str]) -> None:
    """Write lines past the ORM, and let the database check them as it does at a commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        for line in lines:
            cursor.execute(LINE, line)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_posting_that_does_not_sum_to_zero_is_refused(credited: UUID) -> None:
    with pytest.raises(IntegrityError, match="do not sum to zero"):
        write((ACME, 9, 1, "granted", "USD", "-50"), (ACME, 9, 2, "balance", "USD", "49.99"))


def test_a_posting_sums_to_zero_in_each_currency(credited: UUID) -> None:
    with pytest.raises(IntegrityError, match="do not sum to zero"):
        write((ACME, 9, 1, "granted", "USD", "-50"), (ACME, 9, 2, "balance", "EUR", "50"))


def test_a_balanced_posting_is_taken(credited: UUID) -> None:
    write((ACME, 9, 1, "granted", "USD", "-50"), (ACME, 9, 2, "balance", "USD", "50"))
    assert LedgerEntry.objects.filter(posting=9).count() == 2


def test_credit_never_moves_to_another_account(credited: UUID) -> None:
    with pytest.raises(IntegrityError, match="never transferred"):
        write((ACME, 9, 1, "balance", "USD", "-50"), (RIVAL, 9, 2, "balance", "USD", "50"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET amount = amount * 2",
        "UPDATE ledger_entries SET book = 'billed'",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_entries",
    ],
)
def test_a_line_is_never_changed_or_removed(credited: UUID, statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert LedgerEntry.objects.count() == 2


PAIR = """
INSERT INTO ledger_entries (id, ledger, account, posting, line, book, cycle, currency, amount, occurred_at)
SELECT gen_random_uuid(), %(ledger)s, %(ledger)s, 1, line, book, NULL, 'USD', amount, now()
FROM (VALUES (1, 'granted', -50), (2, 'balance', 50)) AS t (line, book, amount)
"""


@pytest.mark.parametrize("statement", ["UPDATE ledger_entries SET amount = 1", "DELETE FROM ledger_entries"])
def test_not_even_the_owner_of_the_table_changes_a_line(owner_connection: psycopg.Connection, statement: str) -> None:
    owner_connection.execute(PAIR, {"ledger": ACME})
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed or removed"):
        owner_connection.execute(statement)


def test_a_balance_below_zero_cannot_be_stored(credited: UUID) -> None:
    refused = pytest.raises(IntegrityError, match="credit_accounts_are_never_overdrawn")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE credit_accounts SET balance = '-0.01 USD'")
