"""`manage.py agreements`: begin, check, explain and publish terms files; draft, announce and withdraw versions."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agreements import commands, further_words, queries
from agreements.management.asking import new
from agreements.management.laying import bases_for
from agreements.reporting import explained, explained_override, is_override_file, report_on, report_on_override
from agreements.rules import digest_of
from agreements.shipped import shipped
from agreements.standing import TITLES
from agreements.terms import TermsMalformed
from agreements.terms.override_schema import override_schema
from agreements.terms.reference import reference
from agreements.terms.schema import json_schema
from eventstore import SYSTEM, DomainError
from kernel import clock


class Command(BaseCommand):
    """Work with the terms of agreements."""

    help = "Begin, check, explain and publish terms files; draft, compare, announce and withdraw later versions."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a word, and what it works on."""
        words = parser.add_subparsers(dest="word", required=True)
        asked = words.add_parser("new", help="ask a dozen questions and write a new terms file")
        asked.add_argument(
            "file", nargs="?", type=Path, metavar="FILE", help="without, it is named after the agreement"
        )
        asked.add_argument("--answers", type=Path, metavar="FILE", help="take the answers of a YAML or JSON file")
        asked.add_argument("--overwrite", action="store_true", help="replace a file that is there")
        check = words.add_parser("check", help="validate, lint and run the examples of files, also of overrides")
        check.add_argument("files", nargs="+", type=Path, metavar="FILE")
        explain = words.add_parser("explain", help="tell how the examples of files come to what they expect")
        explain.add_argument("files", nargs="+", type=Path, metavar="FILE")
        for laying in (check, explain):
            laying.add_argument(
                "--on", type=Path, metavar="FILE", help="lay negotiated terms over this agreement's file"
            )
        load = words.add_parser("load", help="publish first versions; without files, the agreements that are shipped")
        load.add_argument("files", nargs="*", type=Path, metavar="FILE")
        draft = words.add_parser("draft", help="write down a file as the next version of its agreement")
        draft.add_argument("file", type=Path, metavar="FILE")
        _about_version(words.add_parser("difference", help="tell what a version changes, clause by clause"))
        _about_version(words.add_parser("announce", help="announce a draft to the agreement's customers by mail"))
        withdraw = words.add_parser("withdraw", help="take back a draft, or an announced version not in force yet")
        _about_version(withdraw)
        withdraw.add_argument("--reason", required=True, help="why; customers who were told of it read this")
        words.add_parser("list", help="list the agreements and how their versions stand")
        for name, told in (("schema", "export the JSON Schema of the format"), ("reference", "write its reference")):
            exported = words.add_parser(name, help=told)
            exported.add_argument("--output", type=Path, metavar="FILE", help="write it there instead of to the screen")
            if name == "schema":
                exported.add_argument("--overrides", action="store_true", help="of files negotiated with an account")
        for word in further_words.registered():
            word.add_arguments(words.add_parser(word.name, help=word.help))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the word says."""
        if further := further_words.registered_as(options["word"]):
            further.carry_out(options, out=self.stdout.write, progress=partial(self.stderr.write, style_func=str))
        else:
            getattr(self, f"_{options['word']}")(options)

    def _new(self, options: dict[str, Any]) -> None:
        answers, overwrite = options["answers"], options["overwrite"]
        today = clock.now().date()
        path = new(options["file"], answers=answers, overwrite=overwrite, today=today, say=self.stdout.write)
        self.stdout.write(f"\n{path} is written. This is what `manage.py agreements check {path}` says of it:\n")
        self._check({"files": [path], "on": None})

    def _check(self, options: dict[str, Any]) -> None:
        bases = partial(bases_for, on=options["on"])
        reports = [
            report_on_override(path, bases) if is_override_file(path) else report_on(path) for path in options["files"]
        ]
        for report in reports:
            for line in report.lines:
                self.stdout.write(line)
        faulty = sum(not report.sound for report in reports)
        if faulty:
            raise CommandError(f"{faulty} of {len(reports)} files may not be published.")

    def _explain(self, options: dict[str, Any]) -> None:
        bases = partial(bases_for, on=options["on"])
        for path in options["files"]:
            try:
                told = explained_override(path, bases) if is_override_file(path) else explained(path)
            except (TermsMalformed, OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{path} can not be explained: {error}") from error
            for line in told:
                self.stdout.write(line)

    def _load(self, options: dict[str, Any]) -> None:
        for path in options["files"] or shipped():
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{path} cannot be read: {error}.") from error
            try:
                commands.publish(text, by=SYSTEM, now=clock.now())
            except DomainError as refusal:
                raise CommandError(f"{path} was not published. {refusal.sentence}") from refusal
            self.stdout.write(f"{path.name} is published.")

    def _draft(self, options: dict[str, Any]) -> None:
        path = options["file"]
        try:
            text = path.read_text(encoding="utf-8")
            stream = commands.draft(text, by=SYSTEM, now=clock.now())
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}.") from error
        except DomainError as refusal:
            raise CommandError(f"{path} was not drafted. {refusal.sentence}") from refusal
        agreement, digest = queries.name_of(stream), digest_of(text)
        number = max(one.number for one in queries.every_version(agreement) if one.digest == digest)
        self.stdout.write(f"{path.name} is version {number} of {agreement}, a draft.")
        self._tell_differences(agreement, number)

    def _difference(self, options: dict[str, Any]) -> None:
        try:
            self._tell_differences(options["agreement"], options["number"])
        except DomainError as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _tell_differences(self, agreement: str, number: int) -> None:
        changes = queries.changes_of(agreement, number)
        for one in changes:
            self.stdout.write(f"  {one.clause} {one.sentence}" if one.clause else f"  {one.sentence}")
        if not changes:
            self.stdout.write("  No rule differs.")

    def _announce(self, options: dict[str, Any]) -> None:
        agreement, number = options["agreement"], options["number"]
        try:
            commands.announce(agreement, number, by=SYSTEM, now=clock.now())
        except DomainError as refusal:
            raise CommandError(f"Version {number} was not announced. {refusal.sentence}") from refusal
        until = queries.version(agreement, number).notice_until
        self.stdout.write(f"Version {number} is announced. The mails have to go out by {until:%Y-%m-%d %H:%M} UTC.")

    def _withdraw(self, options: dict[str, Any]) -> None:
        number = options["number"]
        try:
            commands.withdraw(options["agreement"], number, reason=options["reason"], by=SYSTEM, now=clock.now())
        except DomainError as refusal:
            raise CommandError(f"Version {number} was not withdrawn. {refusal.sentence}") from refusal
        self.stdout.write(f"Version {number} is withdrawn.")

    def _list(self, options: dict[str, Any]) -> None:
        for agreement in queries.current():
            self.stdout.write(f"{agreement.name}: {agreement.title}")
            for version in queries.every_version(agreement.name):
                begins = f"from {version.in_force_from:%Y-%m-%d %H:%M} UTC, dated {version.document_date}"
                self.stdout.write(f"  version {version.number}, {TITLES[version.standing]}, {begins}")

    def _schema(self, options: dict[str, Any]) -> None:
        schema = override_schema() if options["overrides"] else json_schema()
        self._export(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", options["output"])

    def _reference(self, options: dict[str, Any]) -> None:
        self._export(reference(), options["output"])

    def _export(self, text: str, output: Path | None) -> None:
        if output is None:
            self.stdout.write(text, ending="")
        else:
            output.write_text(text, encoding="utf-8")


def _about_version(parser: ArgumentParser) -> None:
    parser.add_argument("agreement", metavar="AGREEMENT", help="the agreement's name, such as apicheap")
    parser.add_argument("number", type=int, metavar="VERSION", help="the version's number")
