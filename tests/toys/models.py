"""A parcel, the places that it was seen at, and what a subscription saw of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from django.db import models
from django_fsm import FSMField

from deadlines.timers import Timer, Timers
from eventstore import Aggregate, evolves
from eventstore.aggregate import Changed
from eventstore.appending import Staged
from eventstore.fields import EventJSONField, MoneyField, PrivateField
from eventstore.tables import rows_of
from kernel.ids import derived
from tests.toys.events import (
    LatenessForeseen,
    ParcelDelayed,
    ParcelDelivered,
    ParcelLost,
    ParcelScanned,
    ParcelSent,
)

ARRIVAL = "toys.arrival"


class Sighting(models.Model):
    """A place that a parcel was scanned at, kept beside its stream."""

    id = models.UUIDField(primary_key=True)
    parcel = models.UUIDField()
    version = models.IntegerField()
    place = models.TextField()

    class Meta:
        app_label = "toys"
        db_table = "toys_sightings"
        ordering = ("parcel", "version")

    def __str__(self) -> str:
        return f"{self.parcel} at {self.place}"


class Sightings:
    """One row for each scan."""

    model: ClassVar[type[models.Model]] = Sighting
    owner: ClassVar[str] = "parcel"
    compared: ClassVar[tuple[str, ...]] = ("parcel", "version", "place")

    def write(self, changed: Sequence[Changed]) -> None:
        rows = [row for one in changed for row in self._rows(one.events)]
        if rows:
            rows_of(Sighting).copy_in(rows)

    def expected(self, row: Aggregate, events: Sequence[Staged]) -> list[models.Model]:
        return list(self._rows(events))

    def _rows(self, events: Sequence[Staged]) -> Iterator[Sighting]:
        for staged in events:
            if isinstance(staged.event, ParcelScanned):
                version = staged.expected + 1
                key = derived("sighting", staged.stream, version)
                yield Sighting(id=key, parcel=staged.stream, version=version, place=staged.event.place)


class Parcel(Aggregate):
    """A parcel that must arrive in time."""

    class State(models.TextChoices):
        NEW = "new"
        UNDERWAY = "underway"
        DELIVERED = "delivered"
        LOST = "lost"

    keeps = (Timers(lambda row: row.timers()), Sightings())

    state = FSMField(default=State.NEW, choices=State, protected=True)
    to = models.TextField()
    fee = MoneyField()
    note = PrivateField(null=True)
    due_at = models.DateTimeField()
    warn_at = EventJSONField(tuple[datetime, ...], default=())
    places = EventJSONField(tuple[str, ...], default=())
    signed_by = models.TextField(null=True)

    class Meta:
        app_label = "toys"
        db_table = "toys_parcels"
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["signed_by"], name="toys_a_name_signs_once")]

    def timers(self) -> list[Timer]:
        if self.state != self.State.UNDERWAY:
            return []
        return [Timer(kind=ARRIVAL, due_at=self.due_at, late_from=self.due_at, warnings=self.warn_at)]

    @evolves(ParcelSent, source=State.NEW, target=State.UNDERWAY)
    def sent(self, event: ParcelSent) -> None:
        self.to = event.to
        self.fee = event.fee
        self.note = event.note
        self.due_at = event.due_at
        self.warn_at = event.warn_at

    @evolves(ParcelScanned, source=State.UNDERWAY, target=None)
    def scanned(self, event: ParcelScanned) -> None:
        self.places = (*self.places, event.place)

    @evolves(ParcelDelayed, source=State.UNDERWAY, target=None)
    def delayed(self, event: ParcelDelayed) -> None:
        self.due_at = event.due_at

    @evolves(LatenessForeseen, source=State.UNDERWAY, target=None)
    def foreseen(self, event: LatenessForeseen) -> None:
        self.warn_at = tuple(moment for moment in self.warn_at if moment > event.moment)

    @evolves(ParcelDelivered, source=State.UNDERWAY, target=State.DELIVERED)
    def delivered(self, event: ParcelDelivered) -> None:
        self.signed_by = event.signed_by

    @evolves(ParcelLost, source=State.UNDERWAY, target=State.LOST)
    def lost(self, event: ParcelLost) -> None:
        self.due_at = event.due_at


class Seen(models.Model):
    """A scan as a subscription saw it: how often, and in which order."""

    position = models.BigIntegerField()
    parcel = models.UUIDField()
    version = models.IntegerField()

    class Meta:
        app_label = "toys"
        db_table = "toys_seen"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.parcel} v{self.version} at {self.position}"
