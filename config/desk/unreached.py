"""Announced versions whose mails do not arrive, while there is still time to tell their customers otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agreements import overrides
from agreements import queries as agreements
from agreements.models import Version
from agreements.standing import Standing
from customers import queries as customers
from kernel.ids import derived
from notices import kinds
from notices import queries as notices
from workflows.mails.versions import announcement_key, negotiated_key


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
            until = _runs_until(version, now)
            missing = _missing(listed.name, version, failing) if until else 0
            if until and missing:
                yield Unreached(derived("agreement", listed.name), listed.name, version.number, missing, until)


def _runs_until(version: Version, now: datetime) -> datetime | None:
    """Tell until when an announced version's notice runs; None where none does."""
    until = version.notice_until
    return until if version.standing == Standing.ANNOUNCED and until is not None and until > now else None


def _missing(agreement: str, version: Version, failing: frozenset[UUID]) -> int:
    told = {one.account for one in version.told}
    accounts = (one.id for chunk in customers.accounts_under(agreement) for one in chunk)
    return sum(announcement_key(agreement, version.number, one) in failing for one in accounts if one not in told)


@dataclass(frozen=True, slots=True)
class UnreachedAccount:
    """An announced version of negotiated terms that does not reach its account, and until when it can be told."""

    agreement: str
    account: UUID
    version: int
    until: datetime


def unreached_accounts(*, now: datetime) -> Iterator[UnreachedAccount]:
    """Give the announced negotiated terms whose notice runs and whose mails do not reach their account."""
    failing = notices.not_arriving(kinds.TermsNegotiated.kind, now=now)
    if not failing:
        return
    for negotiated in overrides.everything_negotiated():
        for version in negotiated.versions:
            until = _runs_until(version, now)
            key = negotiated_key(negotiated.agreement, version.number, negotiated.account)
            if until and not version.told and key in failing:
                yield UnreachedAccount(negotiated.agreement, negotiated.account, version.number, until)
