"""Verification: every hash, every seal, and every row against the fold of its events."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import models

from eventstore.aggregate import Aggregate, Kept
from eventstore.appending import Staged
from eventstore.catalogue import aggregates, owners
from eventstore.chains import Difference, check_chain, check_commands, check_seals
from eventstore.errors import UnreadableEvent
from eventstore.raw import execute
from eventstore.streams import Stream, snapshot, walk
from eventstore.tables import table_of

AT_ONCE = 1_000
Progress = Callable[[int], None]
Folded = tuple[Aggregate, list[Staged]]


def verify(progress: Progress = lambda _: None) -> Iterator[Difference]:
    """Yield every difference, as of one instant; `progress` hears how many events are done."""
    with snapshot():
        for part in _parts(progress):
            for stream in part:
                yield from check_chain(stream)
            yield from _check_rows(part)
        yield from _check_strangers()
        yield from check_commands()
        yield from check_seals()


def verify_log(progress: Progress = lambda _: None) -> Iterator[Difference]:
    """Yield the differences within the log alone: hashes, versions, positions, seals."""
    with snapshot():
        for part in _parts(progress):
            for stream in part:
                yield from check_chain(stream)
        yield from check_commands()
        yield from check_seals()


def _parts(progress: Progress) -> Iterator[list[Stream]]:
    streams, done = walk(), 0
    while part := list(islice(streams, AT_ONCE)):
        yield part
        done += sum(len(stream.rows) for stream in part)
        progress(done)


def _check_rows(part: Sequence[Stream]) -> Iterator[Difference]:
    whose = owners()
    mine: dict[type[Aggregate], list[Stream]] = {}
    for stream in part:
        if stream.type in whose:
            mine.setdefault(whose[stream.type], []).append(stream)
        else:
            yield Difference(f"stream {stream.id}", f"no aggregate knows an event named {stream.type!r}")
    for model, streams in mine.items():
        folded: list[Folded] = []
        for stream in streams:
            try:
                folded.append(_fold(model, stream))
            except UnreadableEvent as error:
                yield Difference(f"stream {stream.id}", str(error))
        yield from _check_folded(model, folded)


def _fold(model: type[Aggregate], stream: Stream) -> Folded:
    events = stream.events()
    return model.fold(stream.id, events), stream.staged(events)


def _check_folded(model: type[Aggregate], folded: Sequence[Folded]) -> Iterator[Difference]:
    stored = {row.id: row for row in table_of(model).load_many([row.id for row, _ in folded])}
    names = [field.attname for field in model._meta.concrete_fields]
    for row, _ in folded:
        yield from _compare(model, row, stored.get(row.id), names)
    for kept in model.keeps:
        yield from _check_kept(kept, folded)


def _compare(
    model: type[models.Model], expected: models.Model, stored: models.Model | None, names: Iterable[str]
) -> Iterator[Difference]:
    where = f"{model._meta.db_table} {expected.pk}"
    if stored is None:
        yield Difference(where, "the row is missing")
        return
    for name in names:
        said, is_ = getattr(expected, name), getattr(stored, name)
        if said != is_:
            yield Difference(where, f"{name} is {is_!r}, its history says {said!r}")


def _check_kept(kept: Kept, folded: Sequence[Folded]) -> Iterator[Difference]:
    streams = [row.id for row, _ in folded]
    found = kept.model._default_manager.filter(**{f"{kept.owner}__in": streams})
    stored: dict[Any, models.Model] = {row.pk: row for row in found}
    for row, events in folded:
        for expected in kept.expected(row, events):
            yield from _compare(kept.model, expected, stored.pop(expected.pk, None), kept.compared)
    for left in stored.values():
        yield Difference(f"{kept.model._meta.db_table} {left.pk}", "the row has no event behind it")


def _check_strangers() -> Iterator[Difference]:
    """Find rows of things that the log has never heard of."""
    tables = {(model._meta.db_table, "id") for model in aggregates()}
    for model in aggregates():
        tables |= {(kept.model._meta.db_table, _column(kept)) for kept in model.keeps}
    for table, column in sorted(tables):
        rows = execute(
            f'SELECT DISTINCT t."{column}" FROM "{table}" t WHERE NOT EXISTS'  # noqa: S608 — our own names
            f' (SELECT 1 FROM events e WHERE e.stream = t."{column}") ORDER BY 1 LIMIT 10'
        )
        for (stream,) in rows:
            yield Difference(f"{table} {stream}", "the row has no event behind it")


def _column(kept: Kept) -> str:
    field = kept.model._meta.get_field(kept.owner)
    assert isinstance(field, models.Field)  # noqa: S101 — a column of its own, no relation
    return str(field.column)
