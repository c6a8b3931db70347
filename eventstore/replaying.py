"""Replay: the rows of aggregates rebuilt from the log, in batches that can be resumed."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import models, transaction

from eventstore.aggregate import Aggregate, Kept
from eventstore.catalogue import owners
from eventstore.models import Replay
from eventstore.raw import execute, one
from eventstore.streams import FIRST, History, Staging, histories
from eventstore.tables import Table, table_of

AT_ONCE = 5_000
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
        while streams := _rebuild(name, kinds, after):
            after = streams[-1].id
            read += sum(len(stream.told) for stream in streams)
            progress(read)
    Replay.objects.filter(name=name).delete()
    return read


@contextmanager
def _only_new_garbage() -> Iterator[None]:
    """Keep the collector from walking the whole program again for every few streams, half of the time it takes."""
    gc.collect()
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
                execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 — our own name
    return progressed.after


def _rebuild(name: str, kinds: Models, after: UUID) -> list[History]:
    """Rebuild the next batch and note how far it came, in one transaction."""
    with transaction.atomic():
        streams = histories(after=after, most=AT_ONCE)
        if streams:
            # A table that only grows lets its rows be removed by a replay alone.
            one("SELECT set_config('makegood.replaying', 'on', true)")
            whose = owners()
            for model in kinds:
                _write(model, [stream for stream in streams if whose.get(stream.type) is model])
            Replay.objects.filter(name=name).update(after=streams[-1].id)
    return streams


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
    """Write what is kept of these owners; another aggregate may keep rows in the same table."""
    table = Table(kept.model)
    execute(f'DELETE FROM "{table.table}" WHERE "{kept.owner}" = ANY(%s)', (owners,))  # noqa: S608 — our own names
    table.copy_in(made)
