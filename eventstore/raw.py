"""Prepared statements on Django's own connection, past the ORM and past cursors.

Django's cursor binds on the client and never prepares, and any cursor's own work for a short statement takes as long as
the server's; on the path that every command takes, that costs a quarter to half of the rate (docs/performance.md).
Results come in binary: Django reads instants from text, in Python.
"""

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from secrets import token_hex
from threading import local
from typing import Any, Final

import psycopg
from django.db import connections
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

Row = tuple[Any, ...]
FORGOTTEN: Final = b"26000"  # invalid_sql_statement_name


class Prepared:
    """A statement on one connection; it remembers how to write and read its values.

    Django lets psycopg prepare nothing, and so psycopg never deallocates what is prepared here. Who waits for the
    server is not interrupted by a signal, only by the server's time limits.

    A server may forget what was prepared (DISCARD ALL, a pooler that passes us to another). Then it is prepared again,
    where this statement is the first of its transaction; later in one, the transaction is lost and the next one works.
    """

    def __init__(self, raw: "psycopg.Connection[Row]", statement: str) -> None:
        self.raw, self.server = raw, raw.pgconn
        self.text = numbered(statement).encode()
        self.values = Transformer(raw)
        self.names: dict[tuple[int, ...], bytes] = {}

    def run(self, parameters: Sequence[object]) -> PGresult:
        """Run it inside whatever transaction is open. Errors: psycopg's."""
        written: Any = self.values.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        if not self.raw.autocommit and self.server.transaction_status == TransactionStatus.IDLE:
            self._done(self.server.exec_(b"BEGIN"))
            begun = True
        else:
            begun = False
        types = self.values.types or ()
        name = self.names.get(types) or self._prepare(types)
        result = self.server.exec_prepared(name, written, self.values.formats, Format.BINARY)
        if result.status in _FINE:
            return result
        self._recover(result, begun=begun)
        return self._done(self.server.exec_prepared(self._prepare(types), written, self.values.formats, Format.BINARY))

    def rows(self, result: PGresult) -> list[Row]:
        """Read what came."""
        self.values.set_pgresult(result)
        return self.values.load_rows(0, result.ntuples, tuple)

    def _recover(self, result: PGresult, *, begun: bool) -> None:
        """Make ready to prepare and run it again, if the server forgot it and nothing is lost by that; else raise."""
        if result.error_field(DiagnosticField.SQLSTATE) != FORGOTTEN:
            self._done(result)
        for one in _statements.prepared.values():
            one.names.clear()
        if begun:
            self._done(self.server.exec_(b"ROLLBACK"))
            self._done(self.server.exec_(b"BEGIN"))
        elif self.server.transaction_status != TransactionStatus.IDLE:
            self._done(result)

    def _prepare(self, types: tuple[int, ...]) -> bytes:
        name = b"makegood_%s_%d_%d" % (_ORIGIN, os.getpid(), next(_numbers))
        self._done(self.server.prepare(name, self.text, types))
        self.names[types] = name
        return name

    def _done(self, result: PGresult) -> PGresult:
        if result.status in _FINE:
            return result
        if self.server.status == ConnStatus.BAD:
            raise psycopg.OperationalError(self.server.get_error_message())
        raise error_from_result(result)


class _Statements(local):
    """This thread's connection, as Django keeps it, and what it has prepared there, by the statement's text."""

    def __init__(self) -> None:
        self.wrapper: Any = connections["default"]
        self.prepared: dict[str, Prepared] = {}


_statements, _numbers = _Statements(), count(1)
# Behind a pooler sessions are shared: no process, on no machine, may find another's statement under its own name.
_ORIGIN: Final = token_hex(4).encode()
_FINE: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


def savepoints() -> tuple[str, ...]:
    """Return the open savepoints of this thread's transaction."""
    return tuple(one for one in _statements.wrapper.savepoint_ids if one)


def psycopg_connection() -> "psycopg.Connection[Row]":
    """Return psycopg's connection under Django's, opened where it was closed.

    Errors: TransactionManagementError in a transaction that can only be rolled back.
    """
    return _connected(_statements.wrapper)


def execute(statement: str, parameters: Sequence[object] = ()) -> list[Row]:
    """Run one statement inside whatever transaction is open, and return its rows.

    Errors: Django's database errors, as from its own cursor.
    """
    prepared, result = _run(statement, parameters)
    return prepared.rows(result)


def one(statement: str, parameters: Sequence[object] = ()) -> Row | None:
    """Run one statement and return its first row, or None. Errors: as `execute`."""
    rows = execute(statement, parameters)
    return rows[0] if rows else None


def written(statement: str, parameters: Sequence[object] = ()) -> int:
    """Run one statement and return how many rows it wrote. Errors: as `execute`."""
    return _run(statement, parameters)[1].command_tuples or 0


def types_of(statement: str) -> list[int]:
    """Run one statement and return the types of its columns, as PostgreSQL numbers them. Errors: as `execute`."""
    result = _run(statement, ())[1]
    return [result.ftype(column) for column in range(result.nfields)]


def _run(statement: str, parameters: Sequence[object]) -> tuple[Prepared, PGresult]:
    wrapper = _statements.wrapper
    raw = _connected(wrapper)
    known = _statements.prepared.get(statement)
    if known is None or known.raw is not raw:
        known = _statements.prepared[statement] = Prepared(raw, statement)
    try:
        return known, known.run(parameters)
    except psycopg.Error:
        with wrapper.wrap_database_errors:
            raise


def _connected(wrapper: Any) -> "psycopg.Connection[Row]":
    if wrapper.needs_rollback:
        wrapper.validate_no_broken_transaction()
    if wrapper.connection is None or not wrapper.health_check_done:
        wrapper.close_if_health_check_failed()
        wrapper.ensure_connection()
    raw: psycopg.Connection[Row] = wrapper.connection
    return raw


@lru_cache(maxsize=1_000)
def numbered(statement: str) -> str:
    """Number the places of a statement as the server wants them."""
    numbers = count(1)
    return re.sub(r"%(.)", lambda place: "%" if place[1] == "%" else f"${next(numbers)}", statement)
