"""Append where a flush costs nothing, against the PyPI library eventsourcing: all files of the cluster are in memory.

A commit waits for the disk, and how long is the disk's affair: whatever takes half as long as its flush looks alike.
Here is what the two libraries, their driver and the server do themselves; settings are those of `bench/event_log.py`,
fsync included.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.clients import clients
from bench.cluster import installation
from bench.event_log import against_eventsourcing, sealing
from bench.harness import Row, report
from bench.their_log import create_theirs

MEMORY = Path("/dev/shm")  # noqa: S108 — Linux keeps it in memory


def measure() -> Iterator[Row]:
    """Append one event, with one client and with eight, while a sealer runs."""
    with installation(MEMORY) as cluster:
        create_theirs(cluster)
        with clients(sealing, 1) as sealer:
            sealer.pipes[0].send(1)
            yield from against_eventsourcing()


if __name__ == "__main__":
    sys.exit(report(measure(), "eventsourcing", "psycopg"))
