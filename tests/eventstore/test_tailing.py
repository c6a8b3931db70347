"""A reader that follows eight writers, rollbacks and a slow transaction sees each event once, each stream in order."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from random import Random
from threading import Event
from uuid import UUID

import pytest
from django.db import connection, transaction

from eventstore import ConcurrencyConflict, Subscription
from eventstore.appending import append
from eventstore.raw import execute, one, written
from eventstore.reading import Recorded, last_position
from eventstore.sealing import seal
from eventstore.subscriptions import run
from eventstore.verification import verify_log
from kernel.ids import derived
from tests.eventstore.sessions import Session, session
from tests.eventstore.staging import scans
from tests.personas import MIRA
from tests.toys.events import ParcelScanned
from tests.toys.subscriptions import SEEN

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

WRITERS = 8
EVENTS = 100_000
SHARED = [derived("shared", number) for number in range(40)]


def version_of(stream: UUID) -> int:
    row = one("SELECT coalesce(max(version), 0) FROM events WHERE stream = %s", (stream,))
    assert row is not None
    return int(row[0])


@dataclass
class Writer:
    """Appends to streams of its own and to shared ones, in every way that a transaction can."""

    number: int
    written: int = 0
    refused: int = 0
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.number)
        self.own = [derived("stream", self.number, number) for number in range(200)]

    def write(self, half_way: Event) -> int:
        while self.written < EVENTS // WRITERS:
            try:
                self.written += self._transaction()
            except ConcurrencyConflict:
                self.refused += 1
            if self.written > EVENTS // WRITERS // 2:
                half_way.set()
        return self.written

    def _transaction(self) -> int:
        with transaction.atomic():
            if self.random.random() < 0.1:  # an id before anything is appended, as a lock or another table's row takes
                written(SEEN, (0, SHARED[0], 0))
            count = self._append(self.random.choice(self.own), self.random.randint(1, 30))
            if self.random.random() < 0.3:
                count += self._append(self.random.choice(SHARED), 1)
            if self.random.random() < 0.1:
                with transaction.atomic():
                    self._append(self.random.choice(self.own), 3)
                    transaction.set_rollback(True)
            if self.random.random() < 0.1:
                transaction.set_rollback(True)
                return 0
        return count

    def _append(self, stream: UUID, count: int) -> int:
        append(scans(stream, after=version_of(stream), count=count), by=MIRA)
        return count


@dataclass
class Reader:
    """A subscription that remembers what it was given."""

    seen: list[tuple[int, UUID, int]] = field(default_factory=list)

    def saw(self, _event: ParcelScanned, recorded: Recorded) -> None:
        self.seen.append((recorded.position or 0, recorded.stream, recorded.version))

    def follow(self, finished: Event) -> None:
        tail = Subscription("tail", {ParcelScanned: self.saw}, batch=1000)
        while run(tail) or not finished.is_set():
            finished.wait(0.01)


def sealing(finished: Event) -> None:
    while seal() or not finished.is_set():
        finished.wait(0.002)


def closing(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connection.close()


def everyone_at_work(slow: Session, reader: Reader) -> list[Writer]:
    """Let everybody write, seal and read at once, and the slow one commit when half is written."""
    writers = [Writer(number) for number in range(WRITERS)]
    half_way, all_written, all_sealed = Event(), Event(), Event()
    with ThreadPoolExecutor(WRITERS + 3) as threads:
        sealers = [threads.submit(closing, lambda: sealing(all_written)) for _ in range(2)]
        reading = threads.submit(closing, lambda: reader.follow(all_sealed))
        with slow.transaction():
            slow.do(lambda: append(scans(derived("slow"), count=3), by=MIRA))
            writing = [threads.submit(closing, partial(one.write, half_way)) for one in writers]
            half_way.wait(120)
            assert last_position() == 0
        for work in writing:
            work.result()
        all_written.set()
        for sealer in sealers:
            sealer.result()
        all_sealed.set()
        reading.result()
    return writers


def test_a_tailing_reader_misses_nothing_and_sees_nothing_twice() -> None:
    reader = Reader()
    with session() as slow:
        writers = everyone_at_work(slow, reader)
    events = set(execute("SELECT stream, version FROM events"))
    assert len(events) == 3 + sum(writer.written for writer in writers) >= EVENTS
    assert [position for position, _, _ in reader.seen] == list(range(1, len(events) + 1))
    assert {(stream, version) for _, stream, version in reader.seen} == events
    next_version: Counter[UUID] = Counter()
    for _, stream, version in reader.seen:
        next_version[stream] += 1
        assert version == next_version[stream]
    assert sum(writer.refused for writer in writers) > 0
    assert not list(verify_log())
