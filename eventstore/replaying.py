"""Replay: the rows of aggregates rebuilt from the log, in batches that can be resumed."""

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import connection, models, transaction

from eventstore.aggregate import Aggregate, Kept
from eventstore.catalogue import owners
from eventstore.models import Replay
from eventstore.raw import execute, one
from eventstore.streams import FIRST, History, Staging, histories
from eventstore.tables import rows_of, table_of

AT_ONCE = 10000
# A table that only grows lets its rows be removed by a replay alone.
LET_GO = "SELECT set_config('makegood.replaying', 'on', true)"
Models = Sequence[type[Aggregate]]
Progress = Callable[[int], None]


def replay(kinds: Models, progress: Progress = lambda _: None) -> int:
    """Rebuild the rows of these aggregates and what is kept beside them; return the events read.

    A rebuild that was stopped goes on where it was. Commands must rest
    meanwhile: a row that is not rebuilt yet is missing to them.
    """
    name = ",".join(sorted(model._meta.db_table for model in kinds))
    after, read = _resumed(name, kinds), 0
    with _collected_by_batch(), _beside() as carry_out:
        for streams in _read_ahead(after):
            rebuilt = _rebuilt(kinds, streams)
            carry_out(partial(_write, name, rebuilt, streams[-1].id))
            gc.collect(0)
            read += sum(len(stream.told) for stream in streams)
            progress(read)
    Replay.objects.filter(name=name).delete()
    return read


@contextmanager
def _beside() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Give a function that writes on a connection of its own, while the next batch is rebuilt.

    It waits for what it was given before, whose error it raises. Inside an open transaction it writes there.
    """
    if connection.in_atomic_block:
        yield lambda work: work()
        return
    with ThreadPoolExecutor(1) as writer:
        before: Future[None] = writer.submit(lambda: None)

        def carry_out(work: Callable[[], None]) -> None:
            nonlocal before
            before.result()
            before = writer.submit(work)

        try:
            yield carry_out
            before.result()
        finally:
            writer.submit(lambda: connection.close())


def _read_ahead(after: UUID) -> Iterator[list[History]]:
    """Yield the streams in batches; the next one is read, on a connection of its own, while one is rebuilt.

    Inside an open transaction they are read on its connection: no other sees what it wrote.
    """
    if connection.in_atomic_block:
        while streams := histories(after=after, most=AT_ONCE):
            yield streams
            after = streams[-1].id
        return
    with ThreadPoolExecutor(1) as reader:
        try:
            coming = reader.submit(histories, after=after, most=AT_ONCE)
            while streams := coming.result():
                coming = reader.submit(histories, after=streams[-1].id, most=AT_ONCE)
                yield streams
        finally:
            reader.submit(lambda: connection.close())


@contextmanager
def _collected_by_batch() -> Iterator[None]:
    """Keep the collector from walking the program and a batch again for every few events, most of the time it takes.

    Events and rows refer to nothing that refers to them, so they go as soon as they are let go.
    """
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _resumed(name: str, kinds: Models) -> UUID:
    """Return where to go on; at a new beginning, the rows are removed."""
    with transaction.atomic():
        progressed, new = Replay.objects.get_or_create(name=name, defaults={"after": FIRST})
        if new:
            for model in kinds:
                _empty(model)
    return progressed.after


def _empty(model: type[Aggregate]) -> None:
    """Remove the rows, and what is kept of them; other aggregates may keep rows in the same tables."""
    one(LET_GO)
    table = model._meta.db_table
    for kept in model.keeps:
        execute(f'DELETE FROM "{kept.model._meta.db_table}" WHERE "{kept.owner}" IN (SELECT id FROM "{table}")')  # noqa: S608
    execute(f'DELETE FROM "{table}"')  # noqa: S608 — our own name


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Rows of one kind, and what each of its kept tables holds for them."""

    model: type[Aggregate]
    rows: list[Aggregate]
    kept: list[list[models.Model]]


def _rebuilt(kinds: Models, streams: Sequence[History]) -> list[Rebuilt]:
    """Make the rows of these streams; each stream's events are let go before the next one's are read."""
    made = {model: Rebuilt(model, [], [[] for _ in model.keeps]) for model in kinds}
    whose = owners()
    for stream in streams:
        if (model := whose.get(stream.type)) not in made:
            continue
        events = stream.events()
        row = model.fold(stream.id, events)
        made[model].rows.append(row)
        for kept, beside in zip(model.keeps, made[model].kept, strict=True):
            beside.extend(kept.expected(row, Staging(stream, events)))
    return list(made.values())


def _write(name: str, rebuilt: Sequence[Rebuilt], reached: UUID) -> None:
    """Write a batch and note how far it came, in one transaction."""
    with transaction.atomic():
        one(LET_GO)
        for made in rebuilt:
            table_of(made.model).copy_in(made.rows)
            for kept, beside in zip(made.model.keeps, made.kept, strict=True):
                _write_kept(kept, [row.id for row in made.rows], beside)
        Replay.objects.filter(name=name).update(after=reached)


def _write_kept(kept: Kept, owners: list[UUID], made: list[models.Model]) -> None:
    """Write what is kept of these owners, in the place of what has no row."""
    table = rows_of(kept.model)
    execute(f'DELETE FROM "{table.table}" WHERE "{kept.owner}" = ANY(%s)', (owners,))  # noqa: S608 — our own names
    table.copy_in(made)
