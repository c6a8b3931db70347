"""The entitlement: an account's time to claim a month that pays (SEMANTICS 20)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import models
from django_fsm import FSMField

from claims.events.entitlement import (
    Bound,
    Due,
    EntitlementBoundMoved,
    EntitlementEnded,
    EntitlementLapsed,
    EntitlementOpened,
    EntitlementReminded,
    EntitlementRestored,
    EntitlementUsed,
)
from deadlines.timers import Timer, Timers
from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField, MonthField

WINDOW = "claims.entitlement"


def _timers(entitlement: Entitlement) -> Iterator[Timer]:
    """Wake it to remind and to lapse; while an outage is open there is no bound to wake for."""
    if entitlement.state == State.OPEN and entitlement.bound is not None:
        until = entitlement.bound.until
        yield Timer(kind=WINDOW, due_at=until, late_from=until, warnings=entitlement.remind_at)


class State(models.TextChoices):
    """Open until it is used, lapses or ends; a withdrawn claim gives it back."""

    NEW = "new"
    OPEN = "open"
    USED = "used"
    LAPSED = "lapsed"
    ENDED = "ended"


class Entitlement(Aggregate):
    """The right of one account to claim the credit of one month, until its bound."""

    keeps = (Timers(_timers),)

    state = FSMField(default=State.NEW, choices=State, protected=True)
    account = models.UUIDField()
    agreement = models.TextField()
    month = MonthField()
    number = models.PositiveIntegerField()
    terms_version = models.PositiveIntegerField()
    override = models.PositiveIntegerField(null=True)
    cause = models.TextField()
    due = EventJSONField(Due)
    bound = EventJSONField(Bound, null=True)
    promised = EventJSONField(Bound, null=True)
    remind_at = EventJSONField(tuple[datetime, ...])
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    over_at = models.DateTimeField(null=True)
    ended_code = models.TextField()
    ended_reason = models.TextField()

    class Meta:
        db_table = "entitlements"
        ordering = ("-month", "account", "-number", "id")
        constraints = [
            models.UniqueConstraint(fields=["account", "agreement", "month", "number"], name="entitlements_numbered"),
            models.UniqueConstraint(
                fields=["account", "agreement", "month"],
                condition=models.Q(state="open"),
                name="entitlements_one_open_a_month",
            ),
        ]
        indexes = [models.Index(fields=["agreement", "month", "state"], name="entitlements_of_month")]

    @evolves(EntitlementOpened, source=State.NEW, target=State.OPEN)
    def opened(self, event: EntitlementOpened) -> None:
        """Take whose it is, why it opened and until when."""
        self.account = event.account
        self.agreement = event.agreement
        self.month = event.month
        self.number = event.number
        self.terms_version = event.terms_version
        self.override = event.override
        self.cause = event.cause
        self.due = event.due
        self.bound = self.promised = event.bound
        self.remind_at = event.remind_at
        self.opened_on = event.opened_on
        self.opened_at = event.opened_at
        self.ended_code = self.ended_reason = ""

    @evolves(EntitlementBoundMoved, source=State.OPEN, target=None)
    def bound_moved(self, event: EntitlementBoundMoved) -> None:
        """Take the later bound, or none while an outage is open; a promise is kept beside it."""
        self.bound = event.bound
        self.promised = event.bound or self.promised
        self.remind_at = event.remind_at
        self.due = event.due

    @evolves(EntitlementReminded, source=State.OPEN, target=None)
    def reminded(self, event: EntitlementReminded) -> None:
        """Take the reminders that are left."""
        self.remind_at = event.remind_at

    @evolves(EntitlementLapsed, source=State.OPEN, target=State.LAPSED)
    def lapsed(self, event: EntitlementLapsed) -> None:
        """Take the instant at which the window ended."""
        self.over_at = event.lapsed_at

    @evolves(EntitlementUsed, source=[State.OPEN, State.LAPSED], target=State.USED)
    def used(self, event: EntitlementUsed) -> None:
        """Take the claim: filed in time, whenever that is processed."""
        self.claim = event.claim_id
        self.over_at = event.filed_at

    @evolves(EntitlementRestored, source=State.USED, target=State.OPEN)
    def restored(self, event: EntitlementRestored) -> None:
        """Give back what a withdrawn claim had used."""
        self.claim = None
        self.over_at = None
        self.remind_at = event.remind_at

    @evolves(EntitlementEnded, source=State.OPEN, target=State.ENDED)
    def ended(self, event: EntitlementEnded) -> None:
        """Take why the month pays nothing after all."""
        self.over_at = event.ended_at
        self.ended_code = event.code
        self.ended_reason = event.reason
