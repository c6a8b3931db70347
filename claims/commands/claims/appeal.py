"""Appealing a rejection, once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from claims.commands.claims.acting import acting, require_reason
from claims.commands.claims.stated import rule_of, terms_of
from claims.errors import AppealOvertaken, ReceivedInFuture
from claims.events.claim import ClaimAppealed
from claims.models.claim import Claim, State
from claims.rules import settlement as rules
from claims.rules.appeal import require_appealable
from eventstore import Actor, Private, TransitionRefused, command


@command
def appeal(claim_id: UUID, *, words: str, received_at: datetime | None = None, by: Actor, now: datetime) -> UUID:
    """Ask for a rejection to be examined again: ten new business days begin.

    Judged by the time of receipt, now unless said otherwise. Errors: AppealedBefore,
    AppealTooLate, AppealOvertaken, ReasonMissing, ReceivedInFuture.
    """
    words = require_reason(words)
    received = received_at or now
    if received > now:
        raise ReceivedInFuture
    with acting(claim_id, by=by, now=now) as claim:
        _require_rejected(claim)
        terms = terms_of(claim)
        require_appealable(
            bound=claim.appeal_bound,
            appealed_before=claim.appealed_at is not None,
            received_at=received,
            zone=terms.zone,
            clause=terms.clause("claims", "appeal_within"),
        )
        _require_last(claim)
        claim.record(_appealed(claim, words, received, now), occurred_at=received)
    return claim_id


def _require_rejected(claim: Claim) -> None:
    if claim.state != State.REJECTED:
        raise TransitionRefused(noun="claim", state=claim.state, wish=State.APPEALED)


def _require_last(claim: Claim) -> None:
    """Refuse where a later claim of the month was filed for a later entitlement."""
    later = Claim.objects.filter(
        account=claim.account,
        agreement=claim.agreement,
        month=claim.month,
        number__gt=claim.number,
    ).exclude(state__in=(State.WITHDRAWN, State.REFUSED))
    if later.exists():
        raise AppealOvertaken(clause=terms_of(claim).clause("claims"))


def _appealed(claim: Claim, words: str, received: datetime, now: datetime) -> ClaimAppealed:
    rule = rule_of(claim)
    settlement = rules.settle(rule.calendar.day_of(received), rule)
    return ClaimAppealed(
        words=Private.seal(words, subject=claim.account),
        received_at=received,
        settlement=rules.from_here(settlement, now=now),
    )
