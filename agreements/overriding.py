"""The only way to write what was negotiated with an account: draft, announce or agree, withdraw a version."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from agreements import deciding, overrides, queries, rules
from agreements.errors import AgreedInTheFuture, NothingNegotiated, NothingToChange, ReasonMissing
from agreements.events import OverrideDrafted, VersionAgreed
from agreements.models import Override
from agreements.queries import PublishedTerms
from agreements.soundness import fit, read_override
from agreements.standing import Standing
from agreements.terms import Override as OverrideFile
from agreements.version import NegotiatedVersion
from eventstore import SYSTEM, Actor, NotFound, Private, begin, change, command
from kernel.dates import date_at

_ON_ITS_WAY = (Standing.DRAFT, Standing.ANNOUNCED)
_OTHERWISE = "Draft it again with a later start, or note that the customer agreed to it."


@command
def draft_override(text: str, account: UUID, *, by: Actor, now: datetime) -> UUID:
    """Write down a text as the next version of what was negotiated with an account; nobody is told yet.

    Whoever knows accounts has found the one that the text names. A text that is a draft already
    changes nothing. Errors: TermsRefused, ExampleFailed, NothingToChange, NothingNegotiated, and those
    of a start or an end that is not possible.
    """
    file = read_override(text)
    base = _base(file, now)
    stream = overrides.override_stream(file.agreement, account)
    others = overrides.every_override(file.agreement, account)
    digest = rules.digest_of(text)
    if digest in {one.digest for one in others if one.is_bound or one.standing in _ON_ITS_WAY}:
        return stream
    start = file.begins(base.terms.zone)
    rules.require_start(base.terms, start, others=others, now=now)
    rules.require_end(base.terms, start, file.ends(base.terms.zone))
    _require_fit(file, base)
    if file.changes_nothing and not any(one.is_bound for one in others):
        raise NothingNegotiated
    opened = change if others else begin
    with opened(Override, stream, by=by, now=now) as row:
        row.record(_drafted(file, base, account, digest, number=len(row.versions) + 1, now=now))
    overrides.forget()
    return stream


def _base(file: OverrideFile, now: datetime) -> PublishedTerms:
    """Give the agreement's terms, in whose zone the file's dates are meant."""
    found = queries.terms_in_force(file.agreement, now)
    versions = queries.versions(file.agreement)
    if found is None and not versions:
        raise NothingToChange
    return found or queries.terms_version(file.agreement, versions[0].number)


def _require_fit(file: OverrideFile, base: PublishedTerms) -> None:
    """Refuse what can not be laid over every version in its time. Errors: TermsRefused; ExampleFailed."""
    zone = base.terms.zone
    for one in overrides.bases_between(file.agreement, file.begins(zone), file.ends(zone)):
        fit(one.document, file)


def _drafted(
    file: OverrideFile, base: PublishedTerms, account: UUID, digest: str, *, number: int, now: datetime
) -> OverrideDrafted:
    return OverrideDrafted(
        agreement=file.agreement,
        account=account,
        number=number,
        clause=file.clause,
        text=file.source.text,
        digest=digest,
        document_date=file.document_date,
        in_force_from=file.begins(base.terms.zone),
        until=file.ends(base.terms.zone),
        drafted_at=now,
    )


@command
def announce_override(agreement: str, account: UUID, number: int, *, by: Actor, now: datetime) -> UUID:
    """Announce a draft to the account's people; it takes effect on its day if that goes out in time.

    Errors: NotFound, NotADraft, AnotherIsOnItsWay, TooLateToAnnounce, TermsRefused where it does not fit
    the agreement any more, and those of a start that is not possible.
    """
    with _changing(agreement, account, number, by=by, now=now) as (row, version):
        base = overrides.base_of(agreement, version.in_force_from)
        governing = queries.terms_in_force(agreement, version.in_force_from - overrides.INSTANT) or base
        deciding.announce(row, version, terms=base.terms, governing=governing.terms, now=now, mend=_OTHERWISE)
        _require_fit(read_override(version.text), base)
    return row.id


@command
def agree_override(
    agreement: str, account: UUID, number: int, *, who: str, agreed_on: date, where: str, by: Actor, now: datetime
) -> UUID:
    """Note that the customer agreed to a version: who, on which day, where it is written. No notice is waited for.

    Errors: NotFound, NotAgreeable, ReasonMissing, AgreedInTheFuture, AnotherIsOnItsWay, TermsRefused where it
    does not fit the agreement any more, and those of a start that is not possible.
    """
    if not who.strip():
        raise ReasonMissing("Say who of the customer agreed.")
    if not where.strip():
        raise ReasonMissing("Say where it is written that the customer agreed.")
    with _changing(agreement, account, number, by=by, now=now) as (row, version):
        base = overrides.base_of(agreement, version.in_force_from)
        if agreed_on > date_at(now, base.terms.zone):
            raise AgreedInTheFuture
        others = [one for one in row.versions if one.number != number]
        rules.require_agreeable(version, others=others)
        rules.require_start(base.terms, version.in_force_from, others=others, now=now)
        _require_fit(read_override(version.text), base)
        sealed = Private.seal(who.strip(), subject=account)
        agreed = VersionAgreed(number=number, who=sealed, agreed_on=agreed_on, where=where.strip(), noted_at=now)
        row.record(agreed)
    return row.id


@command
def note_override_mailed(
    agreement: str,
    account: UUID,
    number: int,
    *,
    standing: Standing,
    accounts: int,
    by: Actor = SYSTEM,
    now: datetime,
) -> UUID:
    """Note that the account is mailed, or has nobody to read it, that the version stands like this; noted once."""
    with _changing(agreement, account, number, by=by, now=now) as (row, version):
        deciding.note_mailed(row, version, standing=standing, accounts=accounts)
    return row.id


@command
def note_override_told(
    agreement: str, account: UUID, number: int, *, told_at: datetime, how: str, by: Actor, now: datetime
) -> UUID:
    """Note that the account was told of an announced version otherwise, when and how.

    Errors: NotFound, NotAnnounced, ReasonMissing, ToldInTheFuture.
    """
    deciding.require_telling(told_at=told_at, how=how, now=now)
    with _changing(agreement, account, number, by=by, now=now) as (row, version):
        deciding.note_told(row, version, account, told_at=told_at, how=how)
    return row.id


@command
def settle_override_notice(
    agreement: str,
    account: UUID,
    number: int,
    *,
    reached: int,
    not_reached: Collection[UUID],
    by: Actor = SYSTEM,
    now: datetime,
) -> UUID:
    """Settle whether the announcement went out in time, once its last instant has come."""
    with _changing(agreement, account, number, by=by, now=now) as (row, version):
        deciding.settle_notice(row, version, reached=reached, not_reached=not_reached, now=now)
    return row.id


@command
def withdraw_override(agreement: str, account: UUID, number: int, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Take back a draft, or a version that is announced or agreed and not in force yet.

    The account's people, if they were told of it, are told the reason. Errors: NotFound, NotWithdrawable,
    ReasonMissing, TermsRefused where what would apply instead does not fit the agreement.
    """
    if not reason.strip():
        raise ReasonMissing
    with _changing(agreement, account, number, by=by, now=now) as (row, version):
        deciding.withdraw(row, version, reason=reason, now=now)
        instead = overrides.before(agreement, account, number)
        if version.is_bound and instead is not None:
            for one in overrides.bases_between(agreement, version.in_force_from, instead.ends_at):
                fit(one.document, read_override(instead.text))
    return row.id


@command
def let_override_take_effect(stream: UUID, *, by: Actor = SYSTEM, now: datetime) -> UUID:
    """Record what has come into force and what has ended, each at its own instant; nothing is decided here."""
    with change(Override, stream, by=by, now=now) as row:
        deciding.take_effect(row, now=now)
    return stream


@contextmanager
def _changing(
    agreement: str, account: UUID, number: int, *, by: Actor, now: datetime
) -> Iterator[tuple[Override, NegotiatedVersion]]:
    """Load what was negotiated with the account, and the version that is concerned. Errors: NotFound."""
    with change(Override, overrides.override_stream(agreement, account), by=by, now=now) as row:
        version = row.numbered(number)
        if version is None:
            raise NotFound(f"No version {number} of terms was negotiated with this account.")
        yield row, version
