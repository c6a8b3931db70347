"""What may be done with a parcel."""

import os
import signal
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from deadlines.registry import Wake
from eventstore import SYSTEM, Actor, begin, change, command
from eventstore.raw import one
from kernel.ids import derived
from kernel.money import Money
from tests.toys.events import (
    LatenessForeseen,
    ParcelDelayed,
    ParcelDelivered,
    ParcelLost,
    ParcelScanned,
    ParcelSent,
)
from tests.toys.models import Parcel

FEE = Money.of("4.90", "EUR")
KILLER = "TOYS_KILLER"  # the parcel that kills every process in which it is woken
GATE = 4711  # an advisory lock: whoever holds it stops a handler between its work and its end


def parcel_id(name: object) -> UUID:
    return derived("parcel", name)


@command
def send(
    parcel: UUID, *, due_at: datetime, warn_at: tuple[datetime, ...] = (), to: str = "Acme", by: Actor, now: datetime
) -> UUID:
    with begin(Parcel, parcel, by=by, now=now) as row:
        row.record(ParcelSent(to=to, fee=FEE, due_at=due_at, warn_at=warn_at))
    return parcel


@command
def scan(parcel: UUID, place: str, *, by: Actor = SYSTEM, now: datetime) -> None:
    with change(Parcel, parcel, by=by, now=now) as row:
        row.record(ParcelScanned(place=place))


@command
def delay(parcel: UUID, *, until: datetime, by: Actor = SYSTEM, now: datetime) -> None:
    with change(Parcel, parcel, by=by, now=now) as row:
        row.record(ParcelDelayed(due_at=until))


@command
def deliver(parcel: UUID, *, signed_by: str, by: Actor = SYSTEM, now: datetime) -> UUID | None:
    """Deliver it; nothing happens where it is delivered already."""
    with change(Parcel, parcel, by=by, now=now) as row:
        if row.state == Parcel.State.DELIVERED:
            return None
        row.record(ParcelDelivered(signed_by=signed_by))
    return parcel


@command
def foresee(parcel: UUID, *, moment: datetime, now: datetime) -> None:
    with change(Parcel, parcel, by=SYSTEM, now=now) as row:
        if moment in row.warn_at:
            row.record(LatenessForeseen(moment=moment), occurred_at=moment)


@command
def lose(parcel: UUID, *, now: datetime) -> None:
    """Record that it did not arrive in time, at the instant when it should have."""
    with change(Parcel, parcel, by=SYSTEM, now=now) as row:
        if row.state == Parcel.State.UNDERWAY and row.due_at <= now:
            row.record(ParcelLost(due_at=row.due_at), occurred_at=row.due_at)


def arrival_due(wakes: Sequence[Wake], now: datetime) -> None:
    """Wake parcels: foresee their lateness, or take them for lost. One may kill its worker."""
    if os.environ.get(KILLER) in {str(wake.owner) for wake in wakes}:
        os.kill(os.getpid(), signal.SIGKILL)
    for wake in wakes:
        if wake.moment == "warning":
            foresee(wake.owner, moment=wake.at, now=now)
        else:
            lose(wake.owner, now=now)
        pass_the_gate()


def pass_the_gate() -> None:
    one("SELECT pg_advisory_xact_lock_shared(%s)", (GATE,))
