"""Which minutes a claim contests and nobody has decided, against what was stated or stands measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from claims import measuring
from claims.models.claim import GRANTED, OPEN, Claim
from claims.models.finding import Finding
from claims.models.statement import Statement
from claims.rules.claim import contested
from claims.rules.identity import statement_id
from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes

NOTHING = Ranges.of()


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


def to_decide(claim: Claim, *, now: datetime) -> Ranges:
    """Give the contested minutes that can be decided: of a granted claim, those that its approval left."""
    if claim.state in OPEN:
        return contested_by(claim, now=now)
    return left_by_approval([claim]).get(claim.id, NOTHING)


def left_by_approval(claims: Sequence[Claim]) -> dict[UUID, Ranges]:
    """Give by granted claim the minutes that its approval left to be decided and that still are.

    A stretch that a correction of its own shows down by now is decided. Two questions for any number of claims.
    """
    left = {one.id: one for one in claims if one.state in GRANTED and one.undecided}
    if not left:
        return {}
    minutes = _stated_minutes(list(left.values()))
    found = {claim: contested(one.undecided, minutes[claim], denied=one.denied) for claim, one in left.items()}
    return {claim: still for claim, still in found.items() if still}


def _stated_minutes(claims: Sequence[Claim]) -> dict[UUID, MonthMinutes]:
    """Read by claim the minutes of its newest statement, which every granted claim has."""
    wanted = {one.id: statement_id(one.account, one.agreement, one.month) for one in claims}
    stated = {one.id: one.figures.finding for one in Statement.objects.filter(id__in=wanted.values())}
    findings = {one.id: one.minutes for one in Finding.objects.filter(id__in=stated.values())}
    return {claim: findings[stated[statement]] for claim, statement in wanted.items()}
