"""Replay: the rows of aggregates, and what is kept beside them, rebuilt from their events alone."""

from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from io import StringIO
from multiprocessing import active_children
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from psycopg import Connection

from customers.models import Account
from deadlines.models import Deadline
from eventstore import replaying
from eventstore.catalogue import aggregates
from eventstore.management.commands import replay as command
from eventstore.models import Replay
from eventstore.raw import one
from eventstore.replaying import replay
from eventstore.streams import FIRST
from eventstore.verification import verify
from kernel.ids import derived
from tests.eventstore.conftest import Superuser
from tests.eventstore.parcels import DELAYED, DELIVERED, SCANNED, SENT, TOMORROW
from tests.given import given_in_log
from tests.processes import Launcher
from tests.toys.commands import parcel_id
from tests.toys.models import Parcel, Sighting
from tests.waiting import eventually

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]


@pytest.fixture(autouse=True)
def _parcels(database: object) -> None:
    for number in range(25):
        given_in_log(Parcel, parcel_id(number), SENT, SCANNED, *([DELIVERED] if number == 7 else [DELAYED, SCANNED]))


def rows() -> list[Any]:
    """Give every row as it stands."""
    tables: list[Any] = [
        Parcel.objects.order_by("id"),
        Sighting.objects.order_by("id"),
        Deadline.objects.order_by("id"),
    ]
    return [tuple(row.items()) for table in tables for row in table.values()]


def test_rows_are_rebuilt_as_they_were() -> None:
    before = rows()
    assert replay([Parcel]) == 25 * 4 - 1
    assert rows() == before
    assert not list(verify())
    assert not Replay.objects.exists()


def test_what_was_changed_behind_the_log_is_mended(superuser: Superuser) -> None:
    before = rows()
    superuser("UPDATE toys_parcels SET fee = '0.00 EUR', state = 'lost'")
    superuser("DELETE FROM toys_sightings WHERE place = 'Kowloon'")
    superuser("UPDATE deadlines SET late_from = late_from + interval '1 day'")
    replay([Parcel])
    assert rows() == before


def test_rows_are_rebuilt_in_batches_that_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    before, told = rows(), list[int]()
    monkeypatch.setattr(replaying, "AT_ONCE", 10)
    replay([Parcel], told.append)
    assert rows() == before
    assert told == sorted(told)
    assert (len(told) > 7, told[-1]) == (True, 99)


def test_a_stream_longer_than_a_batch_is_one_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    given_in_log(Parcel, parcel_id("long"), SENT, *[SCANNED] * 50)
    before = rows()
    monkeypatch.setattr(replaying, "AT_ONCE", 3)
    replay([Parcel])
    assert rows() == before


class Interrupted(Exception):
    """The power went."""


def interrupt(done: int) -> None:
    if done > 30:
        raise Interrupted


def test_an_interrupted_replay_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    before, again = rows(), list[int]()
    monkeypatch.setattr(replaying, "AT_ONCE", 10)
    with pytest.raises(Interrupted):
        replay([Parcel], interrupt)
    assert 0 < Parcel.objects.count() < 25
    replay([Parcel], again.append)
    assert again[-1] < 99 - 30
    assert rows() == before


def test_a_replay_of_more_kinds_does_what_one_of_fewer_left(
    monkeypatch: pytest.MonkeyPatch, superuser: Superuser
) -> None:
    before = rows()
    monkeypatch.setattr(replaying, "AT_ONCE", 10)
    with pytest.raises(Interrupted):
        replay([Parcel], interrupt)
    replay(aggregates())
    superuser("UPDATE toys_parcels SET fee = '0.00 EUR'")
    assert replay([Parcel]) == 99
    assert rows() == before


def test_a_replay_that_was_stopped_may_be_begun_anew(monkeypatch: pytest.MonkeyPatch, superuser: Superuser) -> None:
    before = rows()
    monkeypatch.setattr(replaying, "AT_ONCE", 10)
    with pytest.raises(Interrupted):
        replay([Parcel], interrupt)
    superuser("UPDATE toys_parcels SET fee = '0.00 EUR'")
    said, told = StringIO(), StringIO()
    call_command("replay", "toys.Parcel", "--anew", stdout=said, stderr=told)
    assert (said.getvalue(), "going on" in told.getvalue()) == ("99 events replayed into 1 kinds of row\n", False)
    assert rows() == before


def test_the_command_tells_that_it_goes_on_with_what_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "AT_ONCE", 10)
    with pytest.raises(Interrupted):
        replay([Parcel], interrupt)
    Replay.objects.update(begun_at=datetime(2026, 10, 12, 14, 2, tzinfo=UTC))
    told = StringIO()
    call_command("replay", "toys.Parcel", stdout=StringIO(), stderr=told)
    assert told.getvalue().startswith("going on where the replay of 2026-10-12 14:02 UTC was stopped; --anew begins")


def kill(done: int) -> None:
    """Kill every process that rebuilds, once some are rebuilt."""
    for process in active_children() if done > 30 else ():
        process.kill()


def test_a_replay_whose_processes_were_killed_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows()
    monkeypatch.setattr(replaying, "AT_ONCE", 10)
    with pytest.raises(BrokenProcessPool):
        replay([Parcel], kill)
    assert Parcel.objects.exists()
    call_command("replay", "toys.Parcel", stdout=StringIO(), stderr=StringIO())
    assert rows() == before


SLOW_TO_EMPTY = """
CREATE FUNCTION slow_to_empty() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.6); RETURN NULL; END';
CREATE TRIGGER slow_to_empty BEFORE DELETE ON toys_parcels FOR EACH STATEMENT EXECUTE FUNCTION slow_to_empty();
"""


def test_a_table_may_take_longer_to_empty_than_other_statements_may_take(
    processes: Launcher, owner_connection: Connection
) -> None:
    """Tens of millions of rows do; the limit is for what people wait for."""
    before = rows()
    owner_connection.execute(SLOW_TO_EMPTY)
    try:
        replaying = processes.manage("replay", "toys.Parcel", extra={"MAKEGOOD_STATEMENT_TIMEOUT": "500ms"})
        replaying.wait_for("99 events replayed")
    finally:
        owner_connection.execute("DROP FUNCTION slow_to_empty() CASCADE")
    assert rows() == before


OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()"
WAITING = " AND wait_event_type = 'Lock'"


def sessions_of_others(which: str = "") -> int:
    """Count the other sessions of the application's login, or of them those that wait."""
    counted = one(OTHERS + which)
    return int(counted[0]) if counted else 0


def test_no_process_outlives_a_replay_that_was_killed(processes: Launcher, owner_connection: Connection) -> None:
    """Nobody tells those that rebuild; they wait for a table just then, and would wait for work ever after."""
    Replay.objects.create(name="toys_parcels", after=FIRST)
    before = rows()
    with owner_connection.transaction():
        owner_connection.execute("LOCK TABLE toys_parcels")
        replaying = processes.manage("replay", "toys.Parcel")
        eventually(lambda: sessions_of_others(WAITING))
        replaying.child.kill()
    eventually(lambda: not sessions_of_others())
    call_command("replay", "toys.Parcel", stdout=StringIO(), stderr=StringIO())
    assert rows() == before


def test_the_command_tells_that_a_process_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "AT_ONCE", 10)
    begun = replaying.replay
    monkeypatch.setattr(command, "replay", lambda kinds, _progress, *, anew: begun(kinds, kill, anew=anew))
    with pytest.raises(CommandError, match="run it again: it goes on where it was"):
        call_command("replay", "toys.Parcel")


def test_another_aggregates_timers_are_left_alone() -> None:
    """Every aggregate's timers lie in one table."""
    account = derived("account of another aggregate")
    Deadline.objects.create(id=account, owner=account, kind="a", due_at=TOMORROW, late_from=TOMORROW, next_at=TOMORROW)
    before = rows()
    replay([Parcel])
    assert rows() == before


def test_replay_asks_no_rule() -> None:
    """A rule that is stricter today makes no history unreadable: here the lifecycle would refuse."""
    unlikely = parcel_id("delivered twice")
    given_in_log(Parcel, unlikely, SENT)
    row = Parcel.fold(unlikely, [SENT, DELIVERED, SCANNED])
    assert (row.state, row.version, row.places) == ("delivered", 3, ("Kowloon",))


def test_the_command_rebuilds_what_is_named_and_tells_how_much(superuser: Superuser) -> None:
    superuser("DELETE FROM toys_parcels")
    said, progress = StringIO(), StringIO()
    call_command("replay", "toys.Parcel", stdout=said, stderr=progress)
    assert said.getvalue() == "99 events replayed into 1 kinds of row\n"
    assert "99 of 99 events" in progress.getvalue()
    assert Parcel.objects.count() == 25
    assert not Account.objects.exists()


def test_the_command_rebuilds_everything_unless_told_otherwise() -> None:
    before = rows()
    call_command("replay", stdout=StringIO(), stderr=StringIO())
    assert rows() == before


def test_the_command_refuses_what_is_no_aggregate() -> None:
    with pytest.raises(CommandError, match=r"no aggregate is named toys.Nothing; there are .*toys.Parcel"):
        call_command("replay", "toys.Nothing")
