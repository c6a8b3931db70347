"""Negotiated terms that are about to end: their accounts fall back to the agreement unless somebody renews them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agreements import overrides
from agreements.overrides import Negotiated
from claims.admin.claim_page import TimeLeft, time_left
from config.desk.negotiated_page import coming, page_of
from customers import queries as customers
from customers.negotiated import ending_of


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends for whom and when, and what is on its way, but not certain, to take its place."""

    name: str
    address: str
    agreement: str
    number: int
    until: datetime
    left: TimeLeft
    coming: str


def ending_soon(*, now: datetime) -> list[Ending]:
    """List the negotiated terms that end soon and that nothing is certain to follow, the first to end first."""
    found = list(_found(now))
    names = customers.names_of(one.account for one, _, _ in found)
    listed = [
        Ending(
            name=names.get(one.account, str(one.account)),
            address=page_of(one.agreement, one.account),
            agreement=one.agreement,
            number=number,
            until=until,
            left=time_left(until, missed=False, now=now),
            coming=coming(one.versions),
        )
        for one, number, until in found
    ]
    return sorted(listed, key=lambda one: (one.until, one.name, one.address))


def _found(now: datetime) -> Iterator[tuple[Negotiated, int, datetime]]:
    for one in overrides.everything_negotiated():
        version = ending_of(one.versions, now=now)
        if version is not None and version.until is not None:
            yield one, version.number, version.until
