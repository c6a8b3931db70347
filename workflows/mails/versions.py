"""What customers and operators are told about new terms: they come, they do not, they were announced too late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from agreements import overrides, queries
from agreements.differences import Difference
from agreements.events import NoticeFailed
from agreements.queries import PublishedTerms, terms_version
from agreements.standing import Standing
from agreements.version import NegotiatedVersion, Version
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
PROMISES: Final = "promises/"
OVER: Final = (Standing.WITHDRAWN, Standing.LAPSED)
NAMED: Final = 10
LATE: Final = "The announcement did not reach every customer in the time that the agreement asks for."


def announcement_key(agreement: str, number: int, account: UUID) -> UUID:
    """Name the announcement of a version to an account in the outbox."""
    return derived("notice", kinds.VersionAnnounced.kind, agreement, number, account)


def negotiated_key(agreement: str, number: int, account: UUID) -> UUID:
    """Name the announcement of negotiated terms to their account in the outbox."""
    return derived("notice", kinds.TermsNegotiated.kind, agreement, number, account)


def send_turn(agreement: str, version: Version, accounts: Sequence[UUID], *, now: datetime) -> int:
    """Queue what these accounts have to be told of the version; tell how many have people to read it."""
    write = _withdrawal(agreement, version) if version.standing in OVER else _announcement(agreement, version)
    present = queries.predecessor(agreement, version.number) or version
    with transaction.atomic(), gathered():
        letters = [Letter(account, present.number, now) for account in accounts]
        return sum(_send(letter, write, agreement, version.number) for letter in letters)


def send_negotiated(agreement: str, account: UUID, version: NegotiatedVersion, *, now: datetime) -> int:
    """Queue what an account has to be told of its own terms; tell whether it has people to read it."""
    is_over = version.standing in OVER
    write = _negotiated_withdrawal if is_over else _negotiation
    letter = Letter(account, overrides.base_of(agreement, version.in_force_from).version, now)
    with transaction.atomic(), gathered():
        return int(_send(letter, write(agreement, account, version), agreement, version.number))


def _send(letter: Letter, write: Write, agreement: str, number: int) -> bool:
    if not customers.members_of(letter.account_id):
        return False
    letter.send(write(letter), agreement, number, letter.account_id)
    return True


def _announcement(agreement: str, version: Version) -> Write:
    """Compare the version with the one it replaces, once for many mails.

    To an account with terms of its own, what changes is what these leave of it.
    """
    new, before = terms_version(agreement, version.number), queries.predecessor(agreement, version.number)
    old = new if before is None else terms_version(agreement, before.number)
    changes = tuple(_change(one) for one in queries.changes_of(agreement, version.number))
    negotiated = overrides.overrides_at(agreement, version.in_force_from)

    def write(letter: Letter) -> kinds.VersionAnnounced:
        over = negotiated.get(letter.account_id)
        own = overrides.changes_for(agreement, version.number, over) if over else ()
        return kinds.VersionAnnounced(
            **letter.to_customer(PAGE),
            agreement=version.title,
            version=str(version.number),
            begins_on=_day(version.in_force_from, new),
            begins_at=shown.instant(version.in_force_from, new.terms.zone),
            clause=old.terms.clause("changes"),
            changes=tuple(_change(one) for one in own) if over else changes,
        )

    return write


def _negotiation(agreement: str, account: UUID, version: NegotiatedVersion) -> Write:
    """Compare negotiated terms with what applies to the account until they begin."""
    base = overrides.base_of(agreement, version.in_force_from)
    zone = base.terms.zone
    changes = tuple(_change(one) for one in overrides.changes_of_override(agreement, account, version.number))
    consent = version.consent

    def write(letter: Letter) -> kinds.TermsNegotiated:
        return kinds.TermsNegotiated(
            **letter.to_customer(PROMISES),
            agreement=base.terms.title,
            version=str(version.number),
            where=version.title,
            agreed="" if consent is None else _date(consent.agreed_on),
            begins_on=_day(version.in_force_from, base),
            begins_at=shown.instant(version.in_force_from, zone),
            ends_at="" if version.until is None else shown.instant(version.until, zone),
            clause=base.terms.clause("changes"),
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


def _negotiated_withdrawal(agreement: str, _account: UUID, version: NegotiatedVersion) -> Write:
    base = overrides.base_of(agreement, version.in_force_from)

    def write(letter: Letter) -> kinds.NegotiatedWithdrawn:
        return kinds.NegotiatedWithdrawn(
            **letter.to_customer(PROMISES),
            agreement=base.terms.title,
            version=str(version.number),
            begins_on=_day(version.in_force_from, base),
            reason=version.withdrawn_because or LATE,
        )

    return write


def _day(at: datetime, published: PublishedTerms) -> str:
    """Name the date of an instant in the agreement's zone: 1 February 2027."""
    return _date(date_at(at, published.terms.zone))


def _date(day: date) -> str:
    return f"{day.day} {shown.MONTHS[day.month - 1]} {day.year}"


def notice_failed(event: NoticeFailed, recorded: Recorded, now: datetime) -> None:
    """A version does not take effect because its announcement went out too late."""
    negotiated = overrides.whose(recorded.stream)
    if negotiated is None:
        agreement = queries.name_of(recorded.stream)
        version: Version = queries.version(agreement, event.number)
        terms, called = terms_version(agreement, event.number), str(event.number)
        provider = version.title
    else:
        agreement, account = negotiated
        version = overrides.override(agreement, account, event.number)
        terms = overrides.base_of(agreement, version.in_force_from)
        called, provider = f"{event.number} of the terms negotiated with {_named(account)}", terms.terms.title
    notice = kinds.OperatorNoticeFailed(
        provider=provider,
        link=link(f"/admin/agreements/{'override' if negotiated else 'agreement'}/{recorded.stream}/change/"),
        version=called,
        begins_on=_day(version.in_force_from, terms),
        notice_until=shown.instant(version.notice_until or recorded.occurred_at, terms.terms.zone),
        count=_counted(event),
        accounts=tuple(_named(one) for one in event.not_reached[:NAMED]),
    )
    send_to_operators(notice, recorded.stream, recorded.version, now=now)


def _counted(event: NoticeFailed) -> str:
    count = len(event.not_reached)
    return f"{count:,} accounts" if count != 1 else "1 account"


def _named(account: UUID) -> str:
    return customers.names_of([account]).get(account, str(account))
