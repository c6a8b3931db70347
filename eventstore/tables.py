"""Rows of aggregates, read and written by prepared statements or COPY."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from django.db import connection, models
from psycopg import sql

from eventstore.aggregate import Aggregate
from eventstore.errors import RowBehindLog
from eventstore.raw import execute, psycopg_connection

M = TypeVar("M", bound=models.Model)
A = TypeVar("A", bound=Aggregate)


class Table(Generic[M]):
    """One model's table, its statements written out once."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self.fields = list(model._meta.concrete_fields)
        self.names = [field.attname for field in self.fields]
        self.converters = [self._converter(field) for field in self.fields]
        quoted = ", ".join(f'"{field.column}"' for field in self.fields)
        marks = ", ".join(["%s"] * len(self.fields))
        key = model._meta.pk
        assert key is not None  # noqa: S101 — every model has one
        self.table = model._meta.db_table
        self.key = key.column
        self.select = f'SELECT {quoted} FROM "{self.table}" WHERE "{self.key}" '  # noqa: S608
        self.insert_one = f'INSERT INTO "{self.table}" ({quoted}) VALUES ({marks})'  # noqa: S608
        self.copy = f'COPY "{self.table}" ({quoted}) FROM STDIN'
        self.others = [field for field in self.fields if not field.primary_key]
        assigned = ", ".join(f'"{field.column}" = %s' for field in self.others)
        self.update_one = f'UPDATE "{self.table}" SET {assigned} WHERE "{self.key}" = %s'  # noqa: S608

    @staticmethod
    def _converter(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
        convert = getattr(field, "from_db_value", None)
        return None if convert is None else lambda value: convert(value, None, connection)

    def _made(self, values: Sequence[Any]) -> M:
        read = [
            value if convert is None else convert(value) for value, convert in zip(values, self.converters, strict=True)
        ]
        return self.model.from_db("default", self.names, read)

    def _written(self, row: M, fields: Sequence["models.Field[Any, Any]"]) -> list[Any]:
        return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]

    def load(self, key: UUID) -> M | None:
        """Return one row, or None."""
        found = execute(self.select + "= %s", (key,)).fetchone()
        return None if found is None else self._made(found)

    def load_many(self, keys: Sequence[UUID]) -> list[M]:
        """Return the rows that exist of these, in no order."""
        return [self._made(one) for one in execute(self.select + "= ANY(%s)", (list(keys),))]

    def insert(self, row: M) -> None:
        """Write one new row."""
        execute(self.insert_one, self._written(row, self.fields))

    def copy_in(self, rows: Iterable[M]) -> None:
        """Write new rows by COPY."""
        cursor = psycopg.Cursor(psycopg_connection())
        with connection.wrap_database_errors, cursor.copy(self.copy) as copy:
            for row in rows:
                copy.write_row(self._written(row, self.fields))


class AggregateTable(Table[A]):
    """An aggregate's table; an update must meet the version that the log continued from."""

    def update(self, row: A, *, before: int) -> None:
        """Save a changed row. Errors: RowBehindLog where the row is not at version `before`."""
        cursor = execute(self.update_one + " AND version = %s", self._update_values(row, before))
        if cursor.rowcount != 1:
            raise RowBehindLog

    def update_many(self, rows: Sequence[tuple[A, int]]) -> None:
        """Save many changed rows in one pipeline. Errors: RowBehindLog."""
        cursor = psycopg.Cursor(psycopg_connection())
        with connection.wrap_database_errors:
            cursor.executemany(
                sql.SQL(self.update_one + " AND version = %s"),
                [self._update_values(row, before) for row, before in rows],
            )
        if cursor.rowcount != len(rows):
            raise RowBehindLog

    def _update_values(self, row: A, before: int) -> list[Any]:
        return [*self._written(row, self.others), row.id, before]


@cache
def table_of(model: type[A]) -> AggregateTable[A]:
    """Return the aggregate's table."""
    return AggregateTable(model)
