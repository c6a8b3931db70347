"""What a customer is told about a claim, at each of its steps."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final, TypedDict

from claims.events import claim as events
from claims.queries import claims, entitlements, ledger, statements
from claims.queries.claims import ClaimView
from claims.rules.claim import claimed_until
from claims.rules.decision import DENIALS, GRANTS
from eventstore import Recorded
from kernel import shown
from kernel.intervals import Interval
from kernel.money import Money
from kernel.months import Month
from notices import kinds
from workflows.mails.addressing import Letter, ToCustomer

PARTS = {
    "times": "the dates and times of the downtime that you experienced",
    "evidence": "evidence: error logs, screenshots or monitoring data",
}
OPEN_GRANTED: Final = (
    "Our measurement is corrected for your account, and your claim is decided by the corrected month. "
    "You need not do anything."
)
PAID_GRANTED: Final = (
    "Our measurement is corrected for your account, and the month is stated anew. Where that gives a higher credit, "
    "the difference is added to your balance without a new claim. You need not do anything."
)
PAID_DENIED: Final = "The credit that you were granted stays as it is. If you see it differently, answer this mail."
OVER_DENIED: Final = "What was decided about the claim is told in a mail of its own."


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


def answer_arrived(event: events.RequestAnswered | events.ClockResumed, recorded: Recorded, now: datetime) -> None:
    """What was asked for has come, or the last part of it that stopped the clock (SEMANTICS 18)."""
    view, letter = _told(recorded, now)
    zone, asked = letter.published.terms.calendar().zone, view.request
    notice = kinds.AnswerArrived(
        **_about(view, letter, letter.clause("claims", "settle_within")),
        settle_by=_settle_by(event.settlement, letter),
        wanted=tuple(PARTS[part] for part in asked.parts) if asked else (),
        answer_by=shown.last_day(asked.answer_due_at, zone) if asked else "",
    )
    letter.send(notice, recorded.stream, recorded.version)


def request_dropped(event: events.RequestDropped, recorded: Recorded, now: datetime) -> None:
    """What was asked for is not waited for any more, and why."""
    view, letter = _told(recorded, now)
    notice = kinds.RequestDropped(
        **_about(view, letter, letter.clause("claims", "settle_within")),
        wanted=tuple(PARTS[part] for part in event.parts),
        reason=event.reason,
        settle_by=_settle_by(event.settlement, letter),
        is_open=view.is_open,
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


def contest_granted(event: events.ContestGranted, recorded: Recorded, now: datetime) -> None:
    """The customer was right: the measurement is corrected."""
    view, letter = _told(recorded, now)
    notice = kinds.ContestGranted(
        **_about(view, letter, letter.clause("measurement")),
        starts_at=shown.instant(event.stretch.start, letter.zone),
        ends_at=shown.instant(event.stretch.end, letter.zone),
        finding=GRANTS[event.code],
        reason=event.reason,
        consequence=OPEN_GRANTED if view.is_open else PAID_GRANTED,
    )
    letter.send(notice, recorded.stream, recorded.version)


def contest_denied(event: events.ContestDenied, recorded: Recorded, now: datetime) -> None:
    """The measurement stands, and what can be done about it."""
    view, letter = _told(recorded, now)
    notice = kinds.ContestDenied(
        **_about(view, letter, letter.clause("measurement")),
        starts_at=shown.instant(event.stretch.start, letter.zone),
        ends_at=shown.instant(event.stretch.end, letter.zone),
        finding=DENIALS[event.code],
        reason=event.reason,
        remedy=_remedy(view, letter),
    )
    letter.send(notice, recorded.stream, recorded.version)


def _remedy(view: ClaimView, letter: Letter) -> str:
    """Say what can be done as the claim stands: add to it, appeal later, or write."""
    if view.credit is not None:
        return PAID_DENIED
    if not view.is_open:
        return OVER_DENIED
    later = "" if view.appealed_at else " If it is rejected, you can appeal."
    return (
        f"The claim is not decided by that: the last day to decide it is {_settle_by(view.settlement, letter)}. "
        f"Until it is decided you can add evidence or other times.{later}"
    )


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
        settle_by=_posted_by(view, recorded, letter),
        undecided=tuple(_span(one, letter.zone) for one in event.undecided),
    )
    letter.send(notice, recorded.stream, recorded.version)


def _posted_by(view: ClaimView, recorded: Recorded, letter: Letter) -> str:
    """Name the last day on which a granted credit is posted in time; empty where that has passed."""
    ahead = view.settlement is not None and recorded.occurred_at < view.settlement.due_at
    return _settle_by(view.settlement, letter) if ahead else ""


def _span(stretch: Interval, zone: tzinfo) -> str:
    return f"{shown.instant(stretch.start, zone)} to {shown.instant(stretch.end, zone)}"


def credit_raised(event: events.CreditRaised, recorded: Recorded, now: datetime) -> None:
    """A corrected month gives more than was approved, before it is posted (SEMANTICS 27)."""
    view, letter = _told(recorded, now)
    notice = kinds.CreditRaised(
        **_about(view, letter, letter.clause("commitments", 0, "credits")),
        **_figures(view, event.statement_version, event.credit),
        version=str(event.statement_version),
        before=shown.money(event.before),
        settle_by=_posted_by(view, recorded, letter),
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
        **_figures(view, view.statement_version, posted),
        balance=shown.money(balance.balance if balance else posted),
        applies_to=f"the billing cycle of {shown.month(cycle)}",
    )
    letter.send(notice, recorded.stream, recorded.version)


def _figures(view: ClaimView, version: int | None, credit: Money) -> Granted:
    figures = statements.figures_of(view.account, view.agreement, view.month, version=version)
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
