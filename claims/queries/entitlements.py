"""Reading entitlements, and until when an account may file for a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from claims import measuring
from claims.events.entitlement import Bound, Due, EntitlementBoundMoved, EntitlementOpened
from claims.models.entitlement import Entitlement
from claims.queries.claims_of_month import claims_of
from claims.queries.periods import judging_terms_for
from claims.rules.entitlement import Told
from claims.rules.filing_bound import (
    FilingRule,
    claimed_times_bound,
    filing_rule,
    incident_bound,
    last_incident,
    latest,
)
from eventstore import history
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementView:
    """An entitlement as plain data; no `bound` while an outage is open."""

    id: UUID
    account: UUID
    agreement: str
    month: Month
    number: int
    state: str
    terms_version: int
    cause: str
    due: Due
    bound: Bound | None
    remind_at: tuple[datetime, ...]
    opened_on: date
    opened_at: datetime
    claim: UUID | None
    over_at: datetime | None
    ended_code: str
    ended_reason: str
    override: int | None = None


def entitlement(id: UUID) -> EntitlementView | None:  # noqa: A002 — what it is called everywhere
    """Give one entitlement."""
    row = Entitlement.objects.filter(id=id).first()
    return _view(row) if row else None


def of_account(account: UUID) -> list[EntitlementView]:
    """List an account's entitlements, the newest month first."""
    rows = Entitlement.objects.filter(account=account).order_by("-month", "-number", "id")
    return [_view(row) for row in rows]


def newest(account: UUID, agreement: str, month: Month) -> EntitlementView | None:
    """Give the last entitlement that opened for the account and month, whatever became of it."""
    rows = Entitlement.objects.filter(account=account, agreement=agreement, month=month)
    row = rows.order_by("-number").first()
    return _view(row) if row else None


def newest_of(agreement: str, month: Month, accounts: Sequence[UUID]) -> dict[UUID, Told]:
    """Tell for each of the accounts that has one what its last entitlement of the month said."""
    rows = Entitlement.objects.filter(agreement=agreement, month=month, account__in=accounts)
    fields = ("account", "number", "state", "opened_on", "opened_at", "bound", "promised", "version")
    told = rows.order_by("number", "id").values_list(*fields)
    return {
        account: Told(
            number=number, state=state, opened_on=on, opened_at=at, bound=bound, promised=promised, version=version
        )
        for account, number, state, on, at, bound, promised, version in told
    }


def had_bound(entitlement: UUID, *, before: int) -> bool:
    """Whether an earlier event than this version told until when the entitlement could be used."""
    events = (one.event for one in history(entitlement) if one.version < before)
    return any(isinstance(one, EntitlementOpened | EntitlementBoundMoved) and one.bound for one in events)


def filing_bound(
    account: UUID,
    agreement: str,
    month: Month,
    *,
    claimed_until: datetime | None,
    now: datetime,
) -> Bound | None:
    """Tell until when the account may file for the month (SEMANTICS 16, 20).

    The bound of the last claimable outage, or the one that an entitlement promised or an earlier
    filing was answered with, where that is later. Where nothing was measured it runs from the end
    of the claimed times. None: there is no bound yet, for an outage is open, or neither measured
    nor claimed times end.
    """
    published = judging_terms_for(account, agreement, month)
    rule = filing_rule(published.terms) if published else None
    if rule is None:
        return None
    promised = _promised(account, agreement, month, rule)
    incident = last_incident(measuring.measured(agreement, month, now=now).minutes_for(account))
    if incident is None:
        claimed = claimed_times_bound(claimed_until, rule) if claimed_until else None
        return latest(*promised, claimed)
    if incident.ended_at is None:
        return None
    return latest(*promised, incident_bound(incident.ended_at, rule))


def _promised(account: UUID, agreement: str, month: Month, rule: FilingRule) -> tuple[Bound | None, ...]:
    rows = Entitlement.objects.filter(account=account, agreement=agreement, month=month)
    told = claims_of(account, agreement, month).told(rule.zone)
    return (*(row.promised for row in rows.order_by("number", "id")), told)


def _view(row: Entitlement) -> EntitlementView:
    return EntitlementView(
        id=row.id,
        account=row.account,
        agreement=row.agreement,
        month=row.month,
        number=row.number,
        state=row.state,
        terms_version=row.terms_version,
        cause=row.cause,
        due=row.due,
        bound=row.bound,
        remind_at=row.remind_at,
        opened_on=row.opened_on,
        opened_at=row.opened_at,
        claim=row.claim,
        over_at=row.over_at,
        ended_code=row.ended_code,
        ended_reason=row.ended_reason,
        override=row.override,
    )
