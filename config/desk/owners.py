"""Whose a deadline is: the claim, month, entitlement or agreement by its name, with the way to its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse

from agreements.models import Agreement, Override
from claims.models.claim import Claim
from claims.models.entitlement import Entitlement
from claims.models.period import Period
from customers import queries as customers
from eventstore import Aggregate
from kernel import shown

OWNERS: Final[tuple[type[Aggregate], ...]] = (Claim, Entitlement, Period, Agreement, Override)


@dataclass(frozen=True, slots=True)
class Owner:
    """What a deadline belongs to, in words, and the address at which it is looked at."""

    name: str
    address: str


def owners(ids: Iterable[UUID]) -> dict[UUID, Owner]:
    """Name the owners of deadlines, each kind of them by one query; an unknown one is its events in the log."""
    wanted = set(ids)
    rows = [row for model in OWNERS for row in model._default_manager.filter(id__in=wanted)]
    names = customers.names_of({row.account for row in rows if isinstance(row, Claim | Entitlement | Override)})
    found = {row.id: Owner(_name(row, names), _address(row)) for row in rows}
    return {one: found.get(one) or Owner(str(one), _log(one)) for one in wanted}


def _name(row: Aggregate, names: dict[UUID, str]) -> str:
    match row:
        case Claim() | Entitlement():
            return f"{names.get(row.account, row.account)}, {shown.month(row.month)}"
        case Period():
            return f"{row.agreement}, {shown.month(row.month)}"
        case Override():
            return f"{row.agreement}, negotiated with {names.get(row.account, row.account)}"
        case _:
            return str(row)


def _address(row: Aggregate) -> str:
    """Give the row's own page at the desk; what was negotiated has none, and is read in the log."""
    if isinstance(row, Override):
        return _log(row.id)
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.id])


def _log(stream: UUID) -> str:
    return reverse("admin:eventstore_log_stream", args=[stream])
