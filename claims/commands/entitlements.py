"""What happens to one entitlement by itself: reminders, the lapse, its use by a claim."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from claims.events.entitlement import (
    EntitlementLapsed,
    EntitlementReminded,
    EntitlementUsed,
)
from claims.models.entitlement import Entitlement, State
from claims.queries.claims_of_month import claim_filed_before
from claims.queries.entitlements import newest_of
from claims.rules.identity import entitlement_id
from eventstore import SYSTEM, Actor, change, command
from kernel.ids import ClaimId
from kernel.months import Month


@command
def attend(entitlement: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID:
    """Do what is due for an entitlement: remind its account, or let it lapse.

    The window ends at its bound whenever that is noticed, and reminders that were slept
    through until then are none. Where a claim stands that was filed or appealed in time, it has
    used the entitlement, and nobody is reminded.
    """
    with change(Entitlement, entitlement, by=by, now=now) as row:
        if row.state == State.OPEN and row.bound is not None:
            claim = claim_filed_before(row.bound.until, row.account, row.agreement, row.month)
            if claim is not None:
                row.record(EntitlementUsed(claim_id=ClaimId(claim.id), filed_at=claim.appealed_at or claim.received_at))
            elif now < row.bound.until:
                _remind(row, now)
            else:
                row.record(EntitlementLapsed(lapsed_at=row.bound.until), occurred_at=row.bound.until)
    return entitlement


def _remind(row: Entitlement, now: datetime) -> None:
    """Note that a reminder is due; several that were slept through are one."""
    due = [moment for moment in row.remind_at if moment <= now]
    if due:
        left = tuple(moment for moment in row.remind_at if moment > now)
        row.record(EntitlementReminded(moment=due[-1], remind_at=left))


@command
def use(
    account: UUID,
    agreement: str,
    month: Month,
    *,
    claim: UUID,
    filed_at: datetime,
    by: Actor = SYSTEM,
    now: datetime,
) -> UUID | None:
    """Use up the account's entitlement by a claim, or by an appeal, that was received in time.

    None where there is none to use: the claim was filed before any miss was known. One that
    lapsed before the filing was processed is used all the same.
    """
    told = newest_of(agreement, month, [account]).get(account)
    if told is None or told.state not in (State.OPEN, State.LAPSED):
        return None
    entitlement = entitlement_id(account, agreement, month, told.number)
    with change(Entitlement, entitlement, by=by, now=now) as row:
        if row.state == State.LAPSED and row.over_at is not None and filed_at >= row.over_at:
            return None
        row.record(EntitlementUsed(claim_id=ClaimId(claim), filed_at=filed_at))
    return entitlement
