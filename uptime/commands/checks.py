r"""Storing checks: plain rows, added once, in short transactions.

A line is the columns of a check in COPY's text form: monitor's id, instant with its offset, probe,
status, milliseconds or \N, and what the source concluded: t, f or \N. Give some ten thousand lines
at once: each call is a transaction of its own.
"""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from psycopg import Cursor

from eventstore.raw import psycopg_connection

_COLUMNS = "(monitor, checked_at, probe, status, response_ms, reported_up)"
_STAGED = """
CREATE TEMPORARY TABLE staged_checks (
    monitor uuid, checked_at timestamptz, probe text, status smallint, response_ms integer, reported_up boolean
)
"""
_ADDED = f"INSERT INTO checks {_COLUMNS} SELECT * FROM staged_checks ON CONFLICT DO NOTHING"  # noqa: S608 — our columns


def store_new_checks(lines: str | bytes) -> int:
    """Add checks that are most likely all new, which is faster; tell how many were.

    Where one of them is known, none is copied and all go the way of `store_checks`.
    """
    try:
        with transaction.atomic():
            return _copied(f"checks {_COLUMNS}", lines)
    except IntegrityError:
        return store_checks(lines)


def store_checks(lines: str | bytes) -> int:
    """Add those checks that are not known yet, and tell how many that were."""
    with transaction.atomic(), connection.wrap_database_errors, Cursor(psycopg_connection()) as cursor:
        cursor.execute(_STAGED)
        _copied("staged_checks", lines)
        added = cursor.execute(_ADDED).rowcount
        cursor.execute("DROP TABLE staged_checks")
        return added


def _copied(table: str, lines: str | bytes) -> int:
    with connection.wrap_database_errors, Cursor(psycopg_connection()) as cursor:
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write(lines)
        return cursor.rowcount
