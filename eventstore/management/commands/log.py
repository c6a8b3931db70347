"""`manage.py log`: run the sealer and subscriptions, look at them, mend what is stuck."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from eventstore.errors import ForeignCluster
from eventstore.models import Parked
from eventstore.process import LogProcess
from eventstore.reading import last_position, oldest_writer, waiting
from eventstore.sealing import adopt_cluster
from eventstore.subscriptions import REGISTERED, checkpoint, retry


class Command(BaseCommand):
    """Work with the event log."""

    help = "run: seal and subscribe until stopped; status: how far everything is; adopt; retry"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one subcommand."""
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("run", help="seal events and feed subscriptions until stopped")
        actions.add_parser("status", help="show positions, horizon, subscriptions, parked events")
        actions.add_parser("adopt", help="write on after a restore into another cluster")
        again = actions.add_parser("retry", help="handle a parked event again")
        again.add_argument("id", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the subcommand says."""
        action = {"run": self.run, "status": self.status, "adopt": self.adopt}.get(options["action"])
        if action:
            action()
        else:
            self.retry(options["id"])

    def run(self) -> None:
        """Run the log process; SIGINT and SIGTERM stop it after its batch."""
        process = LogProcess(list(REGISTERED.values()))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: process.stop())
        self.stdout.write(f"log: sealing, {len(process.subscriptions)} subscriptions")
        try:
            process.run()
        except ForeignCluster as error:
            raise CommandError(error.sentence) from error

    def status(self) -> None:
        """Print how far the log is sealed, who holds it up, and how far every subscription has read."""
        newest = last_position()
        self.stdout.write(f"sealed up to {newest}, {waiting()} waiting")
        if writer := oldest_writer():
            process, seconds = writer
            age = "an unknown time (it is another login's)" if seconds is None else f"{seconds} s"
            self.stdout.write(f"the oldest writing transaction is process {process}'s, open for {age}")
        for subscription in REGISTERED.values():
            done = checkpoint(subscription)
            self.stdout.write(f"{subscription.name}: at {done}, {newest - done} behind")
        for parked in Parked.objects.all():
            self.stdout.write(
                f"parked {parked.pk}: {parked}: {parked.type}: {parked.error} ({parked.attempts} attempts)"
            )

    def adopt(self) -> None:
        """Open the next generation of a restored log, as the owner."""
        generation = adopt_cluster()
        said = (
            f"the log goes on as generation {generation}"
            if generation
            else "nothing to adopt: this is the log's own cluster"
        )
        self.stdout.write(said)

    def retry(self, number: int) -> None:
        """Handle a parked event again."""
        parked = Parked.objects.filter(pk=number).first()
        if parked is None:
            raise CommandError(f"no parked event has the number {number}: see `manage.py log status`")
        try:
            retry(parked)
        except Exception as error:
            raise CommandError(f"it failed again: {type(error).__name__}: {error}") from error
        self.stdout.write("done")
