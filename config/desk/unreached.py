"""Announced versions whose mails do not arrive, while there is still time to tell their customers otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agreements import queries as agreements
from agreements.models import Version
from agreements.standing import Standing
from customers import queries as customers
from kernel.ids import derived
from notices import kinds
from notices import queries as notices
from workflows.mails.versions import announcement_key


@dataclass(frozen=True, slots=True)
class Unreached:
    """An announced version, how many accounts it does not reach, and until when they can be told."""

    stream: UUID
    agreement: str
    version: int
    accounts: int
    until: datetime


def unreached(*, now: datetime) -> Iterator[Unreached]:
    """Give the announced versions whose notice runs and whose mails reach nobody of some account.

    The accounts are only gone through where a mail fails at all. Those that an operator told otherwise
    are told.
    """
    failing = notices.not_arriving(kinds.VersionAnnounced.kind, now=now)
    if not failing:
        return
    for listed in agreements.current():
        for version in agreements.every_version(listed.name):
            until = version.notice_until
            if version.standing == Standing.ANNOUNCED and until is not None and until > now:
                missing = _missing(listed.name, version, failing)
                if missing:
                    yield Unreached(derived("agreement", listed.name), listed.name, version.number, missing, until)


def _missing(agreement: str, version: Version, failing: frozenset[UUID]) -> int:
    told = {one.account for one in version.told}
    accounts = (one.id for chunk in customers.accounts_under(agreement) for one in chunk)
    return sum(announcement_key(agreement, version.number, one) in failing for one in accounts if one not in told)
