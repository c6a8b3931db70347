"""Crediting: the claim and its ledger entry in one transaction, and differences later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from claims.commands.claims.acting import catch_up, retried
from claims.commands.claims.stated import stated, terms_of
from claims.commands.ledger import post
from claims.errors import AwaitingUsage, MonthNotClosed, NothingToApprove
from claims.events.claim import ClaimCredited, CreditRaised, DifferenceCredited
from claims.models.claim import Claim, State
from claims.rules.decision import payable
from claims.rules.ledger import Grant
from eventstore import SYSTEM, Actor, NotFound, TransitionRefused, changes, command
from eventstore.changing import Batch
from kernel.money import Money


def credit(claim_id: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID:
    """Post an approved claim's credit to the account that earned it; the promise is kept then.

    Claim and ledger are written in one transaction, so that the deadline is met at the
    posting's instant. Another claim that reaches the same ledger at once only makes it try
    again. Errors: TransitionRefused where the claim is not approved.
    """
    return retried(partial(_credit, claim_id, by=by, now=now))


@command
def _credit(claim_id: UUID, *, by: Actor, now: datetime) -> UUID:
    with changes(by=by, now=now) as batch:
        claim = _loaded(batch, claim_id, now=now)
        if claim.state != State.APPROVED:
            raise TransitionRefused(noun="claim", state=claim.state, wish=State.CREDITED)
        grant = _grant(claim, claim.credit, claim.cap, claim.statement_version or 0)
        posted = post(batch, grant, zone=terms_of(claim).zone, now=now)
        claim.record(ClaimCredited(posted=posted.amount, cycle=posted.cycle, credited_at=now))
    return claim_id


def _loaded(batch: Batch, claim_id: UUID, *, now: datetime) -> Claim:
    claim = batch.load(Claim, [claim_id]).get(claim_id)
    if claim is None:
        raise NotFound("There is no such claim.")
    catch_up(claim, now=now)
    return claim


def pay_difference(claim_id: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID | None:
    """Give an approved or credited claim the higher credit of the newest statement.

    Within the cap, without a new claim (SEMANTICS 27). What is posted is the difference between
    the two credits: what an operator undid of the first one is not paid again. Nothing happens
    where the newest statement shows no more: what was granted is never reduced.
    """
    return retried(partial(_pay_difference, claim_id, by=by, now=now))


@command
def _pay_difference(claim_id: UUID, *, by: Actor, now: datetime) -> UUID | None:
    with changes(by=by, now=now) as batch:
        claim = _loaded(batch, claim_id, now=now)
        grant = _newest_grant(claim)
        if grant is None or grant.credit <= claim.credit:
            return None
        if claim.state == State.APPROVED:
            claim.record(_raised(claim, grant))
        else:
            claim.record(_difference(batch, claim, grant, now))
    return claim_id


def _newest_grant(claim: Claim) -> Grant | None:
    """Give what the newest statement shows by now; None where that is no known credit."""
    if claim.state not in (State.APPROVED, State.CREDITED):
        return None
    try:
        month = stated(claim)
        credit = payable(month.figures)
    except (MonthNotClosed, AwaitingUsage, NothingToApprove):
        return None
    cap = month.figures.cap if month.figures else None
    return _grant(claim, credit, cap, month.version or 0)


def _grant(claim: Claim, credit: Money, cap: Money | None, statement_version: int) -> Grant:
    return Grant(
        account=claim.account,
        agreement=claim.agreement,
        claim=claim.id,
        month=claim.month,
        credit=credit,
        cap=cap,
        statement_version=statement_version,
    )


def _raised(claim: Claim, grant: Grant) -> CreditRaised:
    return CreditRaised(
        statement_version=grant.statement_version,
        before=claim.credit,
        credit=grant.credit,
        cap=grant.cap,
    )


def _difference(batch: Batch, claim: Claim, grant: Grant, now: datetime) -> DifferenceCredited:
    posted = post(batch, replace(grant, before=claim.credit), zone=terms_of(claim).zone, now=now)
    return DifferenceCredited(
        statement_version=grant.statement_version,
        before=claim.credit,
        credit=grant.credit,
        cap=grant.cap,
        posted=posted.amount,
        posted_in_all=posted.in_all,
        cycle=posted.cycle,
    )
