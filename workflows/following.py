"""What follows in one room from an event in another: events in, commands out.

Every function may run twice: the commands that it calls decide again, or name what they
write by what caused it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from claims.commands import closing, entitlements, ledger, periods, reviewing, statements
from claims.commands.claims import credit, deadlines
from claims.events.claim import (
    ClaimAppealed,
    ClaimApproved,
    ClaimFiled,
    ClaimRejected,
    ClaimWithdrawn,
    ContestGranted,
)
from claims.events.period import PeriodClosed
from claims.events.statement import StatementCompleted, StatementCorrected
from claims.models.claim import State
from claims.queries import claims
from claims.queries.following import (
    claimed_by,
    granted_claims,
    is_stated_without,
    month_of_period,
    months_since,
    months_without_bound,
    overdue_claims,
    stated_for,
    uses_what_is_open,
)
from claims.queries.periods import judging_terms
from customers import queries as customers
from customers.events import TierEnded, TierHeld, UsageSet
from eventstore import SYSTEM, Event, Recorded
from eventstore.subscriptions import Handler
from kernel import clock
from kernel.ids import derived
from kernel.intervals import Interval, instant_of
from kernel.months import Month
from uptime import queries as uptime
from uptime.commands import correct
from uptime.events import (
    CorrectionRecorded,
    ExclusionApproved,
    ExclusionProposed,
    ExclusionRejected,
    ExclusionRevoked,
    Finding,
    MonthMeasured,
    WindowCalledOff,
    WindowCompleted,
)

E = TypeVar("E", bound=Event)
Follower = Callable[[E, Recorded, datetime], None]

USAGE: Final = "usage"
USAGE_ARRIVED: Final = "The usage of the month arrived while its statements were written."


def now_handling(follower: Follower[E]) -> Handler:
    """Give a follower the present moment: a subscription is an edge, and edges read the clock."""
    return lambda event, recorded: follower(event, recorded, clock.now())


# Measurement


def month_measured(event: MonthMeasured, _recorded: Recorded, now: datetime) -> None:
    """A month reads differently: its accounts may have to be told.

    So may those of the months before: an outage across their borders ends for all where it ends.
    """
    _note(event.agreement, event.month.previous(), event.month, now=now)


def _note(agreement: str, *months: Month, now: datetime) -> None:
    """Look whether these months read differently, and those that wait for an outage to end."""
    for month in sorted({*months, *months_without_bound(agreement)}):
        closing.note_measurement(agreement, month, now=now)


def exclusion_changed(event: Event, recorded: Recorded, now: datetime) -> None:
    """An exclusion was proposed, decided, revoked or cut: its months may read differently."""
    row = uptime.exclusion(recorded.stream)
    service = uptime.service_of(row.service)
    revoked = isinstance(event, ExclusionRevoked)
    touched = uptime.months_touched(service.agreement, row.starts_at, row.ends_at)
    _note_before(touched, service.agreement, now=now)
    for month in touched:
        periods.ask_review(
            service.agreement,
            month,
            cause=recorded.type_name.partition(".")[2],
            reason=_why(event, row.reason),
            published_at=recorded.occurred_at if revoked else None,
            now=now,
        )


def _note_before(touched: Sequence[Month], agreement: str, *, now: datetime) -> None:
    """An outage that crosses into the first of these months may end at another time for the one before."""
    if touched:
        _note(agreement, touched[0].previous(), now=now)


def _why(event: Event, reason: str) -> str:
    """Word an exclusion's step for the customers whose figures it changes."""
    match event:
        case ExclusionApproved():
            return f"Time was excused: {reason}"
        case ExclusionRevoked(reason=why):
            return f"An exclusion was revoked: {why}"
        case WindowCalledOff(reason=why):
            return f"A maintenance window was called off: {why}"
        case WindowCompleted():
            return f"A maintenance window ended: {reason}"
        case _:
            return f"An exclusion was looked at: {reason}"


def correction_recorded(event: CorrectionRecorded, _recorded: Recorded, now: datetime) -> None:
    """A stretch was found to be different from what was measured."""
    service = uptime.service_of(event.service)
    touched = uptime.months_touched(service.agreement, event.stretch.start, event.stretch.end)
    _note_before(touched, service.agreement, now=now)
    for month in touched:
        periods.ask_review(
            service.agreement,
            month,
            cause="correction",
            reason=event.reason,
            published_at=event.corrected_at,
            now=now,
        )


def contest_granted(event: ContestGranted, recorded: Recorded, now: datetime) -> None:
    """The customer was right about contested minutes: the measurement is corrected for them."""
    account, agreement, month = claimed_by(recorded.stream)
    published = judging_terms(agreement, month)
    stream = derived("granted contest", recorded.stream, recorded.version)
    if published is None or uptime.correction_exists(stream):
        return
    minutes = event.stretch.minutes_touched()
    correct(
        uptime.service_id(agreement, published.terms.service),
        Finding.DOWN,
        Interval(instant_of(minutes.first), instant_of(minutes.end)),
        reason=event.reason,
        evidence=f"claim {recorded.stream}",
        accounts=[account],
        correction_id=stream,
        by=SYSTEM,
        now=now,
    )


# Accounts


def usage_set(event: UsageSet, recorded: Recorded, now: datetime) -> None:
    """The usage of a month is known: it completes the statement and draws the cycle's credit.

    What is known by now counts: an event that is handled again undoes nothing that came after it.
    A month whose statements are being issued just now may miss it, and is looked at again.
    """
    if is_stated_without(USAGE, event.agreement, event.month):
        periods.ask_review(event.agreement, event.month, cause=USAGE, reason=USAGE_ARRIVED, now=now)
    statements.complete_statement(event.account, event.month, now=now)
    known = customers.usage_of(event.account, event.month)
    ledger.draw(
        event.account,
        event.month,
        usage=event.amount if known is None else known,
        set_at=recorded.occurred_at,
        now=now,
    )


def tier_changed(event: TierHeld | TierEnded, recorded: Recorded, now: datetime) -> None:
    """An account's tier is another for some time: its months may owe something else."""
    account = customers.account(recorded.stream)
    for month, stated in months_since(account.agreement, event.from_at):
        if stated:
            periods.ask_review(
                account.agreement,
                month,
                cause="tier",
                reason=event.reason or "The tier of the account was set right.",
                published_at=recorded.occurred_at,
                now=now,
            )
        else:
            reviewing.review_account(account.id, month, now=now)


# Months and claims


def statement_changed(_event: StatementCompleted | StatementCorrected, recorded: Recorded, now: datetime) -> None:
    """A closed month reads differently: pay the difference, or let the account claim it."""
    account, month = stated_for(recorded.stream)
    for claim in granted_claims(account, month):
        credit.pay_difference(claim, now=now)
    for claim in overdue_claims(customers.account(account).agreement, month, account=account):
        deadlines.approve_overdue(claim, now=now)
    reviewing.review_account(account, month, now=now)


def period_closed(_event: PeriodClosed, recorded: Recorded, now: datetime) -> None:
    """A month has its statements: what was overdue may be approved, where the agreement says so."""
    for claim in overdue_claims(*month_of_period(recorded.stream)):
        deadlines.approve_overdue(claim, now=now)


def claim_filed(event: ClaimFiled, recorded: Recorded, now: datetime) -> None:
    """A claim uses up the entitlement of its month, unless it was taken back or overtaken before that."""
    if not uses_what_is_open(recorded.stream, received_at=event.received_at):
        return
    entitlements.use(
        event.account,
        event.agreement,
        event.month,
        claim=recorded.stream,
        filed_at=event.received_at,
        now=now,
    )


def claim_appealed(event: ClaimAppealed, recorded: Recorded, now: datetime) -> None:
    """An appeal claims the month again: it uses up the entitlement that opened after the rejection."""
    if not uses_what_is_open(recorded.stream, received_at=event.received_at):
        return
    entitlements.use(*claimed_by(recorded.stream), claim=recorded.stream, filed_at=event.received_at, now=now)


def claim_approved(_event: ClaimApproved, recorded: Recorded, now: datetime) -> None:
    """What is granted is posted at once: only the entry in the ledger keeps the promise.

    A version that was stated while the approval was being given is paid as any later one.
    """
    if claims.claim(recorded.stream).state == State.APPROVED:
        credit.credit(recorded.stream, now=now)
    credit.pay_difference(recorded.stream, now=now)


def claim_over(_event: ClaimWithdrawn | ClaimRejected, recorded: Recorded, now: datetime) -> None:
    """A claim was taken back or rejected: its month may be claimable again."""
    account, _, month = claimed_by(recorded.stream)
    reviewing.review_account(account, month, now=now)


HANDLERS: dict[type[Event], Handler] = {
    MonthMeasured: now_handling(month_measured),
    ExclusionProposed: now_handling(exclusion_changed),
    ExclusionApproved: now_handling(exclusion_changed),
    ExclusionRejected: now_handling(exclusion_changed),
    ExclusionRevoked: now_handling(exclusion_changed),
    WindowCompleted: now_handling(exclusion_changed),
    WindowCalledOff: now_handling(exclusion_changed),
    CorrectionRecorded: now_handling(correction_recorded),
    ContestGranted: now_handling(contest_granted),
    UsageSet: now_handling(usage_set),
    TierHeld: now_handling(tier_changed),
    TierEnded: now_handling(tier_changed),
    PeriodClosed: now_handling(period_closed),
    StatementCompleted: now_handling(statement_changed),
    StatementCorrected: now_handling(statement_changed),
    ClaimFiled: now_handling(claim_filed),
    ClaimAppealed: now_handling(claim_appealed),
    ClaimApproved: now_handling(claim_approved),
    ClaimWithdrawn: now_handling(claim_over),
    ClaimRejected: now_handling(claim_over),
}
