"""`manage.py agreements`: check and explain terms files, publish them, list what is published, export the schema."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agreements import commands, further_words, queries
from agreements.reporting import explained, report_on
from agreements.shipped import shipped
from agreements.terms import TermsMalformed
from agreements.terms.schema import json_schema
from eventstore import SYSTEM, DomainError
from kernel import clock


class Command(BaseCommand):
    """Work with the terms of agreements."""

    help = "Check and explain terms files, publish them, list what is published, export the JSON Schema."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a word, and what it works on."""
        words = parser.add_subparsers(dest="word", required=True)
        check = words.add_parser("check", help="validate, lint and run the examples of files")
        check.add_argument("files", nargs="+", type=Path, metavar="FILE")
        explain = words.add_parser("explain", help="tell how the examples of files come to what they expect")
        explain.add_argument("files", nargs="+", type=Path, metavar="FILE")
        load = words.add_parser("load", help="publish files; without any, the agreements that are shipped")
        load.add_argument("files", nargs="*", type=Path, metavar="FILE")
        words.add_parser("list", help="list the published agreements and their versions")
        schema = words.add_parser("schema", help="export the JSON Schema of the format")
        schema.add_argument("--output", type=Path, metavar="FILE", help="write it there instead of to the screen")
        for word in further_words.registered():
            word.add_arguments(words.add_parser(word.name, help=word.help))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the word says."""
        if further := further_words.registered_as(options["word"]):
            further.carry_out(options, out=self.stdout.write, progress=partial(self.stderr.write, style_func=str))
        else:
            getattr(self, f"_{options['word']}")(options)

    def _check(self, options: dict[str, Any]) -> None:
        reports = [report_on(path) for path in options["files"]]
        for report in reports:
            for line in report.lines:
                self.stdout.write(line)
        faulty = sum(not report.sound for report in reports)
        if faulty:
            raise CommandError(f"{faulty} of {len(reports)} files may not be published.")

    def _explain(self, options: dict[str, Any]) -> None:
        for path in options["files"]:
            try:
                told = explained(path)
            except (TermsMalformed, OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{path} can not be explained: {error}") from error
            for line in told:
                self.stdout.write(line)

    def _load(self, options: dict[str, Any]) -> None:
        for path in options["files"] or shipped():
            try:
                text = path.read_text(encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error}.") from error
            try:
                commands.publish(text, by=SYSTEM, now=clock.now())
            except DomainError as refusal:
                raise CommandError(f"{path} was not published. {refusal.sentence}") from refusal
            self.stdout.write(f"{path.name} is published.")

    def _list(self, options: dict[str, Any]) -> None:
        for agreement in queries.current():
            self.stdout.write(f"{agreement.name}: {agreement.title}")
            for version in agreement.versions:
                begins = f"in force from {version.in_force_from:%Y-%m-%d %H:%M} UTC"
                self.stdout.write(f"  version {version.number}, {begins}, dated {version.document_date}")

    def _schema(self, options: dict[str, Any]) -> None:
        text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
        if options["output"] is None:
            self.stdout.write(text, ending="")
        else:
            options["output"].write_text(text, encoding="utf-8")
