"""Closing a month, and keeping what was told about it true: runs over all its accounts.

Each step is a transaction of its own and may run twice; a run that was interrupted goes on
where it stopped, because every statement's id is derived.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import Final
from uuid import UUID

from claims.commands.judged_month import JudgedMonth, holders_under
from claims.commands.periods import ask_review, consider_close
from claims.commands.reviewing import review_entitlements
from claims.commands.statements import CHUNK, issue_statements, restate
from claims.errors import NoSuchMonth
from claims.events.period import PeriodClosed, PeriodReviewAsked, PeriodReviewed
from claims.models.period import Period, State
from claims.models.statement import Statement
from claims.rules.identity import period_id
from eventstore import SYSTEM, Actor, change, command
from eventstore.retrying import patiently
from kernel.months import Month

MEASURED: Final = "measured"
MEASURED_AGAIN: Final = "The month was measured again after it had closed."


def close_month(agreement: str, month: Month, *, by: Actor = SYSTEM, now: datetime) -> str:
    """Close a month as far as it can be closed, and tell its state.

    A month whose grace is not over stays open; one with unknown or disputed minutes waits.
    Errors: NoSuchMonth.
    """
    period = period_id(agreement, month)
    if not Period.objects.filter(id=period).exists():
        raise NoSuchMonth
    return tend(period, by=by, now=now)


def tend(period: UUID, *, by: Actor = SYSTEM, now: datetime) -> str:
    """Do everything that is due for a period, and tell its state: close it, review it."""
    close(period, by=by, now=now)
    review(period, by=by, now=now)
    return str(Period.objects.get(id=period).state)


def close(period: UUID, *, by: Actor = SYSTEM, now: datetime) -> None:
    """Issue all statements of a month whose time has come and which nothing holds up."""
    patiently(partial(consider_close, period, by=by, now=now))
    row = Period.objects.get(id=period)
    if row.state == State.CLOSING:
        _state_all(row, by=by, now=now)
        patiently(partial(_finish, period, by=by, now=now))


def review(period: UUID, *, by: Actor = SYSTEM, now: datetime) -> None:
    """Make statements and entitlements agree with what is known, where that was asked for.

    What was asked while statements are being issued is answered once they are.
    """
    row = Period.objects.get(id=period)
    if row.review_at is not None and row.state != State.CLOSING:
        _review(row, by=by, now=now)


def _state_all(row: Period, *, by: Actor, now: datetime) -> None:
    """Issue every statement of the month, a chunk of accounts at a time."""
    judged = JudgedMonth.of(row, now=now)
    for chunk in holders_under(row.agreement, at_once=CHUNK):
        patiently(partial(issue_statements, judged, chunk, by=by, now=now))


@command
def _finish(period: UUID, *, by: Actor, now: datetime) -> UUID:
    with change(Period, period, by=by, now=now) as row:
        if row.state == State.CLOSING:
            issued = Statement.objects.filter(agreement=row.agreement, month=row.month).count()
            row.record(PeriodClosed(statements=issued, closed_at=now))
    return period


def _review(row: Period, *, by: Actor, now: datetime) -> None:
    """Answer the requests that stand: first a closed month's statements, then who may claim."""
    asked: tuple[PeriodReviewAsked, ...] = row.asked
    shown = JudgedMonth.of(row, now=now).shown()
    statements = _restate(row, asked, shown, by=by, now=now)
    published = [one.published_at for one in asked if one.published_at is not None]
    entitlements = review_entitlements(
        row.agreement,
        row.month,
        published_at=max(published, default=None),
        published_since=min(published, default=None),
        reason=_reasons(asked),
        by=by,
        now=now,
    )
    answered = PeriodReviewed(
        asked=len(asked),
        shown=shown,
        statements=statements,
        entitlements=entitlements,
        reviewed_at=now,
    )
    patiently(partial(_answer, row.id, asked, answered, by=by, now=now))
    patiently(partial(_look_again, row.id, by=by, now=now))


def _restate(row: Period, asked: tuple[PeriodReviewAsked, ...], shown: str, *, by: Actor, now: datetime) -> int:
    """Restate a closed month where that was asked for, or where it shows something else since its close began."""
    if row.state != State.CLOSED or (not asked and shown == row.measurement):
        return 0
    reason = _reasons(asked) or MEASURED_AGAIN
    cause = asked[-1].cause if asked else MEASURED
    return restate(row.agreement, row.month, cause=cause, reason=reason, by=by, now=now)


def _reasons(asked: tuple[PeriodReviewAsked, ...]) -> str:
    return " ".join(dict.fromkeys(one.reason for one in asked if one.reason))


@command
def _answer(
    period: UUID, asked: tuple[PeriodReviewAsked, ...], answered: PeriodReviewed, *, by: Actor, now: datetime
) -> UUID:
    """Record a review; of what it answered, another worker's may have answered some already."""
    with change(Period, period, by=by, now=now) as row:
        row.record(replace(answered, asked=len(list(takewhile(asked.__contains__, row.asked)))))
    return period


def note_measurement(agreement: str, month: Month, *, by: Actor = SYSTEM, now: datetime) -> UUID | None:
    """Ask for a review if the month shows anything new to its accounts since the last one.

    So it is for the months before into which one of its outages reaches: it ends for all where it
    ends. It is cheap, so that it can follow every measurement of a running month.
    """
    row = Period.objects.filter(id=period_id(agreement, month)).first()
    if row is None:
        return None
    judged = JudgedMonth.of(row, now=now)
    if judged.reaches_back:
        note_measurement(agreement, month.previous(), by=by, now=now)
    return _note(row, judged, by=by, now=now)


def _look_again(period: UUID, *, by: Actor, now: datetime) -> None:
    """Ask for another review where something else is measured by now than what a review just showed.

    Whoever heard of that while the review ran compared it with what had been shown before.
    """
    row = Period.objects.get(id=period)
    _note(row, JudgedMonth.of(row, now=now), by=by, now=now)


def _note(row: Period, judged: JudgedMonth, *, by: Actor, now: datetime) -> UUID | None:
    if judged.shown() == row.shown:
        return None
    reason = MEASURED_AGAIN if row.state == State.CLOSED else ""
    return ask_review(row.agreement, row.month, cause=MEASURED, reason=reason, by=by, now=now)
