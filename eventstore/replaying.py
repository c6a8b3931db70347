"""Replay: the rows of aggregates rebuilt from the log, in batches that can be resumed."""

from collections.abc import Callable, Sequence
from itertools import islice
from uuid import UUID

from django.db import transaction

from eventstore.aggregate import Aggregate, Kept
from eventstore.appending import Staged
from eventstore.catalogue import owners
from eventstore.models import Replay
from eventstore.raw import execute
from eventstore.streams import FIRST, Stream, walk
from eventstore.tables import Table, table_of

AT_ONCE = 2_000
Models = Sequence[type[Aggregate]]
Progress = Callable[[int], None]


def replay(models: Models, progress: Progress = lambda _: None) -> int:
    """Rebuild the rows of these aggregates and what is kept beside them; return the events read.

    A rebuild that was stopped goes on where it was. Commands must rest
    meanwhile: a row that is not rebuilt yet is missing to them.
    """
    name = ",".join(sorted(model._meta.db_table for model in models))
    progressed, new = Replay.objects.get_or_create(name=name, defaults={"after": FIRST})
    if new:
        _empty(models)
    after, read = progressed.after, 0
    while True:
        with transaction.atomic():
            part = list(islice(walk(after=after), AT_ONCE))
            if not part:
                break
            _rebuild(models, part)
            after = part[-1].id
            _reached(name, after)
        read += sum(len(stream.rows) for stream in part)
        progress(read)
    progressed.delete()
    return read


def _empty(models: Models) -> None:
    with transaction.atomic():
        # Tables that refuse to lose a row let a replay empty them.
        execute("SET LOCAL makegood.replaying = 'on'")
        for model in models:
            for table in (model, *(kept.model for kept in model.keeps)):
                execute(f'DELETE FROM "{table._meta.db_table}"')  # noqa: S608 — our own name


def _reached(name: str, after: UUID) -> None:
    Replay.objects.filter(name=name).update(after=after)


def _rebuild(models: Models, part: Sequence[Stream]) -> None:
    whose = owners()
    for model in models:
        mine = [(stream.id, stream.staged()) for stream in part if whose.get(stream.type) is model]
        rows = [model.fold(stream, (one.event for one in events)) for stream, events in mine]
        table_of(model).copy_in(rows)
        for kept in model.keeps:
            _rebuild_kept(kept, rows, [events for _, events in mine])


def _rebuild_kept(kept: Kept, rows: Sequence[Aggregate], histories: Sequence[list[Staged]]) -> None:
    pairs = zip(rows, histories, strict=True)
    Table(kept.model).copy_in(one for row, events in pairs for one in kept.expected(row, events))
