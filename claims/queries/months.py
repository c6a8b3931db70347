"""An account's months: those that are closed, and the one that is running (SEMANTICS 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from agreements.overrides import override_at, terms_for
from claims import measuring
from claims.events.entitlement import Due
from claims.events.finding import ExclusionUsed
from claims.events.statement import Classes, TierHeld
from claims.models.period import Period, State
from claims.queries.entitlements import EntitlementView
from claims.queries.entitlements import of_account as entitlements_of
from claims.queries.statements import StatementView
from claims.queries.statements import of_account as statements_of
from claims.rules.allowance import Allowance, allowance, passed
from claims.rules.entitlement import certain_due
from claims.rules.statement import classes_of, judging_tier, tiers_held
from customers import queries as customers
from kernel.intervals import minute_of
from kernel.minutes import MonthMinutes, Outage
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningMonth:
    """A month that is not closed, as it stands: `tier` judges it if nothing changes any more.

    `passed_minutes` have been measured of the month's `total_minutes`. No `allowance` without
    a target. `certain` is what is owed in any case. `minutes` are those that have passed.
    """

    total_minutes: int
    passed_minutes: int
    classes: Classes
    uptime: Fraction | None
    tier: str | None
    tiers: tuple[TierHeld, ...]
    target: Fraction | None
    allowance: Allowance | None
    certain: Due | None
    outages: tuple[Outage, ...]
    open_outage: bool
    minutes: MonthMinutes
    exclusions: tuple[ExclusionUsed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """One month of an account: its statement once it is closed, how it stands until then.

    `state` is "open", "waiting", "closing" or "closed"; an open month whose last minute has
    passed waits for its grace. `entitlement` is the newest one of the month.
    """

    account: UUID
    agreement: str
    month: Month
    state: str
    is_over: bool
    close_due_at: datetime
    statement: StatementView | None
    entitlement: EntitlementView | None
    running: RunningMonth | None


def months_of(account: UUID, *, now: datetime) -> list[MonthView]:
    """List the account's months, the newest first; those in which it held no tier are left out."""
    holder = customers.account(account)
    statements = {one.month: one for one in statements_of(account)}
    entitlements: dict[Month, EntitlementView] = {}
    for one in entitlements_of(account):
        entitlements.setdefault(one.month, one)
    rows = Period.objects.filter(agreement=holder.agreement, begins_at__lte=now).order_by("-month", "id")
    views = (_view(holder, row, statements.get(row.month), entitlements.get(row.month), now=now) for row in rows)
    return [one for one in views if one is not None]


def month_of(account: UUID, month: Month, *, now: datetime) -> MonthView | None:
    """Give one month of an account; None where it is not judged or the account held no tier in it."""
    return next((one for one in months_of(account, now=now) if one.month == month), None)


def _view(
    holder: customers.AccountView,
    row: Period,
    statement: StatementView | None,
    entitlement: EntitlementView | None,
    *,
    now: datetime,
) -> MonthView | None:
    held = tiers_held(holder.holdings, first=minute_of(row.begins_at), last=minute_of(row.ends_at))
    if statement is None and (not held or row.state == State.CLOSED):
        return None
    return MonthView(
        account=holder.id,
        agreement=row.agreement,
        month=row.month,
        state=row.state,
        is_over=now >= row.ends_at,
        close_due_at=row.close_due_at,
        statement=statement,
        entitlement=entitlement,
        running=None if statement else _running(holder, row, held, now=now),
    )


def _running(holder: customers.AccountView, row: Period, held: tuple[TierHeld, ...], *, now: datetime) -> RunningMonth:
    negotiated = override_at(row.agreement, holder.id, row.begins_at)
    terms = terms_for(row.agreement, row.terms_version, holder.id, negotiated).terms
    group = measuring.measured(row.agreement, row.month, now=now).group_for(holder.id)
    minutes = passed(group.minutes, present=minute_of(now))
    end = minute_of(row.ends_at)
    so_far = MonthMinutes(first=minutes.first, last=end, down=minutes.down)
    tier = judging_tier(so_far, held, terms)
    target = terms.target(tier) if tier else None
    return RunningMonth(
        total_minutes=end - minutes.first,
        passed_minutes=minutes.total,
        classes=classes_of(minutes),
        uptime=minutes.uptime,
        tier=tier,
        tiers=held,
        target=target,
        allowance=allowance(minutes, target, end=end) if target is not None else None,
        certain=certain_due(minutes, held, terms, end=end),
        outages=minutes.outages,
        open_outage=any(one.is_open for one in minutes.claimable_outages),
        minutes=minutes,
        exclusions=group.exclusions,
    )
