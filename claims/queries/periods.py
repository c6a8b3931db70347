"""Which terms judge a month, and the months that wait for an operator (SEMANTICS 25, 27)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q

from agreements.overrides import override_at, terms_for
from agreements.queries import PublishedTerms, terms_version, versions
from claims.events.period import WaitingReason
from claims.models.claim import SETTLE, UNSETTLED, Claim
from claims.models.period import RESUME_AFTER, Period, State
from claims.rules.identity import period_id
from deadlines.queries import open_for
from kernel.intervals import Ranges
from kernel.months import Month

Dues = dict[tuple[str, Month], datetime]

_NEVER = datetime.max.replace(tzinfo=UTC)


def judging_terms(agreement: str, month: Month) -> PublishedTerms | None:
    """Give the terms that judge a month: those in force when it began (SEMANTICS 25).

    A month of which the first version was in force only in part is judged by it where it
    says so. None: the agreement does not judge the month.
    """
    published = versions(agreement)
    for version in reversed(published):
        terms = terms_version(agreement, version.number)
        if version.in_force_from <= month.start(terms.terms.zone):
            return terms
    if not published:
        return None
    first = terms_version(agreement, published[0].number)
    begun = first.terms.in_force_from < month.end(first.terms.zone)
    return first if begun and first.terms.first_partial_month == "judge" else None


def judging_terms_for(account: UUID, agreement: str, month: Month) -> PublishedTerms | None:
    """Give the terms that judge an account's month: with what was negotiated and in force when it began (26)."""
    published = judging_terms(agreement, month)
    if published is None:
        return None
    negotiated = override_at(agreement, account, month.start(published.terms.zone))
    return terms_for(agreement, published.version, account, negotiated)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodView:
    """An agreement's month as plain data; `nearest_claim_due` orders the desk."""

    id: UUID
    agreement: str
    month: Month
    state: str
    terms_version: int
    begins_at: datetime
    ends_at: datetime
    close_due_at: datetime
    reasons: tuple[WaitingReason, ...]
    waiting_since: datetime | None
    accepted_minutes: Ranges
    accepted_references: tuple[str, ...]
    closed_at: datetime | None
    statements: int | None
    nearest_claim_due: datetime | None = None


def period(agreement: str, month: Month) -> PeriodView | None:
    """Give a month's state; None if it was never opened."""
    row = Period.objects.filter(id=period_id(agreement, month)).first()
    return _view(row, _nearest_dues([row])) if row else None


def is_closed(agreement: str, month: Month) -> bool:
    """Whether the month's statements are issued, all of them."""
    return Period.objects.filter(id=period_id(agreement, month), state=State.CLOSED).exists()


def periods(agreement: str) -> list[PeriodView]:
    """List the months of an agreement, the newest first."""
    rows = list(Period.objects.filter(agreement=agreement).order_by("-month", "id"))
    dues = _nearest_dues(rows)
    return [_view(row, dues) for row in rows]


def waiting_periods() -> list[PeriodView]:
    """List the months that wait for an operator, by the nearest deadline of their claims."""
    rows = list(Period.objects.filter(state=State.WAITING).order_by("month", "id"))
    dues = _nearest_dues(rows)
    views = [_view(row, dues) for row in rows]
    return sorted(views, key=lambda one: (one.nearest_claim_due or _NEVER, one.month, one.id))


def unfinished(*, now: datetime) -> list[UUID]:
    """List the periods that are to be closed or reviewed now, the oldest first.

    A close that has just begun is left to whoever began it.
    """
    due = Q(close_due_at__lte=now, state__in=(State.OPEN, State.WAITING))
    to_close = due | Q(state=State.CLOSING, closing_since__lte=now - RESUME_AFTER)
    to_review = ~Q(asked=()) | Q(state=State.CLOSED, reviewed_at__isnull=True)
    rows = Period.objects.filter(to_close | to_review).order_by("month", "agreement", "id")
    return list(rows.values_list("id", flat=True))


def _nearest_dues(rows: Iterable[Period]) -> Dues:
    """Find the first deadline among the unsettled claims of each month."""
    claims = Claim.objects.filter(month__in={row.month for row in rows}, state__in=UNSETTLED)
    found: dict[tuple[str, Month], list[datetime]] = defaultdict(list)
    months = {claim.id: (claim.agreement, claim.month) for claim in claims.order_by("id")}
    for owner, deadlines in open_for(months).items():
        found[months[owner]] += [one.due_at for one in deadlines if one.kind == SETTLE]
    return {month: min(dues) for month, dues in found.items() if dues}


def _view(row: Period, dues: Dues) -> PeriodView:
    return PeriodView(
        id=row.id,
        agreement=row.agreement,
        month=row.month,
        state=row.state,
        terms_version=row.terms_version,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        close_due_at=row.close_due_at,
        reasons=row.reasons,
        waiting_since=row.waiting_since,
        accepted_minutes=row.accepted_minutes,
        accepted_references=row.accepted_references,
        closed_at=row.closed_at,
        statements=row.statements,
        nearest_claim_due=dues.get((row.agreement, row.month)),
    )
