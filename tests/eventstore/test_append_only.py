"""The log only grows: the application's login lacks the rights, and triggers refuse the owner."""

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from eventstore.appending import append
from eventstore.commanding import command, once
from eventstore.raw import one
from eventstore.sealing import seal
from kernel.ids import derived
from tests.eventstore.staging import scans
from tests.personas import MIRA

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

TABLES = ("events", "commands", "outcomes", "positions", "seals")
STATEMENTS = ("UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE")
COLUMNS = {"events": "payload", "commands": "name", "outcomes": "result", "positions": "version", "seals": "hash"}


@command
def scanned() -> None:
    append(scans(count=2), by=MIRA)


@pytest.fixture(autouse=True)
def _log(database: object) -> None:
    """Put something into every table of the log."""
    with once(derived("a command")):
        scanned()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO outcomes VALUES (%s, NULL)", [derived("a command")])
    seal()
    assert all(one(f"SELECT count(*) > 0 FROM {table}") == (True,) for table in TABLES)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table}"]
)
def test_the_application_cannot_change_or_remove(table: str, statement: str) -> None:
    text = statement.format(table=table, column=COLUMNS[table])
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(text)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
def test_the_owner_is_refused_by_triggers(table: str, statement: str, owner_connection: psycopg.Connection) -> None:
    text = statement.format(table=table, column=COLUMNS[table])
    with pytest.raises(psycopg.DatabaseError, match="are never changed or removed") as refused:
        owner_connection.execute(text.encode())
    assert refused.value.sqlstate == "MG403"


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "DROP TABLE events CASCADE",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SET session_replication_role = replica",
        "INSERT INTO log_generations VALUES (9, 9)",
    ],
)
def test_the_application_cannot_take_the_guards_away(statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"must be owner|permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_update_of_no_row_is_refused_too(owner_connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.DatabaseError, match="rows of events are never changed"):
        owner_connection.execute("UPDATE events SET version = 9 WHERE version = 999")


def test_the_application_can_add_and_read() -> None:
    with transaction.atomic():
        append(scans(derived("new")), by=MIRA)
    assert seal() == 1
