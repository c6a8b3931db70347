"""Append: many events over many streams in one round trip, or nothing at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import DatabaseError

from eventstore.actors import Actor
from eventstore.codec import SHAPES, Event, encode, microseconds
from eventstore.context import CAUSE, COMMANDED
from eventstore.errors import (
    AlreadyCarriedOut,
    AlreadyExists,
    BegunTooEarly,
    ConcurrencyConflict,
    ForeignCluster,
    InvalidInput,
)
from eventstore.raw import execute

APPEND = "SELECT append_events(%s::jsonb, %s, %s, %s)"
_batch = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Staged:
    """One event on its way into the log; `expected` is its stream's version before the write."""

    stream: UUID
    expected: int
    event: Event
    occurred_at: datetime


def append(staged: Sequence[Staged], *, by: Actor) -> int:
    """Write the events, a stream's adjoining and in order; return the last version written.

    One statement in the caller's transaction: all of them or none. A command id
    that is being carried out (`eventstore.once`) is stored with the first append.

    Errors: ConcurrencyConflict, which names both versions; AlreadyExists where a
    new stream was expected; BegunTooEarly, to be run again in a fresh
    transaction; ForeignCluster; InvalidInput for a text with a NUL.
    """
    commanded = COMMANDED.get()
    carried: tuple[UUID | None, str | None, bytes | None] = (None, None, None)
    if commanded and not commanded.appended:
        carried = (commanded.id, commanded.name, commanded.digest)
        commanded.appended = True
    meta = encode(_meta(by))
    rows = [_row(one, meta) for one in staged]
    try:
        cursor = execute(APPEND, (_batch.encode(rows).decode(), *carried))
    except DatabaseError as error:
        raise _refusal(error, staged) from error
    written = cursor.fetchone()
    assert written is not None  # noqa: S101 — a function always returns a row
    return int(written[0])


def _meta(by: Actor) -> dict[str, object]:
    meta: dict[str, object] = {"actor": by}
    if commanded := COMMANDED.get():
        meta["command"] = commanded.id
    if cause := CAUSE.get():
        meta["causation"] = cause.causation
        meta["correlation"] = cause.correlation
    return meta


def _row(one: Staged, meta: str) -> tuple[object, ...]:
    shape = SHAPES[type(one.event)]
    occurred = microseconds(one.occurred_at)
    payload = encode(one.event)
    return (one.stream, one.expected, shape.name, shape.version, payload, meta, occurred)


def _refusal(error: DatabaseError, staged: Sequence[Staged]) -> Exception:
    """Translate the database's refusal into the error that a caller acts on."""
    cause = error.__cause__
    detail = getattr(getattr(cause, "diag", None), "message_detail", None) or ""
    match getattr(cause, "sqlstate", None):
        case "MG208":
            return AlreadyCarriedOut(str(cause))
        case "MG409" | "23505":
            return _conflict(staged, detail)
        case "MG425":
            stream, version = _stream_and_version(detail)
            return BegunTooEarly(stream, expected=version, actual=version)
        case "MG503":
            return ForeignCluster()
        case "22P05":
            return InvalidInput("a text holds a NUL character, which cannot be stored: remove it")
        case _:
            return error


def _conflict(staged: Sequence[Staged], detail: str) -> ConcurrencyConflict:
    stream, actual = _stream_and_version(detail)
    expected = next(one.expected for one in staged if one.stream == stream)
    kind = AlreadyExists if expected == 0 else ConcurrencyConflict
    return kind(stream, expected=expected, actual=actual)


def _stream_and_version(detail: str) -> tuple[UUID, int]:
    """Read them from `Key (stream, version)=(…, 4)`, PostgreSQL's wording and our function's."""
    stream, version = detail.partition("=(")[2].partition(")")[0].split(", ")
    return UUID(stream), int(version)
