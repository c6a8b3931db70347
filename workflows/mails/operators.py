"""What the operators are told: deadlines that draw near or were missed, months that wait."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from agreements.overrides import terms_for
from agreements.queries import terms_version
from claims.events.claim import SettlementMissed, SettlementWarned
from claims.events.period import PeriodClosed, PeriodWaiting
from claims.queries import claims, periods, statements
from claims.queries.following import month_of_period
from claims.queries.periods import PeriodView
from customers import queries as customers
from eventstore import Recorded
from kernel import shown
from notices import kinds
from workflows.mails.addressing import link, send_to_operators
from workflows.mails.claims import reference

DUTY: Final = "Credit the claim, or reject it with a reason; an approval alone does not stop the clock."
ESCALATED: Final = (
    "The miss is recorded with its own time and pays nothing by itself. "
    "The claim stays open and stands first on the desk until it is decided."
)
APPROVED: Final = (
    "The miss is recorded with its own time and pays nothing by itself. The agreement approves what was not decided in "
    "time: the claim is approved by what its statement shows as soon as that is a credit, and what it contests stays "
    "on the desk to be decided. While its statement shows no credit the claim stays open, and is to be decided."
)
NAMED: Final = 10


def _period(recorded: Recorded) -> PeriodView:
    view = periods.period(*month_of_period(recorded.stream))
    if view is None:
        raise LookupError(f"there is no period {recorded.stream}")
    return view


def settlement_warned(event: SettlementWarned, recorded: Recorded, now: datetime) -> None:
    """Part of the time to decide a claim has passed."""
    view = claims.claim(recorded.stream)
    account = customers.account(view.account)
    terms = terms_for(view.agreement, view.terms_version or 1, view.account, view.override).terms
    notice = kinds.OperatorDeadlineWarning(
        provider=terms.title,
        link=link(f"/admin/claims/claim/{view.id}/change/"),
        what=f"claim {reference(view)} of {account.name} ({account.number})",
        duty=DUTY,
        due=shown.instant(event.due_at, terms.calendar().zone),
        left=shown.span(event.due_at - event.moment),
        clause=terms.clause("claims", "settle_within"),
    )
    send_to_operators(notice, recorded.stream, recorded.version, now=now)


def settlement_missed(event: SettlementMissed, recorded: Recorded, now: datetime) -> None:
    """A claim was neither credited nor rejected in time."""
    view = claims.claim(recorded.stream)
    account = customers.account(view.account)
    terms = terms_for(view.agreement, view.terms_version or 1, view.account, view.override).terms
    notice = kinds.OperatorDeadlineMissed(
        provider=terms.title,
        link=link(f"/admin/claims/claim/{view.id}/change/"),
        what=f"claim {reference(view)} of {account.name} ({account.number})",
        duty=DUTY,
        due=shown.instant(event.due_at, terms.calendar().zone),
        consequence=APPROVED if event.then == "approve" else ESCALATED,
        clause=terms.clause("claims", "settle_within"),
    )
    send_to_operators(notice, recorded.stream, recorded.version, now=now)


def period_waiting(event: PeriodWaiting, recorded: Recorded, now: datetime) -> None:
    """A month does not close by itself."""
    view = _period(recorded)
    terms = terms_version(view.agreement, view.terms_version).terms
    due = view.nearest_claim_due
    notice = kinds.OperatorMonthWaiting(
        provider=terms.title,
        link=link(f"/admin/claims/period/{view.id}/change/"),
        month=shown.month(view.month),
        reasons=tuple(one.sentence for one in event.reasons),
        nearest_deadline=shown.instant(due, terms.calendar().zone) if due else "",
    )
    send_to_operators(notice, recorded.stream, recorded.version, now=now)


def usage_missing(_event: PeriodClosed, recorded: Recorded, now: datetime) -> None:
    """A month closed, and the usage that its amounts wait for is not set."""
    view = _period(recorded)
    waiting = statements.awaiting_usage(view.agreement, view.month)
    if not waiting:
        return
    terms = terms_version(view.agreement, view.terms_version).terms
    names = customers.names_of(waiting[:NAMED])
    due = view.nearest_claim_due
    notice = kinds.OperatorUsageMissing(
        provider=terms.title,
        link=link("/admin/customers/usage/import-file/"),
        month=shown.month(view.month),
        count=f"{len(waiting):,} accounts" if len(waiting) != 1 else "1 account",
        accounts=tuple(names.get(one, str(one)) for one in waiting[:NAMED]),
        nearest_deadline=shown.instant(due, terms.calendar().zone) if due else "",
    )
    send_to_operators(notice, recorded.stream, recorded.version, now=now)
