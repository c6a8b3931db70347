"""Appending: at the version that was seen, all or nothing, and a conflict that says what happened."""

import pytest
from django.db import transaction

from eventstore import SYSTEM, Actor, ConcurrencyConflict, history
from eventstore.appending import Staged, append
from eventstore.chains import event_hash
from eventstore.context import Cause, because_of
from eventstore.errors import AlreadyExists, InvalidInput
from eventstore.raw import one
from kernel.ids import derived
from tests.eventstore.sessions import session, wait_for_lock
from tests.eventstore.shapes import EVERYTHING, EVERYTHING_WRITTEN
from tests.eventstore.staging import SCAN, STREAM, scans, versions
from tests.given import NOW
from tests.personas import MIRA
from tests.toys.events import ParcelDelivered, ParcelScanned

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]


def test_events_are_read_as_they_were_written() -> None:
    assert append([Staged(STREAM, 0, EVERYTHING, NOW), *scans(after=1)], by=MIRA) == 2
    first, second = history(STREAM)
    assert (first.event, second.event) == (EVERYTHING, SCAN)
    assert (first.version, second.version) == (1, 2)
    assert first.payload == EVERYTHING_WRITTEN
    assert first.occurred_at == NOW
    assert first.recorded_at > NOW.replace(year=2026, month=1)
    assert (first.actor, first.position) == ("operator mira", None)


def test_the_database_hashes_as_python_does() -> None:
    append([Staged(STREAM, 0, EVERYTHING, NOW), *scans(after=1, count=3)], by=MIRA)
    append(scans(after=4), by=SYSTEM)
    before = b""
    for event in history(STREAM):
        before = event_hash(
            before,
            (
                event.stream,
                event.version,
                event.type_name,
                event.schema_version,
                event.payload,
                event.occurred_at,
                event.meta_text,
                event.recorded_at,
                event.hash,
            ),
        )
        assert before == event.hash


def test_one_append_writes_many_streams() -> None:
    streams = [derived("stream", number) for number in range(50)]
    append([staged for stream in streams for staged in scans(stream, count=3)], by=MIRA)
    append([staged for stream in streams for staged in scans(stream, after=3)], by=MIRA)
    assert all(versions(stream) == [1, 2, 3, 4] for stream in streams)


def test_a_writer_who_saw_less_is_told_both_versions() -> None:
    append(scans(count=7), by=MIRA)
    with pytest.raises(ConcurrencyConflict, match="you saw version 3, it is at version 7") as conflict:
        append(scans(after=3), by=MIRA)
    assert (conflict.value.stream, conflict.value.expected, conflict.value.actual) == (STREAM, 3, 7)
    assert conflict.value.status == 409
    assert versions() == [1, 2, 3, 4, 5, 6, 7]


def test_a_writer_who_saw_more_than_there_is_is_told_both_versions() -> None:
    append(scans(count=2), by=MIRA)
    with pytest.raises(ConcurrencyConflict) as conflict:
        append(scans(after=5), by=MIRA)
    assert (conflict.value.expected, conflict.value.actual) == (5, 2)


def test_what_exists_cannot_begin_again() -> None:
    append(scans(count=4), by=MIRA)
    with pytest.raises(AlreadyExists) as conflict:
        append(scans(), by=MIRA)
    assert (conflict.value.expected, conflict.value.actual) == (0, 4)


def test_a_conflict_in_one_stream_leaves_nothing_in_the_others() -> None:
    other = derived("another stream")
    append(scans(count=2), by=MIRA)
    with pytest.raises(ConcurrencyConflict) as conflict:
        append([*scans(other), *scans(after=1)], by=MIRA)
    assert conflict.value.stream == STREAM
    assert versions(other) == []


@pytest.mark.parametrize("seen", [0, 2])
def test_of_two_writers_at_one_version_one_wins_and_the_other_is_told(seen: int) -> None:
    if seen:
        append(scans(count=seen), by=MIRA)
    with session() as first, session() as second:
        backend = second.backend
        with first.transaction():
            first.do(lambda: append(scans(after=seen), by=MIRA))
            waiting = second.start(lambda: append(scans(after=seen), by=MIRA))
            wait_for_lock(backend)
        with pytest.raises(ConcurrencyConflict) as conflict:
            waiting.result(10)
    assert (conflict.value.expected, conflict.value.actual) == (seen, seen + 1)
    assert versions() == list(range(1, seen + 2))


def test_the_other_writer_wins_when_the_first_one_gives_up() -> None:
    with session() as first, session() as second:
        backend = second.backend
        with first.transaction():
            first.do(lambda: append(scans(), by=MIRA))
            waiting = second.start(lambda: append(scans(), by=MIRA))
            wait_for_lock(backend)
            first.do(lambda: transaction.set_rollback(True))
        assert waiting.result(10) == 1
    assert versions() == [1]


def test_an_append_is_undone_with_its_transaction() -> None:
    with transaction.atomic():
        append(scans(), by=MIRA)
        transaction.set_rollback(True)
    assert versions() == []


def test_a_nul_is_refused_in_events_and_in_who_did_it() -> None:
    with pytest.raises(InvalidInput, match="NUL"):
        append([Staged(STREAM, 0, ParcelScanned(place="a\0b"), NOW)], by=MIRA)
    with pytest.raises(InvalidInput, match="NUL"):
        append(scans(), by=Actor("customer", "a\0b"))
    assert versions() == []


def test_an_event_names_its_cause_and_the_root_of_it() -> None:
    with because_of(Cause("a/1", "root/1")):
        append(scans(), by=SYSTEM)
    (event,) = history(STREAM)
    assert (event.meta["causation"], event.meta["correlation"]) == ("a/1", "root/1")


def test_text_of_any_length_and_script_is_hashed_and_kept() -> None:
    long = ParcelDelivered(signed_by="新界 " * 100_000)
    append([Staged(STREAM, 0, long, NOW)], by=MIRA)
    (event,) = history(STREAM)
    assert event.event == long


def test_a_batch_of_a_thousand_events_takes_one_round_trip_and_keeps_its_order() -> None:
    streams = [derived("stream", number) for number in range(1000)]
    append([staged for stream in streams for staged in scans(stream)], by=MIRA)
    rows = one("SELECT array_agg(stream ORDER BY id) FROM events")
    assert rows is not None
    assert rows[0] == streams
