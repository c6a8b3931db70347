"""What may happen to a version on its way, whether of an agreement or of negotiated terms: decide and record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from agreements import rules
from agreements.errors import NotAnnounced, ReasonMissing, ToldInTheFuture
from agreements.events import (
    AccountTold,
    CustomersMailed,
    NoticeFailed,
    NoticeGiven,
    OverrideEnded,
    VersionAnnounced,
    VersionTookEffect,
    VersionWithdrawn,
)
from agreements.standing import Standing
from agreements.terms import Terms
from agreements.version import Version
from agreements.versioned import Versioned

OVER = (Standing.WITHDRAWN, Standing.LAPSED)


def announce(
    row: Versioned, version: Version, *, terms: Terms, governing: Terms, now: datetime, mend: str = rules.LATER
) -> None:
    """Announce a draft, if it may begin when it says and there is time for the notice of the governing terms."""
    others = [one for one in row.versions if one.number != version.number]
    rules.require_announceable(version, others=others)
    rules.require_start(terms, version.in_force_from, others=others, now=now)
    until = rules.require_notice(governing, version.in_force_from, now=now, mend=mend)
    row.record(VersionAnnounced(number=version.number, notice_until=until, announced_at=now))
    if until == version.in_force_from:  # no notice is asked for: nothing has to be waited for
        row.record(NoticeGiven(number=version.number, accounts=0, settled_at=now))


def note_mailed(row: Versioned, version: Version, *, standing: Standing, accounts: int) -> None:
    """Note that so many accounts are mailed that the version stands like this; noted once."""
    if version.to_mail_since is not None and (version.standing in OVER) == (standing in OVER):
        row.record(CustomersMailed(number=version.number, accounts=accounts))


def require_telling(*, told_at: datetime, how: str, now: datetime) -> None:
    """Refuse to note that somebody was told otherwise without how, or before it was so."""
    if not how.strip():
        raise ReasonMissing("Say how the account was told.")
    if told_at > now:
        raise ToldInTheFuture


def note_told(row: Versioned, version: Version, account: UUID, *, told_at: datetime, how: str) -> None:
    """Note that an account was told of an announced version by other means."""
    if version.standing != Standing.ANNOUNCED:
        raise NotAnnounced
    row.record(AccountTold(number=version.number, account=account, told_at=told_at, how=how))


def settle_notice(
    row: Versioned, version: Version, *, reached: int, not_reached: Collection[UUID], now: datetime
) -> None:
    """Settle whether an announcement went out in time; nothing before its last instant, or where it is settled."""
    until = version.notice_until
    if version.standing != Standing.ANNOUNCED or until is None or until > now:
        return
    if not_reached:
        missed = NoticeFailed(number=version.number, not_reached=tuple(sorted(not_reached)), settled_at=now)
        row.record(missed, occurred_at=until)
    else:
        row.record(NoticeGiven(number=version.number, accounts=reached, settled_at=now), occurred_at=until)


def withdraw(row: Versioned, version: Version, *, reason: str, now: datetime) -> None:
    """Take a version back that is not in force."""
    rules.require_withdrawable(version, now=now)
    withdrawn = VersionWithdrawn(
        number=version.number, was_announced=version.was_told, reason=reason.strip(), withdrawn_at=now
    )
    row.record(withdrawn)


def take_effect(row: Versioned, *, now: datetime) -> None:
    """Record what has come into force and what has ended, each at its own instant; nothing is decided here."""
    for turn in rules.in_turn(row.versions, now=now):
        match turn:
            case rules.Begins(number, superseded, at):
                row.record(VersionTookEffect(number=number, superseded=superseded), occurred_at=at)
            case rules.Ends(number, at):
                row.record(OverrideEnded(number=number), occurred_at=at)
