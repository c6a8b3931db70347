"""The only way to write agreements: publish a first version; draft, announce, withdraw a later one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from agreements import queries, rules
from agreements.errors import (
    ExampleFailed,
    NeedsAnnouncement,
    NotAnnounced,
    NothingToChange,
    ReasonMissing,
    TermsRefused,
    ToldInTheFuture,
)
from agreements.events import (
    AccountTold,
    CustomersMailed,
    Holiday,
    NoticeFailed,
    NoticeGiven,
    TermsPublished,
    VersionAnnounced,
    VersionDrafted,
    VersionTookEffect,
    VersionWithdrawn,
)
from agreements.examples import failures
from agreements.lint import EXAMPLE_CONTRADICTED, Finding, Severity, findings
from agreements.models import Agreement, Version
from agreements.running import not_carried_out
from agreements.standing import Standing
from agreements.terms import Document, Terms, TermsMalformed, load_document
from eventstore import SYSTEM, Actor, NotFound, begin, change, command
from kernel.ids import derived


@command
def publish(text: str, *, by: Actor, now: datetime) -> UUID:
    """Publish a text as the first version of the agreement that it names; it needs no announcement.

    A text that is a version already changes nothing. Errors: TermsRefused with the lines,
    ExampleFailed, NeedsAnnouncement where there is a version.
    """
    document = _sound(text)
    stream = derived("agreement", document.terms.agreement)
    digest = rules.digest_of(text)
    earlier = queries.every_version(document.terms.agreement)
    if digest in {version.digest for version in earlier if version.is_bound}:
        return stream
    if earlier:
        raise NeedsAnnouncement(clause=document.terms.clause("changes"))
    with begin(Agreement, stream, by=by, now=now) as agreement:
        agreement.record(_published(document, digest, now=now))
        _take_effect(agreement, now=now)
    queries.forget()
    return stream


@command
def draft(text: str, *, by: Actor, now: datetime) -> UUID:
    """Write down a text as the next version of the agreement that it names; nobody is told yet.

    A text that is a draft already changes nothing. Errors: TermsRefused, ExampleFailed,
    NothingToChange, and those of a start that is not possible.
    """
    document = _sound(text)
    terms, digest = document.terms, rules.digest_of(text)
    versions = queries.every_version(terms.agreement)
    if not versions:
        raise NothingToChange
    stream = derived("agreement", terms.agreement)
    if digest in {one.digest for one in versions if one.is_bound or one.standing in _ON_ITS_WAY}:
        return stream
    rules.require_start(terms, others=versions, now=now)
    with change(Agreement, stream, by=by, now=now) as agreement:
        agreement.record(_drafted(document, digest, number=len(agreement.versions) + 1, now=now))
    queries.forget()
    return stream


_ON_ITS_WAY = (Standing.DRAFT, Standing.ANNOUNCED)


@command
def announce(agreement: str, number: int, *, by: Actor, now: datetime) -> UUID:
    """Announce a draft: customers are mailed, and it takes effect on its day if that goes out in time.

    Errors: NotFound, NotADraft, AnotherIsOnItsWay, TooLateToAnnounce, and those of a start that is
    not possible.
    """
    with _changing(agreement, number, by=by, now=now) as (row, version):
        others = [one for one in row.versions if one.number != number]
        rules.require_announceable(version, others=others)
        rules.require_start(queries.terms_version(agreement, number).terms, others=others, now=now)
        until = rules.require_notice(_governing(agreement, version), version.in_force_from, now=now)
        row.record(VersionAnnounced(number=number, notice_until=until, announced_at=now))
        if until == version.in_force_from:  # no notice is asked for: nothing has to be waited for
            row.record(NoticeGiven(number=number, accounts=0, settled_at=now))
    return derived("agreement", agreement)


@command
def note_mailed(
    agreement: str, number: int, *, standing: Standing, accounts: int, by: Actor = SYSTEM, now: datetime
) -> UUID:
    """Note that so many accounts are mailed that the version stands like this; noted once.

    Nothing is noted where it stands otherwise by now and there is something else to tell.
    """
    with _changing(agreement, number, by=by, now=now) as (row, version):
        is_over = version.standing in (Standing.WITHDRAWN, Standing.LAPSED)
        told_over = standing in (Standing.WITHDRAWN, Standing.LAPSED)
        if version.to_mail_since is not None and is_over == told_over:
            row.record(CustomersMailed(number=number, accounts=accounts))
    return derived("agreement", agreement)


@command
def note_told(
    agreement: str, number: int, account: UUID, *, told_at: datetime, how: str, by: Actor, now: datetime
) -> UUID:
    """Note that an account whom our mail does not reach was told otherwise, when and how.

    Errors: NotFound, NotAnnounced, ReasonMissing, ToldInTheFuture.
    """
    if not how.strip():
        raise ReasonMissing("Say how the account was told.")
    if told_at > now:
        raise ToldInTheFuture
    with _changing(agreement, number, by=by, now=now) as (row, version):
        if version.standing != Standing.ANNOUNCED:
            raise NotAnnounced
        row.record(AccountTold(number=number, account=account, told_at=told_at, how=how))
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
        until = version.notice_until
        if version.standing == Standing.ANNOUNCED and until is not None and until <= now:
            if not_reached:
                missed = NoticeFailed(number=number, not_reached=tuple(sorted(not_reached)), settled_at=now)
                row.record(missed, occurred_at=until)
            else:
                row.record(NoticeGiven(number=number, accounts=reached, settled_at=now), occurred_at=until)
    return derived("agreement", agreement)


@command
def withdraw(agreement: str, number: int, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Take back a draft, or a version that is announced and not in force yet.

    Customers who were told of it are told the reason. Errors: NotFound, NotWithdrawable,
    ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    with _changing(agreement, number, by=by, now=now) as (row, version):
        rules.require_withdrawable(version, now=now)
        row.record(
            VersionWithdrawn(number=number, was_announced=version.was_told, reason=reason.strip(), withdrawn_at=now)
        )
    return derived("agreement", agreement)


@command
def take_effect(stream: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID:
    """Record the versions that have come into force, each at its own instant; nothing is decided here."""
    with change(Agreement, stream, by=by, now=now) as row:
        _take_effect(row, now=now)
    return stream


def _take_effect(row: Agreement, *, now: datetime) -> None:
    for number, superseded, at in rules.taking_effect(row.versions, now=now):
        row.record(VersionTookEffect(number=number, superseded=superseded), occurred_at=at)


@contextmanager
def _changing(agreement: str, number: int, *, by: Actor, now: datetime) -> Iterator[tuple[Agreement, Version]]:
    """Load the agreement and the version that is concerned. Errors: NotFound."""
    with change(Agreement, derived("agreement", agreement), by=by, now=now) as row:
        version = row.numbered(number)
        if version is None:
            raise NotFound(f"The agreement {agreement} has no version {number}.")
        yield row, version


def _governing(agreement: str, version: Version) -> Terms:
    """Give the terms that the version replaces: those say how it is announced."""
    before = queries.predecessor(agreement, version.number)
    if before is None:
        raise NothingToChange
    return queries.terms_version(agreement, before.number).terms


def read_to_run(text: str) -> Document:
    """Read terms that can be carried out, and record nothing. Errors: TermsRefused with the lines."""
    try:
        document = load_document(text)
    except TermsMalformed as error:
        raise TermsRefused(str(error)) from error
    if unsupported := not_carried_out(document):
        raise TermsRefused("\n".join(str(problem) for problem in unsupported))
    if errors := [str(error) for error in findings(document) if _keeps_from_running(error)]:
        raise TermsRefused("\n".join(errors))
    return document


def _keeps_from_running(finding: Finding) -> bool:
    """Tell whether the terms can not be carried out; those that contradict an example can, and are only wrong."""
    return finding.severity is Severity.ERROR and finding.code != EXAMPLE_CONTRADICTED


def _sound(text: str) -> Document:
    """Read terms to publish or draft them, refusing those with faults or examples that they contradict."""
    document = read_to_run(text)
    if failed := failures(document):
        raise ExampleFailed("\n".join(str(failure) for failure in failed))
    return document


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
