"""What customers and operators are told about a new version: it comes, it does not, it was announced too late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from agreements import queries
from agreements.differences import Difference
from agreements.events import NoticeFailed
from agreements.models import Version
from agreements.queries import PublishedTerms, terms_version
from agreements.standing import Standing
from customers import queries as customers
from eventstore import Recorded
from kernel import shown
from kernel.dates import date_at
from kernel.ids import derived
from notices import kinds
from notices.commands import gathered
from workflows.mails.addressing import Letter, link, send_to_operators

Write = Callable[[Letter], kinds.Notice]

PAGE: Final = "versions/"
NAMED: Final = 10
LATE: Final = "The announcement did not reach every customer in the time that the agreement asks for."


def announcement_key(agreement: str, number: int, account: UUID) -> UUID:
    """Name the announcement of a version to an account in the outbox."""
    return derived("notice", kinds.VersionAnnounced.kind, agreement, number, account)


def send_turn(agreement: str, version: Version, accounts: Sequence[UUID], *, now: datetime) -> int:
    """Queue what these accounts have to be told of the version; tell how many have people to read it."""
    is_over = version.standing in (Standing.WITHDRAWN, Standing.LAPSED)
    write = _withdrawal(agreement, version) if is_over else _announcement(agreement, version)
    present = queries.predecessor(agreement, version.number) or version
    with transaction.atomic(), gathered():
        letters = [Letter(account, present.number, now) for account in accounts]
        return sum(_send(letter, write, agreement, version.number) for letter in letters)


def _send(letter: Letter, write: Write, agreement: str, number: int) -> bool:
    if not customers.members_of(letter.account_id):
        return False
    letter.send(write(letter), agreement, number, letter.account_id)
    return True


def _announcement(agreement: str, version: Version) -> Write:
    """Compare the version with the one it replaces, once for many mails."""
    new, before = terms_version(agreement, version.number), queries.predecessor(agreement, version.number)
    old = new if before is None else terms_version(agreement, before.number)
    changes = tuple(_change(one) for one in queries.changes_of(agreement, version.number))

    def write(letter: Letter) -> kinds.VersionAnnounced:
        return kinds.VersionAnnounced(
            **letter.to_customer(PAGE),
            agreement=version.title,
            version=str(version.number),
            begins_on=_day(version.in_force_from, new),
            begins_at=shown.instant(version.in_force_from, new.terms.zone),
            clause=old.terms.clause("changes"),
            changes=changes,
        )

    return write


def _change(one: Difference) -> kinds.Change:
    return kinds.Change(clause=one.clause, what=one.what, old=one.old or "", new=one.new or "", sentence=one.sentence)


def _withdrawal(agreement: str, version: Version) -> Write:
    begins_on = _day(version.in_force_from, terms_version(agreement, version.number))

    def write(letter: Letter) -> kinds.VersionWithdrawn:
        return kinds.VersionWithdrawn(
            **letter.to_customer(PAGE),
            agreement=version.title,
            version=str(version.number),
            begins_on=begins_on,
            reason=version.withdrawn_because or LATE,
        )

    return write


def _day(at: datetime, published: PublishedTerms) -> str:
    """Name the date of an instant in the agreement's zone: 1 February 2027."""
    day = date_at(at, published.terms.zone)
    return f"{day.day} {shown.MONTHS[day.month - 1]} {day.year}"


def notice_failed(event: NoticeFailed, recorded: Recorded, now: datetime) -> None:
    """A version does not take effect because its announcement went out too late."""
    agreement = queries.name_of(recorded.stream)
    version, terms = queries.version(agreement, event.number), terms_version(agreement, event.number)
    names = customers.names_of(event.not_reached[:NAMED])
    count = len(event.not_reached)
    notice = kinds.OperatorNoticeFailed(
        provider=version.title,
        link=link(f"/admin/agreements/agreement/{recorded.stream}/change/"),
        version=str(event.number),
        begins_on=_day(version.in_force_from, terms),
        notice_until=shown.instant(version.notice_until or recorded.occurred_at, terms.terms.zone),
        count=f"{count:,} accounts" if count != 1 else "1 account",
        accounts=tuple(names.get(one, str(one)) for one in event.not_reached[:NAMED]),
    )
    send_to_operators(notice, recorded.stream, recorded.version, now=now)
