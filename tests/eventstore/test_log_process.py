"""The log process: seals and subscribes as long as it lives, and whoever dies is replaced without a trace."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command

from eventstore.models import Parked, Replay
from eventstore.raw import execute, one
from eventstore.reading import last_position
from eventstore.sealing import seal
from eventstore.streams import FIRST
from eventstore.subscriptions import checkpoint, run_all
from tests.eventstore.conftest import Superuser
from tests.eventstore.parcels import DELIVERED, PARCEL, SCANNED, SENT
from tests.eventstore.sessions import session
from tests.given import given_in_log
from tests.processes import Launcher
from tests.toys.commands import GATE, parcel_id
from tests.toys.events import ParcelScanned
from tests.toys.models import Parcel, Seen
from tests.toys.subscriptions import WATCHING
from tests.waiting import eventually

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]


def seen() -> list[int]:
    return list(Seen.objects.order_by("id").values_list("position", flat=True))


def all_is_read(events: int) -> bool:
    return last_position() == events and checkpoint(WATCHING) == events


@contextmanager
def closed_gate() -> Iterator[None]:
    """Stop every handler between its work and the end of its transaction."""
    with session() as keeper:
        keeper.do(lambda: one("SELECT pg_advisory_lock(%s)", (GATE,)))
        yield


def somebody_waits_at_the_gate() -> object:
    return one("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", (GATE,))


def test_it_seals_and_feeds_subscriptions_until_it_is_asked_to_stop(processes: Launcher) -> None:
    process = processes.log()
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    eventually(lambda: all_is_read(2))
    given_in_log(Parcel, PARCEL, SCANNED, DELIVERED)
    eventually(lambda: all_is_read(4))
    assert seen() == [2, 3]
    assert process.stop() == 0


def test_a_subscriber_killed_between_its_work_and_its_checkpoint_has_done_nothing(processes: Launcher) -> None:
    given_in_log(Parcel, PARCEL, SENT, SCANNED, SCANNED)
    with closed_gate():
        process = processes.log()
        eventually(somebody_waits_at_the_gate)
        process.kill()
    assert seen() == []
    processes.log()
    eventually(lambda: all_is_read(3))
    assert seen() == [2, 3]


def test_a_killed_sealer_is_taken_over_and_no_position_is_lost_or_given_twice(
    processes: Launcher, owner_connection: psycopg.Connection
) -> None:
    for number in range(50):
        given_in_log(Parcel, parcel_id(number), SENT, SCANNED)
    with owner_connection.transaction():
        owner_connection.execute("LOCK TABLE positions IN SHARE MODE")
        process = processes.log()
        eventually(lambda: one("SELECT 1 FROM pg_locks WHERE relation = 'positions'::regclass AND NOT granted"))
        process.kill()
    processes.log()
    eventually(lambda: all_is_read(100))
    positions = execute("SELECT position FROM positions ORDER BY position")
    assert [position for (position,) in positions] == list(range(1, 101))
    assert len(seen()) == 50


def test_two_at_once_do_the_work_of_one(processes: Launcher) -> None:
    processes.log()
    processes.log()
    for number in range(100):
        given_in_log(Parcel, parcel_id(number), SENT, SCANNED)
    eventually(lambda: all_is_read(200))
    assert len(seen()) == len(set(seen())) == 100


def test_it_rests_while_rows_are_rebuilt_and_then_goes_on(processes: Launcher) -> None:
    Replay.objects.create(name="toys_parcels", after=FIRST)
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    process = processes.log()
    process.wait_for("Rows are being rebuilt")
    assert (seen(), Parked.objects.count()) == ([], 0)
    Replay.objects.all().delete()
    eventually(lambda: all_is_read(2))
    assert seen() == [2]


def test_it_goes_on_when_the_database_was_away(processes: Launcher, superuser: Superuser) -> None:
    processes.log()
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    eventually(lambda: all_is_read(2))
    superuser(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'makegood_app' AND pid <> %s",
        (own_backend(),),
    )
    given_in_log(Parcel, PARCEL, SCANNED)
    eventually(lambda: all_is_read(3))
    assert seen() == [2, 3]


def own_backend() -> int:
    row = one("SELECT pg_backend_pid()")
    assert row is not None
    return int(row[0])


def test_it_refuses_a_log_of_another_cluster(processes: Launcher, superuser: Superuser) -> None:
    superuser("UPDATE log_generations SET system_identifier = 1")
    process = processes.log()
    process.wait_for('Run "manage.py log adopt"')
    assert process.child.wait(10) == 1


def test_it_ends_when_one_of_its_threads_fails(processes: Launcher, superuser: Superuser) -> None:
    """A process that seals nothing must not look alive."""
    superuser("REVOKE INSERT ON positions FROM makegood_app")
    try:
        given_in_log(Parcel, PARCEL, SENT)
        process = processes.log()
        process.wait_for("permission denied for table positions")
        assert process.child.wait(10) == 1
    finally:
        superuser("GRANT INSERT ON positions TO makegood_app")


def test_an_interrupt_ends_it_as_well(processes: Launcher) -> None:
    process = processes.log()
    process.wait_for("log: sealing")
    process.child.send_signal(signal.SIGINT)
    assert process.child.wait(10) == 0


def said_by(*arguments: str) -> str:
    said = StringIO()
    call_command("log", *arguments, stdout=said)
    return said.getvalue()


def test_its_status_tells_what_is_behind_and_what_is_parked() -> None:
    given_in_log(Parcel, PARCEL, SENT, SCANNED, ParcelScanned(place="?"))
    seal()
    assert "sealed up to 3, 0 waiting" in said_by("status")
    assert "toys.watching: at 0, 3 behind" in said_by("status")
    run_all([WATCHING])
    assert "toys.watching: at 3, 0 behind" in said_by("status")
    assert "toys.watching at 3: toys.parcel_scanned: Unreadable: ? (5 attempts)" in said_by("status")


def test_its_status_tells_who_holds_the_horizon() -> None:
    with session() as slow, slow.transaction():
        backend = slow.backend
        slow.takes_an_id()
        given_in_log(Parcel, PARCEL, SENT)
        seal()
        said = said_by("status")
    assert "sealed up to 0, 1 waiting" in said
    assert f"the oldest writing transaction is process {backend}'s, open for " in said


def test_its_status_tells_of_a_transaction_of_another_login_whose_age_it_may_not_know(superuser_dsn: str) -> None:
    with psycopg.connect(superuser_dsn) as stranger, session() as slow, slow.transaction():
        backend = stranger.info.backend_pid
        stranger.execute("SELECT pg_current_xact_id()")
        slow.takes_an_id()
        given_in_log(Parcel, PARCEL, SENT)
        seal()
        said = said_by("status")
    writer = f"process {backend}'s, open for an unknown time (it is another login's)"
    assert f"the oldest writing transaction is {writer}" in said
    assert "toys.watching: at 0" in said


def test_a_parked_event_is_tried_again_by_its_number() -> None:
    given_in_log(Parcel, PARCEL, SENT, ParcelScanned(place="?"))
    seal()
    run_all([WATCHING])
    parked = Parked.objects.get()
    with pytest.raises(CommandError, match=r"it failed again: Unreadable: \?"):
        said_by("retry", str(parked.pk))
    with pytest.raises(CommandError, match="no parked event has the number 999999"):
        said_by("retry", "999999")
