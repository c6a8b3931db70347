"""The sweep: workers take due rows and wake their owners, each moment once in effect.

PostgreSQL is the truth. A batch is marked as taken, which is committed before the work, and
carried out in one transaction. A batch in which anything goes wrong is rolled back and its
deadlines are carried out one by one, each in a transaction that appends before it locks; so are
those of a batch that never came back, because its worker was killed. Whatever is carried out
alone counts as tried before it begins and is held back: what its owner left standing, and what
kills its worker, is tried again later and later, and is shown.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import Error, transaction

from deadlines.registry import Wake, handler_of
from eventstore.raw import execute, written
from eventstore.retrying import concerns_everything, patiently

log = logging.getLogger(__name__)

# Each command in a batch is a subtransaction; beyond 64 of them PostgreSQL slows every snapshot down.
BATCH = 50
HOLDS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))

# From when a batch was marked until its rows are locked: after this long its worker was killed meanwhile.
LOST_AFTER = timedelta(seconds=10)

TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM deadlines WHERE next_at <= %s AND attempts = 0 AND taken_at IS NULL
    ORDER BY next_at, id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE deadlines d SET taken_at = %s FROM due WHERE d.id = due.id RETURNING d.id
"""
# What was moved since, or was tried alone by another worker, is theirs. It waits: a sweep that looks at a row locks it.
LOCK = """
SELECT id, owner, kind, late_from, next_at FROM deadlines
WHERE id = ANY(%s) AND taken_at = %s AND next_at <= %s ORDER BY next_at, id FOR UPDATE
"""
TAKE_ONE = """
WITH due AS MATERIALIZED (
    SELECT id FROM deadlines
    WHERE greatest(next_at, held_until) <= %s AND (attempts > 0 OR taken_at IS NOT NULL)
          AND (taken_at IS NULL OR taken_at <= %s)
    ORDER BY greatest(next_at, held_until), id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE deadlines d SET taken_at = NULL, attempts = d.attempts + 1,
       held_until = %s + (%s::interval[])[least(d.attempts + 1, %s)]
FROM due WHERE d.id = due.id RETURNING d.id, d.owner, d.kind, d.late_from, d.next_at
"""
HOLD = """
UPDATE deadlines d SET taken_at = NULL, attempts = d.attempts + 1,
       held_until = %s + (%s::interval[])[least(d.attempts + 1, %s)]
FROM unnest(%s::uuid[], %s::timestamptz[]) AS taken (id, at)
WHERE d.id = taken.id AND d.next_at = taken.at AND d.taken_at = %s
"""

GIVE_BACK = """
UPDATE deadlines SET taken_at = NULL, held_until = NULL, attempts = greatest(attempts - 1, 0)
WHERE id = ANY(%s) AND (taken_at = %s OR held_until = %s + (%s::interval[])[least(attempts, %s)])
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
    """Carry out one batch of what is due, or one that was tried before; return how many it took up, 0 at the end."""
    if taken := [row[0] for row in execute(TAKE, (now, most, now))]:
        carry_out(taken, now)
        return len(taken)
    tried = [Due(*row) for row in execute(TAKE_ONE, (now, now - LOST_AFTER, now, list(HOLDS), len(HOLDS)))]
    for due in tried:
        _wake_alone(due, now)
    return len(tried)


def sweep_all(*, now: datetime) -> int:
    """Carry out everything that is due; return how many moments that was."""
    done = 0
    while taken := sweep(now=now):
        done += taken
    return done


def carry_out(taken: Sequence[UUID], now: datetime) -> None:
    """Wake the owners of a batch that was marked at `now`: together, or one by one where that fails."""
    locked: list[Due] = []
    try:
        with transaction.atomic():
            locked = [Due(*row) for row in execute(LOCK, (list(taken), now, now))]
            _wake(locked, now)
            _hold(locked, now)
    except Exception as error:
        if concerns_everything(error):
            _give_back(taken, now)
        if concerns_everything(error) or not locked:
            raise
        log.info("a batch of %d deadlines is carried out one by one", len(locked), exc_info=True)
        for due in locked:
            if _hold([due], now):
                _wake_alone(due, now)


def _wake(taken: Sequence[Due], now: datetime) -> None:
    """Tell the owners, whose commands decide, in the order of their moments. Errors: UnknownKind."""
    for kind, its in groupby(taken, key=attrgetter("kind")):
        handler_of(kind)([due.wake for due in its], now)


def _wake_alone(due: Due, now: datetime) -> None:
    """Wake the owner of a deadline that counts as tried already."""
    try:
        patiently(lambda: _woken(due, now))
    except Exception as error:
        if concerns_everything(error):
            _give_back([due.id], now)
            raise
        log.exception("deadline %s of %s could not be carried out", due.kind, due.owner)


def _woken(due: Due, now: datetime) -> None:
    with transaction.atomic():
        _wake([due], now)


def _hold(taken: Sequence[Due], now: datetime) -> int:
    """Count as tried, and hold back, those of a batch that stand as they were taken; return how many.

    A deadline that was met, moved or missed has another `next_at`, or is gone.
    """
    if not taken:
        return 0
    ids, moments = [due.id for due in taken], [due.at for due in taken]
    return written(HOLD, (now, list(HOLDS), len(HOLDS), ids, moments, now))


def _give_back(taken: Sequence[UUID], now: datetime) -> None:
    """Leave as they were those that were taken at `now`; where the database is away, their time runs out."""
    with suppress(Error):
        written(GIVE_BACK, (list(taken), now, now, list(HOLDS), len(HOLDS)))
