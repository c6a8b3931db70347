"""The proof within the log: each stream's hashes, the positions without a gap, and the seals over them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from eventstore.codec import microseconds
from eventstore.raw import Row, execute, psycopg_connection
from eventstore.streams import Stream

AT_ONCE = 5_000
MOST = 10

SEALED = """
SELECT p.position, p.stream, p.version, e.hash, e.generation, e.xid::text, e.id FROM positions p
LEFT JOIN events e ON e.stream = p.stream AND e.version = p.version ORDER BY p.position
"""
SEALS = "SELECT batch, first, last, hash, generation, xid::text, id FROM seals ORDER BY batch"
PASSED_OVER = """
SELECT e.stream, e.version FROM events e, (SELECT * FROM seals ORDER BY batch DESC LIMIT 1) s
WHERE (e.generation, e.xid, e.id) <= (s.generation, s.xid, s.id)
  AND NOT EXISTS (SELECT 1 FROM positions p WHERE p.stream = e.stream AND p.version = e.version)
ORDER BY e.stream, e.version LIMIT %s
"""
UNFOUNDED = """
SELECT c.id, c.stream, c.version FROM commands c WHERE c.stream IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM events e WHERE e.stream = c.stream AND e.version = c.version)
ORDER BY c.id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the log or a row is not what it must be."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def event_hash(before: bytes, row: Row) -> bytes:
    """Compute an event's hash from the one before it in its stream, as `append_events` does."""
    stream, version, name, shape, payload, occurred, meta, recorded, _ = row
    parts = [b"makegood/1", before, stream.bytes, version.to_bytes(4)]
    for part, tail in ((name, shape.to_bytes(2)), (payload, b""), (meta, b"")):
        text = part.encode()
        parts += [len(text).to_bytes(4), text, tail]
    parts += [microseconds(instant).to_bytes(8, signed=True) for instant in (occurred, recorded)]
    return hashlib.sha256(b"".join(parts)).digest()


def seal_hash(before: bytes, first: int, last: int, hashes: bytes) -> bytes:
    """Compute a seal's hash from the one before it, its edges and the hashes of its events."""
    parts = (b"makegood/1 seal", before, first.to_bytes(8), last.to_bytes(8), hashes)
    return hashlib.sha256(b"".join(parts)).digest()


def check_chain(stream: Stream) -> Iterator[Difference]:
    """Yield the first difference in a stream's versions and hashes."""
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


def check_commands() -> Iterator[Difference]:
    """Yield commands whose first event is gone; that tells of a tail that was cut before it was sealed."""
    for command, stream, version in execute(UNFOUNDED, (MOST,)):
        yield Difference(f"stream {stream} version {version}", f"the event of command {command} was removed")


def check_seals() -> Iterator[Difference]:
    """Yield the first difference in positions and seals, and events that were never numbered; in a transaction."""
    connection = psycopg_connection()
    with psycopg.ServerCursor(connection, "seals") as seals, psycopg.ServerCursor(connection, "sealed") as sealed:
        seals.itersize = sealed.itersize = AT_ONCE
        seals.execute(SEALS, binary=True)
        sealed.execute(SEALED, binary=True)
        yield from _check_each(seals, sealed)
    for stream, version in execute(PASSED_OVER, (MOST,)):
        yield Difference(f"stream {stream} version {version}", "it lies before the last seal and was never numbered")


def _check_each(seals: Iterator[Row], sealed: Iterator[Row]) -> Iterator[Difference]:
    before, reached = b"", 0
    for number, (batch, first, last, hash_, *mark) in enumerate(seals, start=1):
        where = f"seal {batch}"
        if batch != number or first != reached + 1:
            yield Difference(where, f"the batch before it is missing (it starts at {first})")
            return
        hashes, newest, lost = _batch(sealed, first, last)
        if lost:
            yield lost
            return
        before = seal_hash(before, first, last, hashes)
        if before != bytes(hash_):
            yield Difference(where, "what it sealed is not what stands in the log")
            return
        if newest != mark:
            yield Difference(where, "the mark up to which it sealed is not its last event")
            return
        reached = last
    if (more := next(sealed, None)) is not None:
        yield Difference(f"position {more[0]}", "it belongs to no seal")


def _batch(rows: Iterator[Row], first: int, last: int) -> tuple[bytes, list[object], Difference | None]:
    hashes: list[bytes] = []
    mark: list[object] = []
    for expected in range(first, last + 1):
        row = next(rows, None)
        if row is None or row[0] != expected:
            return b"", mark, Difference(f"position {expected}", "it is missing")
        if row[3] is None:
            return b"", mark, Difference(f"stream {row[1]} version {row[2]}", "the event was removed from the log")
        hashes.append(bytes(row[3]))
        mark = list(row[4:])
    return b"".join(hashes), mark, None
