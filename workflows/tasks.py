"""Workflows' entries for Celery."""

from __future__ import annotations

from io import StringIO
from typing import Final

from celery import shared_task

from eventstore import DomainError
from kernel import clock
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
