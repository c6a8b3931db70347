"""An exclusion: time that somebody wants to be excused, and what was decided."""

from __future__ import annotations

from django.db import models
from django_fsm import FSMField

from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField
from kernel.intervals import Interval
from uptime.events import (
    Announcement,
    CalledOff,
    Category,
    Emergency,
    ExclusionApproved,
    ExclusionProposed,
    ExclusionRejected,
    ExclusionRevoked,
    Scope,
    WindowCalledOff,
    WindowCompleted,
)


class State(models.TextChoices):
    """Only an approved exclusion excuses anything."""

    NEW = "new"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    REVOKED = "revoked"


class Exclusion(Aggregate):
    """Time of a service that is excused once a second person approves it (SEMANTICS 7, 8, 10)."""

    state = FSMField(default=State.NEW, choices=State, protected=True)
    service = models.UUIDField()
    category = models.TextField(choices=[(category.value, category.value) for category in Category])
    intervals = EventJSONField(tuple[Interval, ...], default=tuple)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    scope = EventJSONField(Scope)
    reason = models.TextField()
    evidence = models.TextField()
    announcements = EventJSONField(tuple[Announcement, ...], default=tuple)
    emergency = EventJSONField(Emergency | None, null=True)
    completed_at = models.DateTimeField(null=True)
    called_off = models.TextField(null=True)
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(default="")
    revoked_by = models.TextField(default="")
    revoked_at = models.DateTimeField(null=True)
    revocation = models.TextField(default="")

    class Meta:
        db_table = "exclusions"
        ordering = ("-starts_at", "id")
        indexes = [models.Index(fields=["service", "starts_at"], name="exclusions_by_start")]
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="exclusions_end_later"),
            models.CheckConstraint(
                condition=~models.Q(state=State.APPROVED) | ~models.Q(decided_by=models.F("proposed_by")),
                name="exclusions_have_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} from {self.starts_at:%Y-%m-%d %H:%M} UTC"

    @evolves(ExclusionProposed, source=State.NEW, target=State.PROPOSED)
    def proposed(self, event: ExclusionProposed) -> None:
        """The proposal, which excuses nothing yet."""
        self.service = event.service
        self.category = event.category
        self.intervals = event.intervals
        self.starts_at = event.starts_at
        self.ends_at = event.ends_at
        self.scope = event.scope
        self.reason = event.reason
        self.evidence = event.evidence
        self.announcements = event.announcements
        self.emergency = event.emergency
        self.proposed_by = event.proposed_by
        self.proposed_at = event.proposed_at

    @evolves(ExclusionApproved, source=State.PROPOSED, target=State.APPROVED)
    def approved(self, event: ExclusionApproved) -> None:
        """It excuses from now on."""
        self.decided_by = event.approved_by
        self.decided_at = event.approved_at
        self.decision = event.reason

    @evolves(ExclusionRejected, source=State.PROPOSED, target=State.REJECTED)
    def rejected(self, event: ExclusionRejected) -> None:
        """It never excuses anything."""
        self.decided_by = event.rejected_by
        self.decided_at = event.rejected_at
        self.decision = event.reason

    @evolves(ExclusionRevoked, source=State.APPROVED, target=State.REVOKED)
    def revoked(self, event: ExclusionRevoked) -> None:
        """It excuses nothing any more."""
        self.revoked_by = event.revoked_by
        self.revoked_at = event.revoked_at
        self.revocation = event.reason

    @evolves(WindowCompleted, source=[State.PROPOSED, State.APPROVED], target=None)
    def completed(self, event: WindowCompleted) -> None:
        """The window's work is done."""
        self.completed_at = event.completed_at

    @evolves(WindowCalledOff, source=[State.PROPOSED, State.APPROVED], target=None)
    def window_called_off(self, event: WindowCalledOff) -> None:
        """The window did not take place."""
        how: CalledOff = event.how
        self.called_off = how
