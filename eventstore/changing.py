"""Change: load, decide, record; leaving appends the events and saves the rows together."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from eventstore.actors import Actor
from eventstore.aggregate import Aggregate, Changed
from eventstore.appending import append, appending
from eventstore.errors import AlreadyExists, ConcurrencyConflict, NotFound
from eventstore.tables import table_of

A = TypeVar("A", bound=Aggregate)

SEEN: ContextVar[tuple[UUID, int] | None] = ContextVar("seen", default=None)


@contextmanager
def seen(stream: UUID, version: int) -> Iterator[None]:
    """Change this thing only as somebody saw it, for an edge whose person decided on a page.

    A command that was carried out before still gives its first outcome. Errors, from `change`:
    ConcurrencyConflict where the thing is at another version by now.
    """
    token = SEEN.set((stream, version))
    try:
        yield
    finally:
        SEEN.reset(token)


def _require_seen(row: Aggregate) -> None:
    stream, version = SEEN.get() or (row.id, row.version)
    if stream == row.id and version != row.version:
        raise ConcurrencyConflict(stream, expected=version, actual=row.version)


@contextmanager
def change(model: type[A], stream: UUID, *, by: Actor, now: datetime) -> Iterator[A]:
    """Load the thing; what is recorded on it inside is appended and saved in one transaction.

    Errors: NotFound; ConcurrencyConflict where another writer was faster.
    """
    with transaction.atomic(savepoint=False):
        row = table_of(model).load(stream)
        if row is None:
            raise NotFound(f"There is no such {model._meta.verbose_name}.")
        _require_seen(row)
        before = row.version
        row.open(now=now)
        yield row
        _write_one(row, before, by)


@contextmanager
def begin(model: type[A], stream: UUID, *, by: Actor, now: datetime) -> Iterator[A]:
    """Begin a thing that does not exist yet. Errors: AlreadyExists where it does."""
    with transaction.atomic(savepoint=False):
        row = model.unborn(stream)
        row.open(now=now)
        yield row
        _write_one(row, 0, by)


def _write_one(row: Aggregate, before: int, by: Actor) -> None:
    staged = row.take_staged()
    if not staged:
        return
    table = table_of(type(row))
    appending(staged, by=by, write=lambda call: table.append_and_save(call, row, before=before))
    for kept in row.outgrown():
        kept.write([Changed(row, before, staged)])


@dataclass
class Batch:
    """Many things changed at once; written by one append, COPY for new rows, one pipeline."""

    by: Actor
    now: datetime
    opened: dict[UUID, tuple[Aggregate, int]] = field(default_factory=dict)

    def begin(self, model: type[A], stream: UUID) -> A:
        """Begin a thing that does not exist yet. Errors: AlreadyExists where this batch has it."""
        if stream in self.opened:
            raise AlreadyExists(stream, expected=0, actual=self.opened[stream][0].version)
        return self._open(model.unborn(stream))

    def load(self, model: type[A], streams: Iterable[UUID]) -> dict[UUID, A]:
        """Load the things that exist of these; what this batch has open already is given as it is."""
        wanted = list(dict.fromkeys(streams))
        fresh = table_of(model).load_many([stream for stream in wanted if stream not in self.opened])
        found = {row.id: self._open(row) for row in fresh}
        again = {stream: self.opened[stream][0] for stream in wanted if stream in self.opened}
        return found | {stream: row for stream, row in again.items() if isinstance(row, model)}

    def _open(self, row: A) -> A:
        row.open(now=self.now)
        self.opened[row.id] = (row, row.version)
        return row

    def write(self) -> None:
        """Append everything recorded and save the rows."""
        rows = self.opened.values()
        changed = [Changed(row, before, staged) for row, before in rows if (staged := row.take_staged())]
        if not changed:
            return
        append([staged for one in changed for staged in one.events], by=self.by)
        for model in dict.fromkeys(type(one.row) for one in changed):
            _write_rows(model, [one for one in changed if type(one.row) is model])


def _write_rows(model: type[Aggregate], changed: Sequence[Changed]) -> None:
    table = table_of(model)
    if born := [one.row for one in changed if not one.before]:
        table.copy_in(born)
    if grown := [(one.row, one.before) for one in changed if one.before]:
        table.update_many(grown)
    outgrown = [(one, one.row.outgrown()) for one in changed]
    for kept in model.keeps:
        if theirs := [one for one, tables in outgrown if kept in tables]:
            kept.write(theirs)


@contextmanager
def changes(*, by: Actor, now: datetime) -> Iterator[Batch]:
    """Change many things in one transaction; keep it short, a few thousand at the most.

    Errors: ConcurrencyConflict names the first thing that another writer changed.
    """
    with transaction.atomic(savepoint=False):
        batch = Batch(by, now)
        yield batch
        batch.write()
