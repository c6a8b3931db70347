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
def remind(entitlement: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID:
    """Note that a reminder is due; several that were slept through are one."""
    with change(Entitlement, entitlement, by=by, now=now) as row:
        due = [moment for moment in row.remind_at if moment <= now]
        if row.state == State.OPEN and row.bound and due and now < row.bound.until:
            left = tuple(moment for moment in row.remind_at if moment > now)
            row.record(EntitlementReminded(moment=due[-1], remind_at=left))
    return entitlement


@command
def lapse(entitlement: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID:
    """End the filing window at its bound, whenever that is noticed.

    Where a claim was received before the bound, it used the entitlement instead.
    """
    with change(Entitlement, entitlement, by=by, now=now) as row:
        if row.state != State.OPEN or row.bound is None or now < row.bound.until:
            return entitlement
        until = row.bound.until
        claim = claim_filed_before(until, row.account, row.agreement, row.month)
        if claim is not None:
            row.record(EntitlementUsed(claim_id=ClaimId(claim.id), filed_at=claim.received_at))
        else:
            row.record(EntitlementLapsed(lapsed_at=until), occurred_at=until)
    return entitlement


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
    """Use up the account's entitlement by a claim that was received in time.

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
