"""Deadlines: a million open ones, an empty sweep, and ten thousand that fall due at once.

The open ones lie in the future and belong to nobody; those that fall due are claims whose decision was not made: each
becomes an event, a row and a mail to an operator in the outbox. Two workers sweep, the log process tells.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter, sleep
from typing import Any

import psycopg

from bench.claims_at_hand import AT_ONCE, IN_FORCE, NOW, file_claims, publish_terms
from bench.clients import Work, clients
from bench.cluster import installation
from bench.harness import Row, figure, report
from config.services.postgres import OWNER

OPEN = 1_000_000
FEW = 10_000
DUE = 10_000
SWEEPS = 200
WORKERS = 2

FUTURE = """
INSERT INTO deadlines (id, owner, kind, due_at, late_from, next_at)
SELECT gen_random_uuid(), gen_random_uuid(), 'claims.settle', at, at, at
FROM (SELECT timestamptz '2027-01-01Z' + n * interval '1 second' AS at FROM generate_series(1, %s) n) made
"""

# Everything that was filed is sealed, and told of, before the clock starts.
FOLLOWED = """
SELECT count(*) >= %s AND (SELECT count(*) FROM checkpoints c WHERE c.position = max(p.position)) = 2 FROM positions p
"""


def measure() -> Iterator[Row]:
    """Sweep with few and with many open deadlines, then let many fall due."""
    with installation() as cluster, psycopg.connect(cluster.url(OWNER), autocommit=True) as connection:
        publish_terms()
        connection.execute(FUTURE, [FEW])
        connection.execute("VACUUM ANALYZE deadlines")
        few = median(_empty_sweeps())
        connection.execute(FUTURE, [OPEN - FEW])
        connection.execute("VACUUM ANALYZE deadlines")
        many = median(_empty_sweeps())
        yield figure(f"empty sweep with {OPEN:,} open", 1e3 * many, "ms", at_most=1)
        yield figure(f"empty sweep, {OPEN:,} open against {FEW:,}", many / few, "times", aim="1: no growth")
        yield from _falling_due(connection)


def _empty_sweeps() -> Iterator[float]:
    """Time a sweep that finds nothing: what is due, and what was tried before, with the round trips."""
    from deadlines.sweeping import sweep

    for _ in range(SWEEPS):
        begin = perf_counter()
        assert not sweep(now=NOW)
        yield perf_counter() - begin


def _falling_due(connection: psycopg.Connection[Any]) -> Iterator[Row]:
    _people()
    list(file_claims(DUE, due_in=timedelta(days=1), numbers="late-"))
    connection.execute("VACUUM ANALYZE")
    with clients(_telling, 1) as teller, clients(_sweeping, WORKERS) as workers:
        teller.pipes[0].send(1)
        _until(connection, FOLLOWED, DUE)
        begin = perf_counter()
        workers.round(WORKERS)
        swept = perf_counter() - begin
        _until(connection, "SELECT count(*) >= %s FROM notices_mail WHERE kind = 'operator_deadline_missed'", DUE)
        told = perf_counter() - begin
        teller.pipes[0].recv()
    yield figure(f"{DUE:,} due at once, events and rows, two workers", swept, "s")
    yield figure(f"{DUE:,} due at once, until the last is in the outbox", told, "s", at_most=20)


def _until(connection: psycopg.Connection[Any], question: str, count: int) -> None:
    while True:
        answer = connection.execute(question, [count]).fetchone()
        if answer and answer[0]:
            return
        sleep(0.05)


def _people() -> None:
    """Open the accounts, and let one operator be told."""
    from customers.commands import Opening, open_accounts
    from customers.models import User
    from eventstore import SYSTEM

    User.objects.create_user(email="mira@makegood.example", password=None, name="Mira", is_staff=True)
    for start in range(0, DUE, AT_ONCE):
        openings = [
            Opening(f"late-{number}", f"Customer {number}", "apicheap", "pro", IN_FORCE)
            for number in range(start, start + AT_ONCE)
        ]
        open_accounts(openings, by=SYSTEM, now=IN_FORCE)


def _sweeping(_number: int) -> Work:
    from deadlines.sweeping import sweep_all

    def work(_share: int) -> None:
        sweep_all(now=NOW + timedelta(days=2))

    return work


def _telling(_number: int) -> Work:
    """Seal and run every subscription, as the log process does, until the process ends."""
    from threading import Thread

    from eventstore.process import LogProcess
    from eventstore.subscriptions import REGISTERED

    def work(_share: int) -> None:
        Thread(target=LogProcess(list(REGISTERED.values())).run, daemon=True).start()

    return work


if __name__ == "__main__":
    sys.exit(report(measure(), "Django", "psycopg"))
