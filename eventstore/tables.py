"""Rows of aggregates, read and written by prepared statements or COPY."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import psycopg
from django.db import connection, models
from django_fsm import FSMField
from psycopg import sql

from eventstore.aggregate import Aggregate, made_of
from eventstore.appending import CALL, Parameters
from eventstore.errors import RowBehindLog
from eventstore.fields import EventJSONField, FractionField, MoneyField, MonthField
from eventstore.raw import execute, one, psycopg_connection, types_of, written

M = TypeVar("M", bound=models.Model)
A = TypeVar("A", bound=Aggregate)
Field = models.Field[Any, Any]
Convert = Callable[[Any], Any]

# Fields whose values psycopg takes as they stand.
PLAIN: Final = frozenset(
    {
        models.BigIntegerField,
        models.BooleanField,
        models.CharField,
        models.DateField,
        models.IntegerField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.SmallIntegerField,
        models.TextField,
        models.UUIDField,
        FSMField,
    }
)
OURS: Final = (EventJSONField, FractionField, MoneyField, MonthField)


class Table(Generic[M]):
    """One model's table, its statements written out once."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self.fields: list[Field] = list(model._meta.concrete_fields)
        self.names = [field.attname for field in self.fields]
        self.readers = [(name, read) for field in self.fields if (name := field.attname) and (read := _reader(field))]
        self._written = _writing(self.fields)
        key = model._meta.pk
        assert key is not None  # noqa: S101 — every model has one
        self.table, self.key = model._meta.db_table, key.column
        quoted = self._columns(self.fields)
        self.select = f'SELECT {quoted} FROM "{self.table}" WHERE "{self.key}" '  # noqa: S608
        self.select_one, self.select_many = self.select + "= %s", self.select + "= ANY(%s)"
        self.insert_one = f'INSERT INTO "{self.table}" ({quoted}) VALUES ({_marks(self.fields)})'  # noqa: S608
        self.copy = f'COPY "{self.table}" ({quoted}) FROM STDIN (FORMAT BINARY)'
        self.types: list[int] = []

    @staticmethod
    def _columns(fields: Iterable[Field]) -> str:
        return ", ".join(f'"{field.column}"' for field in fields)

    def _read(self, values: Sequence[Any]) -> M:
        named = dict(zip(self.names, values, strict=True))
        for name, read in self.readers:
            named[name] = read(named[name])
        return made_of(self.model, named)

    def load(self, key: UUID) -> M | None:
        """Return one row, or None."""
        found = one(self.select_one, (key,))
        return None if found is None else self._read(found)

    def load_many(self, keys: Sequence[UUID]) -> list[M]:
        """Return the rows that exist of these, in no order."""
        return [self._read(found) for found in execute(self.select_many, (list(keys),))]

    def insert(self, row: M) -> None:
        """Write one new row."""
        written(self.insert_one, self._written(row))

    def copy_in(self, rows: Iterable[M]) -> None:
        """Write new rows by COPY."""
        if not self.types:
            self.types = types_of(self.select + "IS NULL")
        cursor = psycopg.Cursor(psycopg_connection())
        with connection.wrap_database_errors, cursor.copy(self.copy) as copy:
            copy.set_types(self.types)
            for row in rows:
                copy.write_row(self._written(row))


class AggregateTable(Table[A]):
    """An aggregate's table; a row is saved by the statement that appends its events.

    An update must meet the version that the log continued from. The append
    comes first in each statement, so that it is what finds a conflict.
    """

    def __init__(self, model: type[A]) -> None:
        super().__init__(model)
        others = [field for field in self.fields if field.attname not in ("id", "version")]
        self._others = _writing(others)
        assigned = ", ".join(f'"{field.column}" = %s' for field in others)
        self.append_and_insert = (
            f'INSERT INTO "{self.table}" ("version", "id", {self._columns(others)})'  # noqa: S608
            f" VALUES ((SELECT {CALL}), %s, {_marks(others)})"
        )
        update = f'UPDATE "{self.table}" SET {assigned}, "version" = %s WHERE "id" = %s AND "version" = '  # noqa: S608
        self.append_and_update = f"{update}(SELECT {CALL}) - %s"
        self.update_one = f"{update}%s"

    def append_and_save(self, call: Parameters, row: A, *, before: int) -> None:
        """Append a row's events and write it, in one statement.

        Errors: those of the append; RowBehindLog where the row is not at version `before`.
        """
        if before == 0:
            written(self.append_and_insert, (*call, row.id, *self._others(row)))
            return
        values = (*self._others(row), row.version, row.id, *call, row.version - before)
        if written(self.append_and_update, values) != 1:
            raise RowBehindLog

    def update_many(self, rows: Sequence[tuple[A, int]]) -> None:
        """Save many changed rows in one pipeline. Errors: RowBehindLog."""
        cursor = psycopg.Cursor(psycopg_connection())
        with connection.wrap_database_errors:
            cursor.executemany(
                sql.SQL(self.update_one),
                [[*self._others(row), row.version, row.id, before] for row, before in rows],
            )
        if cursor.rowcount != len(rows):
            raise RowBehindLog


@cache
def table_of(model: type[A]) -> AggregateTable[A]:
    """Return the aggregate's table."""
    return AggregateTable(model)


@cache
def rows_of(model: type[M]) -> Table[M]:
    """Return any model's table."""
    return Table(model)


def load(model: type[M], key: UUID) -> M | None:
    """Return one row by its key, or None; for what is asked for again and again."""
    return rows_of(model).load(key)


def _marks(fields: Sequence[Field]) -> str:
    return ", ".join(["%s"] * len(fields))


def _reader(field: Field) -> Convert | None:
    convert = getattr(field, "from_db_value", None)
    return None if convert is None else lambda value: convert(value, None, connection)


def _writing(fields: Sequence[Field]) -> Callable[[models.Model], list[Any]]:
    """Return what gives the values of these fields as psycopg takes them; what is none of a kind is NULL of it."""
    taken = itemgetter(*[field.attname for field in fields])
    writers = [(place, write) for place, field in enumerate(fields) if (write := _writer(field))]

    def written(row: models.Model) -> list[Any]:
        values = list(taken(row.__dict__))
        for place, write in writers:
            if values[place] is not None:
                values[place] = write(values[place])
        return values

    return written


def _writer(field: Field) -> Convert | None:
    if type(field) in PLAIN:
        return None
    if type(field) is models.DateTimeField:
        return _aware
    if isinstance(field, OURS):
        return field.get_prep_value
    return lambda value: field.get_db_prep_save(value, connection)


def _aware(instant: datetime) -> datetime:
    """Refuse an instant without a zone, which PostgreSQL would take for one of the session's."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone")
    return instant
