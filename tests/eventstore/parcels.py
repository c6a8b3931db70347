"""Parcels' histories as constants."""

from datetime import datetime, timedelta
from typing import Final

from kernel.money import Money
from tests.given import NOW
from tests.toys.commands import parcel_id
from tests.toys.events import ParcelDelayed, ParcelDelivered, ParcelLost, ParcelScanned, ParcelSent

PARCEL: Final = parcel_id("one")
TOMORROW: Final[datetime] = NOW + timedelta(days=1)

SENT: Final = ParcelSent(to="Acme", fee=Money.of("4.90", "EUR"), due_at=TOMORROW)
SCANNED: Final = ParcelScanned(place="Kowloon")
DELAYED: Final = ParcelDelayed(due_at=TOMORROW + timedelta(days=1))
DELIVERED: Final = ParcelDelivered(signed_by="Ada")
LOST: Final = ParcelLost(due_at=TOMORROW)
