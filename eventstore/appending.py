"""Append: many events over many streams in one round trip, or nothing at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple
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
)
from eventstore.raw import one

# The call, for a statement of its own or as the first thing that another statement does.
CALL: Final = "append_events(%s, %s, %s, %s::smallint, %s, %s, %s, %s, %s, %s, %s)"
APPEND: Final = f"SELECT {CALL}"
ONE_PER_VERSION: Final = "events_one_per_version"

_batch = msgspec.json.Encoder()
Parameters = tuple[object, ...]


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
    with appending(staged, by=by) as call:
        written = one(APPEND, call)
    assert written is not None  # noqa: S101 — a function always returns a row
    return int(written[0])


@contextmanager
def appending(staged: Sequence[Staged], *, by: Actor) -> Iterator[Parameters]:
    """Give the parameters of CALL; inside, the statement that holds it is run. Errors: as `append`."""
    commanded = COMMANDED.get()
    carried: Parameters = (None, None, None)
    if commanded is not None and commanded.is_due():
        carried = (commanded.id, commanded.name, commanded.digest)
    first, *more = [_row(each) for each in staged]
    meta = encode(_meta(by))
    try:
        yield (*first, meta, *carried, _batch.encode(more).decode() if more else None)
    except DatabaseError as error:
        if refusal := _refusal(error, staged):
            raise refusal from error
        raise
    if carried[0] is not None and commanded is not None:
        commanded.stream = staged[0].stream


def _meta(by: Actor) -> dict[str, object]:
    meta: dict[str, object] = {"actor": by}
    if commanded := COMMANDED.get():
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
        case "MG208":
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
