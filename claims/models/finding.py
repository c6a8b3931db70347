"""The finding: the minutes of a month as all accounts share them that have the same."""

from __future__ import annotations

from django.db import models
from django_fsm import FSMField

from claims.events.finding import ExclusionUsed, MonthFound, Source
from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField, MonthField
from kernel.minutes import MonthMinutes


class State(models.TextChoices):
    """A finding only comes to be."""

    NEW = "new"
    FOUND = "found"


class Finding(Aggregate):
    """What a month was found to be; recorded once, never changed, named by statements."""

    state = FSMField(default=State.NEW, choices=State, protected=True)
    agreement = models.TextField()
    month = MonthField()
    minutes = EventJSONField(MonthMinutes)
    exclusions = EventJSONField(tuple[ExclusionUsed, ...])
    sources = EventJSONField(tuple[Source, ...])

    class Meta:
        db_table = "findings"
        ordering = ("agreement", "month", "id")
        indexes = [models.Index(fields=["agreement", "month"], name="findings_of_month")]

    @evolves(MonthFound, source=State.NEW, target=State.FOUND)
    def found(self, event: MonthFound) -> None:
        """Keep the minutes, what excused them and where they came from."""
        self.agreement = event.agreement
        self.month = event.month
        self.minutes = event.minutes
        self.exclusions = event.exclusions
        self.sources = event.sources
