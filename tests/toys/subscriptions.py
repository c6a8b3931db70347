"""A subscription that writes down what it sees."""

from eventstore import Subscription
from eventstore.raw import written
from eventstore.reading import Recorded
from tests.toys.commands import pass_the_gate
from tests.toys.events import ParcelScanned

SEEN = "INSERT INTO toys_seen (position, parcel, version) VALUES (%s, %s, %s)"


class Unreadable(Exception):
    """This place cannot be read."""


def saw(event: ParcelScanned, recorded: Recorded) -> None:
    """Write a scan down, then pass the gate; a place called "?" fails."""
    if event.place == "?":
        raise Unreadable(event.place)
    written(SEEN, (recorded.position, recorded.stream, recorded.version))
    pass_the_gate()


WATCHING = Subscription("toys.watching", {ParcelScanned: saw})
