"""Examining a claim: take it up, ask for what is missing, decide what it contests, prepare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from claims.commands.claims.acting import (
    acting,
    drop_request,
    require_operator,
    require_reason,
    resettled,
)
from claims.commands.claims.stated import rule_of, stated, terms_of
from claims.errors import NotContested, UnknownPart
from claims.events.claim import (
    ClaimPrepared,
    ClaimTakenUp,
    ContestDenied,
    ContestGranted,
    EvidenceRequested,
    Settlement,
    Times,
)
from claims.models.claim import OPEN, Claim
from claims.queries.contested import to_decide
from claims.rules.claim import PARTS, claimed_minutes, missing, require_past, stretches_of
from claims.rules.decision import DENIALS, GRANTS, payable, require_known
from claims.rules.settlement import answer_due, pause
from eventstore import Actor, Private, command
from kernel.intervals import Interval


@command
def take_up(claim_id: UUID, *, by: Actor, now: datetime) -> UUID:
    """Begin to examine a claim, or its appeal."""
    require_operator(by)
    with acting(claim_id, by=by, now=now) as claim:
        claim.record(ClaimTakenUp(taken_up_by=by.id))
    return claim_id


@command
def ask_for_evidence(claim_id: UUID, *, parts: Sequence[str], question: str, by: Actor, now: datetime) -> UUID:
    """Ask the customer for times, evidence or both, and wait at most ten business days.

    Only a part that was missing at filing pauses the clock, and each only once (SEMANTICS 18).
    Errors: UnknownPart, ReasonMissing.
    """
    require_operator(by)
    question = require_reason(question)
    asked = tuple(part for part in PARTS if part in parts)
    if not asked or set(asked) != set(parts):
        raise UnknownPart
    with acting(claim_id, by=by, now=now) as claim:
        claim.record(_request(claim, asked, question, by, now))
    return claim_id


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What asking for parts leads to: by when an answer is due, what pauses, the new deadline."""

    answer_due_at: datetime
    pausing: tuple[str, ...]
    settlement: Settlement


def foresee(claim: Claim, parts: tuple[str, ...], *, now: datetime) -> Foreseen:
    """Tell what asking for these parts now would lead to; nothing is recorded."""
    until, pausing = answer_due(now, rule_of(claim)), _pausing(claim, parts)
    settlement = claim.settlement
    if pausing:
        settlement = resettled(claim, (*claim.pauses, *pause(now, until)), now=now)
    return Foreseen(until, pausing, settlement)


def _request(claim: Claim, parts: tuple[str, ...], question: str, by: Actor, now: datetime) -> EvidenceRequested:
    ahead = foresee(claim, parts, now=now)
    return EvidenceRequested(
        parts=parts,
        pausing=ahead.pausing,
        question=Private.seal(question, subject=claim.account),
        requested_by=by.id,
        requested_at=now,
        answer_due_at=ahead.answer_due_at,
        settlement=ahead.settlement,
    )


def _pausing(claim: Claim, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Tell which of the parts stop the clock: missing at filing, missing still, never given up."""
    if not rule_of(claim).pause_for_evidence:
        return ()
    still = missing(claim.missing, times=claim.times, files=len(claim.evidence))
    return tuple(part for part in parts if part in still and part not in claim.given_up)


@command
def go_on(claim_id: UUID, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Stop waiting for what was asked for, and go on without it."""
    require_operator(by)
    reason = require_reason(reason)
    with acting(claim_id, by=by, now=now) as claim:
        drop_request(claim, because=reason, by=by, now=now)
    return claim_id


@command
def deny_contested(claim_id: UUID, *, stretch: Interval, code: str, reason: str, by: Actor, now: datetime) -> UUID:
    """Let the measurement stand against a contested stretch, for a coded reason (SEMANTICS 17).

    Before the claim is decided, or after an approval that left the stretch to be decided.
    Errors: UnknownReason, ReasonMissing, NotContested.
    """
    require_operator(by)
    require_known(code, DENIALS)
    reason = require_reason(reason)
    with acting(claim_id, by=by, now=now) as claim:
        left = _decided(claim, stretch, now=now)
        denied = ContestDenied(stretch=stretch, code=code, reason=reason, denied_by=by.id, undecided=left)
        claim.record(denied)
    return claim_id


@command
def grant_contested(claim_id: UUID, *, stretch: Interval, code: str, reason: str, by: Actor, now: datetime) -> UUID:
    """Find the customer right about a contested stretch; the measurement is corrected next.

    Where an approval had left the stretch to be decided, a higher credit pays the difference.
    Errors: UnknownReason, ReasonMissing, NotContested, TimesInFuture.
    """
    require_operator(by)
    require_known(code, GRANTS)
    reason = require_reason(reason)
    require_past(stretch, UTC, now=now)
    with acting(claim_id, by=by, now=now) as claim:
        left = _decided(claim, stretch, now=now)
        granted = ContestGranted(stretch=stretch, code=code, reason=reason, granted_by=by.id, undecided=left)
        claim.record(granted)
    return claim_id


def _decided(claim: Claim, stretch: Interval, *, now: datetime) -> Times:
    """Tell what is left of what an approval left to be decided, after this stretch. Errors: NotContested."""
    contested = to_decide(claim, now=now)
    if not contested & claimed_minutes(stretch):
        raise NotContested(clause=terms_of(claim).clause("claims"))
    return () if claim.state in OPEN else stretches_of(contested - claimed_minutes(stretch))


@command
def prepare(claim_id: UUID, *, note: str = "", by: Actor, now: datetime) -> UUID:
    """Work out the approval for another person to give.

    Errors: MonthNotClosed, AwaitingUsage, NothingToApprove.
    """
    require_operator(by)
    with acting(claim_id, by=by, now=now) as claim:
        month = stated(claim)
        credit = payable(month.figures)
        claim.record(
            ClaimPrepared(
                statement_version=month.version or 0,
                credit=credit,
                note=note.strip(),
                prepared_by=by.id,
            )
        )
    return claim_id
