"""The sweep: workers take due rows and wake their owners, each moment once in effect.

PostgreSQL is the truth. A batch is claimed with SKIP LOCKED and carried out in
one transaction; a batch in which anything goes wrong is rolled back and its
deadlines are carried out one by one, each in a transaction that appends before
it locks. A moment that its owner left standing is held back and tried later.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import transaction

from deadlines.registry import Wake, handler_of
from eventstore.raw import execute, written
from eventstore.retrying import concerns_everything, patiently

log = logging.getLogger(__name__)

# Each command in a batch is a subtransaction; beyond 64 of them PostgreSQL slows every snapshot down.
BATCH = 50
HOLDS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))

DUE = """
SELECT id, owner, kind, late_from, next_at FROM deadlines
WHERE greatest(next_at, held_until) <= %s
ORDER BY greatest(next_at, held_until), id LIMIT %s FOR UPDATE SKIP LOCKED
"""
HOLD = """
UPDATE deadlines d SET attempts = d.attempts + 1,
       held_until = %s + (%s::interval[])[least(d.attempts + 1, %s)]
FROM unnest(%s::uuid[], %s::timestamptz[]) AS taken (id, at)
WHERE d.id = taken.id AND d.next_at = taken.at AND (d.held_until IS NULL OR d.held_until <= %s)
"""


@dataclass(frozen=True, slots=True)
class Due:
    """One moment of one deadline that has come."""

    id: UUID
    owner: UUID
    kind: str
    late_from: datetime
    at: datetime

    @property
    def wake(self) -> Wake:
        """What its owner is told."""
        return Wake(self.owner, "due" if self.at >= self.late_from else "warning", self.at)


def sweep(*, now: datetime, most: int = BATCH) -> int:
    """Carry out one batch of what is due; return how many moments it took up, 0 at the end."""
    taken: list[Due] = []
    try:
        with transaction.atomic():
            taken = _take(now, most)
            _wake(taken, now)
            _hold(taken, now)
    except Exception as error:
        if concerns_everything(error) or not taken:
            raise
        log.info("a batch of %d deadlines is carried out one by one", len(taken), exc_info=True)
        for due in taken:
            _wake_alone(due, now)
    return len(taken)


def sweep_all(*, now: datetime) -> int:
    """Carry out everything that is due; return how many moments that was."""
    done = 0
    while taken := sweep(now=now):
        done += taken
    return done


def _take(now: datetime, most: int) -> list[Due]:
    return [Due(*row) for row in execute(DUE, (now, most))]


def _wake(taken: Sequence[Due], now: datetime) -> None:
    """Tell the owners, whose commands decide, in the order of their moments. Errors: UnknownKind."""
    for kind, its in groupby(taken, key=attrgetter("kind")):
        handler_of(kind)([due.wake for due in its], now)


def _wake_alone(due: Due, now: datetime) -> None:
    try:
        patiently(lambda: _woken(due, now))
    except Exception as error:
        if concerns_everything(error):
            raise
        log.exception("deadline %s of %s could not be carried out", due.kind, due.owner)
    _hold([due], now)


def _woken(due: Due, now: datetime) -> None:
    with transaction.atomic():
        _wake([due], now)


def _hold(taken: Sequence[Due], now: datetime) -> None:
    """Hold back the moments whose owners left them standing.

    A deadline that was met, moved or missed has another `next_at`, or is gone.
    """
    if taken:
        ids, moments = [due.id for due in taken], [due.at for due in taken]
        written(HOLD, (now, list(HOLDS), len(HOLDS), ids, moments, now))
