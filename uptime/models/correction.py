"""A correction: a stretch that was found not to be as measured."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django_fsm import FSMField

from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField
from uptime.events import CorrectionRecorded, Finding


class State(models.TextChoices):
    """A correction stands; only a later one changes what it found."""

    NEW = "new"
    RECORDED = "recorded"


class Correction(Aggregate):
    """A later finding about a stretch of a service, kept beside the measurement (SEMANTICS 6)."""

    state = FSMField(default=State.NEW, choices=State, protected=True)
    service = models.UUIDField()
    finding = models.TextField(choices=[(finding.value, finding.value) for finding in Finding])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    accounts = EventJSONField(tuple[UUID, ...], default=tuple)
    monitor = models.TextField(null=True)
    reason = models.TextField()
    evidence = models.TextField()
    corrected_by = models.TextField()
    corrected_at = models.DateTimeField()

    class Meta:
        db_table = "corrections"
        ordering = ("corrected_at", "id")
        indexes = [models.Index(fields=["service", "corrected_at", "id"], name="corrections_in_order")]
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="corrections_end_later")
        ]

    def __str__(self) -> str:
        return f"{self.finding} from {self.starts_at:%Y-%m-%d %H:%M} UTC"

    @evolves(CorrectionRecorded, source=State.NEW, target=State.RECORDED)
    def recorded(self, event: CorrectionRecorded) -> None:
        """The finding."""
        self.service = event.service
        self.finding = event.finding
        self.starts_at = event.stretch.start
        self.ends_at = event.stretch.end
        self.accounts = event.accounts
        self.monitor = event.monitor
        self.reason = event.reason
        self.evidence = event.evidence
        self.corrected_by = event.corrected_by
        self.corrected_at = event.corrected_at
