"""`manage.py verify`: prove that history is what was recorded and that every row follows from it."""

import sys
import time
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from eventstore.streams import count
from eventstore.verification import verify, verify_log


class Command(BaseCommand):
    """Replay every stream, compare every row, check every hash and seal."""

    help = "Check every hash, seal and row against the log; exits with 1 at a difference."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many differences to show, and whether to leave the rows out."""
        parser.add_argument("--most", type=int, default=10, help="differences to show (10)")
        parser.add_argument("--log-only", action="store_true", help="check hashes and seals, not the rows")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the first differences, or that all is well."""
        total, check = count(), verify_log if options["log_only"] else verify
        differences = list(islice(check(self._progress(total)), options["most"]))
        for difference in differences:
            self.stdout.write(f"difference: {difference}")
        if differences:
            sys.exit(1)
        proved = "hash and seal" if options["log_only"] else "hash, seal and row"
        self.stdout.write(f"{total} events verified: every {proved} is as recorded")

    def _progress(self, total: int) -> Any:
        shown = [time.monotonic()]

        def show(done: int) -> None:
            if time.monotonic() - shown[0] > 1:
                shown[0] = time.monotonic()
                self.stderr.write(f"{done} of {total} events")

        return show
