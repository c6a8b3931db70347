"""Credit that can be claimed now, and credit that nobody claimed in time (SEMANTICS 16, 20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from agreements.overrides import terms_for
from claims.queries.claims import ClaimView
from claims.queries.entitlements import EntitlementView
from claims.queries.months import MonthView
from claims.rules.filing_bound import BY_KNOWN
from kernel.money import Money

# A claim that was taken back or rejected leaves the month to be claimed again, and to lapse.
MADE_WAY = ("withdrawn", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """What lapsed: its amount, or its share where no amount is known; `until` was the first late instant."""

    credit: Money | None
    percent: Fraction
    until: datetime
    clause: str


def claimable_of(months: Iterable[MonthView], *, now: datetime) -> list[MonthView]:
    """Give the months that can be claimed now; the sweep that ends a right may be a moment behind."""
    return [one for one in months if one.entitlement and one.entitlement.state == "open" and not _passed(one, now)]


def _passed(month: MonthView, now: datetime) -> bool:
    bound = month.entitlement.bound if month.entitlement else None
    return bound is not None and bound.until <= now


def lapse_of(view: MonthView, claim: ClaimView | None, *, now: datetime) -> Lapse | None:
    """Tell what lapsed of a month; None where nothing is owed, or it can be claimed still, or was."""
    entitlement, figures = view.entitlement, view.statement.figures if view.statement else None
    if entitlement is None or entitlement.bound is None or entitlement.bound.until > now:
        return None
    if not _is_over(entitlement, claim):
        return None
    percent = figures.percent if figures else entitlement.due.percent
    if not percent:
        return None
    return Lapse(
        credit=figures.credit if figures else entitlement.due.credit,
        percent=percent,
        until=entitlement.bound.until,
        clause=_clause(entitlement),
    )


def _is_over(entitlement: EntitlementView, claim: ClaimView | None) -> bool:
    """Whether the right ended with its last day; the sweep may be a moment behind."""
    if claim is not None and claim.state not in MADE_WAY:
        return False
    taken_back = claim is not None and claim.state == "withdrawn"
    return entitlement.state in ("open", "lapsed") or (entitlement.state == "used" and taken_back)


def _clause(entitlement: EntitlementView) -> str:
    published = terms_for(entitlement.agreement, entitlement.terms_version, entitlement.account, entitlement.override)
    by_known = entitlement.bound is not None and entitlement.bound.by == BY_KNOWN
    return published.terms.clause("claims", "min_after_known" if by_known else "file_within")
