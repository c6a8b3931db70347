"""`manage.py replay`: build the rows anew from the log."""

from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from eventstore.catalogue import aggregates
from eventstore.letting_go import OwnerNeeded
from eventstore.replaying import replay, stopped_since
from eventstore.streams import count

GOING_ON: Final = "going on where the replay of {:%Y-%m-%d %H:%M} UTC was stopped; --anew begins again"
KILLED: Final = "one of the processes was killed, perhaps for want of memory; run it again: it goes on where it was"


class Command(BaseCommand):
    """Rebuild rows from an empty table; stop web, worker and beat first."""

    help = "Rebuild the rows of aggregates (all, or those named) from their events."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the names of aggregates."""
        parser.add_argument("aggregates", nargs="*", help="for instance claims.Claim; default all")
        parser.add_argument(
            "--anew", action="store_true", help="begin again where one was stopped, instead of going on"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, showing progress."""
        known = {model._meta.label: model for model in aggregates()}
        wanted = options["aggregates"] or list(known)
        if missing := [name for name in wanted if name not in known]:
            raise CommandError(f"no aggregate is named {missing[0]}; there are {', '.join(known)}")
        kinds, total = [known[name] for name in wanted], count()
        if not options["anew"] and (begun := stopped_since(kinds)):
            self.stderr.write(GOING_ON.format(begun))
        try:
            read = replay(kinds, lambda done: self.stderr.write(f"{done} of {total} events"), anew=options["anew"])
        except BrokenProcessPool as error:
            raise CommandError(KILLED) from error
        except OwnerNeeded as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{read} events replayed into {len(wanted)} kinds of row")
