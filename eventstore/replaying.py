"""Replay: the rows of aggregates rebuilt from the log, in batches that can be resumed."""

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, models, transaction

from eventstore.aggregate import Aggregate, Kept
from eventstore.catalogue import owners
from eventstore.models import Replay
from eventstore.raw import execute, one
from eventstore.streams import FIRST, History, Staging, histories
from eventstore.tables import rows_of, table_of

AT_ONCE = 10_000
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
    with _only_new_garbage():
        for streams in _read_ahead(after):
            _rebuild(name, kinds, streams)
            read += sum(len(stream.told) for stream in streams)
            progress(read)
    Replay.objects.filter(name=name).delete()
    return read


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
def _only_new_garbage() -> Iterator[None]:
    """Keep the collector from walking the whole program again for every few streams, half of the time it takes."""
    gc.freeze()
    try:
        yield
    finally:
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


def _rebuild(name: str, kinds: Models, streams: Sequence[History]) -> None:
    """Rebuild a batch and note how far it came, in one transaction."""
    whose = owners()
    with transaction.atomic():
        one(LET_GO)
        for model in kinds:
            _write(model, [stream for stream in streams if whose.get(stream.type) is model])
        Replay.objects.filter(name=name).update(after=streams[-1].id)


def _write(model: type[Aggregate], streams: Sequence[History]) -> None:
    """Write the rows of these streams; each stream's events are let go before the next one's are read."""
    rows: list[Aggregate] = []
    beside: list[list[models.Model]] = [[] for _ in model.keeps]
    for stream in streams:
        events = stream.events()
        row = model.fold(stream.id, events)
        rows.append(row)
        for kept, made in zip(model.keeps, beside, strict=True):
            made.extend(kept.expected(row, Staging(stream, events)))
    table_of(model).copy_in(rows)
    for kept, made in zip(model.keeps, beside, strict=True):
        _write_kept(kept, [row.id for row in rows], made)


def _write_kept(kept: Kept, owners: list[UUID], made: list[models.Model]) -> None:
    """Write what is kept of these owners, in the place of what has no row."""
    table = rows_of(kept.model)
    execute(f'DELETE FROM "{table.table}" WHERE "{kept.owner}" = ANY(%s)', (owners,))  # noqa: S608 — our own names
    table.copy_in(made)
