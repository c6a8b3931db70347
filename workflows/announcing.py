"""A version on its way: its customers are mailed, its notice is settled, it takes effect (SEMANTICS 25)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from agreements import commands, queries
from agreements.models import Version
from agreements.standing import Standing
from customers import queries as customers
from eventstore.retrying import patiently
from kernel.ids import derived
from notices import queries as outbox
from workflows.mails.versions import announcement_key, send_turn

CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an announcement reached by an instant: by our mail, or told otherwise."""

    reached: int
    not_reached: tuple[UUID, ...]


def attend(agreement: str, *, now: datetime) -> None:
    """Do what is due for the versions of an agreement: mail, settle notices, let them take effect.

    May run twice: mails are queued once each, and the commands decide again.
    """
    for version in queries.every_version(agreement):
        if version.to_mail_since is not None:
            mail_customers(agreement, version, now=now)
    for version in queries.every_version(agreement):
        until = version.notice_until
        if version.standing == Standing.ANNOUNCED and until is not None and until <= now:
            _settle(agreement, version, until, now=now)
    patiently(partial(commands.take_effect, derived("agreement", agreement), now=now))
    for version in queries.every_version(agreement):
        if version.to_mail_since is not None:
            mail_customers(agreement, version, now=now)


def mail_customers(agreement: str, version: Version, *, now: datetime) -> None:
    """Tell every account under the agreement how the version stands, some at a time."""
    mailed = 0
    for chunk in _accounts(agreement):
        mailed += send_turn(agreement, version, chunk, now=now)
    patiently(
        partial(commands.note_mailed, agreement, version.number, standing=version.standing, accounts=mailed, now=now)
    )


def reach(agreement: str, version: Version, *, by: datetime) -> Reach:
    """Tell whom the announcement reached by an instant.

    A mail counts when a server took it for one of the account's people. An account to whose people
    nothing was queued, because it has none, finds the announcement on its pages. One that an
    operator told by other means counts from then.
    """
    otherwise = {told.account for told in version.told if told.told_at <= by}
    reached, missed = 0, []
    for chunk in _accounts(agreement):
        keys = {announcement_key(agreement, version.number, account): account for account in chunk}
        sent = outbox.handed_over(keys)
        for key, first in sent.items():
            if keys[key] in otherwise or (first is not None and first <= by):
                reached += 1
            else:
                missed.append(keys[key])
    return Reach(reached, tuple(missed))


def _settle(agreement: str, version: Version, until: datetime, *, now: datetime) -> None:
    found = reach(agreement, version, by=until)
    settle = partial(
        commands.settle_notice,
        agreement,
        version.number,
        reached=found.reached,
        not_reached=found.not_reached,
        now=now,
    )
    patiently(settle)


def _accounts(agreement: str) -> Iterator[list[UUID]]:
    for chunk in customers.accounts_under(agreement, chunk=CHUNK):
        yield [one.id for one in chunk]
