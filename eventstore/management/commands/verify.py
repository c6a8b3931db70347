"""`manage.py verify`: prove that history is what was recorded and that every row follows from it."""

import sys
import time
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from eventstore.streams import count
from eventstore.verification import verify


class Command(BaseCommand):
    """Replay every stream, compare every row, check every hash and seal."""

    help = "Check every hash, seal and row against the log; exits with 1 at a difference."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many differences to show."""
        parser.add_argument("--most", type=int, default=10, help="differences to show (10)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the first differences, or that all is well."""
        total = count()
        differences = list(islice(verify(self._progress(total)), options["most"]))
        for difference in differences:
            self.stdout.write(f"difference: {difference}")
        if differences:
            sys.exit(1)
        self.stdout.write(f"{total} events verified: every hash, seal and row is as recorded")

    def _progress(self, total: int) -> Any:
        shown = [time.monotonic()]

        def show(done: int) -> None:
            if time.monotonic() - shown[0] > 1:
                shown[0] = time.monotonic()
                self.stderr.write(f"{done} of {total} events")

        return show
