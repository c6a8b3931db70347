"""`manage.py replay`: build the rows anew from the log."""

from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from eventstore.catalogue import aggregates
from eventstore.replaying import replay
from eventstore.streams import count

KILLED: Final = "one of the processes was killed, perhaps for want of memory; run it again: it goes on where it was"


class Command(BaseCommand):
    """Rebuild rows from an empty table; stop web, worker and beat first."""

    help = "Rebuild the rows of aggregates (all, or those named) from their events."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the names of aggregates."""
        parser.add_argument("aggregates", nargs="*", help="for instance claims.Claim; default all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, showing progress."""
        known = {model._meta.label: model for model in aggregates()}
        wanted = options["aggregates"] or list(known)
        if missing := [name for name in wanted if name not in known]:
            raise CommandError(f"no aggregate is named {missing[0]}; there are {', '.join(known)}")
        total = count()
        try:
            read = replay([known[name] for name in wanted], lambda done: self.stderr.write(f"{done} of {total} events"))
        except BrokenProcessPool as error:
            raise CommandError(KILLED) from error
        self.stdout.write(f"{read} events replayed into {len(wanted)} kinds of row")
