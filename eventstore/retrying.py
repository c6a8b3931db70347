"""What to do when others were faster, and how to tell a failure from a database that is away."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import DatabaseError, Error, InterfaceError, connection

from eventstore.errors import BegunTooEarly, ConcurrencyConflict, ForeignCluster, Rebuilding

T = TypeVar("T")

CONFLICT_ATTEMPTS: Final = 50
FRESH_ATTEMPTS: Final = 20
RACES: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock: nothing was decided
ENDED: Final = ("08", "57P", "53300", "25006")  # by SQLSTATE: connection, shutdown, too many, no longer primary


def patiently(work: Callable[[], T], *, attempts: int = CONFLICT_ATTEMPTS) -> T:
    """Run work again, in a fresh transaction and after a jitter, while others are faster."""
    return _again(work, attempts, lost_a_race)


def freshly(work: Callable[[], T]) -> T:
    """Run work again where only its transaction was too old, or met another in a deadlock.

    A conflict is not such a case: who decided on what they saw must look again.
    """
    return _again(work, FRESH_ATTEMPTS, lambda error: isinstance(error, BegunTooEarly) or _raced(error))


def lost_a_race(error: BaseException) -> bool:
    """Tell whether the same work may succeed in a fresh transaction."""
    return isinstance(error, ConcurrencyConflict) or _raced(error)


def is_away(error: BaseException) -> bool:
    """Tell whether the database is away, so that whatever was being done is not at fault."""
    if not isinstance(error, Error):
        return False
    if isinstance(error, InterfaceError) or _sqlstate(error).startswith(ENDED):
        return True
    raw = connection.connection
    return raw is None or bool(raw.closed)


def concerns_everything(error: BaseException) -> bool:
    """Tell whether nothing is wrong with what was being done: the database is away, rebuilt, or another's."""
    return isinstance(error, ForeignCluster | Rebuilding) or is_away(error)


def _again(work: Callable[[], T], attempts: int, again: Callable[[BaseException], bool]) -> T:
    for _ in range(attempts - 1):
        try:
            return work()
        except (ConcurrencyConflict, DatabaseError) as error:
            if not again(error):
                raise
        time.sleep(random.uniform(0.001, 0.02))  # noqa: S311 — jitter, not a secret
    return work()


def _raced(error: BaseException) -> bool:
    return isinstance(error, DatabaseError) and _sqlstate(error) in RACES


def _sqlstate(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
