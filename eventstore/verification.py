"""Verification: every hash, every seal, and every row against the fold of its events."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import psycopg
from django.db import models

from eventstore.aggregate import Aggregate, Kept
from eventstore.appending import Staged
from eventstore.catalogue import aggregates, owners
from eventstore.codec import microseconds
from eventstore.errors import UnreadableEvent
from eventstore.raw import Row, execute, psycopg_connection
from eventstore.streams import Stream, snapshot, walk
from eventstore.tables import table_of

AT_ONCE = 1_000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the log or a row is not what it must be."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def verify(progress: Progress = lambda _: None) -> Iterator[Difference]:
    """Yield every difference, as of one instant; `progress` hears how many events are done."""
    with snapshot():
        for part in _parts(progress):
            for stream in part:
                yield from _chain(stream)
            yield from _rows(part)
        yield from _strangers()
        yield from _seals()


def verify_log(progress: Progress = lambda _: None) -> Iterator[Difference]:
    """Yield the differences within the log alone: hashes, versions, positions, seals."""
    with snapshot():
        for part in _parts(progress):
            for stream in part:
                yield from _chain(stream)
        yield from _seals()


def _parts(progress: Progress) -> Iterator[list[Stream]]:
    streams, done = walk(), 0
    while part := list(islice(streams, AT_ONCE)):
        yield part
        done += sum(len(stream.rows) for stream in part)
        progress(done)


def event_hash(before: bytes, row: Row) -> bytes:
    """Compute an event's hash from the one before it in its stream, as `append_events` does."""
    stream, version, name, shape, payload, meta, occurred, recorded, _ = row
    parts = [b"makegood/1", before, stream.bytes, version.to_bytes(4)]
    for part, tail in ((name, shape.to_bytes(2)), (payload, b""), (meta, b"")):
        text = part.encode()
        parts += [len(text).to_bytes(4), text, tail]
    parts += [microseconds(instant).to_bytes(8, signed=True) for instant in (occurred, recorded)]
    return hashlib.sha256(b"".join(parts)).digest()


def _chain(stream: Stream) -> Iterator[Difference]:
    before = b""
    for expected, row in enumerate(stream.rows, start=1):
        where = f"stream {stream.id} version {row[1]} ({row[2]})"
        if row[1] != expected:
            yield Difference(where, f"version {expected} is missing from the stream")
            return
        before = event_hash(before, row)
        if before != bytes(row[8]):
            yield Difference(where, "the event is not the one that was recorded: its hash differs")
            return


def _rows(part: Sequence[Stream]) -> Iterator[Difference]:
    whose = owners()
    for model in dict.fromkeys(whose[one.type] for one in part if one.type in whose):
        mine = [one for one in part if whose.get(one.type) is model]
        stored = {row.id: row for row in table_of(model).load_many([one.id for one in mine])}
        folded: list[tuple[Aggregate, list[Staged]]] = []
        for stream in mine:
            try:
                events = stream.staged()
            except UnreadableEvent as error:
                yield Difference(f"stream {stream.id}", str(error))
                continue
            folded.append((model.fold(stream.id, (one.event for one in events)), events))
        for row, _ in folded:
            yield from _compare(model, row, stored.get(row.id), _names(model))
        for kept in model.keeps:
            yield from _kept(kept, folded)


def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def _compare(
    model: type[models.Model], expected: models.Model, stored: models.Model | None, names: Iterable[str]
) -> Iterator[Difference]:
    where = f"{model._meta.db_table} {expected.pk}"
    if stored is None:
        yield Difference(where, "the row is missing")
        return
    for name in names:
        said, is_ = getattr(expected, name), getattr(stored, name)
        if said != is_:
            yield Difference(where, f"{name} is {is_!r}, its history says {said!r}")


def _kept(kept: Kept, folded: Sequence[tuple[Aggregate, list[Staged]]]) -> Iterator[Difference]:
    streams = [row.id for row, _ in folded]
    found = kept.model._default_manager.filter(**{f"{kept.owner}__in": streams})
    stored: dict[Any, models.Model] = {row.pk: row for row in found}
    for row, events in folded:
        for expected in kept.expected(row, events):
            yield from _compare(kept.model, expected, stored.pop(expected.pk, None), kept.compared)
    for left in stored.values():
        yield Difference(f"{kept.model._meta.db_table} {left.pk}", "the row has no event behind it")


def _strangers() -> Iterator[Difference]:
    """Find rows of things that the log has never heard of."""
    tables = {(model._meta.db_table, "id") for model in aggregates()}
    for model in aggregates():
        tables |= {(kept.model._meta.db_table, _column(kept)) for kept in model.keeps}
    for table, column in sorted(tables):
        rows = execute(
            f'SELECT t."{column}" FROM "{table}" t WHERE NOT EXISTS'  # noqa: S608 — our own names
            f' (SELECT 1 FROM events e WHERE e.stream = t."{column}") ORDER BY 1 LIMIT 10'
        )
        for (stream,) in rows:
            yield Difference(f"{table} {stream}", "the row has no event behind it")


def _column(kept: Kept) -> str:
    field = kept.model._meta.get_field(kept.owner)
    assert isinstance(field, models.Field)  # noqa: S101 — a column of its own, no relation
    return str(field.column)


def _seals() -> Iterator[Difference]:
    """Check that positions are gapless, that nothing sealed is gone, and the chain of the seals."""
    seals = execute("SELECT batch, first, last, hash FROM seals ORDER BY batch").fetchall()
    with psycopg.ServerCursor(psycopg_connection(), "sealed") as cursor:
        cursor.itersize = 5_000
        cursor.execute(
            "SELECT p.position, p.stream, p.version, e.hash FROM positions p"
            " LEFT JOIN events e ON e.stream = p.stream AND e.version = p.version"
            " ORDER BY p.position"
        )
        before, reached = b"", 0
        for number, (batch, first, last, hash_) in enumerate(seals, start=1):
            where = f"seal {batch}"
            if batch != number or first != reached + 1:
                yield Difference(where, f"the batch before it is missing (it starts at {first})")
                return
            hashes, lost = _batch(cursor, first, last)
            if lost:
                yield lost
                return
            before = _seal_hash(before, first, last, hashes)
            if before != bytes(hash_):
                yield Difference(where, "what it sealed is not what stands in the log")
                return
            reached = last
        if (more := cursor.fetchone()) is not None:
            yield Difference(f"position {more[0]}", "it belongs to no seal")


def _batch(rows: Iterator[Row], first: int, last: int) -> tuple[bytes, Difference | None]:
    hashes = []
    for expected in range(first, last + 1):
        row = next(rows, None)
        if row is None or row[0] != expected:
            return b"", Difference(f"position {expected}", "it is missing")
        if row[3] is None:
            return b"", Difference(f"stream {row[1]} version {row[2]}", "the event was removed from the log")
        hashes.append(bytes(row[3]))
    return b"".join(hashes), None


def _seal_hash(before: bytes, first: int, last: int, hashes: bytes) -> bytes:
    parts = (b"makegood/1 seal", before, first.to_bytes(8), last.to_bytes(8), hashes)
    return hashlib.sha256(b"".join(parts)).digest()
