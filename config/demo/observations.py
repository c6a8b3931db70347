"""What the demo's monitors saw: a check a minute, with outages as they happen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

MINUTE = timedelta(minutes=1)
GATEWAY, INFERENCE = "gateway", "inference"
MONITORS = (GATEWAY, INFERENCE)


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which a monitor failed, and how."""

    monitor: str
    start: datetime
    length: timedelta
    status: int = 503

    def holds(self, monitor: str, at: datetime) -> bool:
        """Whether the monitor fails at this instant."""
        return monitor == self.monitor and self.start <= at < self.start + self.length


def file_of(start: datetime, end: datetime, outages: tuple[Outage, ...]) -> io.BytesIO:
    """Write the observations of a time as the CSV file that a monitoring tool would hand over."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("checked_at", "monitor", "verdict", "http_status", "response_ms"))
    near = tuple(one for one in outages if one.start < end and start < one.start + one.length)
    writer.writerows(_rows(start, end, near))
    return io.BytesIO(text.getvalue().encode())


def _rows(start: datetime, end: datetime, outages: tuple[Outage, ...]) -> Iterator[tuple[str, str, str, int, int]]:
    random = Random(start.isoformat())  # noqa: S311 — latencies of a demo
    at = start
    while at < end:
        for monitor in MONITORS:
            failing = next((one for one in outages if one.holds(monitor, at)), None)
            checked = at + timedelta(seconds=random.randrange(1, 50))
            status = failing.status if failing else 200
            verdict, latency = ("down", 0) if failing else ("up", random.randrange(35, 240))
            yield (f"{checked:%Y-%m-%dT%H:%M:%SZ}", monitor, verdict, status, latency)
        at += MINUTE
