"""Claims' entries for Celery and for the deadlines: translate in, one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from celery import shared_task
from django.core.cache import cache
from django.db import transaction

from agreements.queries import current
from claims.commands import closing, entitlements, ledger, periods
from claims.commands.claims import deadlines as claim_deadlines
from claims.models.period import RESUME_AFTER
from claims.queries.periods import unfinished
from deadlines.registry import Wake
from kernel import clock


@shared_task(name="claims.tend_period", ignore_result=True)
def tend_period(period: str) -> None:
    """Close and review one period as far as that is due; may run twice.

    One worker at a time, to spare the others the same work: what comes meanwhile is taken up
    by the next tick. Nothing depends on the lock, which ends by itself where a worker was killed.
    """
    lock = f"claims.tend_period:{period}"
    if cache.add(lock, "taken", timeout=int(RESUME_AFTER.total_seconds())):
        try:
            closing.tend(UUID(period), now=clock.now())
        finally:
            cache.delete(lock)


@shared_task(name="claims.tend_periods", ignore_result=True)
def tend_periods() -> None:
    """Open the months that have begun, and look after those that are not finished."""
    now = clock.now()
    periods.open_periods(now=now)
    for period in unfinished(now=now):
        tend_period.delay(str(period))


def period_due(wakes: Sequence[Wake], _now: datetime) -> None:
    """Wake periods that are to close or to be reviewed: the work itself is a task.

    The deadline stands until that is done, and wakes again where a task was lost.
    """
    for wake in wakes:
        transaction.on_commit(partial(tend_period.delay, str(wake.owner)), robust=True)


def entitlement_due(wakes: Sequence[Wake], now: datetime) -> None:
    """Wake entitlements to remind their accounts, or to lapse: whichever is due by now."""
    for wake in wakes:
        entitlements.attend(wake.owner, now=now)


def settle_due(wakes: Sequence[Wake], now: datetime) -> None:
    """Wake claims whose decision is due, or soon will be."""
    claim_deadlines.settle_moments({wake.owner: wake.at for wake in wakes}, now=now)


def answer_due(wakes: Sequence[Wake], now: datetime) -> None:
    """Wake claims that wait for an answer."""
    for wake in wakes:
        claim_deadlines.answer_moment(wake.owner, now=now)


def appeal_due(wakes: Sequence[Wake], now: datetime) -> None:
    """Wake rejected claims that can be appealed no longer."""
    for wake in wakes:
        claim_deadlines.appeal_moment(wake.owner, now=now)


@shared_task(name="claims.open_cycles", ignore_result=True)
def open_cycles() -> None:
    """Open the billing cycles that have begun, under every agreement; may run twice."""
    for listed in current():
        ledger.open_cycles(listed.name, now=clock.now())
