"""What became of the claims of a month, as periods and entitlements need to know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db.models.functions import Coalesce

from claims.measuring import MeasuredMonth
from claims.models.claim import OPEN, Claim, State
from claims.rules.claim import contested
from claims.rules.entitlement import ClaimsOfMonth
from claims.rules.period import CLAIM, Disputed
from kernel.months import Month

COVERING = (*OPEN, State.APPROVED, State.CREDITED)


def claims_of_month(agreement: str, month: Month, accounts: Sequence[UUID]) -> dict[UUID, ClaimsOfMonth]:
    """Tell for each of these that has filed whether its claim stands, or how it ended, and which bound it was told."""
    filed: dict[UUID, list[Claim]] = defaultdict(list)
    rows = Claim.objects.filter(agreement=agreement, month=month, account__in=accounts)
    for claim in rows.order_by("number", "id").iterator():
        filed[claim.account].append(claim)
    return {account: _summary(claims) for account, claims in filed.items()}


def claims_of(account: UUID, agreement: str, month: Month) -> ClaimsOfMonth:
    """Tell the same of one account."""
    rows = Claim.objects.filter(account=account, agreement=agreement, month=month)
    return _summary(rows.order_by("number", "id"))


def _summary(claims: Iterable[Claim]) -> ClaimsOfMonth:
    rows = list(claims)
    rejected = [one for one in rows if one.state == State.REJECTED and one.decided_at is not None]
    last = max(rejected, key=attrgetter("decided_at"), default=None)
    told = max((one for one in rows if one.bound), key=attrgetter("bound"), default=None)
    return ClaimsOfMonth(
        covering=any(one.state in COVERING for one in rows),
        withdrawn=any(one.state == State.WITHDRAWN for one in rows),
        rejected_at=last.decided_at if last else None,
        rejected_by=last.statement_version if last else None,
        told_until=told.bound if told else None,
        told_at=told.received_at if told else None,
    )


def claim_filed_before(bound: datetime, account: UUID, agreement: str, month: Month) -> Claim | None:
    """Find the standing claim of the account for the month that was received, or appealed, before the bound."""
    rows = Claim.objects.filter(account=account, agreement=agreement, month=month, state__in=COVERING)
    rows = rows.alias(claimed_at=Coalesce("appealed_at", "received_at")).filter(claimed_at__lt=bound)
    return rows.order_by("number", "id").first()


def contesting(measured: MeasuredMonth) -> tuple[Disputed, ...]:
    """List the open claims that contest minutes of the month as it stands measured."""
    rows = Claim.objects.filter(agreement=measured.agreement, month=measured.month, state__in=OPEN)
    found = []
    for claim in rows.order_by("received_at", "id"):
        minutes = contested(claim.times, measured.minutes_for(claim.account), denied=claim.denied)
        if minutes:
            sentence = f"An open claim contests {minutes.total} minutes."
            found.append(Disputed(kind=CLAIM, reference=claim.id, minutes=minutes, sentence=sentence))
    return tuple(found)
