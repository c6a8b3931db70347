"""Lag: from an event's commit to a subscriber that has it, with eight writers, and while a month closes.

Writers append as fast as they are let; the log process seals and subscribes in a process of its own. Both sides read
the same machine's clock.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import quantiles
from time import sleep, time
from typing import Any
from uuid import UUID

import django

from bench.cluster import installation
from bench.harness import Row, figure, report
from kernel.ids import derived, new_id

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WRITERS = 8
EVENTS = 400
PAUSE_SECONDS = 0.02
STATEMENTS = 100_000
CHUNK = 2_000


def measure() -> Iterator[Row]:
    """Write and listen; then the same beside bulk writes as large as a close."""
    with installation():
        yield from _rows("8 writers", beside=None)
        yield from _rows("8 writers, while 100,000 events are written in bulk", beside=_bulk)


def _rows(name: str, *, beside: Any) -> Iterator[Row]:
    lags = sorted(_lags(beside))
    cuts = quantiles(lags, n=100)
    bounds = (20.0, 50.0) if beside is None else (None, None)
    yield figure(f"lag p50, {name}", 1e3 * cuts[49], "ms", at_most=bounds[0])
    yield figure(f"lag p99, {name}", 1e3 * cuts[98], "ms", at_most=bounds[1])


def _lags(beside: Any) -> Iterator[float]:
    context = get_context("spawn")
    heard_here, heard_there = context.Pipe()
    pipes = [context.Pipe() for _ in range(WRITERS)]
    children = [context.Process(target=_listen, args=(heard_there,), daemon=True)]
    children += [context.Process(target=_write, args=(theirs,), daemon=True) for _, theirs in pipes]
    if beside:
        children.append(context.Process(target=beside, daemon=True))
    for child in children:
        child.start()
    assert heard_here.recv() == "listening"
    for mine, _ in pipes:
        mine.recv()
    for mine, _ in pipes:
        mine.send("go")
    committed: dict[tuple[UUID, int], float] = {}
    for mine, _ in pipes:
        committed.update(mine.recv())
    heard_here.send(set(committed))
    heard: dict[tuple[UUID, int], float] = heard_here.recv()
    for child in children:
        child.terminate()
        child.join()
    for key, at in committed.items():
        yield heard[key] - at


def _write(pipe: Connection) -> None:
    django.setup()
    from claims.events.claim import ClaimTakenUp
    from eventstore import SYSTEM
    from eventstore.appending import Staged, append

    stream, committed = new_id(), {}
    pipe.send("ready")
    pipe.recv()
    for version in range(EVENTS):
        append([Staged(stream, version, ClaimTakenUp(taken_up_by="7"), NOW)], by=SYSTEM)
        committed[stream, version + 1] = time()
        sleep(PAUSE_SECONDS)
    pipe.send(committed)


def _listen(pipe: Connection) -> None:
    django.setup()
    from threading import Thread

    from claims.events.claim import ClaimTakenUp
    from eventstore import Recorded, Subscription
    from eventstore.process import LogProcess

    heard: dict[tuple[UUID, int], float] = {}

    def hear(_event: ClaimTakenUp, recorded: Recorded) -> None:
        heard[recorded.stream, recorded.version] = time()

    process = LogProcess([Subscription(f"bench {derived('listener', time())}", {ClaimTakenUp: hear})])
    Thread(target=process.run, daemon=True).start()
    sleep(1)
    pipe.send("listening")
    wanted = pipe.recv()
    while not wanted <= heard.keys():
        sleep(0.05)
    pipe.send({key: heard[key] for key in wanted})


def _bulk() -> None:
    """Write statements as a close does: two thousand streams in a transaction."""
    django.setup()
    from claims.events.claim import ContestDenied
    from eventstore import SYSTEM
    from eventstore.appending import Staged, append
    from kernel.intervals import Interval

    event = ContestDenied(
        stretch=Interval(NOW, NOW.replace(hour=5)),
        code="measured_up",
        reason="A statement's worth of text. " * 20,
        denied_by="7",
    )
    for _ in range(STATEMENTS // CHUNK):
        append([Staged(new_id(), 0, event, NOW) for _ in range(CHUNK)], by=SYSTEM)


if __name__ == "__main__":
    sys.exit(report(measure(), "psycopg"))
