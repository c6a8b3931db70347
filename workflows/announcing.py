"""A version on its way: its customers are mailed, its notice is settled, it takes effect (SEMANTICS 25, 26).

A version of an agreement concerns every account under it, one of negotiated terms its own account.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from agreements import commands, overrides, overriding, queries
from agreements.standing import Standing
from agreements.version import NegotiatedVersion, Version
from customers import queries as customers
from eventstore.retrying import patiently
from kernel.ids import derived
from notices import queries as outbox
from workflows.mails.versions import announcement_key, negotiated_key, send_negotiated, send_turn

CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an announcement reached by an instant: by our mail, or told otherwise."""

    reached: int
    not_reached: tuple[UUID, ...]


class Concern(Protocol):
    """Whose versions are on their way: an agreement's, or those that were negotiated with an account."""

    def versions(self) -> Sequence[Version]:
        """List them as they stand now."""

    def accounts(self) -> Iterator[Sequence[UUID]]:
        """Give the accounts that they concern, some at a time."""

    def key(self, number: int, account: UUID) -> UUID:
        """Name an announcement in the outbox."""

    def send(self, version: Version, accounts: Sequence[UUID], *, now: datetime) -> int:
        """Queue what these accounts have to be told of a version; tell how many have people to read it."""

    def note_mailed(self, version: Version, *, accounts: int, now: datetime) -> UUID | None:
        """Note how many were mailed."""

    def settle(self, version: Version, reach: Reach, *, now: datetime) -> UUID | None:
        """Settle whether an announcement went out in time."""

    def take_effect(self, *, now: datetime) -> UUID | None:
        """Record what has come into force and what has ended."""


@dataclass(frozen=True, slots=True)
class OfAgreement:
    """The versions of an agreement concern every account under it."""

    agreement: str

    def versions(self) -> Sequence[Version]:
        """List them as they stand now."""
        return queries.every_version(self.agreement)

    def accounts(self) -> Iterator[Sequence[UUID]]:
        """Give the accounts under the agreement."""
        for chunk in customers.accounts_under(self.agreement, chunk=CHUNK):
            yield [one.id for one in chunk]

    def key(self, number: int, account: UUID) -> UUID:
        """Name an announcement in the outbox."""
        return announcement_key(self.agreement, number, account)

    def send(self, version: Version, accounts: Sequence[UUID], *, now: datetime) -> int:
        """Queue what these accounts have to be told of a version."""
        return send_turn(self.agreement, version, accounts, now=now)

    def note_mailed(self, version: Version, *, accounts: int, now: datetime) -> UUID | None:
        """Note how many were mailed."""
        standing = version.standing
        return commands.note_mailed(self.agreement, version.number, standing=standing, accounts=accounts, now=now)

    def settle(self, version: Version, reach: Reach, *, now: datetime) -> UUID | None:
        """Settle whether an announcement went out in time."""
        missed: Collection[UUID] = reach.not_reached
        return commands.settle_notice(
            self.agreement, version.number, reached=reach.reached, not_reached=missed, now=now
        )

    def take_effect(self, *, now: datetime) -> UUID | None:
        """Record what has come into force."""
        return commands.take_effect(derived("agreement", self.agreement), now=now)


@dataclass(frozen=True, slots=True)
class OfAccount:
    """What was negotiated with an account concerns nobody else."""

    agreement: str
    account: UUID

    def versions(self) -> Sequence[Version]:
        """List them as they stand now."""
        return overrides.every_override(self.agreement, self.account)

    def accounts(self) -> Iterator[Sequence[UUID]]:
        """Give the one account."""
        yield [self.account]

    def key(self, number: int, account: UUID) -> UUID:
        """Name an announcement in the outbox."""
        return negotiated_key(self.agreement, number, account)

    def send(self, version: Version, accounts: Sequence[UUID], *, now: datetime) -> int:
        """Queue what the account has to be told of a version."""
        assert isinstance(version, NegotiatedVersion)  # noqa: S101 — it is one of `versions`
        return sum(send_negotiated(self.agreement, account, version, now=now) for account in accounts)

    def note_mailed(self, version: Version, *, accounts: int, now: datetime) -> UUID | None:
        """Note how many were mailed."""
        note = partial(overriding.note_override_mailed, self.agreement, self.account, version.number)
        return note(standing=version.standing, accounts=accounts, now=now)

    def settle(self, version: Version, reach: Reach, *, now: datetime) -> UUID | None:
        """Settle whether an announcement went out in time."""
        settle = partial(overriding.settle_override_notice, self.agreement, self.account, version.number)
        return settle(reached=reach.reached, not_reached=reach.not_reached, now=now)

    def take_effect(self, *, now: datetime) -> UUID | None:
        """Record what has come into force and what has ended."""
        stream = overrides.override_stream(self.agreement, self.account)
        return overriding.let_override_take_effect(stream, now=now)


def attend(agreement: str, *, now: datetime) -> None:
    """Do what is due for the versions of an agreement: mail, settle notices, let them take effect."""
    _attend(OfAgreement(agreement), now=now)


def attend_negotiated(agreement: str, account: UUID, *, now: datetime) -> None:
    """Do what is due for the versions that were negotiated with an account."""
    _attend(OfAccount(agreement, account), now=now)


def attend_stream(stream: UUID, *, now: datetime) -> None:
    """Do what is due for what a stream is about. Errors: NotFound."""
    negotiated = overrides.whose(stream)
    concern = OfAccount(*negotiated) if negotiated else OfAgreement(queries.name_of(stream))
    _attend(concern, now=now)


def _attend(concern: Concern, *, now: datetime) -> None:
    """Mail, settle, let take effect, and mail again who has to hear of what was settled.

    May run twice: mails are queued once each, and the commands decide again.
    """
    _mail(concern, now=now)
    for version in concern.versions():
        until = version.notice_until
        if version.standing == Standing.ANNOUNCED and until is not None and until <= now:
            patiently(partial(concern.settle, version, _reach(concern, version, by=until), now=now))
    patiently(partial(concern.take_effect, now=now))
    _mail(concern, now=now)


def _mail(concern: Concern, *, now: datetime) -> None:
    for version in concern.versions():
        if version.to_mail_since is not None:
            _mail_version(concern, version, now=now)


def _mail_version(concern: Concern, version: Version, *, now: datetime) -> None:
    mailed = sum(concern.send(version, chunk, now=now) for chunk in concern.accounts())
    patiently(partial(concern.note_mailed, version, accounts=mailed, now=now))


def mail_customers(agreement: str, version: Version, *, now: datetime) -> None:
    """Tell every account under the agreement how the version stands, some at a time."""
    _mail_version(OfAgreement(agreement), version, now=now)


def reach(agreement: str, version: Version, *, by: datetime) -> Reach:
    """Tell whom the announcement of an agreement's version reached by an instant."""
    return _reach(OfAgreement(agreement), version, by=by)


def reach_negotiated(agreement: str, account: UUID, version: Version, *, by: datetime) -> Reach:
    """Tell whether the announcement of negotiated terms reached their account by an instant."""
    return _reach(OfAccount(agreement, account), version, by=by)


def _reach(concern: Concern, version: Version, *, by: datetime) -> Reach:
    """Tell whom an announcement reached by an instant.

    A mail counts when a server took it for one of the account's people. An account to whose people
    nothing was queued, because it has none, finds the announcement on its pages. One that an
    operator told by other means counts from then.
    """
    otherwise = {told.account for told in version.told if told.told_at <= by}
    reached, missed = 0, []
    for chunk in concern.accounts():
        keys = {concern.key(version.number, account): account for account in chunk}
        for key, first in outbox.handed_over(keys).items():
            if keys[key] in otherwise or (first is not None and first <= by):
                reached += 1
            else:
                missed.append(keys[key])
    return Reach(reached, tuple(missed))
