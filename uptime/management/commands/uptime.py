"""`manage.py uptime`: define services, import observations, exclude time, show a month."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from eventstore import DomainError
from kernel import clock
from kernel.errors import KernelError
from kernel.intervals import Interval
from uptime import commands, queries
from uptime.events import Acceptance, Category, Emergency, Monitor, Quorum, Scope
from uptime.management import arguments
from uptime.observations.importing import Imported, Watched, import_observations
from uptime.observations.names import Mapped
from uptime.observations.progress import Progress
from uptime.observations.reading import FaultyLine, FileFaulty
from uptime.rules.admission import announced
from uptime.showing import shown

FAULTS_SHOWN = 100


class Command(BaseCommand):
    """Work with what is measured."""

    help = "Define services and monitors, import observations, exclude time, show a measured month."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one word, for some a second one, and what they need."""
        words = parser.add_subparsers(dest="word", required=True)
        arguments.add_import(words.add_parser("import", help="import a CSV file of observations"))
        arguments.add_show(words.add_parser("show", help="show a measured month"))
        service = words.add_parser("service", help="define services").add_subparsers(dest="act", required=True)
        arguments.add_monitor(service.add_parser("add", help="define a service, or add a monitor to it"))
        exclude = words.add_parser("exclude", help="exclude time").add_subparsers(dest="act", required=True)
        arguments.add_proposal(exclude.add_parser("propose", help="ask that time be excused"))
        arguments.add_decision(exclude.add_parser("approve", help="as a second person"), reason_required=False)
        arguments.add_decision(exclude.add_parser("reject", help="refuse a proposal"), reason_required=True)
        arguments.add_decision(exclude.add_parser("revoke", help="undo an approval"), reason_required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the words say."""
        words = "_".join(filter(None, (options["word"], options.get("act"))))
        try:
            getattr(self, f"_{words}")(options)
        except (DomainError, KernelError) as error:
            raise CommandError(getattr(error, "sentence", str(error))) from error

    def _service_add(self, options: dict[str, Any]) -> None:
        by, now = arguments.actor(options), clock.now()
        service = commands.define_service(arguments.agreement(options), options["service"], by=by, now=now)
        if options["monitor"]:
            monitor = Monitor(
                name=options["monitor"],
                max_gap_seconds=int(options["max_gap"].total_seconds()) if options["max_gap"] else None,
                quorum=Quorum(options["quorum"]) if options["quorum"] else None,
                failing_statuses=tuple(options["failing"]),
                from_at=options["since"],
            )
            commands.add_monitor(service, monitor, by=by, now=now)
        self.stdout.write(str(service))

    def _import(self, options: dict[str, Any]) -> None:
        agreement = arguments.agreement(options)
        mapped = Mapped(names=dict(options["map"]), defines=options["define"], max_gap=options["max_gap"])
        with ExitStack() as stack:
            source, size = self._opened(options["file"], stack)
            watched, shows = self._watched(size, stops=options["on_error"] == "stop")
            try:
                done = import_observations(
                    source,
                    agreement=agreement,
                    service=options["service"],
                    mapped=mapped,
                    watched=watched,
                    by=arguments.actor(options),
                    now=clock.now(),
                )
            except FileFaulty as error:
                raise CommandError(f"{options['file']}, {error}. Nothing was imported.") from error
            finally:
                for show in shows:
                    show.finished()
        self._tell(done)

    def _opened(self, name: str, stack: ExitStack) -> tuple[BinaryIO, int]:
        """Open the file, and tell its size; that of standard input, or of a pipe, is not known."""
        if name == "-":
            return sys.stdin.buffer, 0
        source = stack.enter_context(arguments.opened(name))
        return source, os.fstat(source.fileno()).st_size

    def _watched(self, size: int, *, stops: bool) -> tuple[Watched, list[Progress]]:
        """Show progress, and faulty lines as they are met."""
        reading, storing = (
            Progress(doing, write=self._tell_meanwhile, on_screen=self.stderr.isatty())
            for doing in ("reading", "storing")
        )
        met = 0

        def on_fault(line: FaultyLine) -> None:
            nonlocal met
            if stops:
                raise FileFaulty(line)
            met += 1
            if met <= FAULTS_SHOWN:
                reading.finished()
                self._tell_meanwhile(f"{line}\n")

        watched = Watched(
            on_fault=on_fault,
            reading=lambda lines, done: reading.told(lines, done, size),
            storing=lambda lines, of: storing.told(lines, lines, of),
        )
        return watched, [reading, storing]

    def _tell_meanwhile(self, text: str) -> None:
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()

    def _tell(self, done: Imported) -> None:
        for name, lines in sorted(done.left_out.items()):
            self.stdout.write(f"{lines:,} lines of {name!a} were left out: no --map names it")
        if len(done.faults) > FAULTS_SHOWN:
            self.stdout.write(f"{len(done.faults) - FAULTS_SHOWN:,} more faulty lines are not shown")
        if done.faults:
            self.stdout.write(f"{len(done.faults):,} faulty lines were skipped")
        months = f", {done.measured[0]} to {done.measured[-1]} measured" if done.measured else ", no month measured"
        self.stdout.write(f"{done.lines:,} lines read, {done.added:,} checks added, {done.known:,} were known{months}")

    def _show(self, options: dict[str, Any]) -> None:
        agreement, now = arguments.agreement(options), clock.now()
        published = queries.terms_of_month(agreement, options["month"])
        if published is None:
            raise CommandError(f"No version of {agreement} was in force in {options['month']}.")
        month = queries.measured(agreement, options["service"], options["month"], terms=published.terms, now=now)
        account = options["account"]
        minutes = month.minutes_for(arguments.account(account)) if account else month.minutes_for_others()
        for line in shown(month, minutes):
            self.stdout.write(line)

    def _exclude_propose(self, options: dict[str, Any]) -> None:
        category = Category(options["category"])
        service = queries.service(arguments.agreement(options), options["service"]).id
        accounts = tuple(arguments.account(number) for number in options["account"])
        said = {
            "reason": options["reason"],
            "evidence": options["evidence"],
            "scope": Scope(tuple(options["monitor"]), accounts),
            "by": arguments.actor(options),
            "now": clock.now(),
        }
        if category is Category.PLANNED:
            proposal = commands.propose_window(service, [_announcement(options)], **said)
        else:
            stretch = Interval(options["start"], _end(options))
            proposal = commands.propose(service, category, [stretch], emergency=_emergency(options), **said)
        self.stdout.write(str(proposal))

    def _exclude_approve(self, options: dict[str, Any]) -> None:
        self._decide(commands.approve, options)

    def _exclude_reject(self, options: dict[str, Any]) -> None:
        self._decide(commands.reject, options)

    def _exclude_revoke(self, options: dict[str, Any]) -> None:
        self._decide(commands.revoke, options)

    def _decide(self, decide: Any, options: dict[str, Any]) -> None:
        decide(options["exclusion"], reason=options["reason"], by=arguments.actor(options), now=clock.now())
        self.stdout.write(f"{options['exclusion']}: {queries.exclusion(options['exclusion']).state}")


def _announcement(options: dict[str, Any]) -> Any:
    if options["announced_at"] is None or options["channel"] is None:
        raise CommandError("Planned maintenance needs --announced-at and --channel.")
    accepted = [Acceptance(arguments.account(number), arguments.instant(at)) for number, at in options["accepted"]]
    return announced(
        options["start"], options["end"], at=options["announced_at"], channel=options["channel"], accepted=accepted
    )


def _end(options: dict[str, Any]) -> Any:
    if options["end"] is None:
        raise CommandError("Say until when: --to INSTANT.")
    return options["end"]


def _emergency(options: dict[str, Any]) -> Emergency | None:
    if options["condition"] is None:
        return None
    return Emergency(
        condition=options["condition"],
        customers_affected=options["customers_affected"],
        urgency=options["urgency"],
        notice_given_at=options["notice_given_at"],
        why_no_notice=options["why_no_notice"],
    )
