"""Events on their way into the log, past any aggregate."""

from typing import Final
from uuid import UUID

from eventstore import history
from eventstore.appending import Staged
from kernel.ids import derived
from tests.given import NOW
from tests.toys.events import ParcelScanned

STREAM: Final = derived("a stream")
OTHER_STREAM: Final = derived("another stream")
SCAN: Final = ParcelScanned(place="Kowloon")


def scans(stream: UUID = STREAM, *, after: int = 0, count: int = 1) -> list[Staged]:
    """Stage scans that continue a stream after a version."""
    return [Staged(stream, version, SCAN, NOW) for version in range(after, after + count)]


def versions(stream: UUID = STREAM) -> list[int]:
    """Tell which versions a stream has."""
    return [event.version for event in history(stream)]
