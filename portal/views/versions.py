"""The versions of an agreement as its customers see them: what changes, when, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agreements import queries as agreements
from agreements.differences import Difference
from agreements.models import Version
from agreements.standing import COMING, Standing
from portal import negotiated
from portal.access import Visit, for_members

IN_WORDS = {
    Standing.PUBLISHED: "in force from its day",
    Standing.ANNOUNCED: "announced",
    Standing.NOTIFIED: "announced",
    Standing.IN_FORCE: "in force",
    Standing.SUPERSEDED: "superseded",
    Standing.WITHDRAWN: "withdrawn, never in force",
    Standing.LAPSED: "never in force",
}


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version that customers know of, and what it changes in the one that it replaces."""

    version: Version
    words: str
    is_coming: bool
    replaces: int | None
    changes: tuple[Difference, ...]


@for_members
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show every version that was announced or published, the newest first; drafts are not there."""
    agreement = visit.account.agreement
    known = [one for one in agreements.every_version(agreement) if one.was_told]
    shown = [_shown(agreement, one) for one in reversed(known)]
    context = visit.context(versions=shown, negotiated=negotiated.known(visit), page="promises")
    return render(request, "portal/versions.html", context)


def coming(visit: Visit) -> Version | None:
    """Give the change that is announced to the account's agreement, if there is one."""
    announced = (Standing.ANNOUNCED, Standing.NOTIFIED)
    found = [one for one in agreements.every_version(visit.account.agreement) if one.standing in announced]
    return found[0] if found else None


def _shown(agreement: str, version: Version) -> VersionShown:
    before = agreements.predecessor(agreement, version.number)
    return VersionShown(
        version=version,
        words=IN_WORDS[version.standing],
        is_coming=version.standing in COMING,
        replaces=before.number if before else None,
        changes=agreements.changes_of(agreement, version.number),
    )
