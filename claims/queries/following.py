"""What workflows ask of claims before they carry an event on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from claims.models.claim import GRANTED, OPEN, Claim, State
from claims.models.entitlement import Entitlement
from claims.models.entitlement import State as EntitlementState
from claims.models.period import Period
from claims.models.period import State as PeriodState
from claims.models.statement import Statement
from claims.queries.claims_of_month import COVERING
from claims.rules.identity import period_id
from kernel.months import Month


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
    """List the opened months that end after an instant, oldest first, and whether each is being stated, or was."""
    rows = Period.objects.filter(agreement=agreement, ends_at__gt=start).order_by("month", "id")
    return [(row.month, row.state in (PeriodState.CLOSING, PeriodState.CLOSED)) for row in rows]


def months_without_bound(agreement: str) -> set[Month]:
    """Name the months that somebody may claim without a last day yet, for an outage has not ended."""
    rows = Entitlement.objects.filter(agreement=agreement, state=EntitlementState.OPEN, bound=None)
    return {row.month for row in rows.order_by("month", "id").only("month")}


def is_stated_without(cause: str, agreement: str, month: Month) -> bool:
    """Whether the month's statements are being issued just now, and nobody asked to look again for this cause."""
    row = Period.objects.filter(id=period_id(agreement, month), state=PeriodState.CLOSING).only("asked").first()
    return row is not None and all(one.cause != cause for one in row.asked)


def uses_what_is_open(claim: UUID, *, received_at: datetime) -> bool:
    """Whether a filing or an appeal uses the newest entitlement of its month.

    It stands, or was received after that had opened and not taken back: what opened after its
    rejection is there to be claimed again.
    """
    row = Claim.objects.get(id=claim)
    if row.state in COVERING:
        return True
    rows = Entitlement.objects.filter(account=row.account, agreement=row.agreement, month=row.month)
    newest = rows.order_by("-number").first()
    return row.state == State.REJECTED and newest is not None and newest.opened_at <= received_at


def month_of_period(period: UUID) -> tuple[str, Month]:
    """Give the agreement and the month of a period."""
    row = Period.objects.only("agreement", "month").get(id=period)
    return row.agreement, row.month
