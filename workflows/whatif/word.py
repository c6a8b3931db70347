"""`manage.py agreements whatif`: run a draft over past months, on the screen and into files."""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError

from agreements.further_words import Tell
from eventstore import DomainError
from kernel import clock, shown
from kernel.errors import MonthMalformed
from kernel.months import Month
from workflows.whatif.page import as_page
from workflows.whatif.report import Cell, Report
from workflows.whatif.running import Progress, Question, asked, run
from workflows.whatif.table import Table


class WhatIf:
    """The word `whatif`; nothing is written but the files that are named."""

    name = "whatif"
    help = "run a draft over past months beside the terms that were in force; nothing is recorded"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a draft, the months, and where the report goes."""
        parser.add_argument("draft", type=Path, metavar="DRAFT", help="a terms file, published or not")
        parser.add_argument("--since", type=_month, required=True, metavar="MONTH", help="the first month: 2026-01")
        parser.add_argument("--until", type=_month, metavar="MONTH", help="the last month; else the last that is over")
        parser.add_argument("--agreement", default="", metavar="NAME", help="whose months; else the draft's own")
        parser.add_argument("--html", type=Path, metavar="FILE", help="write the report there")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="write one line for each account and month there")

    def carry_out(self, options: dict[str, Any], *, out: Tell, progress: Tell) -> None:
        """Run the draft and tell what it would change. Errors: CommandError."""
        question = _question(options)
        with ExitStack() as files:
            page, table = (
                files.enter_context(_written(options[name])) if options[name] else None for name in ("html", "csv")
            )
            try:
                taker = Table(table) if table else None
                report = run(question, now=clock.now(), watch=partial(_tell, progress), taker=taker)
            except DomainError as refusal:
                raise CommandError(refusal.sentence) from refusal
            if page:
                page.write(as_page(report))
        for line in _lines(report):
            out(line)
        for path in filter(None, (options["html"], options["csv"])):
            out(f"{path} is written.")


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except MonthMalformed as error:
        raise ArgumentTypeError(f"{text!r} is no month; write year and month: 2026-01") from error


def _question(options: dict[str, Any]) -> Question:
    path: Path = options["draft"]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} can not be read: {error}") from error
    try:
        return asked(text, since=options["since"], until=options["until"], agreement=options["agreement"])
    except DomainError as refusal:
        raise CommandError(f"{path} can not be run. {refusal.sentence}") from refusal


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    """Open a file that appears whole, or not at all where the run ends early. Errors: CommandError."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        target = part.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"{path} can not be written: {error}") from error
    try:
        with target:
            yield target
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _tell(tell: Tell, progress: Progress) -> None:
    """Say which month was judged for how many accounts."""
    if progress.accounts:
        of = f"month {progress.done + 1} of {progress.months}"
        tell(f"{progress.month} ({of}): {progress.accounts:,} accounts judged")


def _lines(report: Report) -> Iterator[str]:
    """Tell the report in a table for the screen."""
    yield f"{report.title}: {report.since} to {report.until}, the draft beside the terms that were in force."
    paid = f"{'credits':>16}{'draft':>16}{'difference':>16}"
    yield f"{'month':<12}{'tier':<16}{'accounts':>9}{'missed':>8}{'draft':>8}{paid}"
    for told in report.months:
        for one in told.tiers:
            yield _line(str(told.month), one.title, one.cell)
        yield _line(str(told.month), "all tiers", told.total)
    yield _line("all months", "all tiers", report.total)
    yield f"The draft concerns {report.concerned:,} customers."
    for customer in report.customers:
        paid = f"{shown.money(customer.today)} -> {shown.money(customer.draft)}"
        yield f"  {customer.number} {customer.name}: {paid}"
    notes = [*report.notes, *(note for told in report.months for note in told.notes)]
    yield from dict.fromkeys(notes)


def _line(month: str, tier: str, cell: Cell) -> str:
    paid = "".join(f"{one.amount:>16,f}" for one in (cell.today.credit, cell.draft.credit))
    missed = f"{cell.today.missed:>8,}{cell.draft.missed:>8,}"
    return f"{month:<12}{tier:<16.15}{cell.accounts:>9,}{missed}{paid}{cell.difference.amount:>+16,f}"
