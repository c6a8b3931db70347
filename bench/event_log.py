"""The event log: append, load and replay, against a bare INSERT, a bare COPY and the PyPI library eventsourcing.

Append is `eventstore.appending.append` with expected version, hash chain, command id and metadata, one event and one
transaction each, while a sealer runs. The bare side writes the same bytes by a prepared INSERT that commits. Every
commit waits for the disk, whoever writes: where one client writes, that is most of the time, and so the bare INSERT's
own ratio to the library stands beside ours. `bench/append_in_memory.py` tells what is left without the disk.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg

from bench.clients import Work, clients
from bench.cluster import installation
from bench.harness import Comparison, Row, compared, figure, report
from bench.their_log import EVENTS, WORDS, create_theirs, their_load, theirs
from config.services.postgres import OWNER, SUPERUSER, Cluster
from kernel.ids import derived, new_id

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ONE, MANY = 1, 8
APPENDS = 1_600
STREAMS = 10_000

BARE = """
CREATE TABLE bare (
    id bigint GENERATED ALWAYS AS IDENTITY, stream uuid, version integer, type text, shape smallint, payload text,
    meta text, occurred_at timestamptz, recorded_at timestamptz, hash bytea, PRIMARY KEY (stream, version)
);
GRANT SELECT, INSERT ON bare TO PUBLIC
"""
INSERT = (
    "INSERT INTO bare (stream, version, type, shape, payload, meta, occurred_at, recorded_at, hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
HASH = b"h" * 32
PAGE = b"p" * 8192


def measure() -> Iterator[Row]:
    """Append, with one client and with eight; then load and replay."""
    with installation() as cluster, psycopg.connect(cluster.url(OWNER), autocommit=True) as connection:
        connection.execute(BARE)
        create_theirs(cluster)
        yield from _loads()
        yield from _replays(connection)
        with clients(sealing, 1) as sealer:
            sealer.pipes[0].send(1)
            yield from _appends()
            yield from _delayed(cluster)
            yield from against_eventsourcing()
            yield from _limit(cluster.data.parent)


# Append


def _event(number: int) -> Any:
    from claims.events.claim import ContestDenied
    from kernel.intervals import Interval

    return ContestDenied(
        stretch=Interval(NOW, NOW.replace(hour=number % 23 + 1)), code="measured_up", reason=WORDS, denied_by="7"
    )


def ours(number: int) -> Work:
    """Append to a stream of one's own through the log's public call."""
    from eventstore import SYSTEM
    from eventstore.appending import Staged, append
    from eventstore.context import COMMANDED, Commanded

    stream, version, digest, event = new_id(), 0, b"d" * 32, _event(number)
    first = new_id().int
    ids = (UUID(int=first + each) for each in itertools.count())  # a caller brings its command's id

    def work(share: int) -> None:
        nonlocal version
        for command in itertools.islice(ids, share):
            token = COMMANDED.set(Commanded(command, "bench", digest))
            version = append([Staged(stream, version, event, NOW)], by=SYSTEM)
            COMMANDED.reset(token)

    return work


def bare(number: int) -> Work:
    """Insert the same bytes by a prepared statement; each commits."""
    from django.conf import settings
    from django.db import connection as django_connection

    from eventstore.codec import encode

    cursor = psycopg.connect(**_parameters(django_connection, settings), autocommit=True).cursor()
    stream, version, payload = new_id(), 0, encode(_event(number))
    meta = encode({"actor": {"id": "makegood", "kind": "system"}, "command": new_id()})

    def work(share: int) -> None:
        nonlocal version
        for _ in range(share):
            version += 1
            row = (stream, version, "claims.contest_denied", 1, payload, meta, NOW, NOW, HASH)
            cursor.execute(INSERT, row, prepare=True)

    return work


def _parameters(django_connection: Any, _settings: Any) -> dict[str, Any]:
    parameters = django_connection.get_connection_params()
    return {name: parameters[name] for name in ("dbname", "user", "host") if name in parameters}


def sealing(_number: int) -> Work:
    """Seal as the log process does, until the run is over."""
    from threading import Thread

    from eventstore.process import LogProcess

    def work(_share: int) -> None:
        Thread(target=LogProcess([]).run, daemon=True).start()

    return work


def _appends() -> Iterator[Row]:
    for count, at_least, aim in ((ONE, 0.50, 0.65), (MANY, 0.38, 0.47)):
        with clients(ours, count) as mine, clients(bare, count) as limit:
            yield compared(
                Comparison(
                    name=f"append of one event, {count} client{'s' if count > 1 else ''}",
                    reference="prepared INSERT + COMMIT",
                    operations=APPENDS,
                    at_least=at_least,
                    aim=aim,
                ),
                ours=lambda mine=mine: mine.round(APPENDS),  # type: ignore[misc]
                reference=lambda limit=limit: limit.round(APPENDS),  # type: ignore[misc]
            )


def _delayed(cluster: Cluster) -> Iterator[Row]:
    """Delay every flush by a millisecond, as a cloud disk does; a lock held across it would keep one client's rate."""
    with psycopg.connect(cluster.url(SUPERUSER), autocommit=True) as superuser:
        for setting in ("commit_delay = 1000", "commit_siblings = 0"):
            superuser.execute(f"ALTER SYSTEM SET {setting}")
        superuser.execute("SELECT pg_reload_conf()")
        with clients(ours, MANY) as many, clients(ours, ONE) as one:
            yield compared(
                Comparison(
                    name="append with flushes delayed by 1 ms, 8 clients",
                    reference="1 client",
                    operations=APPENDS,
                    at_least=5,
                ),
                ours=lambda: many.round(APPENDS),
                reference=lambda: one.round(APPENDS),
            )
        superuser.execute("ALTER SYSTEM RESET ALL")
        superuser.execute("SELECT pg_reload_conf()")


# Against the library eventsourcing


def against_eventsourcing() -> Iterator[Row]:
    """Append one event, with one client and with eight, against the library's `save()`."""
    for count, at_least in ((ONE, 4), (MANY, 6)):
        with clients(ours, count) as mine, clients(theirs, count) as peer:
            yield compared(
                Comparison(
                    name=f"append of one event, {count} client{'s' if count > 1 else ''}",
                    reference="eventsourcing, save()",
                    operations=APPENDS,
                    at_least=at_least,
                ),
                ours=lambda mine=mine: mine.round(APPENDS),  # type: ignore[misc]
                reference=lambda peer=peer: peer.round(APPENDS),  # type: ignore[misc]
            )


def _limit(disk: Path) -> Iterator[Row]:
    """Tell what no log can do better, where a commit is flushed to this disk: the bare INSERT's ratio, and a flush."""
    with clients(bare, 1) as limit, clients(theirs, 1) as peer:
        yield compared(
            Comparison(
                name="for comparison: prepared INSERT + COMMIT, 1 client",
                reference="eventsourcing, save()",
                operations=APPENDS,
            ),
            ours=lambda: limit.round(APPENDS),
            reference=lambda: peer.round(APPENDS),
        )
    yield figure("a flush of 8 KiB to this disk (fdatasync)", _flush(disk) * 1e6, "µs")


def _flush(disk: Path) -> float:
    """Return the median seconds of a write of 8 KiB and its fdatasync, as a commit does them."""
    with (disk / "flushed").open("w+b", buffering=0) as file:
        seconds = []
        for _ in range(2_000):
            begin = perf_counter()
            os.pwrite(file.fileno(), PAGE, 0)
            os.fdatasync(file.fileno())
            seconds.append(perf_counter() - begin)
    return median(seconds)


# Load


def our_load(_number: int) -> Work:
    """Fold a claim of a hundred events from the log."""
    from claims.models.claim import Claim
    from eventstore.reading import history

    stream = derived("bench", "load")
    _write_claims([stream], EVENTS)

    def work(share: int) -> None:
        for _ in range(share):
            claim = Claim.fold(stream, (one.event for one in history(stream)))
            assert claim.version == EVENTS

    return work


def _loads() -> Iterator[Row]:
    with clients(our_load, 1) as mine, clients(their_load, 1) as peer:
        yield compared(
            Comparison(
                name="load of 100 events", reference="eventsourcing, repository.get()", operations=100, at_least=3
            ),
            ours=lambda: mine.round(100),
            reference=lambda: peer.round(100),
        )


# Replay


def _write_claims(streams: list[Any], length: int) -> None:
    """Write claims with a filing and so many events in all, through the log's bulk call."""
    from claims.models.claim import Claim
    from eventstore import SYSTEM, changes

    for start in range(0, len(streams), 500):
        with changes(by=SYSTEM, now=NOW) as batch:
            for number, stream in enumerate(streams[start : start + 500], start=start):
                claim = batch.begin(Claim, stream)
                claim.record(_filed())
                claim.record(_taken_up())
                for _ in range(length - 2):
                    claim.record(_event(number))


def _filed() -> Any:
    from claims.events.claim import ClaimFiled, Settlement
    from kernel.months import Month

    return ClaimFiled(
        account=new_id(),
        agreement="apicheap",
        month=Month(2026, 10),
        number=0,
        terms_version=1,
        received_at=NOW,
        times=(),
        evidence=(),
        words=None,
        missing=(),
        bound=NOW,
        bound_from="incident",
        settlement=Settlement(day_zero=NOW.date(), starts_at=NOW, due_at=NOW, warn_at=(), zone="Asia/Hong_Kong"),
    )


def _taken_up() -> Any:
    from claims.events.claim import ClaimTakenUp

    return ClaimTakenUp(taken_up_by="7")


def _replays(connection: psycopg.Connection[Any]) -> Iterator[Row]:
    """Rebuild 10,000 claims of ten events into rows, in batches with checkpoints."""
    from claims.models.claim import Claim
    from eventstore.replaying import replay

    _write_claims([new_id() for _ in range(STREAMS)], 10)
    connection.execute("VACUUM ANALYZE events")

    def rebuilt() -> float:
        """Rebuild rows that were not just rebuilt: what the round before left is cleared away first."""
        connection.execute("VACUUM ANALYZE claims, deadlines")
        begin = perf_counter()
        replay([Claim])
        return perf_counter() - begin

    def copied() -> float:
        """Read the columns that replay reads, in order."""
        begin = perf_counter()
        statement = (
            "COPY (SELECT stream, version, type, schema_version, payload, occurred_at"
            " FROM events ORDER BY stream, version) TO STDOUT"
        )
        with connection.cursor().copy(statement) as copy:
            rows = sum(1 for _ in copy.rows())
        assert rows >= STREAMS * 10
        return perf_counter() - begin

    row = compared(
        Comparison(
            name="replay of 10,000 streams of 10 events into rows",
            reference="COPY of the same columns in order",
            operations=STREAMS * 10,
            at_least=0.25,
            aim=0.50,
            pairs=5,
        ),
        ours=rebuilt,
        reference=copied,
    )
    yield row
    if row.rounds:
        fastest = min(row.rounds["ours"])
        yield figure("events replayed", STREAMS * 10 / fastest, "a second at best")


if __name__ == "__main__":
    sys.exit(report(measure(), "eventsourcing", "psycopg"))
