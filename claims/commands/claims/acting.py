"""What every command on a claim begins with: load it, and let what is due happen first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection

from claims.commands.claims.stated import record_approval, rule_of, stated
from claims.errors import (
    AwaitingUsage,
    MonthNotClosed,
    NothingToApprove,
    OperatorsDecide,
    ReasonMissing,
)
from claims.events.claim import (
    ClaimTakenUp,
    RequestDropped,
    RequestLapsed,
    Settlement,
    SettlementMissed,
)
from claims.models.claim import UNSETTLED, Claim, State
from claims.queries.contested import contested_by
from claims.rules import settlement as rules
from claims.rules.claim import claimed_minutes, stretches_of
from claims.rules.decision import payable
from eventstore import SYSTEM, Actor, change
from eventstore.retrying import patiently
from kernel.intervals import Interval, Ranges

T = TypeVar("T")

APPROVE = "approve"
MISSED_DEADLINE = "missed_deadline"
OVERDUE = "the deadline has passed"


def require_operator(by: Actor) -> None:
    """Let only operators examine and decide."""
    if by.kind != "operator":
        raise OperatorsDecide


def require_reason(reason: str) -> str:
    """Refuse an empty reason; return it without white space around it."""
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def retried(work: Callable[[], T]) -> T:
    """Decide again where somebody else was faster; inside a transaction its owner does that."""
    return work() if connection.in_atomic_block else patiently(work)


@contextmanager
def acting(claim_id: UUID, *, by: Actor, now: datetime) -> Iterator[Claim]:
    """Load a claim to change it; what fell due before now is recorded first, at its own instant."""
    with change(Claim, claim_id, by=by, now=now) as claim:
        catch_up(claim, now=now)
        yield claim


def catch_up(claim: Claim, *, now: datetime) -> None:
    """Record an answer that did not come and a deadline that was missed, in their order."""
    answer_due_at = claim.answer_due_at
    if claim.state == State.WAITING and answer_due_at is not None and answer_due_at <= now:
        _miss(claim, now=answer_due_at)
        _lapse(claim, at=answer_due_at)
    _miss(claim, now=now)


def _lapse(claim: Claim, *, at: datetime) -> None:
    pauses, settlement = after_wait(claim, now=at)
    lapsed = RequestLapsed(parts=claim.asked_for, lapsed_at=at, pauses=pauses, settlement=settlement)
    claim.record(lapsed, occurred_at=at)


def _miss(claim: Claim, *, now: datetime) -> None:
    if not is_overdue(claim, now=now) or claim.missed_at is not None:
        return
    due_at, then = claim.settlement.due_at, rule_of(claim).on_missed
    claim.record(SettlementMissed(due_at=due_at, then=then), occurred_at=due_at)
    if then == APPROVE:
        approve_unasked(claim, now=now)


def is_overdue(claim: Claim, *, now: datetime) -> bool:
    """Whether the claim is not settled and its deadline has passed."""
    return claim.state in UNSETTLED and claim.settlement.due_at <= now


def approve_unasked(claim: Claim, *, now: datetime) -> bool:
    """Approve a claim whose deadline was missed, where its month shows a credit by now.

    What the claim contests is not lost by it: it stays to be decided, and what is granted of it
    pays the difference. Returns False where there is no such credit yet: then the claim waits for it.
    """
    try:
        month = stated(claim)
        payable(month.figures)
    except (MonthNotClosed, AwaitingUsage, NothingToApprove):
        return False
    if claim.state == State.WAITING:
        drop_request(claim, because=OVERDUE, by=SYSTEM, now=now)
    if claim.state in (State.FILED, State.APPEALED):
        claim.record(ClaimTakenUp(taken_up_by=SYSTEM.id))
    granted = Ranges.union(claimed_minutes(one) for one in claim.granted)
    undecided = stretches_of(contested_by(claim, now=now) - granted)
    record_approval(claim, month, by=SYSTEM.id, because=MISSED_DEADLINE, now=now, undecided=undecided)
    return True


def drop_request(claim: Claim, *, because: str, by: Actor, now: datetime) -> None:
    """Go on without what was asked for."""
    pauses, settlement = after_wait(claim, now=now)
    claim.record(
        RequestDropped(
            parts=claim.asked_for,
            reason=because,
            dropped_by=by.id,
            dropped_at=now,
            pauses=pauses,
            settlement=settlement,
        )
    )


def after_wait(claim: Claim, *, now: datetime) -> tuple[tuple[Interval, ...], Settlement]:
    """Give the pauses with the one that ends now, and the deadline that they lead to."""
    asked_at = claim.asked_at
    paused = asked_at is not None and bool(claim.pausing)
    pauses = (*claim.pauses, *(rules.pause(asked_at, now) if paused and asked_at else ()))
    return pauses, resettled(claim, pauses, now=now)


def resettled(claim: Claim, pauses: tuple[Interval, ...], *, now: datetime) -> Settlement:
    """Compute the deadline again with these pauses; what an operator moved stays (SEMANTICS 24)."""
    rule, before = rule_of(claim), claim.settlement
    computed = rules.settle(before.day_zero, rule, pauses=pauses)
    kept = rules.never_before(computed, claim.moved_to, rule)
    return before if kept.due_at == before.due_at else rules.from_here(kept, now=now)
