"""The whole log, stream by stream, as replay and verification walk it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from struct import unpack
from typing import Final, NamedTuple, overload
from uuid import UUID

import msgspec
import psycopg
from django.db import transaction

from eventstore.appending import Staged
from eventstore.codec import Event, decode, decode_all, instant_of, microseconds
from eventstore.raw import Row, execute, one, psycopg_connection

COLUMNS = "stream, version, type, schema_version, payload, occurred_at, meta, recorded_at, hash"
AT_ONCE = 5_000
MICROSECONDS_TO_2000: Final = microseconds(datetime(2000, 1, 1, tzinfo=UTC))
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)

# One row for each stream: its events' shapes ("parcels.sent 1,parcels.scanned 2"), instants of eight bytes each,
# which are read only where somebody asks, and payloads, which are JSON already and are split in one place.
HISTORIES = """
SELECT e.stream, string_agg(e.type || ' ' || e.schema_version, ',' ORDER BY e.version),
       string_agg(timestamptz_send(e.occurred_at), '' ORDER BY e.version),
       '[' || string_agg(e.payload, ',' ORDER BY e.version) || ']'
FROM (SELECT stream, version, type, schema_version, payload, occurred_at
      FROM events WHERE stream > %s AND stream <= %s ORDER BY stream, version) e
GROUP BY e.stream ORDER BY e.stream
"""
BOUNDARY = "SELECT stream FROM events WHERE stream > %s ORDER BY stream, version OFFSET %s LIMIT 1"
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Stream(NamedTuple):
    """One stream's events as rows of COLUMNS, in order."""

    id: UUID
    rows: list[Row]

    @property
    def type(self) -> str:
        """The name of its first event's type."""
        return str(self.rows[0][2])

    def events(self) -> list[Event]:
        """Return its events. Errors: UnreadableEvent."""
        return [decode(row[2], row[3], row[4]) for row in self.rows]

    def staged(self, events: Sequence[Event]) -> list[Staged]:
        """Return its events as they were when they went into the log."""
        pairs = zip(self.rows, events, strict=True)
        return [Staged(self.id, row[1] - 1, event, row[5]) for row, event in pairs]


class History(NamedTuple):
    """One stream's events as replay reads them: shapes, instants as PostgreSQL sends them, payloads; in order."""

    id: UUID
    shapes: list[str]
    sent: bytes
    payloads: list[msgspec.Raw]

    @property
    def type(self) -> str:
        """The name of its first event's type."""
        return self.shapes[0].partition(" ")[0]

    def events(self) -> list[Event]:
        """Return its events. Errors: UnreadableEvent."""
        return decode_all(self.shapes, self.payloads)

    def staged(self, events: Sequence[Event]) -> list[Staged]:
        """Return its events as they were when they went into the log."""
        instants = unpack(f">{len(self.shapes)}q", self.sent)
        told = enumerate(zip(events, instants, strict=True))
        return [Staged(self.id, before, event, instant_of(at + MICROSECONDS_TO_2000)) for before, (event, at) in told]


class Staging(Sequence[Staged]):
    """A stream's events as they were when they went into the log, made when somebody looks."""

    def __init__(self, history: History, events: Sequence[Event]) -> None:
        self.history, self.events = history, events

    @cached_property
    def _staged(self) -> list[Staged]:
        return self.history.staged(self.events)

    @overload
    def __getitem__(self, index: int) -> Staged: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Staged]: ...
    def __getitem__(self, index: int | slice) -> Staged | Sequence[Staged]:
        return self._staged[index]

    def __len__(self) -> int:
        return len(self.events)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything inside as it was at one instant; nothing may be written."""
    with transaction.atomic():
        execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        execute("SET LOCAL statement_timeout = 0")
        execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def walk() -> Iterator[Stream]:
    """Yield every stream with all its COLUMNS, in order of their ids; inside a transaction."""
    with psycopg.ServerCursor(psycopg_connection(), "walk") as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM events ORDER BY stream, version", binary=True)  # noqa: S608
        unfinished: list[Row] = []
        while rows := cursor.fetchmany(AT_ONCE):
            *whole, last = grouped(unfinished + rows)
            unfinished = last.rows
            yield from whole
        yield from grouped(unfinished)


def boundary(*, after: UUID, most: int) -> UUID | None:
    """Return the stream up to which there are about `most` events after one; None where there are fewer."""
    row = one(BOUNDARY, (after, most - 1))
    return row[0] if row else None


def histories(after: UUID, until: UUID) -> list[History]:
    """Return the streams that follow one up to another, in order."""
    found = execute(HISTORIES, (after, until))
    return [History(stream, shapes.split(","), sent, _split(payloads)) for stream, shapes, sent, payloads in found]


def grouped(rows: Iterable[Row]) -> list[Stream]:
    """Put rows that come in order together by their stream."""
    return [Stream(stream, list(its)) for stream, its in groupby(rows, key=itemgetter(0))]


def count() -> int:
    """Return how many events there are."""
    row = one("SELECT count(*) FROM events")
    return int(row[0]) if row else 0
