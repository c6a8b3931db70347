"""Deciding a claim: approve, reject, withdraw."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from agreements.terms import Terms
from claims.commands.claims.acting import (
    acting,
    require_operator,
    require_reason,
)
from claims.commands.claims.stated import (
    Stated,
    record_approval,
    stated,
    terms_of,
)
from claims.errors import ContestUndecided, CreditChanged
from claims.events.claim import ClaimRejected, ClaimWithdrawn
from claims.models.claim import Claim
from claims.queries.contested import contested_by
from claims.rules.appeal import appeal_bound
from claims.rules.decision import (
    payable,
    require_current,
    require_second_person,
    require_shown,
)
from eventstore import Actor, Private, command
from kernel.money import Money

EXAMINED = "examined"


@command
def approve(claim_id: UUID, *, shown: Money | None = None, by: Actor, now: datetime) -> UUID:
    """Grant the credit that the newest statement of the closed month shows.

    `shown` is the credit that the operator saw, where a page showed one. Errors: MonthNotClosed,
    AwaitingUsage, NothingToApprove, CreditChanged, ContestUndecided; above the configured
    amount PreparationRequired, SecondPersonRequired, PreparationOutdated.
    """
    require_operator(by)
    with acting(claim_id, by=by, now=now) as claim:
        month = stated(claim)
        if shown is not None and payable(month.figures) != shown:
            raise CreditChanged
        _require_no_contest(claim, month, now=now)
        _require_two(claim, month, by)
        record_approval(claim, month, by=by.id, because=EXAMINED, now=now)
    return claim_id


def _require_no_contest(claim: Claim, month: Stated, *, now: datetime) -> None:
    """Refuse to decide a claim while minutes are contested that its statement classes."""
    if month.figures is not None and contested_by(claim, now=now):
        raise ContestUndecided(clause=terms_of(claim).clause("claims"))


def _require_two(claim: Claim, month: Stated, by: Actor) -> None:
    credit, above = payable(month.figures), second_person_above(terms_of(claim))
    require_second_person(claim.prepared_by, by.id, credit=credit, above=above)
    require_current(claim.prepared_version, month.version or 0)


def second_person_above(terms: Terms) -> Money | None:
    """Give the amount above which two people decide, in the agreement's currency; None: never."""
    amount = settings.MAKEGOOD_SECOND_PERSON_ABOVE
    return None if amount is None else Money.of(amount, terms.currency)


@command
def reject(claim_id: UUID, *, code: str, sentence: str, by: Actor, now: datetime) -> UUID:
    """Reject a claim for the coded reason that the statement shows, in words for the customer.

    Errors: MonthNotClosed, AwaitingUsage, StatementShowsCredit, UnknownReason,
    ReasonContradictsStatement, ReasonMissing, ContestUndecided.
    """
    require_operator(by)
    sentence = require_reason(sentence)
    with acting(claim_id, by=by, now=now) as claim:
        month = stated(claim)
        require_shown(code, month.figures)
        _require_no_contest(claim, month, now=now)
        claim.record(_rejection(claim, month, code, sentence, by, now))
    return claim_id


def _rejection(claim: Claim, month: Stated, code: str, sentence: str, by: Actor, now: datetime) -> ClaimRejected:
    final = claim.appealed_at is not None
    return ClaimRejected(
        statement_version=month.version,
        code=code,
        clause=month.figures.clause if month.figures else "",
        sentence=sentence,
        rejected_by=by.id,
        rejected_at=now,
        appeal_bound=None if final else appeal_bound(now, terms_of(claim)),
        final_at=now if final else None,
    )


@command
def withdraw(claim_id: UUID, *, words: str = "", by: Actor, now: datetime) -> UUID:
    """Take an open claim back; the month may be claimed again within its bound."""
    with acting(claim_id, by=by, now=now) as claim:
        sealed = Private.seal(words.strip(), subject=claim.account) if words.strip() else None
        claim.record(ClaimWithdrawn(words=sealed, withdrawn_by=by.id, withdrawn_at=now))
    return claim_id
