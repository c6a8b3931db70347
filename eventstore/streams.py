"""The whole log, stream by stream, as replay and verification walk it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import psycopg
from django.db import transaction

from eventstore.appending import Staged
from eventstore.codec import decode
from eventstore.raw import Row, execute, one, psycopg_connection

COLUMNS = "stream, version, type, schema_version, payload, meta, occurred_at, recorded_at, hash"
AT_ONCE = 5_000
FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream's events as rows of COLUMNS, in order."""

    id: UUID
    rows: list[Row]

    @property
    def type(self) -> str:
        """The name of its first event's type."""
        return str(self.rows[0][2])

    def staged(self) -> list[Staged]:
        """Return its events as they were when they went into the log. Errors: UnreadableEvent."""
        return [
            Staged(self.id, version - 1, decode(name, shape, payload), occurred)
            for _, version, name, shape, payload, _, occurred, *_ in self.rows
        ]


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything inside as it was at one instant; nothing may be written."""
    with transaction.atomic():
        execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        execute("SET LOCAL statement_timeout = 0")
        execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def walk(*, after: UUID = FIRST) -> Iterator[Stream]:
    """Yield every stream after the given one, in order of their ids; inside a transaction."""
    with psycopg.ServerCursor(psycopg_connection(), "walk") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(
            f"SELECT {COLUMNS} FROM events WHERE stream > %s ORDER BY stream, version",  # noqa: S608
            (after,),
        )
        for stream, rows in groupby(cursor, key=itemgetter(0)):
            yield Stream(stream, list(rows))


def count() -> int:
    """Return how many events there are."""
    row = one("SELECT count(*) FROM events")
    return int(row[0]) if row else 0
