"""Which minutes an open claim contests, against what was stated or stands measured."""

from __future__ import annotations

from datetime import datetime

from claims import measuring
from claims.models.claim import Claim
from claims.models.finding import Finding
from claims.models.statement import Statement
from claims.rules.claim import contested
from claims.rules.identity import statement_id
from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes


def minutes_of(claim: Claim, *, now: datetime) -> MonthMinutes:
    """Give the classes of the account's minutes: as stated, or as they stand measured."""
    statement = statement_id(claim.account, claim.agreement, claim.month)
    found = Statement.objects.filter(id=statement).first()
    if found is not None:
        minutes: MonthMinutes = Finding.objects.get(id=found.figures.finding).minutes
        return minutes
    return measuring.measured(claim.agreement, claim.month, now=now).minutes_for(claim.account)


def contested_by(claim: Claim, *, now: datetime) -> Ranges:
    """Give the minutes that the claim contests and nobody has denied yet."""
    return contested(claim.times, minutes_of(claim, now=now), denied=claim.denied)
