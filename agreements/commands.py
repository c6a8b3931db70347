"""The only way to write agreements: publish a first version; draft, announce, withdraw a later one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from agreements import deciding, overrides, queries, rules
from agreements.errors import NeedsAnnouncement, NothingToChange, ReasonMissing
from agreements.events import Holiday, TermsPublished, VersionDrafted
from agreements.models import Agreement, Version
from agreements.months import require_months_to_follow
from agreements.soundness import read_sound
from agreements.soundness import read_to_run as read_to_run
from agreements.standing import Standing
from agreements.terms import Document, Terms
from eventstore import SYSTEM, Actor, NotFound, begin, change, command
from kernel.ids import derived


@command
def publish(text: str, *, by: Actor, now: datetime) -> UUID:
    """Publish a text as the first version of the agreement that it names; it needs no announcement.

    A text that is a version already changes nothing. Errors: TermsRefused with the lines,
    ExampleFailed, NeedsAnnouncement where there is a version.
    """
    document = read_sound(text)
    stream = derived("agreement", document.terms.agreement)
    digest = rules.digest_of(text)
    earlier = queries.every_version(document.terms.agreement)
    if digest in {version.digest for version in earlier if version.is_bound}:
        return stream
    if earlier:
        raise NeedsAnnouncement(clause=document.terms.clause("changes"))
    with begin(Agreement, stream, by=by, now=now) as agreement:
        agreement.record(_published(document, digest, now=now))
        deciding.take_effect(agreement, now=now)
    queries.forget()
    return stream


@command
def draft(text: str, *, by: Actor, now: datetime) -> UUID:
    """Write down a text as the next version of the agreement that it names; nobody is told yet.

    A text that is a draft already changes nothing. Errors: TermsRefused, ExampleFailed,
    NothingToChange, CurrencyChanged, MonthsShifted, OverrideDoesNotFit, and those of a start that is not possible.
    """
    document = read_sound(text)
    terms, digest = document.terms, rules.digest_of(text)
    versions = queries.every_version(terms.agreement)
    if not versions:
        raise NothingToChange
    stream = derived("agreement", terms.agreement)
    if digest in {one.digest for one in versions if one.is_bound or one.standing in _ON_ITS_WAY}:
        return stream
    rules.require_start(terms, terms.in_force_from, others=versions, now=now)
    rules.require_currency(terms, queries.terms_version(terms.agreement, versions[0].number).terms)
    require_months_to_follow(document, queries.terms_version(terms.agreement, rules.newest(versions).number).terms)
    overrides.require_overrides_fit(document, terms.in_force_from)
    with change(Agreement, stream, by=by, now=now) as agreement:
        agreement.record(_drafted(document, digest, number=len(agreement.versions) + 1, now=now))
    queries.forget()
    return stream


_ON_ITS_WAY = (Standing.DRAFT, Standing.ANNOUNCED)


@command
def announce(agreement: str, number: int, *, by: Actor, now: datetime) -> UUID:
    """Announce a draft: customers are mailed, and it takes effect on its day if that goes out in time.

    Errors: NotFound, NotADraft, AnotherIsOnItsWay, TooLateToAnnounce, MonthsShifted, OverrideDoesNotFit,
    and those of a start that is not possible.
    """
    with _changing(agreement, number, by=by, now=now) as (row, version):
        document = queries.terms_version(agreement, number).document
        governing = _governing(agreement, version)
        deciding.announce(row, version, terms=document.terms, governing=governing, now=now)
        require_months_to_follow(document, governing)
        overrides.require_overrides_fit(document, version.in_force_from)
    return derived("agreement", agreement)


@command
def note_mailed(
    agreement: str, number: int, *, standing: Standing, accounts: int, by: Actor = SYSTEM, now: datetime
) -> UUID:
    """Note that so many accounts are mailed that the version stands like this; noted once.

    Nothing is noted where it stands otherwise by now and there is something else to tell.
    """
    with _changing(agreement, number, by=by, now=now) as (row, version):
        deciding.note_mailed(row, version, standing=standing, accounts=accounts)
    return derived("agreement", agreement)


@command
def note_told(
    agreement: str, number: int, account: UUID, *, told_at: datetime, how: str, by: Actor, now: datetime
) -> UUID:
    """Note that an account whom our mail does not reach was told otherwise, when and how.

    Errors: NotFound, NotAnnounced, ReasonMissing, ToldInTheFuture.
    """
    deciding.require_telling(told_at=told_at, how=how, now=now)
    with _changing(agreement, number, by=by, now=now) as (row, version):
        deciding.note_told(row, version, account, told_at=told_at, how=how)
    return derived("agreement", agreement)


@command
def settle_notice(
    agreement: str,
    number: int,
    *,
    reached: int,
    not_reached: Collection[UUID],
    by: Actor = SYSTEM,
    now: datetime,
) -> UUID:
    """Settle whether the announcement went out in time, once its last instant has come.

    Nothing happens before that, or where it is settled.
    """
    with _changing(agreement, number, by=by, now=now) as (row, version):
        deciding.settle_notice(row, version, reached=reached, not_reached=not_reached, now=now)
    return derived("agreement", agreement)


@command
def withdraw(agreement: str, number: int, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Take back a draft, or a version that is announced and not in force yet.

    Customers who were told of it are told the reason. Errors: NotFound, NotWithdrawable,
    ReasonMissing, OverrideDoesNotFit where what was negotiated fits only this version.
    """
    if not reason.strip():
        raise ReasonMissing
    with _changing(agreement, number, by=by, now=now) as (row, version):
        deciding.withdraw(row, version, reason=reason, now=now)
        before = queries.predecessor(agreement, number)
        if version.is_bound and before is not None:
            instead = queries.terms_version(agreement, before.number).document
            overrides.require_overrides_fit(instead, version.in_force_from)
    return derived("agreement", agreement)


@command
def take_effect(stream: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID:
    """Record the versions that have come into force, each at its own instant; nothing is decided here."""
    with change(Agreement, stream, by=by, now=now) as row:
        deciding.take_effect(row, now=now)
    return stream


@contextmanager
def _changing(agreement: str, number: int, *, by: Actor, now: datetime) -> Iterator[tuple[Agreement, Version]]:
    """Load the agreement and the version that is concerned. Errors: NotFound."""
    with change(Agreement, derived("agreement", agreement), by=by, now=now) as row:
        version = row.numbered(number)
        if version is None:
            raise NotFound(f"The agreement {agreement} has no version {number}.")
        yield row, version


def _governing(agreement: str, version: Version) -> Terms:
    """Give the terms that the version replaces: those say how it is announced. A first one has but its own."""
    before = queries.predecessor(agreement, version.number) or version
    return queries.terms_version(agreement, before.number).terms


def _published(document: Document, digest: str, *, now: datetime) -> TermsPublished:
    terms = document.terms
    return TermsPublished(
        agreement=terms.agreement,
        number=1,
        title=terms.title,
        text=document.source.text,
        digest=digest,
        document_date=terms.document_date,
        in_force_from=terms.in_force_from,
        published_at=now,
        holidays=_holidays(terms),
    )


def _drafted(document: Document, digest: str, *, number: int, now: datetime) -> VersionDrafted:
    terms = document.terms
    return VersionDrafted(
        number=number,
        title=terms.title,
        text=document.source.text,
        digest=digest,
        document_date=terms.document_date,
        in_force_from=terms.in_force_from,
        drafted_at=now,
        holidays=_holidays(terms),
    )


def _holidays(terms: Terms) -> tuple[Holiday, ...]:
    return tuple(Holiday(day, name) for day, name in terms.holidays.items())
