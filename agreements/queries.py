"""Reading agreements: the terms in force, any version, and what there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from agreements.differences import Difference, differences
from agreements.events import TermsPublished, VersionDrafted
from agreements.models import Agreement, Version
from agreements.standing import COMING, Standing
from agreements.terms import Document, Terms, load_published
from eventstore import NotFound, history
from kernel.ids import derived


@dataclass(frozen=True, slots=True)
class PublishedTerms:
    """A version of an agreement's terms, with its text; with what was negotiated with an account, where it was.

    `override` is the number of that, which is laid over the version, and `where` tells where it is written.
    """

    agreement: str
    version: int
    terms: Terms
    document: Document
    override: int | None = None
    where: str = ""

    @property
    def called(self) -> str:
        """What a reader calls them: version 1, or version 1 with negotiated terms 2."""
        negotiated = "" if self.override is None else f" with negotiated terms {self.override}"
        return f"version {self.version}{negotiated}"


@dataclass(frozen=True, slots=True)
class Listed:
    """An agreement and its versions that are in force from their day on, or were, the first one first."""

    name: str
    title: str
    versions: tuple[Version, ...]


def current() -> list[Listed]:
    """List the agreements by name."""
    rows = Agreement.objects.order_by("name", "id")
    return [Listed(row.name, row.title, _bound(row.versions)) for row in rows]


def versions(agreement: str) -> tuple[Version, ...]:
    """List the versions that are in force from their day on, or were, in that order; none without an agreement.

    Drafts, versions whose notice is not settled, and those that are over are not among them.
    """
    return _bound(every_version(agreement))


def _bound(every: tuple[Version, ...]) -> tuple[Version, ...]:
    return tuple(sorted((one for one in every if one.is_bound), key=lambda one: one.in_force_from))


def every_version(agreement: str) -> tuple[Version, ...]:
    """List all versions by number, from drafts to those that are over."""
    row = Agreement.objects.filter(name=agreement).only("versions").first()
    return row.versions if row else ()


def version(agreement: str, number: int) -> Version:
    """Give how a version stands. Errors: NotFound."""
    found = next((one for one in every_version(agreement) if one.number == number), None)
    if found is None:
        raise NotFound(f"The agreement {agreement} has no version {number}.")
    return found


def predecessor(agreement: str, number: int) -> Version | None:
    """Give the version that this one replaces, or would: the last before its start that is not over."""
    every = every_version(agreement)
    start = next((one.in_force_from for one in every if one.number == number), None)
    earlier = [
        one
        for one in every
        if start is not None
        and one.number != number
        and one.in_force_from < start
        and (one.is_bound or one.standing in COMING)
    ]
    return max(earlier, key=lambda one: one.in_force_from, default=None)


def unsettled_from(agreement: str) -> datetime | None:
    """Give the instant from which it is not certain what is in force: a version is announced, its notice not settled.

    None where nothing is on its way. The notice is over before that instant, and is settled as soon
    as the system runs.
    """
    starts = (one.in_force_from for one in every_version(agreement) if one.standing is Standing.ANNOUNCED)
    return min(starts, default=None)


def changes_of(agreement: str, number: int) -> tuple[Difference, ...]:
    """Tell what a version changes in the one that it replaces; nothing for a first one. Errors: NotFound."""
    new, before = terms_version(agreement, number), predecessor(agreement, number)
    if before is None:
        return ()
    return differences(terms_version(agreement, before.number).document, new.document)


def name_of(stream: UUID) -> str:
    """Give the name of an agreement by its stream. Errors: NotFound."""
    row = Agreement.objects.filter(id=stream).only("name").first()
    if row is None:
        raise NotFound("There is no such agreement.")
    return row.name


def terms_in_force(agreement: str, at: datetime) -> PublishedTerms | None:
    """Give the newest version that is in force at the instant; None before the first one."""
    begun = [one.number for one in versions(agreement) if one.in_force_from <= at]
    return terms_version(agreement, begun[-1]) if begun else None


@lru_cache(maxsize=256)
def terms_version(agreement: str, version: int) -> PublishedTerms:
    """Give the terms of a version, which never change; NotFound if there is none of this number."""
    for recorded in history(derived("agreement", agreement)):
        event = recorded.event
        if isinstance(event, TermsPublished | VersionDrafted) and event.number == version:
            return _read(agreement, event)
    raise NotFound(f"The agreement {agreement} has no version {version}.")


_FORGETTING: list[Callable[[], None]] = []


def also_forget(drop: Callable[[], None]) -> None:
    """Let what follows from versions be dropped with them."""
    _FORGETTING.append(drop)


def forget() -> None:
    """Drop what was read: a version is read again where its publication may be undone."""
    terms_version.cache_clear()
    for drop in _FORGETTING:
        drop()


def _read(agreement: str, event: TermsPublished | VersionDrafted) -> PublishedTerms:
    """Read the text as it was written down, with the holidays of that day."""
    holidays = {holiday.day: holiday.name for holiday in event.holidays}
    document = load_published(event.text, file=f"{agreement} version {event.number}", holidays=holidays)
    return PublishedTerms(agreement, event.number, document.terms, document)
