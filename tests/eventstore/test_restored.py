"""A log that was dumped and restored into a new cluster is refused, adopted, written on and read."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from config.services.postgres import SUPERUSER, Cluster
from eventstore.appending import append
from eventstore.errors import ForeignCluster
from eventstore.models import Parked
from eventstore.raw import execute, one
from eventstore.reading import Recorded, last_position, since
from eventstore.sealing import adopt_cluster, seal
from eventstore.subscriptions import Subscription, checkpoint, run, run_all
from eventstore.verification import verify, verify_log
from tests.clusters import new_cluster, point_django_at
from tests.eventstore.parcels import DELIVERED, PARCEL, SCANNED, SENT
from tests.eventstore.staging import OTHER_STREAM, scans
from tests.given import events_of, given_in_log
from tests.personas import MIRA
from tests.toys.commands import parcel_id
from tests.toys.events import ParcelSent
from tests.toys.models import Parcel, Seen
from tests.toys.subscriptions import WATCHING

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

USED_IDS = "DO $$ BEGIN FOR i IN 1..3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"


def highest_id() -> int:
    row = one("SELECT max(xid::text::bigint) FROM events")
    assert row is not None
    return int(row[0])


def copy(old: Cluster, new: Cluster, dump: Path) -> None:
    """Dump everything, and restore it as an operator would."""
    subprocess.run(
        [old.binaries / "pg_dump", "--dbname", old.url(SUPERUSER), "--file", dump], check=True, capture_output=True
    )
    subprocess.run(
        [new.binaries / "psql", "--dbname", new.url(SUPERUSER), "--file", dump, "--set", "ON_ERROR_STOP=1"],
        check=True,
        capture_output=True,
    )


@contextmanager
def restored(old: Cluster, home: Path, major: int, tmp_path: Path) -> Iterator[None]:
    """Point Django at a new cluster that holds a copy of the old one."""
    new = new_cluster(home, f"restored{major}", major)
    try:
        copy(old, new, tmp_path / "dump.sql")
        connections.close_all()
        point_django_at(new)
        yield
    finally:
        connections.close_all()
        point_django_at(old)
        new.stop()


def test_a_restored_log_is_refused_until_it_is_adopted_and_then_lives_on(
    database: Cluster, server_home: Path, postgres_major: int, tmp_path: Path, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute(USED_IDS)
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    seal()
    run_all([WATCHING])
    given_in_log(Parcel, PARCEL, SCANNED)
    given_in_log(Parcel, parcel_id("unsealed"), SENT)
    old_id = highest_id()
    with restored(database, server_home, postgres_major, tmp_path):
        with pytest.raises(ForeignCluster, match="log adopt"):
            given_in_log(Parcel, PARCEL, DELIVERED)
        with pytest.raises(ForeignCluster, match="log adopt"):
            append(scans(OTHER_STREAM), by=MIRA)
        with pytest.raises(ForeignCluster, match="log adopt"):
            seal()

        said = StringIO()
        call_command("log", "adopt", stdout=said)
        assert said.getvalue() == "the log goes on as generation 2\n"

        given_in_log(Parcel, PARCEL, SCANNED, DELIVERED)
        given_in_log(Parcel, parcel_id("new"), SENT, SCANNED)
        row = one("SELECT max(xid::text::bigint) FROM events WHERE generation = 2")
        assert row is not None
        assert row[0] < old_id
        while seal():
            pass
        assert last_position() == 8
        assert [event.version for event in since(0, until=99) if event.stream == PARCEL] == [1, 2, 3, 4, 5]
        generations = execute(
            "SELECT e.generation FROM positions p JOIN events e USING (stream, version) ORDER BY p.position"
        )
        assert [generation for (generation,) in generations] == [1] * 4 + [2] * 4
        run_all([WATCHING])
        assert list(Seen.objects.order_by("id").values_list("position", flat=True)) == [2, 3, 5, 8]
        assert events_of(PARCEL) == [SENT, SCANNED, SCANNED, SCANNED, DELIVERED]
        assert not list(verify())


@pytest.fixture
def another_log(owner_connection: psycopg.Connection) -> Iterator[Callable[[], None]]:
    """Bring a log of another cluster in the place of this one's, as a restore does, and take it away again."""

    def bring() -> None:
        owner_connection.execute(
            "ALTER TABLE log_generations RENAME TO own_generations;"
            "CREATE TABLE log_generations (LIKE own_generations INCLUDING ALL);"
            "INSERT INTO log_generations VALUES (1, 1); GRANT SELECT ON log_generations TO PUBLIC"
        )

    yield bring
    owner_connection.execute("DROP TABLE log_generations; ALTER TABLE own_generations RENAME TO log_generations")


def test_a_log_that_is_restored_under_a_connection_is_refused(another_log: Callable[[], None]) -> None:
    append(scans(OTHER_STREAM), by=MIRA)
    assert seal() == 1
    another_log()
    with pytest.raises(ForeignCluster, match="log adopt"):
        append(scans(OTHER_STREAM, after=1), by=MIRA)
    with pytest.raises(ForeignCluster, match="log adopt"):
        seal()


def test_nothing_is_parked_because_a_log_is_not_adopted_yet(another_log: Callable[[], None]) -> None:
    """Nothing is wrong with the events: they are not even tried one by one."""
    handled: list[UUID] = []

    def forward(_event: ParcelSent, told: Recorded) -> None:
        handled.append(told.stream)
        append(scans(OTHER_STREAM), by=MIRA)

    forwarding = Subscription("forwarding", {ParcelSent: forward})
    given_in_log(Parcel, PARCEL, SENT)
    seal()
    another_log()
    with pytest.raises(ForeignCluster):
        run(forwarding)
    assert (handled, checkpoint(forwarding), Parked.objects.count()) == ([PARCEL], 0, 0)


def test_there_is_nothing_to_adopt_in_the_logs_own_cluster() -> None:
    assert adopt_cluster() is None
    said = StringIO()
    call_command("log", "adopt", stdout=said)
    assert said.getvalue() == "nothing to adopt: this is the log's own cluster\n"
    append(scans(OTHER_STREAM), by=MIRA)
    assert seal() == 1
    assert not list(verify_log())
