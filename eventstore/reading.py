"""Reading the log: events with everything that is known about them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from eventstore.codec import TYPES, Event, decode
from eventstore.raw import execute, one

COLUMNS = "e.stream, e.version, e.type, e.schema_version, e.payload, e.meta, e.occurred_at, e.recorded_at, e.hash"
WAITING = """
SELECT count(*) FROM events e WHERE (e.generation, e.xid, e.id) > coalesce(
    (SELECT (s.generation, s.xid, s.id) FROM seals s ORDER BY s.batch DESC LIMIT 1), (0::smallint, '0'::xid8, 0))
"""
OLDEST_WRITER = """
SELECT pid, extract(epoch FROM clock_timestamp() - xact_start)::bigint FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() ORDER BY age(backend_xid) DESC, pid LIMIT 1
"""


@dataclass(frozen=True)
class Recorded:
    """One event as it stands in the log; decoded when first asked for."""

    position: int | None
    stream: UUID
    version: int
    type_name: str
    schema_version: int
    payload: str
    meta_text: str
    occurred_at: datetime
    recorded_at: datetime
    hash: bytes

    @cached_property
    def event(self) -> Event:
        """The event itself. Errors: UnreadableEvent."""
        return decode(self.type_name, self.schema_version, self.payload)

    @property
    def event_type(self) -> type[Event] | None:
        """The class of the event, or None where this program does not know it."""
        return TYPES.get(self.type_name)

    @cached_property
    def meta(self) -> dict[str, Any]:
        """Who did it (`actor`), by which `command`, because of what (`causation`, `correlation`)."""
        plain: dict[str, Any] = msgspec.json.decode(self.meta_text)
        return plain

    @property
    def actor(self) -> str:
        """The actor as "kind id"."""
        return f"{self.meta['actor']['kind']} {self.meta['actor']['id']}"


def history(stream: UUID) -> list[Recorded]:
    """Return a stream's events in order, with the positions of those already sealed."""
    rows = execute(
        f"SELECT p.position, {COLUMNS} FROM events e"  # noqa: S608 — our own column list
        " LEFT JOIN positions p ON p.stream = e.stream AND p.version = e.version"
        " WHERE e.stream = %s ORDER BY e.version",
        (stream,),
    )
    return [Recorded(*row) for row in rows]


def since(position: int, *, until: int, types: Collection[str] | None = None) -> Iterator[Recorded]:
    """Yield the sealed events after one position up to another, in order; of these types, or of all."""
    rows = execute(
        f"SELECT p.position, {COLUMNS} FROM positions p"  # noqa: S608 — our own column list
        " JOIN events e ON e.stream = p.stream AND e.version = p.version"
        " WHERE p.position > %s AND p.position <= %s AND (%s::text[] IS NULL OR e.type = ANY(%s::text[]))"
        " ORDER BY p.position",
        (position, until, *[None if types is None else list(types)] * 2),
    )
    return (Recorded(*row) for row in rows)


def newest(*, until: int, most: int, back: int, type_name: str = "") -> list[Recorded]:
    """Return the last sealed events up to a position, the newest first; of one type where asked.

    It looks at no more than `back` positions, so that a rare type in a long log costs no scan of it.
    """
    rows = execute(
        f"SELECT p.position, {COLUMNS} FROM positions p"  # noqa: S608 — our own column list
        " JOIN events e ON e.stream = p.stream AND e.version = p.version"
        " WHERE p.position <= %s AND p.position > %s AND (%s = '' OR e.type = %s)"
        " ORDER BY p.position DESC LIMIT %s",
        (until, until - back, type_name, type_name, most),
    )
    return [Recorded(*row) for row in rows]


def last_position() -> int:
    """Return the position of the newest sealed event, 0 in an empty log."""
    row = one("SELECT last FROM seals ORDER BY batch DESC LIMIT 1")
    return int(row[0]) if row else 0


def waiting() -> int:
    """Return how many events have no position yet."""
    row = one(WAITING)
    return int(row[0]) if row else 0


def oldest_writer() -> tuple[int, int | None] | None:
    """Return the server process whose transaction holds back what is to be sealed, and its age in seconds.

    The age of another login's transaction is None: PostgreSQL does not tell it.
    """
    row = one(OLDEST_WRITER)
    return (int(row[0]), None if row[1] is None else int(row[1])) if row else None
