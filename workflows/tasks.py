"""Workflows' entries for Celery and for the deadlines: translate in, one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from io import StringIO
from typing import Final
from uuid import UUID

from celery import shared_task
from django.db import transaction

from deadlines.registry import Wake
from eventstore import DomainError
from kernel import clock
from workflows import announcing
from workflows.whatif import kept
from workflows.whatif.page import as_page
from workflows.whatif.running import Progress, asked, run
from workflows.whatif.table import Table

FAILED: Final = "The run failed unexpectedly: the worker's log tells why. Nothing was changed."


class Cancelled(Exception):
    """An operator ended the run."""


@shared_task(name="workflows.run_what_if", ignore_result=True)
def run_what_if(number: int) -> None:
    """Run a draft that an operator asked for, and keep the report; may run twice."""
    wanted = kept.found(number)
    if wanted is None or wanted.is_over:
        return
    try:
        _run(wanted)
    except Cancelled:
        kept.note_cancelled(wanted, now=clock.now())
    except DomainError as refusal:
        kept.refuse(wanted, refusal.sentence, now=clock.now())
    except Exception:
        kept.refuse(wanted, FAILED, now=clock.now())
        raise


def _run(wanted: kept.Run) -> None:
    """Carry out one run. Errors: Cancelled, WhatIfRefused, TermsRefused."""

    def watch(progress: Progress) -> None:
        if kept.is_cancelled(wanted.number):
            raise Cancelled
        kept.hear(wanted, progress, now=clock.now())

    table = StringIO(newline="")
    question = asked(kept.text_of(wanted.number), since=wanted.since, until=wanted.until, agreement=wanted.agreement)
    report = run(question, now=clock.now(), watch=watch, taker=Table(table))
    kept.finish(wanted, report, page=as_page(report), table=table.getvalue(), now=clock.now())


@shared_task(name="workflows.attend_agreement", ignore_result=True)
def attend_agreement(stream: str) -> None:
    """Do what is due for the versions of an agreement, or of negotiated terms; may run twice."""
    announcing.attend_stream(UUID(stream), now=clock.now())


def agreement_due(wakes: Sequence[Wake], _now: datetime) -> None:
    """Wake agreements and negotiated terms that have a version on its way: the work itself is a task.

    The deadline stands until that is done, and wakes again where a task was lost.
    """
    for wake in wakes:
        transaction.on_commit(partial(attend_agreement.delay, str(wake.owner)), robust=True)
