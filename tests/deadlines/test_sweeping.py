"""The sweep wakes the owner of every moment that has come, once in effect, and holds back what fails."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from deadlines.models import Deadline
from deadlines.queries import held
from deadlines.registry import HANDLERS, Wake
from deadlines.sweeping import BATCH, HOLDS, LOST_AFTER, TAKE, carry_out, sweep, sweep_all
from eventstore import SYSTEM, changes, history
from eventstore.errors import Rebuilding
from eventstore.raw import execute, one, written
from eventstore.verification import verify
from tests.eventstore.parcels import DELIVERED, PARCEL, SCANNED, SENT, TOMORROW
from tests.eventstore.sessions import session, wait_for_lock
from tests.given import NOW, events_of, given_in_log
from tests.toys.commands import GATE, arrival_due, delay, parcel_id, send
from tests.toys.events import ParcelLost, ParcelSent
from tests.toys.models import ARRIVAL, Parcel

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

SECOND = timedelta(seconds=1)
WARNINGS = (NOW + timedelta(hours=6), NOW + timedelta(hours=12))
LOST = ParcelLost(due_at=TOMORROW)
MANY = [parcel_id(number) for number in range(3 * BATCH + 7)]


def sent(parcels: list[UUID], *, due_at: datetime = TOMORROW) -> None:
    with changes(by=SYSTEM, now=NOW) as batch:
        for parcel in parcels:
            batch.begin(Parcel, parcel).record(ParcelSent(to="Acme", fee=SENT.fee, due_at=due_at))


def ends(parcels: list[UUID]) -> list[str]:
    """Tell each parcel's events after the first."""
    return [", ".join(event.type_name for event in history(parcel)[1:]) for parcel in parcels]


def test_nothing_happens_before_the_instant_and_all_of_it_at_the_instant() -> None:
    sent([PARCEL])
    assert sweep(now=TOMORROW - timedelta(microseconds=1)) == 0
    assert events_of(PARCEL)[1:] == []
    assert sweep(now=TOMORROW) == 1
    assert events_of(PARCEL)[1:] == [LOST]
    assert not Deadline.objects.exists()


def test_a_miss_happened_at_its_deadline_not_when_it_was_noticed() -> None:
    sent([PARCEL])
    sweep(now=TOMORROW + timedelta(days=1))
    assert history(PARCEL)[-1].occurred_at == TOMORROW


def test_the_moments_come_in_their_order_even_after_a_day_without_workers() -> None:
    send(PARCEL, due_at=TOMORROW, warn_at=WARNINGS, by=SYSTEM, now=NOW)
    assert sweep_all(now=TOMORROW + timedelta(days=1)) == 3
    assert [(event.type_name, event.occurred_at) for event in history(PARCEL)[1:]] == [
        ("toys.lateness_foreseen", WARNINGS[0]),
        ("toys.lateness_foreseen", WARNINGS[1]),
        ("toys.parcel_lost", TOMORROW),
    ]


def test_each_warning_comes_at_its_time() -> None:
    send(PARCEL, due_at=TOMORROW, warn_at=WARNINGS, by=SYSTEM, now=NOW)
    assert [sweep_all(now=now) for now in (NOW, WARNINGS[0], WARNINGS[0] + SECOND, WARNINGS[1], TOMORROW)] == [
        *(0, 1, 0, 1, 1)
    ]


def test_what_was_met_in_time_is_never_missed() -> None:
    given_in_log(Parcel, PARCEL, SENT, DELIVERED)
    assert sweep(now=TOMORROW) == 0
    assert events_of(PARCEL) == [SENT, DELIVERED]


def test_many_are_carried_out_in_batches() -> None:
    sent(MANY)
    assert sweep(now=TOMORROW) == BATCH
    assert sweep_all(now=TOMORROW) == len(MANY) - BATCH
    assert set(ends(MANY)) == {"toys.parcel_lost"}
    assert not list(verify())


def test_two_sweeps_at_once_share_the_work_and_do_nothing_twice() -> None:
    sent(MANY)
    with session() as first, session() as second, first.transaction():
        assert first.do(lambda: sweep(now=TOMORROW)) == BATCH
        assert second.do(lambda: sweep_all(now=TOMORROW)) == len(MANY) - BATCH
    assert set(ends(MANY)) == {"toys.parcel_lost"}


def test_sweeps_that_race_do_nothing_twice() -> None:
    sent(MANY)
    with session() as first, session() as second, session() as third:
        done = [one.start(lambda: sweep_all(now=TOMORROW)) for one in (first, second, third)]
        assert sum(work.result(60) for work in done) >= len(MANY)
    assert set(ends(MANY)) == {"toys.parcel_lost"}
    assert not Deadline.objects.exists()


def test_a_command_that_meets_its_deadline_first_wins_and_the_sweep_finds_it_done() -> None:
    """The sweep's batch waits for the command, meets the conflict, and carries its deadlines out one by one."""
    sent([PARCEL, *MANY[:5]])
    with session() as customer, session() as sweeper:
        backend = sweeper.backend
        with customer.transaction():
            customer.do(lambda: given_in_log(Parcel, PARCEL, SCANNED))
            swept = sweeper.start(lambda: sweep_all(now=TOMORROW))
            wait_for_lock(backend)
        swept.result(20)
    assert events_of(PARCEL)[1:] == [SCANNED, LOST]
    assert set(ends(MANY[:5])) == {"toys.parcel_lost"}


def test_a_sweep_in_a_deadlock_with_a_command_gives_way_and_comes_through() -> None:
    """The sweep holds the timer and waits for the stream, the command holds the stream and wants the timer."""
    sent([PARCEL, *MANY[:5]])
    with session() as customer, session() as sweeper:
        backend = sweeper.backend
        with customer.transaction():
            customer.do(lambda: given_in_log(Parcel, PARCEL, SCANNED))
            swept = sweeper.start(lambda: sweep_all(now=TOMORROW))
            wait_for_lock(backend)
            customer.do(lambda: given_in_log(Parcel, PARCEL, DELIVERED))
        swept.result(20)
    assert events_of(PARCEL)[1:] == [SCANNED, DELIVERED]
    assert set(ends(MANY[:5])) == {"toys.parcel_lost"}
    assert not Deadline.objects.exists()


class Broken(Exception):
    """This owner cannot be woken."""


def breaking(wakes: Sequence[Wake], now: datetime) -> None:
    if any(wake.owner == PARCEL for wake in wakes):
        raise Broken
    arrival_due(wakes, now)


@pytest.fixture
def broken_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, ARRIVAL, breaking)


@pytest.mark.usefixtures("broken_owner")
def test_an_owner_that_cannot_be_woken_stops_nobody_else_and_is_shown() -> None:
    sent([PARCEL, *MANY[:9]])
    assert sweep_all(now=TOMORROW) == 10
    assert set(ends(MANY[:9])) == {"toys.parcel_lost"}
    (deadline,) = held()
    assert (deadline.owner, deadline.attempts, deadline.held_until) == (PARCEL, 1, TOMORROW + HOLDS[0])


@pytest.mark.usefixtures("broken_owner")
def test_it_is_tried_again_later_and_later() -> None:
    sent([PARCEL])
    now, tried = TOMORROW, []
    for _ in range(7):
        assert sweep_all(now=now) == 1
        assert sweep_all(now=now) == 0
        (deadline,) = held()
        assert deadline.held_until is not None
        tried.append(deadline.held_until - now)
        assert sweep_all(now=deadline.held_until - SECOND) == 0
        now = deadline.held_until
    assert tried == [*HOLDS, *[HOLDS[-1]] * 3]


class Killed(BaseException):
    """The worker is gone, and with it whatever was not committed."""


def killing(wakes: Sequence[Wake], now: datetime) -> None:
    if any(wake.owner == PARCEL for wake in wakes):
        raise Killed
    arrival_due(wakes, now)


def killed(now: datetime) -> bool:
    """Sweep until nothing is left or the worker is killed; tell which."""
    try:
        sweep_all(now=now)
    except Killed:
        return True
    return False


def test_what_kills_its_worker_is_found_held_later_and_later_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, ARRIVAL, killing)
    sent([*MANY[:9], PARCEL])
    sent(MANY[9:12], due_at=TOMORROW + timedelta(hours=1))
    assert killed(TOMORROW)
    assert not killed(TOMORROW + LOST_AFTER - SECOND), "it may be at work still"
    now = TOMORROW + LOST_AFTER
    assert [killed(now) for _ in range(3)] == [True, False, False]
    assert set(ends(MANY[:9])) == {"toys.parcel_lost"}
    for attempts, pause in enumerate((*HOLDS, HOLDS[-1]), start=1):
        (deadline,) = held()
        assert (deadline.owner, deadline.attempts, deadline.held_until) == (PARCEL, attempts, now + pause)
        assert not killed(now + pause - SECOND)
        now += pause
        assert killed(now)
    assert set(ends(MANY[9:12])) == {"toys.parcel_lost"}


def test_a_batch_that_is_being_carried_out_is_left_alone_however_long_it_takes() -> None:
    sent(MANY[:5])
    with session() as keeper, session() as slow, session() as other:
        backend = slow.backend
        with keeper.transaction():
            keeper.do(lambda: one("SELECT pg_advisory_xact_lock(%s)", (GATE,)))
            working = slow.start(lambda: sweep_all(now=TOMORROW))
            wait_for_lock(backend)
            assert other.do(lambda: sweep_all(now=TOMORROW + 2 * LOST_AFTER)) == 0
        assert working.result(20) == 5
    assert set(ends(MANY[:5])) == {"toys.parcel_lost"}


@pytest.mark.usefixtures("broken_owner")
def test_a_worker_that_comes_back_late_leaves_its_batch_to_who_has_it_now() -> None:
    sent([PARCEL])
    taken = [row[0] for row in execute(TAKE, (TOMORROW, BATCH, TOMORROW))]
    assert taken == [Deadline.objects.get(owner=PARCEL).id]
    assert sweep_all(now=TOMORROW + LOST_AFTER) == 1
    carry_out(taken, TOMORROW)
    assert [deadline.attempts for deadline in held()] == [1]


def test_a_deadline_that_was_moved_meanwhile_is_nobodys_batch() -> None:
    sent([PARCEL])
    execute(TAKE, (TOMORROW, BATCH, TOMORROW))
    delay(PARCEL, until=TOMORROW + timedelta(hours=1), now=NOW)
    assert sweep_all(now=TOMORROW + LOST_AFTER) == 0
    assert sweep_all(now=TOMORROW + timedelta(hours=1)) == 1
    assert history(PARCEL)[-1].occurred_at == TOMORROW + timedelta(hours=1)


def test_what_is_nobodys_fault_counts_against_no_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    def rebuilding(_wakes: Sequence[Wake], _now: datetime) -> None:
        raise Rebuilding

    monkeypatch.setitem(HANDLERS, ARRIVAL, breaking)
    sent([PARCEL])
    sweep_all(now=TOMORROW)
    sent(MANY[:5])
    monkeypatch.setitem(HANDLERS, ARRIVAL, rebuilding)
    now = TOMORROW + HOLDS[0]
    with pytest.raises(Rebuilding):
        sweep_all(now=now)
    Deadline.objects.filter(owner__in=MANY[:5]).update(next_at=now + SECOND, late_from=now + SECOND)
    with pytest.raises(Rebuilding):
        sweep_all(now=now)
    assert [(deadline.owner, deadline.attempts) for deadline in held()] == [(PARCEL, 1)]
    monkeypatch.setitem(HANDLERS, ARRIVAL, arrival_due)
    assert sweep_all(now=now + SECOND) == 6


def test_it_is_carried_out_when_it_is_mended(broken_owner: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sent([PARCEL])
    sweep_all(now=TOMORROW)
    monkeypatch.setitem(HANDLERS, ARRIVAL, arrival_due)
    assert sweep_all(now=TOMORROW) == 0
    assert sweep_all(now=TOMORROW + HOLDS[0]) == 1
    assert events_of(PARCEL)[1:] == [LOST]
    assert held() == []


def test_a_handler_that_leaves_its_moment_standing_is_not_asked_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setitem(HANDLERS, ARRIVAL, lambda wakes, _now: asked.extend(one.moment for one in wakes))
    sent([PARCEL])
    assert sweep_all(now=TOMORROW) == 1
    assert asked == ["due"]
    assert held()[0].attempts == 1


def test_a_kind_that_nobody_knows_is_held_and_shown() -> None:
    Deadline.objects.create(id=PARCEL, owner=PARCEL, kind="unknown", due_at=NOW, late_from=NOW, next_at=NOW)
    sent(MANY[:3])
    assert sweep_all(now=TOMORROW) == 4
    assert set(ends(MANY[:3])) == {"toys.parcel_lost"}
    assert [deadline.kind for deadline in held()] == ["unknown"]


def test_a_statement_that_takes_too_long_holds_back_its_own_deadline_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timeout is an error of the connection's kind, and the connection is well."""

    def too_slow(wakes: Sequence[Wake], now: datetime) -> None:
        if any(wake.owner == PARCEL for wake in wakes):
            written("SELECT set_config('statement_timeout', '1', true)")
            execute("SELECT count(*) FROM generate_series(1, 10000000)")
        arrival_due(wakes, now)

    monkeypatch.setitem(HANDLERS, ARRIVAL, too_slow)
    sent([PARCEL, *MANY[:3]])
    assert sweep_all(now=TOMORROW) == 4
    assert set(ends(MANY[:3])) == {"toys.parcel_lost"}
    assert [deadline.owner for deadline in held()] == [PARCEL]


def test_those_of_a_kind_are_told_together_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setitem(HANDLERS, "told", lambda wakes, now: told.append((wakes, now)))
    late = NOW + timedelta(hours=2)
    for owner, next_at in ((PARCEL, NOW), (parcel_id("other"), late)):
        Deadline.objects.create(id=owner, owner=owner, kind="told", due_at=late, late_from=late, next_at=next_at)
    sweep(now=late + SECOND)
    assert told == [([Wake(PARCEL, "warning", NOW), Wake(parcel_id("other"), "due", late)], late + SECOND)]


def looked_at() -> int:
    """Tell how many rows of deadlines this session's statements have read."""
    one("SELECT pg_stat_force_next_flush()")
    row = one("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'deadlines'")
    assert row is not None
    return int(row[0])


@pytest.mark.usefixtures("broken_owner")
def test_an_empty_sweep_reads_neither_what_is_not_due_nor_what_is_held() -> None:
    with transaction.atomic():
        written(
            "INSERT INTO deadlines (id, owner, kind, due_at, late_from, next_at, held_until, attempts)"
            " SELECT gen_random_uuid(), gen_random_uuid(), 'a', t, t, t, h, 1 FROM (SELECT"
            " now() + n * interval '1 minute' AS t, CASE WHEN n < 0 THEN now() + interval '1 hour' END AS h"
            " FROM generate_series(-3000, 3000) n WHERE n <> 0) AS made"
        )
    execute("ANALYZE deadlines")
    before, now = looked_at(), NOW.fromisoformat(str((one("SELECT now()::text") or ("",))[0]))
    assert [sweep(now=now) for _ in range(5)] == [0] * 5
    assert looked_at() - before < 100
