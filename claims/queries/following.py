"""What workflows ask of claims before they carry an event on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from claims.models.claim import OPEN, Claim, State
from claims.models.period import Period
from claims.models.period import State as PeriodState
from claims.models.statement import Statement
from kernel.months import Month

GRANTED = (State.APPROVED, State.CREDITED)


def claimed_by(claim: UUID) -> tuple[UUID, str, Month]:
    """Give the account, the agreement and the month of a claim."""
    row = Claim.objects.only("account", "agreement", "month").get(id=claim)
    return row.account, row.agreement, row.month


def granted_claims(account: UUID, month: Month) -> list[UUID]:
    """List the claims of an account's month that are approved or credited."""
    rows = Claim.objects.filter(account=account, month=month, state__in=GRANTED)
    return list(rows.order_by("number", "id").values_list("id", flat=True))


def overdue_claims(agreement: str, month: Month, *, account: UUID | None = None) -> list[UUID]:
    """List the open claims of a month, or of one account's, whose deadline was missed."""
    rows = Claim.objects.filter(agreement=agreement, month=month, state__in=OPEN)
    if account is not None:
        rows = rows.filter(account=account)
    return list(rows.exclude(missed_at=None).order_by("id").values_list("id", flat=True))


def stated_for(statement: UUID) -> tuple[UUID, Month]:
    """Give the account and the month of a statement."""
    row = Statement.objects.only("account", "month").get(id=statement)
    return row.account, row.month


def months_since(agreement: str, start: datetime) -> list[tuple[Month, bool]]:
    """List the opened months that end after an instant, oldest first, and whether each is closed."""
    rows = Period.objects.filter(agreement=agreement, ends_at__gt=start).order_by("month", "id")
    return [(row.month, row.state == PeriodState.CLOSED) for row in rows]


def month_of_period(period: UUID) -> tuple[str, Month]:
    """Give the agreement and the month of a period."""
    row = Period.objects.only("agreement", "month").get(id=period)
    return row.agreement, row.month
