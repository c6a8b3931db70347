"""`manage.py verify`: prove that history is what was recorded and that all that is kept follows from it."""

import sys
import time
from collections.abc import Generator
from contextlib import closing
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from eventstore.chains import Difference
from eventstore.proofs import PROOFS, Proof, Told
from eventstore.streams import count
from eventstore.verification import verify, verify_log


class Command(BaseCommand):
    """Replay every stream, compare every row, check every hash and seal, then what each room proves besides."""

    help = "Check every hash, seal, row and measured check against the log; exits with 1 at a difference."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many differences to show, and whether to look at the log alone."""
        parser.add_argument("--most", type=int, default=10, help="differences to show (10)")
        parser.add_argument("--log-only", action="store_true", help="check hashes and seals, not the rows")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the first differences, or that all is well."""
        proved: list[str] = []
        differences = 0
        with closing(self._log(proved) if options["log_only"] else self._all(proved)) as found:
            for difference in islice(found, options["most"]):
                self.stdout.write(f"difference: {difference}")
                differences += 1
        if differences:
            sys.exit(1)
        for sentence in proved:
            self.stdout.write(sentence)

    def _log(self, proved: list[str]) -> Generator[Difference, None, None]:
        total, progress = count(), self._progress("events")
        yield from verify_log(lambda done: progress(done, total))
        proved.append(f"{total} events verified: every hash and seal is as recorded")

    def _all(self, proved: list[str]) -> Generator[Difference, None, None]:
        total, progress = count(), self._progress("events")
        yield from verify(lambda done: progress(done, total))
        proved.append(f"{total} events verified: every hash, seal and row is as recorded")
        for proof in PROOFS.values():
            yield from self._besides(proof, proved)

    def _besides(self, proof: Proof, proved: list[str]) -> Generator[Difference, None, None]:
        progress, reached = self._progress(proof.things), 0

        def told(done: int, of: int) -> None:
            nonlocal reached
            reached = done
            progress(done, of)

        yield from proof.differences(told)
        if reached:
            proved.append(f"{reached} {proof.things} verified: {proof.proved}")

    def _progress(self, things: str) -> Told:
        shown = [time.monotonic()]

        def show(done: int, of: int) -> None:
            if time.monotonic() - shown[0] > 1:
                shown[0] = time.monotonic()
                self.stderr.write(f"{done} of {of} {things}")

        return show
