"""Reading what was negotiated with single accounts: their versions, and the terms that they make (SEMANTICS 26)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Sum

from agreements import queries
from agreements.differences import Difference, differences
from agreements.errors import OverrideDoesNotFit
from agreements.models import Override
from agreements.queries import PublishedTerms, terms_in_force, terms_version
from agreements.soundness import fit
from agreements.standing import CERTAIN, Standing
from agreements.terms import Document, laid_as_published, load_override
from agreements.terms import Override as OverrideFile
from agreements.version import NegotiatedVersion, Version
from eventstore import NotFound
from eventstore.errors import InvalidInput
from kernel.ids import derived

INSTANT: Final = timedelta(microseconds=1)

V = TypeVar("V", bound=Version)


def override_stream(agreement: str, account: UUID) -> UUID:
    """Name the stream of what was negotiated with an account."""
    return derived("override", agreement, account)


def every_override(agreement: str, account: UUID) -> tuple[NegotiatedVersion, ...]:
    """List what was negotiated with an account by number, from drafts to versions that are over."""
    row = Override.objects.filter(id=override_stream(agreement, account)).only("versions").first()
    return row.versions if row else ()


def override(agreement: str, account: UUID, number: int) -> NegotiatedVersion:
    """Give how a version of negotiated terms stands. Errors: NotFound."""
    found = next((one for one in every_override(agreement, account) if one.number == number), None)
    if found is None:
        raise NotFound(f"No version {number} of terms was negotiated with this account.")
    return found


def whose(stream: UUID) -> tuple[str, UUID] | None:
    """Tell the agreement and the account of a stream of negotiated terms; None where it is another's."""
    return Override.objects.filter(id=stream).values_list("agreement", "account").first()


def override_at(agreement: str, account: UUID, at: datetime) -> int | None:
    """Tell which version of its negotiated terms applies to an account at an instant, if any."""
    found = applying(every_override(agreement, account), at)
    return found.number if found else None


def overrides_at(agreement: str, at: datetime) -> dict[UUID, NegotiatedVersion]:
    """Give what applies at an instant to each account that has something negotiated, in one query."""
    rows = Override.objects.filter(agreement=agreement).order_by("id").values_list("account", "versions")
    found = ((account, applying(every, at)) for account, every in rows)
    return {account: one for account, one in found if one is not None}


def events_behind(agreement: str) -> int:
    """Count the events of everything negotiated under an agreement: another number where anything was recorded."""
    return Override.objects.filter(agreement=agreement).aggregate(events=Sum("version"))["events"] or 0


def unsettled_from(agreement: str) -> datetime | None:
    """Give the instant from which it is not certain what applies to every account, as `queries.unsettled_from`."""
    every = (one for each in everything_negotiated(agreement) for one in each.versions)
    return min((one.in_force_from for one in every if one.standing == Standing.ANNOUNCED), default=None)


@dataclass(frozen=True, slots=True)
class Negotiated:
    """Everything that was negotiated with an account, by number."""

    agreement: str
    account: UUID
    versions: tuple[NegotiatedVersion, ...]


def everything_negotiated(agreement: str | None = None) -> list[Negotiated]:
    """List what was negotiated with whom, under an agreement or under all, ordered by agreement and account."""
    rows = Override.objects.filter(**({"agreement": agreement} if agreement else {}))
    return [Negotiated(row.agreement, row.account, row.versions) for row in rows.order_by("agreement", "account", "id")]


def applying(versions: Sequence[NegotiatedVersion], at: datetime) -> NegotiatedVersion | None:
    """Find the version that applies at an instant among those of an account."""
    begun = [one for one in versions if one.is_bound and one.in_force_from <= at]
    newest = max(begun, key=lambda one: one.in_force_from, default=None)
    return newest if newest and newest.applies_at(at) else None


# The terms of an account


@lru_cache(maxsize=1024)
def terms_for(agreement: str, version: int, account: UUID, number: int | None) -> PublishedTerms:
    """Give the terms of an account: a version, with what was negotiated with it laid over. Errors: NotFound.

    Without a number they are the agreement's own.
    """
    if number is None:
        return terms_version(agreement, version)
    return terms_laid(agreement, version, override(agreement, account, number))


def terms_laid(agreement: str, version: int, over: NegotiatedVersion) -> PublishedTerms:
    """Lay negotiated terms over a version of their agreement, as they were written down."""
    return _laid(agreement, version, over.number, over.text)


@lru_cache(maxsize=1024)
def _laid(agreement: str, version: int, number: int, text: str) -> PublishedTerms:
    base, read = terms_version(agreement, version), load_override(text, file=_file(agreement, number))
    document = laid_as_published(base.document, read)
    return replace(base, terms=document.terms, document=document, override=number, where=read.clause)


def _file(agreement: str, number: int) -> str:
    return f"{agreement} negotiated version {number}"


def terms_in_force_for(agreement: str, account: UUID, at: datetime) -> PublishedTerms | None:
    """Give the terms that apply to an account at an instant; None before the agreement's first version."""
    found = terms_in_force(agreement, at)
    if found is None:
        return None
    return terms_for(agreement, found.version, account, override_at(agreement, account, at))


def forget() -> None:
    """Drop what was read, as `queries.forget` does."""
    terms_for.cache_clear()
    _laid.cache_clear()


queries.also_forget(forget)


# What a version changes, and whether it fits


def base_of(agreement: str, start: datetime) -> PublishedTerms:
    """Give the version of the agreement over which terms from this instant on are laid. Errors: NotFound."""
    found = terms_in_force(agreement, start)
    if found is None:
        raise NotFound(f"The agreement {agreement} is not in force then.")
    return found


def before(agreement: str, account: UUID, number: int) -> NegotiatedVersion | None:
    """Give what applies, or would, to the account until a version begins; None: the agreement's own terms."""
    every = every_override(agreement, account)
    start = override(agreement, account, number).in_force_from
    others = [one for one in every if one.number != number and (one.is_bound or one.standing == Standing.ANNOUNCED)]
    earlier = [one for one in others if one.in_force_from < start]
    newest = max(earlier, key=lambda one: one.in_force_from, default=None)
    return newest if newest and newest.applies_at(start - INSTANT) else None


def changes_of_override(agreement: str, account: UUID, number: int) -> tuple[Difference, ...]:
    """Tell what a version changes in what applies to the account until then. Errors: NotFound."""
    version = override(agreement, account, number)
    base = base_of(agreement, version.in_force_from)
    old = before(agreement, account, number)
    present = terms_laid(agreement, base.version, old).document if old else base.document
    return differences(present, terms_laid(agreement, base.version, version).document)


def negotiated_differences(agreement: str, account: UUID, number: int) -> tuple[Difference, ...]:
    """Tell where a version differs from the agreement's own terms. Errors: NotFound."""
    version = override(agreement, account, number)
    base = base_of(agreement, version.in_force_from)
    return differences(base.document, terms_laid(agreement, base.version, version).document)


def changes_for(agreement: str, number: int, over: NegotiatedVersion) -> tuple[Difference, ...]:
    """Tell what a version of the agreement changes for an account whose own terms are laid over it too."""
    replaced = queries.predecessor(agreement, number)
    if replaced is None:
        return ()
    old, new = (terms_laid(agreement, one, over).document for one in (replaced.number, number))
    return differences(old, new)


def bases_between(agreement: str, start: datetime, end: datetime | None) -> Iterator[PublishedTerms]:
    """Give every version over which terms of this time are laid, or may be once its notice is settled."""
    for one in _in_time(queries.every_version(agreement), start, end):
        yield terms_version(agreement, one.number)


def bases_of(file: OverrideFile) -> list[PublishedTerms]:
    """Give every version over which a file is to be laid; none where its agreement is not published."""
    known = queries.versions(file.agreement)
    if not known:
        return []
    zone = terms_version(file.agreement, known[-1].number).terms.zone
    return list(bases_between(file.agreement, file.begins(zone), file.ends(zone)))


def require_overrides_fit(document: Document, start: datetime) -> None:
    """Refuse terms from this instant on over which something negotiated can not be laid.

    Errors: OverrideDoesNotFit names each account, with the line of its file.
    """
    faults: list[str] = []
    for each in everything_negotiated(document.terms.agreement):
        for one in _in_time(each.versions, start, None):
            if one.ends_at is None or one.ends_at > start:
                faults += _misfit(document, one)
    if faults:
        raise OverrideDoesNotFit("\n".join(faults))


def _misfit(document: Document, version: NegotiatedVersion) -> Iterator[str]:
    file = _file(document.terms.agreement, version.number)
    read = load_override(version.text, file=file)
    try:
        fit(document, read)
    except InvalidInput as error:
        yield f"What was negotiated with account {read.account} does not fit these terms:\n{error.sentence}"


def _in_time(versions: Sequence[V], start: datetime, end: datetime | None) -> Iterator[V]:
    """Give the versions that apply from `start` to `end`, or may: one that is announced is not certain yet."""
    certain = sorted(
        (one for one in versions if one.standing in CERTAIN or one.standing == Standing.IN_FORCE),
        key=lambda one: one.in_force_from,
    )
    begun = [one for one in certain if one.in_force_from <= start]
    later = [one for one in certain if one.in_force_from > start]
    coming = [*later, *(one for one in versions if one.standing == Standing.ANNOUNCED)]
    yield from begun[-1:]
    yield from (one for one in coming if end is None or one.in_force_from < end)
