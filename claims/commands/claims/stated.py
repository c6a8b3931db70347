"""What a claim is decided by: the terms of its month and the newest statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agreements.overrides import terms_for
from agreements.terms import Terms
from claims.errors import MonthNotClosed
from claims.events.claim import ClaimApproved, Times
from claims.events.statement import Figures
from claims.models.claim import Claim
from claims.models.period import Period
from claims.models.period import State as PeriodState
from claims.models.statement import Statement
from claims.rules.decision import payable
from claims.rules.identity import period_id, statement_id
from claims.rules.settlement import SettlementRule, settlement_rule


@dataclass(frozen=True, slots=True)
class Stated:
    """The newest statement of a closed month; no version: the account held no tier in it."""

    version: int | None
    figures: Figures | None


def terms_of(claim: Claim) -> Terms:
    """Give the terms that judge the claim's month."""
    return terms_for(claim.agreement, claim.terms_version or 0, claim.account, claim.override).terms


def rule_of(claim: Claim) -> SettlementRule:
    """Give the agreement's answers about deciding the claim."""
    return settlement_rule(terms_of(claim))


def stated(claim: Claim) -> Stated:
    """Read the newest statement of the claim's month. Errors: MonthNotClosed."""
    found = Statement.objects.filter(id=_statement_of(claim)).first()
    if found is not None:
        return Stated(found.statement_version, found.figures)
    if not _closed(claim):
        raise MonthNotClosed(clause=terms_of(claim).clause("claims", "settle_within"))
    return Stated(None, None)


def _closed(claim: Claim) -> bool:
    month = period_id(claim.agreement, claim.month)
    return Period.objects.filter(id=month, state=PeriodState.CLOSED).exists()


def _statement_of(claim: Claim) -> UUID:
    return statement_id(claim.account, claim.agreement, claim.month)


def record_approval(
    claim: Claim, month: Stated, *, by: str, because: str, now: datetime, undecided: Times = ()
) -> None:
    """Grant the credit that the statement shows. Errors: NothingToApprove, AwaitingUsage.

    `undecided` are contested stretches that are decided after it.
    """
    credit = payable(month.figures)
    figures, version = month.figures, month.version
    if figures is None or figures.base is None or version is None:
        raise LookupError(f"the statement of claim {claim.id} pays without figures")
    claim.record(
        ClaimApproved(
            statement_version=version,
            terms_version=figures.terms_version,
            override=figures.override,
            tier=figures.tier,
            uptime=figures.uptime,
            percent=figures.percent,
            base=figures.base,
            credit=credit,
            cap=figures.cap,
            clause=figures.clause,
            approved_by=by,
            approved_at=now,
            because=because,
            undecided=undecided,
        )
    )
