"""Sealing: gapless positions for what can no longer be overtaken, chained batch by batch."""

import hashlib

import pytest
from django.db import transaction

from eventstore.appending import append
from eventstore.raw import execute, one
from eventstore.reading import last_position, since
from eventstore.sealing import seal
from kernel.ids import derived
from tests.eventstore.sessions import session, wait_for_lock
from tests.eventstore.staging import OTHER_STREAM, STREAM, scans
from tests.personas import MIRA

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]


def positions() -> list[int]:
    return [position for (position,) in execute("SELECT position FROM positions ORDER BY position")]


def test_positions_have_no_gap_though_transactions_are_rolled_back() -> None:
    for number in range(20):
        with transaction.atomic():
            append(scans(derived("stream", number), count=3), by=MIRA)
            transaction.set_rollback(number % 2 == 1)
    assert seal() == 30
    assert positions() == list(range(1, 31))
    assert last_position() == 30


def test_nothing_is_sealed_before_it_is_committed_nor_what_could_still_be_overtaken() -> None:
    with session() as slow:
        with slow.transaction():
            slow.do(lambda: append(scans(), by=MIRA))
            append(scans(OTHER_STREAM), by=MIRA)
            assert (seal(), positions()) == (0, [])
        assert seal() == 2
    assert [event.stream for event in since(0, until=9)] == [STREAM, OTHER_STREAM]


def test_a_transaction_that_only_reads_holds_nobody_up() -> None:
    with session() as report, report.transaction():
        report.do(lambda: one("SELECT count(*) FROM events"))
        append(scans(), by=MIRA)
        assert seal() == 1


def test_a_batch_is_as_large_as_wanted_and_the_next_one_goes_on() -> None:
    append(scans(count=25), by=MIRA)
    assert [seal(most=10) for _ in range(4)] == [10, 10, 5, 0]
    assert positions() == list(range(1, 26))


def test_each_seal_hashes_the_one_before_and_its_events() -> None:
    append(scans(count=3), by=MIRA)
    seal(most=2)
    seal(most=2)
    hashes = [bytes(hash_) for (hash_,) in execute("SELECT hash FROM events ORDER BY version")]
    before = b""
    for (first, last, found), content in zip(
        execute("SELECT first, last, hash FROM seals ORDER BY batch"), (hashes[:2], hashes[2:]), strict=True
    ):
        edges = first.to_bytes(8) + last.to_bytes(8)
        before = hashlib.sha256(b"makegood/1 seal" + before + edges + b"".join(content)).digest()
        assert bytes(found) == before


def test_two_rival_sealers_number_each_event_once() -> None:
    with session() as first, session() as second:
        backend = second.backend
        append(scans(count=10), by=MIRA)
        with first.transaction():
            assert first.do(lambda: seal(most=6)) == 6
            waiting = second.start(seal)
            wait_for_lock(backend)
            append(scans(OTHER_STREAM), by=MIRA)
        assert waiting.result(10) == 5
    assert positions() == list(range(1, 12))


def test_a_sealer_that_gives_up_leaves_everything_to_the_next_one() -> None:
    append(scans(count=10), by=MIRA)
    with transaction.atomic():
        assert seal(most=6) == 6
        transaction.set_rollback(True)
    assert (seal(), positions()) == (10, list(range(1, 11)))
    assert one("SELECT count(*) FROM seals") == (1,)


def test_what_was_sealed_is_read_by_position_and_type() -> None:
    append(scans(count=10), by=MIRA)
    seal()
    assert [event.version for event in since(3, until=6)] == [4, 5, 6]
    assert [event.position for event in since(8, until=99, types=["toys.parcel_scanned"])] == [9, 10]
    assert not list(since(0, until=99, types=["toys.parcel_sent"]))


def read_from_the_log() -> int:
    """Tell how many events this session's statements have looked at, by index or by scan."""
    one("SELECT pg_stat_force_next_flush()")
    row = one("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'events'")
    assert row is not None
    return int(row[0])


def test_the_cost_of_sealing_does_not_grow_with_the_log() -> None:
    for number in range(10):
        append(scans(derived("stream", number), count=300), by=MIRA)
    assert seal() == 3000
    append(scans(count=5), by=MIRA)
    before = read_from_the_log()
    assert [seal(), seal()] == [5, 0]
    assert read_from_the_log() - before < 20


def test_what_waits_behind_a_slow_transaction_is_not_read_again_and_again() -> None:
    with session() as slow, slow.transaction():
        slow.takes_an_id()
        append(scans(count=1000), by=MIRA)
        before = read_from_the_log()
        assert [seal() for _ in range(5)] == [0] * 5
        assert read_from_the_log() - before < 20
    assert seal() == 1000
