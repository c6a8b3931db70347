"""The period: an agreement's month on its way to being closed (SEMANTICS 27)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import models
from django_fsm import FSMField

from claims.events.period import (
    PeriodClosed,
    PeriodClosing,
    PeriodOpened,
    PeriodReviewAsked,
    PeriodReviewed,
    PeriodUnknownAccepted,
    PeriodWaiting,
    WaitingReason,
)
from deadlines.timers import Timer, Timers
from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField, MonthField, RangesField
from kernel.intervals import EMPTY

CLOSE = "claims.period.close"
REVIEW = "claims.period.review"


# A close that takes longer than this was interrupted, and is taken up again.
RESUME_AFTER = timedelta(minutes=10)


def _timers(period: Period) -> Iterator[Timer]:
    """Wake the period when it is to close or to be reviewed, and again until that is done."""
    if period.state == State.OPEN:
        yield Timer(kind=CLOSE, due_at=period.close_due_at, late_from=period.close_due_at)
    if period.state == State.CLOSING and period.closing_since is not None:
        resume_at = period.closing_since + RESUME_AFTER
        yield Timer(kind=CLOSE, due_at=resume_at, late_from=resume_at)
    if review_at := period.review_at:
        yield Timer(kind=REVIEW, due_at=review_at, late_from=review_at)


class State(models.TextChoices):
    """From the month's first minute to the last of its statements."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    CLOSING = "closing"
    CLOSED = "closed"


BEGUN = (State.OPEN, State.WAITING, State.CLOSING, State.CLOSED)


class Period(Aggregate):
    """One calendar month of one agreement, judged by one version of its terms."""

    keeps = (Timers(_timers),)

    state = FSMField(default=State.NEW, choices=State, protected=True)
    agreement = models.TextField()
    month = MonthField()
    terms_version = models.PositiveIntegerField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    close_due_at = models.DateTimeField()
    reasons = EventJSONField(tuple[WaitingReason, ...])
    waiting_since = models.DateTimeField(null=True)
    accepted_minutes = RangesField()
    accepted_references = EventJSONField(tuple[str, ...])
    measurement = models.TextField()
    closing_since = models.DateTimeField(null=True)
    statements = models.PositiveIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    asked = EventJSONField(tuple[PeriodReviewAsked, ...])
    shown = models.TextField()
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "periods"
        ordering = ("-month", "agreement", "id")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "month"], name="periods_one_a_month"),
            models.CheckConstraint(
                condition=models.Q(begins_at__lt=models.F("ends_at")) & models.Q(ends_at__lte=models.F("close_due_at")),
                name="periods_close_after_they_end",
            ),
        ]

    @property
    def review_at(self) -> datetime | None:
        """Since when a review is due; the close is followed by one."""
        asked: tuple[PeriodReviewAsked, ...] = self.asked
        if asked:
            return asked[0].asked_at
        return self.closed_at if self.reviewed_at is None else None

    @evolves(PeriodOpened, source=State.NEW, target=State.OPEN)
    def opened(self, event: PeriodOpened) -> None:
        """Take the month, the terms that judge it and its instants."""
        self.agreement = event.agreement
        self.month = event.month
        self.terms_version = event.terms_version
        self.begins_at = event.begins_at
        self.ends_at = event.ends_at
        self.close_due_at = event.close_due_at
        self.reasons = ()
        self.accepted_minutes = EMPTY
        self.accepted_references = ()
        self.measurement = self.shown = ""
        self.asked = ()

    @evolves(PeriodWaiting, source=[State.OPEN, State.WAITING], target=State.WAITING)
    def waiting(self, event: PeriodWaiting) -> None:
        """Take the reasons that stand in the way now."""
        self.reasons = event.reasons
        self.waiting_since = event.since

    @evolves(PeriodUnknownAccepted, source=State.WAITING, target=None)
    def unknown_accepted(self, event: PeriodUnknownAccepted) -> None:
        """Take what an operator accepted as it stands."""
        self.accepted_minutes = event.minutes
        self.accepted_references = event.references

    @evolves(PeriodClosing, source=[State.OPEN, State.WAITING], target=State.CLOSING)
    def closing(self, event: PeriodClosing) -> None:
        """Take the measurement that the statements are made from."""
        self.measurement = event.measurement
        self.closing_since = event.started_at
        self.reasons = ()
        self.waiting_since = None

    @evolves(PeriodClosed, source=State.CLOSING, target=State.CLOSED)
    def closed(self, event: PeriodClosed) -> None:
        """Take how many statements there are."""
        self.statements = event.statements
        self.closed_at = event.closed_at
        self.reviewed_at = None

    @evolves(PeriodReviewAsked, source=BEGUN, target=None)
    def review_asked(self, event: PeriodReviewAsked) -> None:
        """Take the request; it stands until a review answers it."""
        self.asked = (*self.asked, event)

    @evolves(PeriodReviewed, source=BEGUN, target=None)
    def reviewed(self, event: PeriodReviewed) -> None:
        """Take away the requests that were answered."""
        self.asked = self.asked[event.asked :]
        self.shown = event.shown
        self.reviewed_at = event.reviewed_at
