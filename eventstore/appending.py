"""Append: many events over many streams in one round trip, or nothing at all."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from django.db import DatabaseError

from eventstore.actors import Actor
from eventstore.codec import SHAPES, Event, encode, microseconds
from eventstore.context import CAUSE, COMMANDED, Commanded
from eventstore.errors import (
    AlreadyCarriedOut,
    AlreadyExists,
    BegunTooEarly,
    ConcurrencyConflict,
    ForeignCluster,
)
from eventstore.raw import one

# The call, for a statement of its own or as the first thing that another statement does.
CALL: Final = "append_events(%s, %s, %s, %s::smallint, %s, %s, %s, %s, %s, %s, %s)"
APPEND: Final = f"SELECT {CALL}"
ONE_PER_VERSION: Final = "events_one_per_version"
ONE_PER_COMMAND: Final = "commands_pkey"

_batch = msgspec.json.Encoder()
Parameters = tuple[object, ...]
R = TypeVar("R")


class Staged(NamedTuple):
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
    written = appending(staged, by=by, write=lambda call: one(APPEND, call))
    assert written is not None  # noqa: S101 — a function always returns a row
    return int(written[0])


def appending(staged: Sequence[Staged], *, by: Actor, write: Callable[[Parameters], R]) -> R:
    """Write by a statement that holds CALL and is given its parameters. Errors: as `append`, and the statement's."""
    commanded = COMMANDED.get()
    due = commanded if commanded is not None and commanded.is_due() else None
    carried: Parameters = (None, None, None) if due is None else (due.id, due.name, due.digest)
    first, *more = [_row(each) for each in staged]
    call = (*first, encode(_meta(by, commanded)), *carried, _batch.encode(more).decode() if more else None)
    try:
        result = write(call)
    except DatabaseError as error:
        if refusal := _refusal(error, staged):
            raise refusal from error
        raise
    if due is not None:
        due.stream = staged[0].stream
    return result


def _meta(by: Actor, commanded: Commanded | None) -> dict[str, object]:
    meta: dict[str, object] = {"actor": by}
    if commanded is not None:
        meta["command"] = commanded.id
    if cause := CAUSE.get():
        meta["causation"] = cause.causation
        meta["correlation"] = cause.correlation
    return meta


def _row(one: Staged) -> Parameters:
    shape = SHAPES[type(one.event)]
    return (one.stream, one.expected, shape.name, shape.version, shape.write(one.event), microseconds(one.occurred_at))


def _refusal(error: DatabaseError, staged: Sequence[Staged]) -> Exception | None:
    """Translate the log's refusal into the error that a caller acts on; None where it is another's."""
    cause = error.__cause__
    diagnosis: Any = getattr(cause, "diag", None)
    match getattr(cause, "sqlstate", None):
        case "23505" if diagnosis.constraint_name == ONE_PER_COMMAND:
            return AlreadyCarriedOut(str(cause))
        case "MG409":
            return _conflict(staged, diagnosis.message_detail)
        case "23505" if diagnosis.constraint_name == ONE_PER_VERSION:
            return _conflict(staged, diagnosis.message_detail)
        case "MG425":
            stream, version = _stream_and_version(diagnosis.message_detail)
            return BegunTooEarly(stream, expected=version, actual=version)
        case ForeignCluster.sqlstate:
            return ForeignCluster()
        case _:
            return None


def _conflict(staged: Sequence[Staged], detail: str) -> ConcurrencyConflict:
    stream, actual = _stream_and_version(detail)
    expected = next(one.expected for one in staged if one.stream == stream)
    kind = AlreadyExists if expected == 0 else ConcurrencyConflict
    return kind(stream, expected=expected, actual=actual)


def _stream_and_version(detail: str) -> tuple[UUID, int]:
    """Read them from `Key (stream, version)=(…, 4)`, PostgreSQL's wording and our function's."""
    stream, version = detail.partition("=(")[2].partition(")")[0].split(", ")
    return UUID(stream), int(version)
