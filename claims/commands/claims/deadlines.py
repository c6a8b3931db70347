"""A claim's deadlines: what happens at each, and moving one by name and reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from claims.commands.claims.acting import (
    APPROVE,
    acting,
    approve_unasked,
    catch_up,
    require_operator,
    require_reason,
)
from claims.commands.claims.stated import rule_of
from claims.errors import DeadlineMissed, DeadlineMovedBack
from claims.events.claim import AppealLapsed, SettlementMoved, SettlementWarned
from claims.models.claim import OPEN, UNSETTLED, Claim, State
from claims.rules import settlement as rules
from eventstore import SYSTEM, Actor, changes, command
from kernel import shown


@command
def settle_moments(moments: Mapping[UUID, datetime], *, by: Actor = SYSTEM, now: datetime) -> None:
    """Warn that decisions are due, or record that they were missed; whichever is so by now.

    Given by claim, each with the moment that its deadline asked for. Either all are looked at or none.
    """
    with changes(by=by, now=now) as batch:
        for claim in batch.load(Claim, moments).values():
            catch_up(claim, now=now)
            _warn(claim, at=moments[claim.id])


def _warn(claim: Claim, *, at: datetime) -> None:
    if claim.state not in UNSETTLED or claim.missed_at is not None:
        return
    if any(one <= at for one in claim.settlement.warn_at):
        left, due_at = rules.warned(claim.settlement, at), claim.settlement.due_at
        claim.record(SettlementWarned(moment=at, due_at=due_at, settlement=left), occurred_at=at)


@command
def answer_moment(claim_id: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID | None:
    """Stop waiting for an answer that did not come within ten business days."""
    with acting(claim_id, by=by, now=now):
        pass
    return claim_id


@command
def appeal_moment(claim_id: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID | None:
    """Make a rejection final that nobody appealed in time."""
    with acting(claim_id, by=by, now=now) as claim:
        bound = claim.appeal_bound
        lapsed = bound is not None and bound <= now and claim.final_at is None
        if claim.state == State.REJECTED and bound is not None and lapsed:
            claim.record(AppealLapsed(lapsed_at=bound), occurred_at=bound)
    return claim_id


@command
def move_deadline(claim_id: UUID, *, due_at: datetime, reason: str, by: Actor, now: datetime) -> UUID:
    """Give a claim more time by name and reason; nothing else moves a recorded deadline.

    Errors: DeadlineMovedBack, DeadlineMissed, ReasonMissing.
    """
    require_operator(by)
    reason = require_reason(reason)
    with acting(claim_id, by=by, now=now) as claim:
        if claim.missed_at is not None:
            raise DeadlineMissed
        before = claim.settlement
        if due_at <= before.due_at:
            told, wanted = shown.instant(before.due_at, UTC), shown.instant(due_at, UTC)
            raise DeadlineMovedBack(f"The decision is due before {told}: it is moved later only, not to {wanted}.")
        later = rules.from_here(rules.moved(before, due_at, rule_of(claim).warn_at), now=now)
        claim.record(SettlementMoved(settlement=later, before=before.due_at, reason=reason, moved_by=by.id))
    return claim_id


@command
def approve_overdue(claim_id: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID | None:
    """Approve a claim that missed its deadline where the agreement says so and a credit shows.

    For the statement that came after the miss; nothing happens otherwise.
    """
    with acting(claim_id, by=by, now=now) as claim:
        missed = claim.missed_at is not None and rule_of(claim).on_missed == APPROVE
        if missed and claim.state in OPEN:
            approve_unasked(claim, now=now)
    return claim_id
