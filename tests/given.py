"""Given a history, when a command, then events: the words that tests of any room are written in.

parcel = given(Parcel, PARCEL, SENT, SCANNED)         # in memory, ready to record more
parcel.record(DELIVERED)
assert recorded(parcel) == [DELIVERED]

given_in_log(Parcel, PARCEL, SENT, SCANNED)           # for real: events, row and timers
commands.deliver(PARCEL, signed_by="Ada", now=NOW)
assert events_of(PARCEL) == [SENT, SCANNED, DELIVERED]
"""

from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

from eventstore import SYSTEM, Actor, Aggregate, Event, begin, change, history
from eventstore.tables import table_of

A = TypeVar("A", bound=Aggregate)

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)


def given(model: type[A], stream: UUID, *events: Event, now: datetime = NOW) -> A:
    """Give a thing after these events, in memory, ready to record more."""
    row = model.fold(stream, events)
    row.open(now=now)
    return row


def recorded(row: Aggregate) -> list[Event]:
    """Tell what was recorded on a thing since it was given."""
    return [staged.event for staged in row.take_staged()]


def given_in_log(model: type[A], stream: UUID, *events: Event, by: Actor = SYSTEM, now: datetime = NOW) -> UUID:
    """Record these events for real, the first of a stream or what follows on it; the lifecycle is asked."""
    is_there = table_of(model).load(stream) is not None
    with (change if is_there else begin)(model, stream, by=by, now=now) as row:
        for event in events:
            row.record(event)
    return stream


def events_of(stream: UUID) -> list[Event]:
    """Tell a stream's events, in order."""
    return [one.event for one in history(stream)]
