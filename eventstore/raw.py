"""Prepared statements on Django's own connection, past the ORM.

Django's cursor binds on the client and never prepares; on the path that every
command takes, that costs a quarter to half of the rate (docs/performance.md).
Results come in binary: Django reads instants from text, in Python.
"""

import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from threading import local
from typing import Any, Final

import psycopg
from django.db import connections

Row = tuple[Any, ...]
Cursor = psycopg.RawCursor[Row]

# Psycopg prepares nothing while its threshold is None, which is what Django sets;
# with one that is never reached it prepares what asks for it, and Django's cursors stay as they are.
ONLY_WHEN_ASKED: Final = sys.maxsize


class _Cursors(local):
    """A cursor for each statement of this thread: it remembers how to write the parameters."""

    def __init__(self) -> None:
        self.of: dict[str, Cursor] = {}


_cursors = _Cursors()


def psycopg_connection() -> "psycopg.Connection[Row]":
    """Return psycopg's connection under Django's, opened where it was closed.

    Errors: TransactionManagementError in a transaction that can only be rolled back.
    """
    wrapper: Any = connections["default"]
    if wrapper.needs_rollback:
        wrapper.validate_no_broken_transaction()
    if wrapper.connection is None or not wrapper.health_check_done:
        wrapper.close_if_health_check_failed()
        wrapper.ensure_connection()
    raw: psycopg.Connection[Row] = wrapper.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = ONLY_WHEN_ASKED
    return raw


def execute(statement: str, parameters: Sequence[object] = ()) -> Cursor:
    """Run one statement, prepared on the server, inside whatever transaction is open.

    Errors: Django's database errors, as from its own cursor.
    """
    cursor = psycopg.RawCursor(psycopg_connection())
    with connections["default"].wrap_database_errors:
        return cursor.execute(numbered(statement), parameters, prepare=True, binary=True)


def one(statement: str, parameters: Sequence[object] = ()) -> Row | None:
    """Run one statement and return its first row, or None; quicker than `execute`."""
    return _again(statement, parameters).fetchone()


def written(statement: str, parameters: Sequence[object] = ()) -> int:
    """Run one statement and return how many rows it wrote; quicker than `execute`."""
    return _again(statement, parameters).rowcount


def _again(statement: str, parameters: Sequence[object]) -> Cursor:
    raw = psycopg_connection()
    cursor = _cursors.of.get(statement)
    if cursor is None or cursor.connection is not raw:
        cursor = _cursors.of[statement] = psycopg.RawCursor(raw)
    with connections["default"].wrap_database_errors:
        return cursor.execute(numbered(statement), parameters, prepare=True, binary=True)


@lru_cache(maxsize=1_000)
def numbered(statement: str) -> str:
    """Number the places of a statement as the server wants them, once; psycopg would do so each time."""
    numbers = count(1)
    return re.sub(r"%(.)", lambda place: "%" if place[1] == "%" else f"${next(numbers)}", statement)
