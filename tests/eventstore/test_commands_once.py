"""A command that has an id is carried out once, and answers as it answered the first time."""

from datetime import timedelta
from threading import Barrier, Event
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from eventstore import (
    Actor,
    CommandIdReused,
    Private,
    TransitionRefused,
    change,
    command,
    history,
    once,
)
from eventstore.raw import one
from kernel.ids import derived
from tests.eventstore.parcels import DELIVERED, PARCEL, SCANNED, SENT, TOMORROW
from tests.eventstore.sessions import session, wait_for_lock
from tests.given import NOW, events_of, given_in_log
from tests.personas import JONAS, MIRA
from tests.toys import commands
from tests.toys.commands import parcel_id
from tests.toys.models import Parcel

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

ID = derived("a command")
LATER = NOW + timedelta(hours=1)


def delivered(command_id: UUID = ID, *, signed_by: str = "Ada", by: Actor = MIRA) -> UUID | None:
    with once(command_id):
        return commands.deliver(PARCEL, signed_by=signed_by, by=by, now=LATER)


def test_a_repeated_command_gives_the_first_outcome_whatever_became_of_the_thing() -> None:
    with once(ID):
        first = commands.send(PARCEL, due_at=TOMORROW, by=MIRA, now=NOW)
    delivered(derived("another command"))
    with once(ID):
        again = commands.send(PARCEL, due_at=TOMORROW, by=MIRA, now=LATER)
    assert again == first == PARCEL
    assert events_of(PARCEL) == [SENT, DELIVERED]


@pytest.mark.parametrize("differs", [{"signed_by": "Bob"}, {"by": JONAS}])
def test_one_id_for_two_wishes_is_refused(differs: dict[str, Any]) -> None:
    given_in_log(Parcel, PARCEL, SENT)
    delivered()
    with pytest.raises(CommandIdReused) as refused:
        delivered(**differs)
    assert refused.value.status == 422


def test_one_id_for_two_commands_is_refused() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    delivered()
    with pytest.raises(CommandIdReused), once(ID):
        commands.scan(PARCEL, "Kowloon", now=NOW)


def test_two_commands_do_not_share_one_id() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with once(ID):
        commands.scan(PARCEL, "Kowloon", now=NOW)
        with pytest.raises(CommandIdReused):
            commands.scan(PARCEL, "Central", now=NOW)
    assert events_of(PARCEL) == [SENT, SCANNED]


def test_when_it_was_wished_and_in_which_zone_times_are_told_is_no_part_of_the_wish() -> None:
    with once(ID):
        commands.send(PARCEL, due_at=TOMORROW, by=MIRA, now=NOW)
    with once(ID):
        commands.send(PARCEL, due_at=TOMORROW.astimezone(ZoneInfo("Asia/Hong_Kong")), by=MIRA, now=LATER)
    assert events_of(PARCEL) == [SENT]


def test_of_two_that_come_at_once_one_is_carried_out_and_both_get_its_outcome() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with session() as first, session() as second:
        backend = second.backend
        with first.transaction():
            assert first.do(delivered) == PARCEL
            waiting = second.start(delivered)
            wait_for_lock(backend)
        assert waiting.result(10) == PARCEL
    assert events_of(PARCEL) == [SENT, DELIVERED]


def test_the_second_one_is_carried_out_when_the_first_one_gives_up() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with session() as first, session() as second:
        backend = second.backend
        with first.transaction():
            first.do(delivered)
            waiting = second.start(delivered)
            wait_for_lock(backend)
            first.do(lambda: transaction.set_rollback(True))
        assert waiting.result(10) == PARCEL
    assert events_of(PARCEL) == [SENT, DELIVERED]


def test_who_is_refused_because_its_twin_was_faster_gets_the_twins_outcome() -> None:
    with session() as twin:

        @command
        def deliver_once(parcel: UUID) -> UUID:
            if not twins:  # between the first one's look at its id and its load, the twin is carried out
                twins.append(parcel)
                twin.do(wished)
            with change(Parcel, parcel, by=MIRA, now=NOW) as row:
                row.record(DELIVERED)
            return parcel

        def wished() -> UUID:
            with once(ID):
                return deliver_once(PARCEL)

        twins: list[UUID] = []
        given_in_log(Parcel, PARCEL, SENT)
        assert wished() == PARCEL
    assert events_of(PARCEL) == [SENT, DELIVERED]


def test_a_command_that_was_refused_may_be_tried_again_under_its_id() -> None:
    given_in_log(Parcel, PARCEL, SENT, DELIVERED)
    for _ in range(2):
        with pytest.raises(TransitionRefused), once(ID):
            commands.scan(PARCEL, "Kowloon", now=NOW)


WISHES = {"scan": False}


@command
def scan_if_wished(parcel: UUID) -> UUID | None:
    """Scan it where that is wished just now; return another id than the stream's."""
    if not WISHES["scan"]:
        return None
    with change(Parcel, parcel, by=MIRA, now=NOW) as row:
        row.record(SCANNED)
    return derived("another id")


def scanned_if_wished(command_id: UUID = ID) -> UUID | None:
    with once(command_id):
        return scan_if_wished(PARCEL)


def test_a_command_that_had_nothing_to_do_has_been_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    given_in_log(Parcel, PARCEL, SENT)
    assert scanned_if_wished() is None
    monkeypatch.setitem(WISHES, "scan", True)
    assert scanned_if_wished() is None
    assert events_of(PARCEL) == [SENT]


def test_a_repeated_command_returns_what_it_returned_not_what_it_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    given_in_log(Parcel, PARCEL, SENT)
    monkeypatch.setitem(WISHES, "scan", True)
    assert scanned_if_wished() == scanned_if_wished() == derived("another id")
    assert events_of(PARCEL) == [SENT, SCANNED]


def test_a_repeated_command_that_returns_nothing_returns_nothing() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    for _ in range(2):
        with once(ID):
            assert commands.scan(PARCEL, "Kowloon", now=NOW) is None
    assert events_of(PARCEL) == [SENT, SCANNED]


@command
def scan_after_a_setback(parcel: UUID) -> UUID:
    """Scan it, after a first try that a savepoint took back."""
    with transaction.atomic():
        commands.scan(parcel, "nowhere", now=NOW)
        transaction.set_rollback(True)
    commands.scan(parcel, "Kowloon", now=NOW)
    return parcel


def test_what_a_savepoint_took_back_does_not_count_as_carried_out() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    for _ in range(2):
        with once(ID):
            assert scan_after_a_setback(PARCEL) == PARCEL
    assert events_of(PARCEL) == [SENT, SCANNED]


def test_every_event_of_a_command_names_it() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with once(ID):
        scan_after_a_setback(PARCEL)
    assert [event.meta.get("command") for event in history(PARCEL)] == [None, str(ID)]


@command
def note(parcel: UUID, words: Private) -> UUID:
    with change(Parcel, parcel, by=MIRA, now=NOW) as row:
        row.record(SCANNED)
    return parcel


def test_private_words_are_the_same_wish_though_they_are_sealed_anew() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    for _ in range(2):
        with once(ID):
            note(PARCEL, Private.seal("call Ada", subject=PARCEL))
    with pytest.raises(CommandIdReused), once(ID):
        note(PARCEL, Private.seal("call Bob", subject=PARCEL))
    assert events_of(PARCEL) == [SENT, SCANNED]


def test_a_command_whose_transaction_began_too_early_is_run_again_in_a_fresh_one() -> None:
    """It takes its transaction's id first, as whatever locks a row does; then another one writes the stream."""
    with session() as other:
        runs: list[int] = []

        @command
        def lock_then_scan(parcel: UUID) -> None:
            runs.append(1)
            one("SELECT pg_current_xact_id()")
            if len(runs) == 1:
                other.do(lambda: given_in_log(Parcel, PARCEL, SCANNED))
            commands.scan(parcel, "Kowloon", now=NOW)

        given_in_log(Parcel, PARCEL, SENT)
        lock_then_scan(PARCEL)
    assert len(runs) == 2
    assert events_of(PARCEL) == [SENT, SCANNED, SCANNED]


def test_two_commands_in_a_deadlock_are_both_carried_out() -> None:
    other_parcel = parcel_id("other")
    meeting, winner, runs = Barrier(2), Event(), []

    @command
    def scan_both(*parcels: UUID) -> None:
        again = parcels in runs
        runs.append(parcels)
        if again:
            assert winner.wait(20)
        commands.scan(parcels[0], "Kowloon", now=NOW)
        if not again:
            meeting.wait(20)
        commands.scan(parcels[1], "Kowloon", now=NOW)

    def carry_out(*parcels: UUID) -> None:
        scan_both(*parcels)
        winner.set()

    for parcel in (PARCEL, other_parcel):
        given_in_log(Parcel, parcel, SENT)
    with session() as first, session() as second:
        works = [
            first.start(lambda: carry_out(PARCEL, other_parcel)),
            second.start(lambda: carry_out(other_parcel, PARCEL)),
        ]
        for work in works:
            work.result(20)
    assert len(runs) > 2
    for parcel in (PARCEL, other_parcel):
        assert events_of(parcel) == [SENT, SCANNED, SCANNED]
