"""Deadlines under real beats and workers, killed, doubled, without their Redis and late by a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from config.services.redis import Server
from deadlines.models import Deadline
from deadlines.queries import held
from deadlines.tasks import sweep_due
from eventstore import SYSTEM, changes, history
from eventstore.raw import one
from eventstore.verification import verify
from kernel import clock
from tests.eventstore.parcels import SENT
from tests.eventstore.sessions import session
from tests.processes import Launcher
from tests.toys.commands import GATE, KILLER, parcel_id
from tests.toys.events import ParcelSent
from tests.toys.models import Parcel
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("database")

MANY = [parcel_id(number) for number in range(120)]
MINUTE = timedelta(minutes=1)


def sent(*, due_at: datetime) -> None:
    """Send many parcels, due one second after the other."""
    with changes(by=SYSTEM, now=clock.now()) as batch:
        for number, parcel in enumerate(MANY):
            due = due_at + timedelta(seconds=number)
            batch.begin(Parcel, parcel).record(ParcelSent(to="Acme", fee=SENT.fee, due_at=due))


def all_are_met() -> bool:
    return not Deadline.objects.exists()


def each_is_lost_once_at_its_own_time(due_at: datetime) -> bool:
    """Tell whether every parcel was lost exactly once, at the instant when it was due."""
    for number, parcel in enumerate(MANY):
        told = [(event.type_name, event.occurred_at) for event in history(parcel)[1:]]
        if told != [("toys.parcel_lost", due_at + timedelta(seconds=number))]:
            return False
    return not list(verify())


@contextmanager
def closed_gate() -> Iterator[None]:
    """Stop every handler after its work, before its transaction ends."""
    with session() as keeper:
        keeper.do(lambda: one("SELECT pg_advisory_lock(%s)", (GATE,)))
        yield


def somebody_waits_at_the_gate() -> object:
    return one("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", (GATE,))


def test_a_worker_killed_while_it_holds_due_rows_leaves_them_to_the_next_one(processes: Launcher) -> None:
    due_at = clock.now() - 10 * MINUTE
    sent(due_at=due_at)
    worker = processes.worker()
    with closed_gate():
        sweep_due.delay()
        eventually(somebody_waits_at_the_gate)
        assert one("SELECT 1 FROM pg_locks WHERE relation = 'deadlines'::regclass AND mode = 'RowShareLock' LIMIT 1")
        worker.kill()
    assert Deadline.objects.count() == len(MANY)
    processes.worker(extra={"MAKEGOOD_CLOCK": "+1m"})
    sweep_due.delay()
    eventually(all_are_met)
    assert each_is_lost_once_at_its_own_time(due_at)


def test_a_deadline_that_kills_its_worker_stops_no_other_and_is_shown(processes: Launcher) -> None:
    sent(due_at=clock.now() - 10 * MINUTE)
    killed = "exited with 'signal 9 (SIGKILL)'"
    among_its_batch = processes.worker(extra={KILLER: str(MANY[7])})
    sweep_due.delay()
    among_its_batch.wait_for(killed)
    among_its_batch.stop()
    alone = processes.worker(extra={KILLER: str(MANY[7]), "MAKEGOOD_CLOCK": "+1m"})
    sweep_due.delay()
    alone.wait_for(killed)
    eventually(lambda: Deadline.objects.count() == 1, within=40)
    assert [(deadline.owner, deadline.attempts) for deadline in held()] == [(MANY[7], 1)]
    assert (among_its_batch.said().count(killed), alone.said().count(killed)) == (1, 1)


def test_a_flushed_and_restarted_redis_loses_no_deadline(processes: Launcher, redis_server: Server) -> None:
    due_at = clock.now() - 10 * MINUTE
    sent(due_at=due_at)
    sweep_due.delay()
    redis_server.flush()
    processes.worker()
    processes.beat()
    redis_server.stop()
    redis_server.start()
    eventually(all_are_met, within=40)
    assert each_is_lost_once_at_its_own_time(due_at)


def test_two_beats_and_two_workers_at_once_do_nothing_twice(processes: Launcher) -> None:
    due_at = clock.now() - 10 * MINUTE
    workers = [processes.worker() for _ in range(2)]
    for _ in range(2):
        processes.beat()
    sent(due_at=due_at)
    for _ in range(4):
        sweep_due.delay()
    eventually(all_are_met, within=40)
    assert all("deadlines.sweep" in worker.said() for worker in workers)
    assert each_is_lost_once_at_its_own_time(due_at)


def test_workers_that_were_down_for_a_day_carry_out_everything_at_its_own_time(processes: Launcher) -> None:
    due_at = clock.now() + 2 * MINUTE
    sent(due_at=due_at)
    sweep_due()
    assert Deadline.objects.count() == len(MANY)
    later = {"MAKEGOOD_CLOCK": "+1d"}
    processes.worker(extra=later)
    processes.beat(extra=later)
    eventually(all_are_met, within=40)
    assert each_is_lost_once_at_its_own_time(due_at)
