"""A month of a service as its checks say, monitor by monitor."""

from __future__ import annotations

from django.db import models
from django_fsm import FSMField

from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField, MonthField
from uptime.events import MonitorMonth, MonthMeasured


class State(models.TextChoices):
    """The states of a service's month."""

    NEW = "new"
    MEASURED = "measured"


class ServiceMonth(Aggregate):
    """The newest measurement of a month; every earlier one stands in its history.

    It holds what was measured and nothing that was decided since: exclusions and corrections are
    applied where the month is read.
    """

    state = FSMField(default=State.NEW, choices=State, protected=True)
    service = models.UUIDField()
    agreement = models.TextField()
    name = models.TextField()
    month = MonthField()
    first = models.IntegerField()
    last = models.IntegerField()
    terms_version = models.PositiveIntegerField()
    judged_by = models.TextField()
    monitors = EventJSONField(tuple[MonitorMonth, ...], default=tuple)

    class Meta:
        db_table = "service_months"
        verbose_name = "measured month"
        ordering = ("-month", "name", "id")
        constraints = [models.UniqueConstraint(fields=["service", "month"], name="service_months_once_each")]

    def __str__(self) -> str:
        return f"{self.name} in {self.month}"

    @evolves(MonthMeasured, source=[State.NEW, State.MEASURED], target=State.MEASURED)
    def measured(self, event: MonthMeasured) -> None:
        """The month has this measurement."""
        self.service = event.service
        self.agreement = event.agreement
        self.name = event.name
        self.month = event.month
        self.first = event.first
        self.last = event.last
        self.terms_version = event.terms_version
        self.judged_by = event.judged_by
        self.monitors = event.monitors
