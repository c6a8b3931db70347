"""The owner migrates and grants; the application's login works with rows and adds to the log."""

import psycopg
import pytest
from django.core.management import call_command
from psycopg import errors, sql

from config.services.postgres import APPLICATION, Cluster
from tests.processes import Launcher

LOG = ("events", "commands", "positions", "seals")


@pytest.fixture
def application(database: Cluster) -> psycopg.Connection:
    return psycopg.connect(database.url(APPLICATION), autocommit=True)


@pytest.mark.postgres15
@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize("statement", ["UPDATE {} SET ctid = ctid", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"])
def test_the_application_can_not_change_the_log(table: str, statement: str, application: psycopg.Connection) -> None:
    with application, pytest.raises((errors.InsufficientPrivilege, errors.FeatureNotSupported)):
        application.execute(sql.SQL(statement).format(sql.Identifier(table)))


@pytest.mark.parametrize("table", LOG)
def test_nor_can_it_lift_the_guards(table: str, application: psycopg.Connection) -> None:
    with application, pytest.raises(errors.InsufficientPrivilege):
        application.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(sql.Identifier(table)))


def test_nor_make_tables_of_its_own(application: psycopg.Connection) -> None:
    with application, pytest.raises(errors.InsufficientPrivilege):
        application.execute("CREATE TABLE mine (id int)")


def test_a_table_that_a_later_migration_makes_is_granted_at_once(
    application: psycopg.Connection, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("CREATE TABLE later (id int GENERATED ALWAYS AS IDENTITY, name text)")
    with application:
        application.execute("INSERT INTO later (name) VALUES ('a')")
        application.execute("DELETE FROM later")
    owner_connection.execute("DROP TABLE later")


def test_preparing_twice_and_at_the_same_time_is_harmless(processes: Launcher) -> None:
    both = [processes.manage("prepare_database") for _ in range(2)]
    assert [one.child.wait(60) for one in both] == [0, 0]


def test_one_login_for_both_is_prepared_with_a_warning(database: Cluster, processes: Launcher) -> None:
    running = processes.manage("prepare_database", extra={"DATABASE_OWNER_URL": database.url(APPLICATION)})
    assert running.child.wait(60) == 0
    assert "guarded by triggers only" in running.said()


def test_the_names_of_the_log_survive_preparing(database: Cluster, application: psycopg.Connection) -> None:
    call_command("prepare_database", verbosity=0)
    with application, pytest.raises(errors.InsufficientPrivilege):
        application.execute("DELETE FROM events")
