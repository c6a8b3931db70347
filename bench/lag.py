"""Lag: from an event's commit to a subscriber that has it, with eight writers, and while a month closes.

Writers append as fast as they are let; the log process seals and subscribes in a process of its own. Both sides read
the same machine's clock.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import quantiles
from time import sleep, time
from uuid import UUID

import django

from bench.cluster import installation
from bench.harness import Row, figure, report
from bench.month_close import prepare
from kernel.ids import derived, new_id

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WRITERS = 8
ALONE_SECONDS = 8
PAUSE_SECONDS = 0.02
CUSTOMERS = 100_000

Commits = dict[tuple[UUID, int], float]
Span = tuple[float, float]


def measure() -> Iterator[Row]:
    """Write and listen; then the same for as long as a month closes."""
    with installation():
        yield from _rows("8 writers", _lags(_alone), most=(20.0, 50.0))
        prepare(CUSTOMERS)
        yield from _rows(f"8 writers, while a month of {CUSTOMERS:,} customers closes", _lags(_closing))


def _rows(name: str, lags: Iterator[float], *, most: tuple[float, float] | None = None) -> Iterator[Row]:
    cuts = quantiles(lags, n=100)
    yield figure(f"lag p50, {name}", 1e3 * cuts[49], "ms", at_most=most and most[0])
    yield figure(f"lag p99, {name}", 1e3 * cuts[98], "ms", at_most=most and most[1])


def _lags(during: Callable[[], Span]) -> Iterator[float]:
    """Let the writers write as long as something lasts; give the lag of what they committed meanwhile."""
    context = get_context("spawn")
    listener, there = context.Pipe()
    pipes = [context.Pipe() for _ in range(WRITERS)]
    children = [context.Process(target=_listen, args=(there,), daemon=True)]
    children += [context.Process(target=_write, args=(theirs,), daemon=True) for _, theirs in pipes]
    for child in children:
        child.start()
    for mine in (listener, *(pipe for pipe, _ in pipes)):
        mine.recv()
    begin, end = during()
    committed: Commits = {}
    for mine, _ in pipes:
        mine.send("stop")
        committed.update(mine.recv())
    listener.send(set(committed))
    heard: Commits = listener.recv()
    for child in children:
        child.terminate()
        child.join()
    yield from (heard[key] - at for key, at in committed.items() if begin <= at <= end)


def _alone() -> Span:
    begin = time()
    sleep(ALONE_SECONDS)
    return begin, time()


def _closing() -> Span:
    """Close a month in a process of its own, and tell from when to when it did."""
    context = get_context("spawn")
    mine, theirs = context.Pipe()
    child = context.Process(target=_close, args=(theirs,), daemon=True)
    child.start()
    span: Span = mine.recv()
    child.join()
    return span


def _close(pipe: Connection) -> None:
    django.setup()
    from bench.month_close import close_month

    begin = time()
    close_month(CUSTOMERS)
    pipe.send((begin, time()))


def _write(pipe: Connection) -> None:
    """Append until told to stop."""
    django.setup()
    from claims.events.claim import ClaimTakenUp
    from eventstore import SYSTEM
    from eventstore.appending import Staged, append

    stream, version = new_id(), 0
    committed: Commits = {}
    pipe.send("ready")
    while not pipe.poll():
        version = append([Staged(stream, version, ClaimTakenUp(taken_up_by="7"), NOW)], by=SYSTEM)
        committed[stream, version] = time()
        sleep(PAUSE_SECONDS)
    pipe.send(committed)


def _listen(pipe: Connection) -> None:
    django.setup()
    from threading import Thread

    from claims.events.claim import ClaimTakenUp
    from eventstore import Recorded, Subscription
    from eventstore.process import LogProcess
    from eventstore.sealing import seal
    from eventstore.subscriptions import run

    heard: dict[tuple[UUID, int], float] = {}

    def hear(_event: ClaimTakenUp, recorded: Recorded) -> None:
        heard[recorded.stream, recorded.version] = time()

    subscription = Subscription(f"bench {derived('listener', time())}", {ClaimTakenUp: hear})
    while seal() or run(subscription):  # what was written before is none of the lag
        pass
    Thread(target=LogProcess([subscription]).run, daemon=True).start()
    sleep(1)
    pipe.send("listening")
    wanted = pipe.recv()
    while not wanted <= heard.keys():
        sleep(0.05)
    pipe.send({key: heard[key] for key in wanted})


if __name__ == "__main__":
    sys.exit(report(measure(), "psycopg"))
