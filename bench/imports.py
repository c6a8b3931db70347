"""Import of observations, every line checked, against a bare COPY of the same rows; all of it on one core."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from bench.cluster import installation
from bench.harness import Comparison, Row, compared, figure, report
from config.services.postgres import OWNER
from kernel.ids import derived

MONITORS = 5
MINUTES = 43_200
LINES = MONITORS * MINUTES
START = datetime(2026, 10, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
HEADER = "checked_at,monitor,verdict,http_status,response_ms\n"

BARE = """
CREATE TABLE bare_checks (
    monitor uuid, checked_at timestamptz, probe text, status smallint, response_ms integer, reported_up boolean,
    PRIMARY KEY (monitor, checked_at, probe, status)
)
"""


def measure() -> Iterator[Row]:
    """Import a month of five monitors that are checked every minute, and count lines a second."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with installation() as cluster, psycopg.connect(cluster.url(OWNER), autocommit=True) as connection:
        _publish()
        connection.execute(BARE)
        seconds: dict[str, list[float]] = {"reading": [], "storing": [], "measuring": []}
        what = Comparison(
            name="import of one observation (read, check, store, measure)",
            reference="COPY into a table with the same key",
            operations=LINES,
            pairs=5,
        )
        yield compared(what, ours=lambda: _imported(seconds), reference=lambda: _copied(connection))
        whole = median(map(sum, zip(*seconds.values(), strict=True)))
        yield figure("lines imported on one core", LINES / whole, "a second", aim="100,000 a second")
        for part, taken in seconds.items():
            yield figure(f"of this, {part}", 1e6 * median(taken) / LINES, "µs a line")
        yield figure("measuring a monitor's month", 1e3 * median(seconds["measuring"]) / MONITORS, "ms")


def _observations() -> Iterator[tuple[str, str, int, int]]:
    for minute in range(MINUTES):
        at = f"{START + timedelta(minutes=minute, seconds=7):%Y-%m-%dT%H:%M:%SZ}"
        for monitor in range(MONITORS):
            yield at, f"monitor {monitor}", 503 if (minute + monitor) % 997 == 0 else 200, 50 + minute % 700


FILE = (HEADER + "".join(f"{at},{name},up,{status},{took}\n" for at, name, status, took in _observations())).encode()
ROWS = "".join(
    f"{derived('monitor', name)}\t{at}\t\t{status}\t{took}\tt\n" for at, name, status, took in _observations()
)
_rounds = count()


def _publish() -> None:
    from agreements import commands
    from agreements.shipped import shipped
    from eventstore import SYSTEM

    for path in shipped():
        commands.publish(path.read_text(), by=SYSTEM, now=START)


def _imported(seconds: dict[str, list[float]]) -> float:
    """Import the file into a service of its own, noting when each part was done."""
    from eventstore import SYSTEM
    from uptime.observations.importing import Watched, import_observations
    from uptime.observations.names import Mapped
    from uptime.observations.reading import stop

    ends = {"reading": 0.0, "storing": 0.0}

    def noting(part: str) -> Callable[[int, int], None]:
        return lambda _lines, _of: ends.update({part: perf_counter()})

    began = perf_counter()
    done = import_observations(
        io.BytesIO(FILE),
        agreement="apicheap",
        service=f"service {next(_rounds)}",
        mapped=Mapped(names={}, defines=True),
        watched=Watched(on_fault=stop, reading=noting("reading"), storing=noting("storing")),
        by=SYSTEM,
        now=NOW,
    )
    ended = perf_counter()
    assert done.added == LINES
    marks = [began, ends["reading"], ends["storing"], ended]
    for part, start, end in zip(seconds, marks, marks[1:], strict=False):
        seconds[part].append(end - start)
    return ended - began


def _copied(connection: psycopg.Connection[Any]) -> float:
    connection.execute("TRUNCATE bare_checks")
    began = perf_counter()
    with connection.cursor().copy("COPY bare_checks FROM STDIN") as copy:
        copy.write(ROWS)
    return perf_counter() - began


if __name__ == "__main__":
    sys.exit(report(measure(), "Django", "psycopg"))
