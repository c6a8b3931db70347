"""Rows that are only ever added: a replay lets them go by the login that owns their table, nobody else can."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from eventstore.aggregate import Aggregate, Kept

OWNED: Final = "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = %s::regclass"
LET_GO: Final = "SELECT set_config('makegood.replaying', 'on', true)"


class OwnerNeeded(RuntimeError):
    """Rows that are only ever added are removed by the login that owns their table, and by no other."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"the login of DATABASE_OWNER_URL does not own the table {table}, whose rows are only ever added: "
            "set it to the address of the login that does, as for prepare_database. Nothing was changed"
        )


def only_grows(kept: Kept) -> bool:
    """Whether the application's login may add to the table, and remove nothing."""
    return getattr(kept, "only_grows", False)


def require_owner(kinds: Sequence[type[Aggregate]]) -> None:
    """Refuse to begin what could not be gone on with. Errors: OwnerNeeded."""
    for kept in _that_only_grow(kinds):
        table = kept.model._meta.db_table
        with connections["owner"].cursor() as cursor:
            cursor.execute(OWNED, [table])
            owned = cursor.fetchone()
        if not owned or not owned[0]:
            raise OwnerNeeded(table)


def let_go(kinds: Sequence[type[Aggregate]], span: tuple[UUID, UUID]) -> None:
    """Remove what such tables hold of the streams after the first of these and up to the second.

    It is done once this returns, whatever becomes of the caller's transaction: a replay that ends
    here goes on with these streams. One kind of aggregate alone keeps rows in such a table.
    """
    for kept in _that_only_grow(kinds):
        table, owner = kept.model._meta.db_table, kept.owner
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(LET_GO)
            cursor.execute(f'DELETE FROM "{table}" WHERE "{owner}" > %s AND "{owner}" <= %s', span)  # noqa: S608


def _that_only_grow(kinds: Sequence[type[Aggregate]]) -> Iterator[Kept]:
    return (kept for model in kinds for kept in model.keeps if only_grows(kept))
