"""Timers: what an aggregate's row asks to be woken for, kept beside it in the same transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from deadlines.models import Deadline
from eventstore.aggregate import Aggregate, Changed, made_of
from eventstore.appending import Staged
from eventstore.raw import written
from kernel.ids import derived


@dataclass(frozen=True, slots=True)
class Timer:
    """One deadline of a thing.

    `due_at` is what people are shown, `late_from` the first instant that is
    late, `warnings` the instants before it at which the owner still wants to
    be told. All are aware.
    """

    kind: str
    due_at: datetime
    late_from: datetime
    warnings: tuple[datetime, ...] = ()

    @property
    def next_at(self) -> datetime:
        """The next instant that needs attention."""
        return min((*self.warnings, self.late_from))


# Rows that stay as they are are not touched: whoever holds one in a sweep need not be waited for.
WRITE = """
WITH wanted AS (
    SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[],
                         %s::timestamptz[]) AS t (id, owner, kind, due_at, late_from, next_at)
), gone AS (
    DELETE FROM deadlines d WHERE d.owner = ANY(%s) AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.id = d.id)
)
INSERT INTO deadlines (id, owner, kind, due_at, late_from, next_at)
SELECT w.* FROM wanted w WHERE NOT EXISTS (
    SELECT 1 FROM deadlines d
    WHERE d.id = w.id AND (d.due_at, d.late_from, d.next_at) = (w.due_at, w.late_from, w.next_at))
ON CONFLICT (id) DO UPDATE
SET due_at = excluded.due_at, late_from = excluded.late_from, next_at = excluded.next_at,
    taken_at = NULL, held_until = NULL, attempts = 0
"""


class Timers:
    """The deadlines of an aggregate, as a pure function of its row."""

    model: ClassVar[type[models.Model]] = Deadline
    owner: ClassVar[str] = "owner"
    compared: ClassVar[tuple[str, ...]] = ("owner", "kind", "due_at", "late_from", "next_at")

    def __init__(self, of: Callable[[Any], Iterable[Timer]]) -> None:
        self.of = of

    def sketch(self, row: Aggregate) -> object:
        """Return what the row asks for, so that what it leaves as it is need not be written."""
        return list(self.of(row))

    def write(self, changed: Sequence[Changed]) -> None:
        """Insert, move and remove the timers of the changed rows, in one statement."""
        wanted = [row for one in changed for row in self._rows(one.row)]
        grown = [one.row.id for one in changed if one.before]
        if not wanted and not grown:
            return
        values = [[getattr(row, name) for row in wanted] for name in ("id", *self.compared)]
        written(WRITE, [*values, grown])

    def expected(self, row: Aggregate, _events: Sequence[Staged]) -> list[models.Model]:
        """Return the rows that the aggregate's row asks for."""
        return list(self._rows(row))

    def _rows(self, row: Aggregate) -> list[Deadline]:
        return [made_of(Deadline, _columns(row.id, timer), adding=True) for timer in self.of(row)]


def _columns(owner: UUID, timer: Timer) -> dict[str, Any]:
    return {
        "id": derived("deadline", owner, timer.kind),
        "owner": owner,
        "kind": timer.kind,
        "due_at": timer.due_at,
        "late_from": timer.late_from,
        "next_at": timer.next_at,
        "taken_at": None,
        "held_until": None,
        "attempts": 0,
    }
