"""Storing checks: plain rows, added once, in short transactions."""

from __future__ import annotations

from django.db import connection, transaction
from psycopg import Cursor

from eventstore.raw import psycopg_connection

_STAGED = """
CREATE TEMPORARY TABLE staged_checks (
    monitor uuid, checked_at timestamptz, probe text, status smallint, response_ms integer, reported_up boolean
)
"""
_COPIED = "COPY staged_checks FROM STDIN"
_ADDED = """
INSERT INTO checks (monitor, checked_at, probe, status, response_ms, reported_up)
SELECT * FROM staged_checks ON CONFLICT DO NOTHING
"""


def store_checks(lines: str | bytes) -> int:
    r"""Add checks that are not known yet, and tell how many those were.

    A line is the columns of a check in COPY's text form: monitor's id, instant with its offset,
    probe, status, milliseconds or \N, and what the source concluded: t, f or \N. One transaction of
    its own: give some ten thousand lines at once.
    """
    with transaction.atomic(), connection.wrap_database_errors, Cursor(psycopg_connection()) as cursor:
        cursor.execute(_STAGED)
        with cursor.copy(_COPIED) as copy:
            copy.write(lines)
        added = cursor.execute(_ADDED).rowcount
        cursor.execute("DROP TABLE staged_checks")
        return added
