"""What a customer is told about a month: what it may claim, and what was corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypedDict

from claims.events import entitlement as events
from claims.events.entitlement import Bound
from claims.events.statement import Difference, Figures, StatementCorrected
from claims.queries import entitlements, statements
from claims.queries.entitlements import EntitlementView
from claims.queries.following import granted_claims, stated_for
from eventstore import Recorded
from kernel import shown
from notices import kinds
from workflows.mails.addressing import Letter, ToCustomer, month_path

OPEN_END = "a day that we tell you once the outage has ended"


class AboutEntitlement(ToCustomer):
    """The fields that every notice about an entitlement has."""

    month: str
    uptime: str
    target: str
    percent: str
    credit: str
    file_by: str
    clause: str


def _told(recorded: Recorded, now: datetime) -> tuple[EntitlementView, Letter]:
    view = entitlements.entitlement(recorded.stream)
    if view is None:
        raise LookupError(f"there is no entitlement {recorded.stream}")
    return view, Letter(view.account, view.terms_version, now, view.override)


def _file_by(bound: Bound | None, letter: Letter) -> str:
    return shown.last_day(bound.until, letter.zone) if bound else OPEN_END


def _about(view: EntitlementView, letter: Letter) -> AboutEntitlement:
    return AboutEntitlement(
        **letter.to_customer(month_path(view.month)),
        month=shown.month(view.month),
        uptime=shown.uptime(view.due.uptime),
        target=shown.percent(view.due.target),
        percent=shown.percent(view.due.percent),
        credit=shown.money(view.due.credit) if view.due.credit else "",
        file_by=_file_by(view.bound, letter),
        clause=letter.clause("claims", "file_within"),
    )


def opened(_event: events.EntitlementOpened, recorded: Recorded, now: datetime) -> None:
    """The account may claim, and until when."""
    view, letter = _told(recorded, now)
    clause = letter.clause("commitments", 0, "credits")
    notice = kinds.EntitlementOpened(**_about(view, letter), credit_clause=clause)
    letter.send(notice, recorded.stream, recorded.version)


def bound_known(event: events.EntitlementBoundMoved, recorded: Recorded, now: datetime) -> None:
    """The outage has ended: the last day to claim, which could not be told at the opening."""
    if event.bound is None or entitlements.had_bound(recorded.stream, before=recorded.version):
        return
    view, letter = _told(recorded, now)
    about = _about(replace(view, bound=event.bound), letter)
    notice = kinds.EntitlementOpened(**about, credit_clause=letter.clause("commitments", 0, "credits"))
    letter.send(notice, recorded.stream, recorded.version)


def reminded(event: events.EntitlementReminded, recorded: Recorded, now: datetime) -> None:
    """The time to claim ends soon."""
    view, letter = _told(recorded, now)
    left = view.bound.until - event.moment if view.bound else timedelta()
    notice = kinds.EntitlementReminder(**_about(view, letter), left=shown.span(left))
    letter.send(notice, recorded.stream, recorded.version)


def lapsed(_event: events.EntitlementLapsed, recorded: Recorded, now: datetime) -> None:
    """The time to claim has passed."""
    view, letter = _told(recorded, now)
    letter.send(kinds.EntitlementLapsed(**_about(view, letter)), recorded.stream, recorded.version)


def ended(event: events.EntitlementEnded, recorded: Recorded, now: datetime) -> None:
    """There is nothing to claim after all."""
    view, letter = _told(recorded, now)
    notice = kinds.EntitlementEnded(
        **letter.to_customer(month_path(view.month)),
        month=shown.month(view.month),
        reason=event.reason,
        clause=letter.clause("commitments", 0, "credits"),
    )
    letter.send(notice, recorded.stream, recorded.version)


def _gained(difference: Difference) -> Decimal | Fraction | None:
    """Tell what a version gives or takes; while the usage is not known that is a share of it."""
    return difference.percent if difference.credit is None else difference.credit.amount


class Compared(TypedDict):
    """A statement's figures before and after."""

    uptime_before: str
    uptime_after: str
    credit_before: str
    credit_after: str


def corrected(event: StatementCorrected, recorded: Recorded, now: datetime) -> None:
    """A closed month has a new version, and what follows from it."""
    account, month = stated_for(recorded.stream)
    letter = Letter(account, event.figures.terms_version, now, event.figures.override)
    before = statements.version_before(recorded.stream, recorded.version)
    notice = kinds.StatementCorrected(
        **letter.to_customer(month_path(month)),
        **_compared(before, event.figures),
        month=shown.month(month),
        version=str(event.statement_version),
        reason=event.reason,
        consequence=_consequence(event, granted=bool(granted_claims(account, month))),
        clause=event.figures.clause,
    )
    letter.send(notice, recorded.stream, recorded.version)


def _compared(before: Figures, after: Figures) -> Compared:
    return Compared(
        uptime_before=shown.uptime(before.uptime),
        uptime_after=shown.uptime(after.uptime),
        credit_before=shown.money(before.credit),
        credit_after=shown.money(after.credit),
    )


def _consequence(event: StatementCorrected, *, granted: bool) -> str:
    gained = _gained(event.difference)
    if not gained:
        return "The credit of the month stays as it was."
    if gained < 0:
        return "A credit that you were already granted is not taken back."
    if granted:
        return "The difference is added to your balance without a new claim."
    return "You can claim the higher credit; a claim that is open is decided by it."
