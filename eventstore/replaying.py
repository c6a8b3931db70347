"""Replay: the rows of aggregates rebuilt from the log, in batches that can be resumed, by a process for each core."""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Final
from uuid import UUID

from django.db import connection, connections, models, transaction

from eventstore.aggregate import Aggregate, Kept
from eventstore.catalogue import owners
from eventstore.letting_go import let_go, only_grows, require_owner
from eventstore.models import Replay
from eventstore.raw import execute, one
from eventstore.streams import FIRST, LAST, History, Staging, boundary, histories
from eventstore.tables import rows_of, table_of

AT_ONCE = 10_000
# It takes the time that it takes; every core has a process of ours already, so the server need not start more.
PATIENTLY: Final = """
SELECT set_config('statement_timeout', '0', true), set_config('max_parallel_workers_per_gather', '0', true)
"""
Models = Sequence[type[Aggregate]]
Progress = Callable[[int], None]
Span = tuple[UUID, UUID]
Work = Callable[[Span], int]


def replay(kinds: Models, progress: Progress = lambda _: None, *, anew: bool = False) -> int:
    """Rebuild the rows of these aggregates and what is kept beside them; return the events read.

    A rebuild that was stopped goes on where it was, unless it is begun `anew`. Commands must
    rest meanwhile: a row that is not rebuilt yet is missing to them; subscriptions rest by
    themselves. Errors: BrokenProcessPool where one of the processes was killed; OwnerNeeded.
    """
    require_owner(kinds)
    name = _name(kinds)
    (after, again), read = _resumed(name, kinds, anew=anew), 0
    with _processes() as carry_out:
        for reached, told in carry_out(partial(_rebuild, tuple(kinds), again), _spans(after)):
            Replay.objects.filter(name=name).update(after=reached)
            read += told
            progress(read)
    Replay.objects.filter(name__in=_within(kinds)).delete()
    return read


def stopped_since(kinds: Models) -> datetime | None:
    """Return when a rebuild of these was begun that was stopped, and would be gone on with."""
    found = Replay.objects.filter(name=_name(kinds)).first()
    return found.begun_at if found else None


def _name(kinds: Models) -> str:
    return ",".join(sorted(model._meta.db_table for model in kinds))


def _within(kinds: Models) -> list[str]:
    """Name the rebuilds that are done where these kinds are: their own, and those of some of them."""
    tables = {model._meta.db_table for model in kinds}
    return [name for name in Replay.objects.values_list("name", flat=True) if tables.issuperset(name.split(","))]


def _spans(after: UUID) -> Iterator[Span]:
    """Divide the streams that follow one into spans of about as many events; the last one has no end."""
    while (until := boundary(after=after, most=AT_ONCE)) is not None:
        yield after, until
        after = until
    yield after, LAST


@contextmanager
def _processes() -> Iterator[Callable[[Work, Iterator[Span]], Iterator[tuple[UUID, int]]]]:
    """Give a function that works off spans, some at a time, and tells of each in order where it ends and what it gave.

    Inside an open transaction that is done here: no other process sees what it wrote.
    """
    if connection.in_atomic_block:
        yield lambda work, spans: ((span[1], work(span)) for span in spans)
        return
    cores = os.cpu_count() or 1
    connections.close_all()  # a connection belongs to one process
    with ProcessPoolExecutor(cores, get_context("fork"), initializer=_begin) as pool:
        pool.submit(os.getpid).result()  # from here on they are there
        yield lambda work, spans: _in_order(pool, cores * 2, work, spans)


def _in_order(pool: ProcessPoolExecutor, most: int, work: Work, spans: Iterator[Span]) -> Iterator[tuple[UUID, int]]:
    """Keep so many spans in work; what is not begun when somebody stops is not begun any more."""
    waiting: deque[tuple[UUID, Future[int]]] = deque()
    try:
        for span in spans:
            waiting.append((span[1], pool.submit(work, span)))
            if len(waiting) >= most:
                reached, done = waiting.popleft()
                yield reached, done.result()
        while waiting:
            reached, done = waiting.popleft()
            yield reached, done.result()
    finally:
        for _, left in waiting:
            left.cancel()


def _begin() -> None:
    """Begin to rebuild.

    The collector is kept from walking the program and a batch again for every few events, most of the time it takes.
    """
    Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.disable()


def _end_with_parent() -> None:
    """End at once where whoever gives the work was killed: nobody else would tell, and a second replay may come."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _resumed(name: str, kinds: Models, *, anew: bool) -> tuple[UUID, bool]:
    """Return where to go on, and whether it is gone on with; at a new beginning, the rows are removed."""
    with transaction.atomic():
        one(PATIENTLY)
        if anew:
            Replay.objects.filter(name=name).delete()
        progressed, new = Replay.objects.get_or_create(name=name, defaults={"after": FIRST})
        if new:
            for model in kinds:
                _empty(model, (FIRST, LAST))
    return progressed.after, not new


def _empty(model: type[Aggregate], span: Span) -> None:
    """Remove the rows, and what is kept of them; other aggregates may keep rows in the same tables."""
    table = model._meta.db_table
    mine = f'"{table}" WHERE id > %s AND id <= %s'
    for kept in model.keeps:
        if only_grows(kept):
            continue
        execute(f'DELETE FROM "{kept.model._meta.db_table}" WHERE "{kept.owner}" IN (SELECT id FROM {mine})', span)  # noqa: S608
    execute(f"DELETE FROM {mine}", span)  # noqa: S608 — our own name


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Rows of one kind, and what each of its kept tables holds for them."""

    model: type[Aggregate]
    rows: list[Aggregate]
    kept: list[list[models.Model]]


def _rebuild(kinds: Models, again: bool, span: Span) -> int:  # noqa: FBT001 — what `partial` fills in
    """Rebuild the rows of these streams in one transaction; return the events read.

    Where a rebuild is gone on with, `again`, they may have been rebuilt before, and a command may have
    changed them since: they are removed first, so that what is read after that is all that happened to
    them. Events and rows refer to nothing that refers to them, so they go as soon as they are let go.
    """
    gc.collect(0)
    with transaction.atomic():
        one(PATIENTLY)
        for model in kinds if again else ():
            _empty(model, span)
        let_go(kinds, span)  # the rows are held by now: nobody adds to what is removed
        streams = histories(*span)
        for made in _rebuilt(kinds, streams):
            table_of(made.model).copy_in(made.rows)
            for kept, beside in zip(made.model.keeps, made.kept, strict=True):
                _write_kept(kept, [row.id for row in made.rows], beside)
    return sum(len(stream.shapes) for stream in streams)


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


def _write_kept(kept: Kept, owners: list[UUID], made: list[models.Model]) -> None:
    """Write what is kept of these owners, in the place of what has no row."""
    table = rows_of(kept.model)
    if not only_grows(kept):
        execute(f'DELETE FROM "{table.table}" WHERE "{kept.owner}" = ANY(%s)', (owners,))  # noqa: S608 — our own names
    table.copy_in(made)
