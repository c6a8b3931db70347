"""An agreement's month: opened when it begins, waiting for a person, ready to close."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import takewhile
from uuid import UUID

from agreements import overrides, queries
from agreements.queries import current, terms_in_force
from claims.commands.judged_month import JudgedMonth
from claims.errors import NothingToAccept, OperatorsAccept, ReasonMissing
from claims.events.period import (
    PeriodClosing,
    PeriodOpened,
    PeriodReviewAsked,
    PeriodUnknownAccepted,
    PeriodWaiting,
    WaitingReason,
)
from claims.measuring import MeasuredMonth
from claims.models.period import Period, State
from claims.queries.claims_of_month import contesting
from claims.queries.periods import judging_terms
from claims.rules.identity import period_id
from claims.rules.period import EXCLUSION, Accepted, Disputed, all_accepted, reasons_to_wait
from customers.queries import first_held
from eventstore import SYSTEM, Actor, NotFound, begin, change, command
from kernel.months import Month


def open_periods(*, by: Actor = SYSTEM, now: datetime) -> list[UUID]:
    """Open every month that has begun under an agreement that judges it; return the new ones."""
    return [
        open_period(listed.name, month, by=by, now=now) for listed in current() for month in _begun(listed.name, now)
    ]


def _begun(agreement: str, now: datetime) -> list[Month]:
    """List the months to open, oldest first: from the first in which a tier was held until now.

    Before that there is nobody to owe anything, and nothing to close. A month that an announced
    version would judge, of the agreement or of terms that were negotiated, waits until its notice
    is settled, which a system that was down does late.
    """
    in_force = terms_in_force(agreement, now)
    if in_force is None:
        return []
    zone = in_force.terms.zone
    opened = {Month.parse(str(row.month)) for row in Period.objects.filter(agreement=agreement).only("month")}
    judged = takewhile(partial(judging_terms, agreement), _back_from(Month.of(now, zone)))
    missing = [month for month in judged if month not in opened]
    first, uncertain = first_held(agreement) if missing else None, _unsettled_from(agreement)
    return [
        month
        for month in reversed(missing)
        if first is not None and first < month.end(zone) and (uncertain is None or month.start(zone) < uncertain)
    ]


def _unsettled_from(agreement: str) -> datetime | None:
    """Give the instant from which it is not certain what judges each account's months."""
    known = (queries.unsettled_from(agreement), overrides.unsettled_from(agreement))
    return min((one for one in known if one is not None), default=None)


def _back_from(month: Month) -> Iterator[Month]:
    while True:
        yield month
        month = month.previous()


def _exists(agreement: str, month: Month) -> bool:
    return Period.objects.filter(id=period_id(agreement, month)).exists()


@command
def open_period(agreement: str, month: Month, *, by: Actor = SYSTEM, now: datetime) -> UUID:
    """Open a month: from here it is judged, and it closes after its end and the grace.

    Errors: NotFound where the agreement does not judge the month; AlreadyExists.
    """
    published = judging_terms(agreement, month)
    if published is None:
        raise NotFound(f"The agreement {agreement} does not judge {month}.")
    terms, period = published.terms, period_id(agreement, month)
    ends_at = month.end(terms.zone)
    with begin(Period, period, by=by, now=now) as row:
        row.record(
            PeriodOpened(
                agreement=agreement,
                month=month,
                terms_version=published.version,
                begins_at=month.start(terms.zone),
                ends_at=ends_at,
                close_due_at=ends_at + terms.close_grace,
            ),
            occurred_at=month.start(terms.zone),
        )
    return period


@command
def ask_review(
    agreement: str,
    month: Month,
    *,
    cause: str,
    reason: str = "",
    published_at: datetime | None = None,
    by: Actor = SYSTEM,
    now: datetime,
) -> UUID | None:
    """Note that something happened that may change what accounts are told about the month.

    A closed month needs the `reason`, which its customers are shown if a figure changes.
    `published_at` is the instant of a correction or of a revoked exclusion. None where the
    month is not open yet: whatever happened is part of what it will open with.
    """
    period = period_id(agreement, month)
    if not _exists(agreement, month):
        return None
    with change(Period, period, by=by, now=now) as row:
        if row.state == State.CLOSED and not reason.strip():
            raise ReasonMissing
        row.record(PeriodReviewAsked(cause=cause, reason=reason, published_at=published_at, asked_at=now))
    return period


@command
def consider_close(period: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID:
    """Begin to close a month whose time has come, or say what an operator has to settle first.

    Nothing happens before the grace is over, nor once the close has begun.
    """
    with change(Period, period, by=by, now=now) as row:
        if row.state not in (State.OPEN, State.WAITING) or now < row.close_due_at:
            return period
        judged = JudgedMonth.of(row, now=now)
        reasons = _reasons(row, judged.measured)
        if not reasons:
            row.record(PeriodClosing(measurement=judged.shown(), started_at=now))
        elif reasons != row.reasons or row.state == State.OPEN:
            row.record(PeriodWaiting(reasons=reasons, since=row.waiting_since or now))
    return period


def _reasons(row: Period, month: MeasuredMonth) -> tuple[WaitingReason, ...]:
    groups = [group.minutes for group in month.groups]
    return reasons_to_wait(groups, _disputed(month), _accepted(row))


def _disputed(month: MeasuredMonth) -> tuple[Disputed, ...]:
    """List what is undecided about the month: proposed exclusions, then claims that contest."""
    exclusions = tuple(
        Disputed(kind=EXCLUSION, reference=one.exclusion, minutes=one.minutes, sentence=one.sentence)
        for one in month.undecided
    )
    return exclusions + contesting(month)


def _accepted(row: Period) -> Accepted:
    return Accepted(minutes=row.accepted_minutes, references=row.accepted_references)


@command
def accept_as_it_stands(agreement: str, month: Month, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Let a waiting month close with its unknown and undecided minutes as they stand.

    What the operator saw is accepted, by name and reason: minutes and disputes that appear
    later make the month wait again. Errors: OperatorsAccept, ReasonMissing, NothingToAccept.
    """
    if by.kind != "operator":
        raise OperatorsAccept
    if not reason.strip():
        raise ReasonMissing
    period = period_id(agreement, month)
    with change(Period, period, by=by, now=now) as row:
        if row.state != State.WAITING:
            raise NothingToAccept
        accepted = all_accepted(_accepted(row), row.reasons)
        row.record(
            PeriodUnknownAccepted(
                accepted_by=by.id,
                reason=reason,
                minutes=accepted.minutes,
                references=accepted.references,
                accepted_at=now,
            )
        )
    return period
