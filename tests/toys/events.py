"""What happens to a parcel."""

from dataclasses import dataclass
from datetime import datetime

from eventstore import Event, Private, event
from kernel.money import Money


@event("toys.parcel_sent")
@dataclass(frozen=True, kw_only=True)
class ParcelSent(Event):
    to: str
    fee: Money
    due_at: datetime
    warn_at: tuple[datetime, ...] = ()
    note: Private | None = None


@event("toys.parcel_scanned")
@dataclass(frozen=True, kw_only=True)
class ParcelScanned(Event):
    place: str


@event("toys.parcel_delayed")
@dataclass(frozen=True, kw_only=True)
class ParcelDelayed(Event):
    due_at: datetime


@event("toys.parcel_delivered")
@dataclass(frozen=True, kw_only=True)
class ParcelDelivered(Event):
    signed_by: str


@event("toys.lateness_foreseen")
@dataclass(frozen=True, kw_only=True)
class LatenessForeseen(Event):
    moment: datetime


@event("toys.parcel_lost")
@dataclass(frozen=True, kw_only=True)
class ParcelLost(Event):
    due_at: datetime
