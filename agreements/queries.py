"""Reading agreements: the terms in force, any published version, and what there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from agreements.events import TermsPublished
from agreements.models import Agreement, Version
from agreements.terms import Document, Terms, load_published
from eventstore import NotFound, history
from kernel.ids import derived


@dataclass(frozen=True, slots=True)
class PublishedTerms:
    """A published version of an agreement's terms, with the text that was published."""

    agreement: str
    version: int
    terms: Terms
    document: Document


@dataclass(frozen=True, slots=True)
class Listed:
    """An agreement and its published versions, the first one first."""

    name: str
    title: str
    versions: tuple[Version, ...]


def current() -> list[Listed]:
    """List the agreements by name."""
    rows = Agreement.objects.order_by("name", "id")
    return [Listed(row.name, row.title, row.versions) for row in rows]


def versions(agreement: str) -> tuple[Version, ...]:
    """List the published versions of an agreement; none if there is no such agreement."""
    row = Agreement.objects.filter(name=agreement).only("versions").first()
    return row.versions if row else ()


def terms_in_force(agreement: str, at: datetime) -> PublishedTerms | None:
    """Give the newest version that is in force at the instant; None before the first one."""
    begun = [version.number for version in versions(agreement) if version.in_force_from <= at]
    return terms_version(agreement, begun[-1]) if begun else None


@lru_cache(maxsize=256)
def terms_version(agreement: str, version: int) -> PublishedTerms:
    """Give a published version, which never changes; NotFound if there is none of this number."""
    for recorded in history(derived("agreement", agreement)):
        event = recorded.event
        if isinstance(event, TermsPublished) and event.number == version:
            return _read(event)
    raise NotFound(f"The agreement {agreement} has no version {version}.")


def forget() -> None:
    """Drop what was read: a version is read again where its publication may be undone."""
    terms_version.cache_clear()


def _read(event: TermsPublished) -> PublishedTerms:
    """Read the text that was published, with the holidays that it was published with."""
    holidays = {holiday.day: holiday.name for holiday in event.holidays}
    document = load_published(event.text, file=f"{event.agreement} version {event.number}", holidays=holidays)
    return PublishedTerms(event.agreement, event.number, document.terms, document)
