"""Only a replay removes lines of the ledger, as the login that owns them; the application's login never can."""

from collections.abc import Iterator
from typing import Any, Final, LiteralString

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from psycopg.errors import CheckViolation, InsufficientPrivilege

from claims.commands.claims import decide, verify
from claims.commands.claims.credit import credit
from claims.commands.ledger import open_cycles
from claims.models.double_entry import LedgerEntry
from claims.models.ledger import CreditAccount
from claims.queries import ledger as books
from config.services.postgres import APPLICATION
from eventstore.models import Replay
from eventstore.replaying import replay
from eventstore.streams import FIRST
from eventstore.verification import verify as differences
from tests.claims import october
from tests.claims.history import at
from tests.claims.october import AGREEMENT, MONDAY_9TH, TUESDAY_10TH
from tests.claims.statements.scenes import month_of
from tests.personas import ACME, MIRA
from tests.processes import Launcher

REPLAYING: Final = "SET LOCAL makegood.replaying = 'on'"
DELETE: Final = "DELETE FROM ledger_entries"


@pytest.fixture(autouse=True)
def _credited(database: object) -> Iterator[None]:
    """Commit Acme's $50, of which a cycle reserved all."""
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        october.publish()
        october.open_accounts(acme="pro", rival="free")
        october.use("200")
        october.close()
        claim = october.filed()
        verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
        decide.approve(claim, by=MIRA, now=MONDAY_9TH)
        credit(claim, now=TUESDAY_10TH)
        open_cycles(AGREEMENT, now=at("2026-12-01T06:00Z"))
        yield


def by_the_application(*statements: str) -> None:
    """Run statements in one transaction by the login that serves people."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def by_the_owner(owner: psycopg.Connection, *statements: LiteralString) -> None:
    """Run statements in one transaction by the login that owns the tables."""
    with owner.transaction():
        for statement in statements:
            owner.execute(statement)


def lines() -> list[Any]:
    """Give every line as it stands."""
    return list(LedgerEntry.objects.order_by("ledger", "posting", "line").values())


@pytest.mark.parametrize(
    "statement", [DELETE, f"{DELETE} WHERE line = 1", "UPDATE ledger_entries SET amount = 1", "TRUNCATE ledger_entries"]
)
def test_the_applications_login_removes_no_line_though_it_says_that_it_replays(statement: str) -> None:
    before = lines()
    with pytest.raises(ProgrammingError):
        by_the_application(REPLAYING, statement)
    assert lines() == before


def test_a_login_that_was_granted_too_much_is_refused_by_the_table_itself(
    owner_connection: psycopg.Connection,
) -> None:
    """A right that was given by hand makes nobody the owner."""
    before = lines()
    owner_connection.execute(f"GRANT DELETE ON ledger_entries TO {APPLICATION}")
    try:
        with pytest.raises(ProgrammingError, match="never changed or removed"):
            by_the_application(REPLAYING, DELETE)
    finally:
        owner_connection.execute(f"REVOKE DELETE ON ledger_entries FROM {APPLICATION}")
    assert lines() == before


def test_a_table_of_the_session_takes_not_the_place_of_the_ledger_in_its_checks() -> None:
    with pytest.raises(IntegrityError, match="do not sum to zero"):
        by_the_application(
            "CREATE TEMPORARY TABLE ledger_entries (LIKE public.ledger_entries) ON COMMIT DROP",
            "INSERT INTO public.ledger_entries SELECT gen_random_uuid(), ledger, account, 9, 1, book, cycle, currency,"
            " amount, occurred_at FROM public.ledger_entries LIMIT 1",
        )


def test_the_owner_removes_no_part_of_a_posting(owner_connection: psycopg.Connection) -> None:
    with pytest.raises(CheckViolation, match="do not sum to zero"):
        by_the_owner(owner_connection, REPLAYING, f"{DELETE} WHERE line = 1")
    with pytest.raises(InsufficientPrivilege, match="never changed or removed"):
        by_the_owner(owner_connection, DELETE)
    assert len(lines()) == 4


def test_a_replay_builds_every_line_anew_as_it_stood() -> None:
    before, balance = lines(), books.balance(ACME)
    assert {entry["currency"] for entry in before} == {"USD"}
    replay([CreditAccount])
    assert (lines(), books.balance(ACME)) == (before, balance)


def test_a_replay_in_a_process_of_its_own_builds_every_line_anew(processes: Launcher) -> None:
    """The command works by the application's login; only what the ledger lets go is the owner's."""
    before = lines()
    processes.manage("replay", "claims.CreditAccount").wait_for("events replayed into 1 kinds of row")
    assert lines() == before
    assert not Replay.objects.exists()
    assert not list(differences())


def test_a_replay_that_is_gone_on_with_writes_no_line_twice(processes: Launcher) -> None:
    """It ended after the lines were written and before it was kept how far it had come."""
    before = lines()
    Replay.objects.create(name=CreditAccount._meta.db_table, after=FIRST)
    processes.manage("replay", "claims.CreditAccount").wait_for("events replayed into 1 kinds of row")
    assert lines() == before
    assert not Replay.objects.exists()


def test_a_replay_that_ended_after_the_lines_were_let_go_brings_them_back(
    owner_connection: psycopg.Connection, processes: Launcher
) -> None:
    before = lines()
    Replay.objects.create(name=CreditAccount._meta.db_table, after=FIRST)
    by_the_owner(owner_connection, REPLAYING, DELETE)
    processes.manage("replay", "claims.CreditAccount").wait_for("events replayed into 1 kinds of row")
    assert lines() == before


def test_lines_that_the_owner_put_in_behind_the_log_are_gone_after_a_replay(
    owner_connection: psycopg.Connection,
) -> None:
    before = lines()
    owner_connection.execute(
        "INSERT INTO ledger_entries SELECT gen_random_uuid(), ledger, account, 9, line, book, cycle, currency,"
        " amount, occurred_at FROM ledger_entries WHERE posting = 1"
    )
    assert len(lines()) == 6
    replay([CreditAccount])
    assert lines() == before


def test_a_replay_of_the_ledger_without_its_owner_is_refused_before_it_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = lines()
    connections["owner"].close()
    monkeypatch.setitem(connections["owner"].settings_dict, "USER", connection.settings_dict["USER"])
    try:
        with pytest.raises(CommandError, match="DATABASE_OWNER_URL does not own the table ledger_entries"):
            call_command("replay", "claims.CreditAccount")
    finally:
        connections["owner"].close()
    assert (lines(), Replay.objects.exists(), CreditAccount.objects.count()) == (before, False, 1)
