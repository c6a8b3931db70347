"""A claim's row and its lifecycle."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django_fsm import FSMField

from claims.events import claim as events
from claims.events.claim import EvidenceFile, Settlement, Times
from deadlines.timers import Timer, Timers
from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField, MoneyField, MonthField, PrivateField
from kernel.intervals import Interval

SETTLE = "claims.settle"
ANSWER = "claims.answer"
APPEAL = "claims.appeal"


class State(models.TextChoices):
    """Where a claim stands."""

    NEW = "new"
    FILED = "filed"
    VERIFYING = "verifying"
    WAITING = "waiting"
    APPROVED = "approved"
    CREDITED = "credited"
    REJECTED = "rejected"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


OPEN = (State.FILED, State.VERIFYING, State.WAITING, State.APPEALED)
UNSETTLED = (*OPEN, State.APPROVED)
GRANTED = (State.APPROVED, State.CREDITED)
# Contested time is decided before an approval, or after one that a missed deadline gave.
CONTEST_DECIDED_IN = (State.VERIFYING, *GRANTED)


def timers(claim: Claim) -> Iterator[Timer]:
    """Tell what the claim is to be woken for: its decision, an answer, the end of appeals."""
    state = claim.state
    if state in UNSETTLED and claim.missed_at is None and claim.settlement is not None:
        due = claim.settlement.due_at
        warnings = tuple(one for one in claim.settlement.warn_at if one < due)
        yield Timer(kind=SETTLE, due_at=due, late_from=due, warnings=warnings)
    if state == State.WAITING and claim.answer_due_at is not None:
        yield Timer(kind=ANSWER, due_at=claim.answer_due_at, late_from=claim.answer_due_at)
    if state == State.REJECTED and claim.appeal_bound and claim.final_at is None:
        yield Timer(kind=APPEAL, due_at=claim.appeal_bound, late_from=claim.appeal_bound)


class Claim(Aggregate):
    """A customer's request for the service credit of one calendar month."""

    keeps = (Timers(timers),)

    state = FSMField(default=State.NEW, choices=State, protected=True)
    account = models.UUIDField()
    agreement = models.TextField()
    month = MonthField()
    number = models.PositiveIntegerField(null=True)
    terms_version = models.PositiveIntegerField(null=True)
    override = models.PositiveIntegerField(null=True)

    received_at = models.DateTimeField()
    times = EventJSONField(Times)
    evidence = EventJSONField(tuple[EvidenceFile, ...])
    words = PrivateField(null=True)
    missing = EventJSONField(tuple[str, ...])
    bound = models.DateTimeField(null=True)

    refused_code = models.TextField()
    refused_clause = models.TextField()
    refused_sentence = models.TextField()
    existing = models.UUIDField(null=True)

    settlement = EventJSONField(Settlement, null=True)
    moved_to = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    pauses = EventJSONField(tuple[Interval, ...])

    asked_for = EventJSONField(tuple[str, ...])
    pausing = EventJSONField(tuple[str, ...])
    question = PrivateField(null=True)
    asked_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    given_up = EventJSONField(tuple[str, ...])

    denied = EventJSONField(Times)
    granted = EventJSONField(Times)
    undecided = EventJSONField(Times, default=tuple)

    prepared_by = models.TextField()
    prepared_version = models.PositiveIntegerField(null=True)
    prepared_credit = MoneyField(null=True)

    statement_version = models.PositiveIntegerField(null=True)
    credit = MoneyField(null=True)
    cap = MoneyField(null=True)
    posted = MoneyField(null=True)
    decided_by = models.TextField()
    decided_at = models.DateTimeField(null=True)
    credited_at = models.DateTimeField(null=True)

    rejected_code = models.TextField()
    rejected_clause = models.TextField()
    rejected_sentence = models.TextField()
    appeal_bound = models.DateTimeField(null=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_words = PrivateField(null=True)
    final_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "claims"
        ordering = ("-received_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "agreement", "month", "number"],
                condition=~models.Q(state="refused"),
                name="claims_numbered_in_their_month",
            ),
            models.CheckConstraint(
                condition=models.Q(state="refused") | models.Q(settlement__isnull=False),
                name="claims_have_a_deadline",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("approved", "credited")) | models.Q(credit__isnull=False),
                name="claims_are_approved_with_an_amount",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="rejected") | ~models.Q(rejected_code=""),
                name="claims_are_rejected_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(refused_code=""),
                name="claims_are_refused_by_a_rule",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "month"], name="claims_of_account"),
            models.Index(fields=["agreement", "month", "state"], name="claims_of_month"),
            models.Index(fields=["state", "received_at"], name="claims_by_state"),
            models.Index(fields=["received_at"], condition=~models.Q(undecided=()), name="claims_left_undecided"),
        ]

    @evolves(events.ClaimFiled, source=State.NEW, target=State.FILED)
    def filed(self, event: events.ClaimFiled) -> None:
        """Take what was claimed, and by when it is decided."""
        self._received(event)
        self.number = event.number
        self.missing = event.missing
        self.settlement = event.settlement

    @evolves(events.FilingRefused, source=State.NEW, target=State.REFUSED)
    def refused(self, event: events.FilingRefused) -> None:
        """Keep what was sent, and which rule refused it."""
        self._received(event)
        self.refused_code = event.code
        self.refused_clause = event.clause
        self.refused_sentence = event.sentence
        self.existing = event.existing

    def _received(self, event: events.ClaimFiled | events.FilingRefused) -> None:
        self.account = event.account
        self.agreement = event.agreement
        self.month = event.month
        self.terms_version = event.terms_version
        self.override = event.override
        self.received_at = event.received_at
        self.times = event.times
        self.evidence = event.evidence
        self.words = event.words
        self.bound = event.bound
        self.missing = self.pauses = self.asked_for = self.pausing = self.given_up = ()
        self.denied = self.granted = self.undecided = ()

    @evolves(events.ClaimTakenUp, source=[State.FILED, State.APPEALED], target=State.VERIFYING)
    def taken_up(self, event: events.ClaimTakenUp) -> None:
        """Somebody examines it; who did is in the history."""

    @evolves(events.EvidenceRequested, source=State.VERIFYING, target=State.WAITING)
    def evidence_requested(self, event: events.EvidenceRequested) -> None:
        """Take what was asked, until when an answer is waited for, and the due it leads to."""
        self.asked_for = event.parts
        self.pausing = event.pausing
        self.question = event.question
        self.asked_at = event.requested_at
        self.answer_due_at = event.answer_due_at
        self.settlement = event.settlement

    @evolves(events.EvidenceAdded, source=OPEN, target=None)
    def evidence_added(self, event: events.EvidenceAdded) -> None:
        """Take the files; they answer a request for evidence."""
        self.evidence = (*self.evidence, *event.evidence)
        self.asked_for = tuple(part for part in self.asked_for if part != "evidence")

    @evolves(events.TimesAdded, source=OPEN, target=None)
    def times_added(self, event: events.TimesAdded) -> None:
        """Take all times that are claimed now; they answer a request for times."""
        self.times = event.times
        self.asked_for = tuple(part for part in self.asked_for if part != "times")

    @evolves(events.ClockResumed, source=State.WAITING, target=None)
    def clock_resumed(self, event: events.ClockResumed) -> None:
        """The pause is over, the wait is not: take the pause it was, and the due it leads to."""
        self.pauses = event.pauses
        self.settlement = event.settlement
        self.pausing = ()

    @evolves(events.RequestAnswered, source=State.WAITING, target=State.VERIFYING)
    def request_answered(self, event: events.RequestAnswered) -> None:
        """The wait is over: take the pause it was, and the due it leads to."""
        self._waited(event)

    @evolves(events.RequestLapsed, source=State.WAITING, target=State.VERIFYING)
    def request_lapsed(self, event: events.RequestLapsed) -> None:
        """The wait is over without an answer: what was asked for pauses nothing again."""
        self._waited(event)
        self.given_up = (*self.given_up, *event.parts)

    @evolves(events.RequestDropped, source=State.WAITING, target=State.VERIFYING)
    def request_dropped(self, event: events.RequestDropped) -> None:
        """The wait was ended by an operator: what was asked for pauses nothing again."""
        self._waited(event)
        self.given_up = (*self.given_up, *event.parts)

    def _waited(self, event: events.RequestAnswered | events.RequestLapsed | events.RequestDropped) -> None:
        self.pauses = event.pauses
        self.settlement = event.settlement
        self.asked_for = self.pausing = ()
        self.question = self.asked_at = self.answer_due_at = None

    @evolves(events.ContestGranted, source=CONTEST_DECIDED_IN, target=None)
    def contest_granted(self, event: events.ContestGranted) -> None:
        """Take the stretch that the measurement is to be corrected for."""
        self.granted = (*self.granted, event.stretch)
        self.undecided = event.undecided

    @evolves(events.ContestDenied, source=CONTEST_DECIDED_IN, target=None)
    def contest_denied(self, event: events.ContestDenied) -> None:
        """Take the stretch for which the measurement stands."""
        self.denied = (*self.denied, event.stretch)
        self.undecided = event.undecided

    @evolves(events.ClaimPrepared, source=State.VERIFYING, target=None)
    def prepared(self, event: events.ClaimPrepared) -> None:
        """Take who prepared the approval, and of what."""
        self.prepared_by = event.prepared_by
        self.prepared_version = event.statement_version
        self.prepared_credit = event.credit

    @evolves(events.ClaimApproved, source=State.VERIFYING, target=State.APPROVED)
    def approved(self, event: events.ClaimApproved) -> None:
        """Take the credit, which from here is never reduced, and what is still to be decided."""
        self.undecided = event.undecided
        self.statement_version = event.statement_version
        self.credit = event.credit
        self.cap = event.cap
        self.decided_by = event.approved_by
        self.decided_at = event.approved_at

    @evolves(events.ClaimRejected, source=State.VERIFYING, target=State.REJECTED)
    def rejected(self, event: events.ClaimRejected) -> None:
        """Take the reason, and until when it can be appealed; without a bound it is final."""
        self.statement_version = event.statement_version
        self.rejected_code = event.code
        self.rejected_clause = event.clause
        self.rejected_sentence = event.sentence
        self.decided_by = event.rejected_by
        self.decided_at = event.rejected_at
        self.appeal_bound = event.appeal_bound
        self.final_at = event.final_at

    @evolves(events.ClaimAppealed, source=State.REJECTED, target=State.APPEALED)
    def appealed(self, event: events.ClaimAppealed) -> None:
        """Take the appeal and its ten new days; what was prepared before is void."""
        self.appealed_at = event.received_at
        self.appeal_words = event.words
        self.settlement = event.settlement
        self.missed_at = self.moved_to = self.final_at = self.appeal_bound = None
        self.pauses = ()
        self.prepared_by = ""
        self.prepared_version = self.prepared_credit = None

    @evolves(events.AppealLapsed, source=State.REJECTED, target=None)
    def appeal_lapsed(self, event: events.AppealLapsed) -> None:
        """The rejection is final."""
        self.final_at = event.lapsed_at

    @evolves(events.ClaimWithdrawn, source=OPEN, target=State.WITHDRAWN)
    def withdrawn(self, event: events.ClaimWithdrawn) -> None:
        """Take who ended it, and when."""
        self.decided_by = event.withdrawn_by
        self.decided_at = event.withdrawn_at

    @evolves(events.CreditRaised, source=State.APPROVED, target=None)
    def credit_raised(self, event: events.CreditRaised) -> None:
        """Take the higher credit."""
        self._higher(event)

    @evolves(events.ClaimCredited, source=State.APPROVED, target=State.CREDITED)
    def credited(self, event: events.ClaimCredited) -> None:
        """Take what was posted."""
        self.posted = event.posted
        self.credited_at = event.credited_at

    @evolves(events.DifferenceCredited, source=State.CREDITED, target=None)
    def difference_credited(self, event: events.DifferenceCredited) -> None:
        """Take the higher credit and all that was posted for it."""
        self._higher(event)
        self.posted = event.posted_in_all

    @evolves(events.CreditReversed, source=State.CREDITED, target=None)
    def credit_reversed(self, event: events.CreditReversed) -> None:
        """Take what is left of what was posted; the credit stays as it was granted."""
        self.posted = event.posted_in_all

    def _higher(self, event: events.CreditRaised | events.DifferenceCredited) -> None:
        self.statement_version = event.statement_version
        self.credit = event.credit
        self.cap = event.cap

    @evolves(events.SettlementWarned, source=UNSETTLED, target=None)
    def settlement_warned(self, event: events.SettlementWarned) -> None:
        """Take the warnings that are left."""
        self.settlement = event.settlement

    @evolves(events.SettlementMoved, source=UNSETTLED, target=None)
    def settlement_moved(self, event: events.SettlementMoved) -> None:
        """Take the deadline that an operator set."""
        self.settlement = event.settlement
        self.moved_to = event.settlement.due_at

    @evolves(events.SettlementMissed, source=UNSETTLED, target=None)
    def settlement_missed(self, event: events.SettlementMissed) -> None:
        """Take the instant of the miss; the claim is still to be decided."""
        self.missed_at = event.due_at
