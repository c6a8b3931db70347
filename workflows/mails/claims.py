"""What a customer is told about a claim, at each of its steps."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from claims.events import claim as events
from claims.queries import claims, entitlements, ledger, statements
from claims.queries.claims import ClaimView
from claims.rules.claim import claimed_until
from eventstore import Recorded
from kernel import shown
from kernel.money import Money
from kernel.months import Month
from notices import kinds
from workflows.mails.addressing import Letter, ToCustomer

PARTS = {
    "times": "the dates and times of the downtime that you experienced",
    "evidence": "evidence: error logs, screenshots or monitoring data",
}


class AboutClaim(ToCustomer):
    """The fields that every notice about a claim has."""

    month: str
    claim: str
    clause: str


class Granted(TypedDict):
    """The figures of a credit."""

    uptime: str
    target: str
    percent: str
    usage: str
    credit: str


def reference(claim: ClaimView) -> str:
    """Name a claim for people: the month and the number of the claim, 2026-10/1."""
    return f"{claim.month}/{(claim.number or 0) + 1}"


def _told(recorded: Recorded, now: datetime) -> tuple[ClaimView, Letter]:
    view = claims.claim(recorded.stream)
    return view, Letter(view.account, view.terms_version, now, view.override)


def _about(view: ClaimView, letter: Letter, clause: str) -> AboutClaim:
    path = f"claims/{view.id}/"
    return AboutClaim(**letter.to_customer(path), month=shown.month(view.month), claim=reference(view), clause=clause)


def _settle_by(settlement: events.Settlement | None, letter: Letter) -> str:
    calendar = letter.published.terms.calendar()
    return shown.last_day(settlement.due_at, calendar.zone) if settlement else shown.NOT_KNOWN


def filed(event: events.ClaimFiled, recorded: Recorded, now: datetime) -> None:
    """The claim has arrived, by when it is decided, and what it lacks (SEMANTICS 17)."""
    view, letter = _told(recorded, now)
    notice = kinds.ClaimFiled(
        **_about(view, letter, letter.clause("claims", "settle_within")),
        filed_at=shown.instant(event.received_at, letter.zone),
        settle_by=_settle_by(event.settlement, letter),
        missing=tuple(PARTS[part] for part in event.missing),
        parts_clause=letter.clause("claims", "request") if event.missing else "",
    )
    letter.send(notice, recorded.stream, recorded.version)


def refused(event: events.FilingRefused, recorded: Recorded, now: datetime) -> None:
    """The filing may not be made, and why."""
    view, letter = _told(recorded, now)
    existing = "Your earlier claim for the month goes on." if event.existing else ""
    notice = kinds.ClaimRefused(
        **_about(view, letter, event.clause),
        filed_at=shown.instant(event.received_at, letter.zone),
        reason=event.sentence,
        remedy=existing,
    )
    letter.send(notice, recorded.stream, recorded.version)


def taken_up(_event: events.ClaimTakenUp, recorded: Recorded, now: datetime) -> None:
    """A person has begun to check the claim."""
    view, letter = _told(recorded, now)
    notice = kinds.ClaimTakenUp(
        **_about(view, letter, letter.clause("claims", "settle_within")),
        settle_by=_settle_by(view.settlement, letter),
    )
    letter.send(notice, recorded.stream, recorded.version)


def evidence_requested(event: events.EvidenceRequested, recorded: Recorded, now: datetime) -> None:
    """Something is missing."""
    view, letter = _told(recorded, now)
    wanted = tuple(PARTS[part] for part in event.parts)
    notice = kinds.EvidenceWanted(
        **_about(view, letter, letter.clause("claims", "request")),
        wanted=(*wanted, event.question.reveal()),
        answer_by=shown.last_day(event.answer_due_at, letter.published.terms.calendar().zone),
        settle_by=_settle_by(event.settlement, letter),
        pauses=bool(event.pausing),
    )
    letter.send(notice, recorded.stream, recorded.version)


def evidence_lapsed(event: events.RequestLapsed, recorded: Recorded, now: datetime) -> None:
    """The answer did not come in time, and the claim is decided without it (SEMANTICS 18)."""
    view, letter = _told(recorded, now)
    notice = kinds.EvidenceLapsed(
        **_about(view, letter, letter.clause("claims", "settle_within")),
        wanted=tuple(PARTS[part] for part in event.parts),
        settle_by=_settle_by(event.settlement, letter),
    )
    letter.send(notice, recorded.stream, recorded.version)


def settlement_moved(event: events.SettlementMoved, recorded: Recorded, now: datetime) -> None:
    """The decision takes longer, until when, and why (SEMANTICS 24)."""
    view, letter = _told(recorded, now)
    notice = kinds.SettlementMoved(
        **_about(view, letter, letter.clause("claims", "settle_within")),
        settled_by=shown.last_day(event.before, letter.published.terms.calendar().zone),
        settle_by=_settle_by(event.settlement, letter),
        reason=event.reason,
    )
    letter.send(notice, recorded.stream, recorded.version)


def approved(event: events.ClaimApproved, recorded: Recorded, now: datetime) -> None:
    """The credit is granted."""
    view, letter = _told(recorded, now)
    target = letter.published.terms.target(event.tier) if event.tier else None
    notice = kinds.ClaimApproved(
        **_about(view, letter, event.clause),
        uptime=shown.uptime(event.uptime),
        target=shown.percent(target),
        percent=shown.percent(event.percent),
        usage=shown.money(event.base),
        credit=shown.money(event.credit),
        settle_by=_settle_by(view.settlement, letter),
    )
    letter.send(notice, recorded.stream, recorded.version)


def credited(event: events.ClaimCredited, recorded: Recorded, now: datetime) -> None:
    """The credit is on the account."""
    _credited(event.posted, event.applies_to, recorded, now)


def difference_credited(event: events.DifferenceCredited, recorded: Recorded, now: datetime) -> None:
    """A corrected month pays more, and the difference is on the account."""
    _credited(event.posted, event.applies_to, recorded, now)


def _credited(posted: Money, cycle: Month, recorded: Recorded, now: datetime) -> None:
    view, letter = _told(recorded, now)
    balance = ledger.balance(view.account)
    notice = kinds.ClaimCredited(
        **_about(view, letter, letter.clause("commitments", 0, "credits")),
        **_figures(view, posted),
        balance=shown.money(balance.balance if balance else posted),
        applies_to=f"the billing cycle of {shown.month(cycle)}",
    )
    letter.send(notice, recorded.stream, recorded.version)


def _figures(view: ClaimView, credit: Money) -> Granted:
    figures = statements.figures_of(view.account, view.agreement, view.month, version=view.statement_version)
    return Granted(
        uptime=shown.uptime(figures.uptime),
        target=shown.percent(figures.target),
        percent=shown.percent(figures.percent),
        usage=shown.money(figures.base),
        credit=shown.money(credit),
    )


def credit_reversed(event: events.CreditReversed, recorded: Recorded, now: datetime) -> None:
    """A credit that should not have been posted left the account again, and why."""
    view, letter = _told(recorded, now)
    balance = ledger.balance(view.account)
    notice = kinds.CreditReversed(
        **_about(view, letter, letter.clause("commitments", 0, "credits")),
        credit=shown.money(event.amount),
        left=shown.money(event.posted_in_all),
        balance=shown.money(balance.balance if balance else Money.zero(event.amount.currency)),
        reason=event.reason,
    )
    letter.send(notice, recorded.stream, recorded.version)


def rejected(event: events.ClaimRejected, recorded: Recorded, now: datetime) -> None:
    """The claim is rejected for a reason, and until when that can be appealed."""
    view, letter = _told(recorded, now)
    notice = kinds.ClaimRejected(
        **_about(view, letter, event.clause),
        reason=event.sentence,
        appeal_by=shown.last_day(event.appeal_bound, letter.zone) if event.appeal_bound else "",
    )
    letter.send(notice, recorded.stream, recorded.version)


def appeal_lapsed(event: events.AppealLapsed, recorded: Recorded, now: datetime) -> None:
    """Nobody appealed: the rejection is final."""
    view, letter = _told(recorded, now)
    notice = kinds.AppealLapsed(
        **_about(view, letter, letter.clause("claims", "appeal_within")),
        appeal_by=shown.last_day(event.lapsed_at, letter.zone),
    )
    letter.send(notice, recorded.stream, recorded.version)


def appealed(event: events.ClaimAppealed, recorded: Recorded, now: datetime) -> None:
    """The rejection is looked at again."""
    view, letter = _told(recorded, now)
    notice = kinds.ClaimAppealed(
        **_about(view, letter, letter.clause("claims", "settle_within")),
        settle_by=_settle_by(event.settlement, letter),
    )
    letter.send(notice, recorded.stream, recorded.version)


def withdrawn(event: events.ClaimWithdrawn, recorded: Recorded, now: datetime) -> None:
    """The customer took the claim back, and until when it can file again."""
    view, letter = _told(recorded, now)
    until = claimed_until(view.times) or view.month.end(letter.zone)
    bound = entitlements.filing_bound(view.account, view.agreement, view.month, claimed_until=until, now=now)
    notice = kinds.ClaimWithdrawn(
        **_about(view, letter, letter.clause("claims", "file_within")),
        file_again_by=shown.last_day(bound.until, letter.zone) if bound and event.withdrawn_at < bound.until else "",
        outage_open=bound is None,
    )
    letter.send(notice, recorded.stream, recorded.version)
