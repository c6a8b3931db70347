"""Prepared statements on Django's own connection, past the ORM.

Django's cursor binds on the client and never prepares; on the path that every
command takes, that costs a quarter to half of the rate (docs/performance.md).
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connections

Row = tuple[Any, ...]


def psycopg_connection(alias: str = "default") -> "psycopg.Connection[Row]":
    """Return psycopg's connection under Django's, opened where it was closed."""
    wrapper = connections[alias]
    wrapper.ensure_connection()
    raw = wrapper.connection
    return getattr(raw, "_connection", raw)


def execute(statement: str, parameters: Sequence[object] = ()) -> "psycopg.Cursor[Row]":
    """Run one statement, prepared on the server, inside whatever transaction is open.

    Errors: Django's database errors, as from its own cursor.
    """
    wrapper = connections["default"]
    wrapper.ensure_connection()
    with wrapper.wrap_database_errors:
        cursor = psycopg.Cursor(wrapper.connection)
        return cursor.execute(statement, parameters, prepare=True)  # type: ignore[arg-type]
