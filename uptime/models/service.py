"""A service of an agreement, and the monitors that watch it."""

from __future__ import annotations

from django.db import models
from django_fsm import FSMField

from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField
from uptime.events import Monitor, MonitorAdded, MonitorRetired, MonitorRuleSet, ServiceDefined


class State(models.TextChoices):
    """The states of a service."""

    NEW = "new"
    MEASURED = "measured"


class Service(Aggregate):
    """What is measured under an agreement; its minutes follow from its monitors'."""

    state = FSMField(default=State.NEW, choices=State, protected=True)
    agreement = models.TextField()
    name = models.TextField()
    monitors = EventJSONField(tuple[Monitor, ...], default=tuple)

    class Meta:
        db_table = "services"
        ordering = ("agreement", "name", "id")
        constraints = [models.UniqueConstraint(fields=["agreement", "name"], name="services_one_of_a_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.agreement})"

    def monitor(self, name: str) -> Monitor | None:
        """Find a monitor by name."""
        return next((monitor for monitor in self.monitors if monitor.name == name), None)

    @evolves(ServiceDefined, source=State.NEW, target=State.MEASURED)
    def defined(self, event: ServiceDefined) -> None:
        """The service has its name."""
        self.agreement = event.agreement
        self.name = event.name
        self.monitors = ()

    @evolves(MonitorAdded, source=State.MEASURED, target=None)
    def monitor_added(self, event: MonitorAdded) -> None:
        """The service has one monitor more."""
        self.monitors = (*self.monitors, event.monitor)

    @evolves(MonitorRuleSet, source=State.MEASURED, target=None)
    def monitor_rule_set(self, event: MonitorRuleSet) -> None:
        """The monitor is as the event says."""
        self._replace(event.monitor)

    @evolves(MonitorRetired, source=State.MEASURED, target=None)
    def monitor_retired(self, event: MonitorRetired) -> None:
        """The monitor is as the event says."""
        self._replace(event.monitor)

    def _replace(self, changed: Monitor) -> None:
        self.monitors = tuple(changed if old.name == changed.name else old for old in self.monitors)
