"""The versions of an agreement as its customers see them: what changes, when, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agreements import overrides
from agreements import queries as agreements
from agreements.differences import Difference
from agreements.models import Version
from agreements.standing import COMING, Standing
from agreements.version import NegotiatedVersion
from customers import negotiated
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
    """A version that customers know of, and what it changes for the account in the one that it replaces.

    `kept` are the rules that it changes for others only: here something else was negotiated.
    """

    version: Version
    words: str
    is_coming: bool
    replaces: int | None
    changes: tuple[Difference, ...]
    kept: tuple[str, ...] = ()


@for_members
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show every version that was announced or published, the newest first; drafts are not there."""
    agreement = visit.account.agreement
    known = [one for one in agreements.every_version(agreement) if one.was_told]
    shown = [_shown(agreement, one, _over(visit, one)) for one in reversed(known)]
    context = visit.context(versions=shown, negotiated=negotiated.known(visit.account), page="promises")
    return render(request, "portal/versions.html", context)


def coming(visit: Visit) -> Version | None:
    """Give the change that is announced to the account's agreement, if there is one."""
    announced = (Standing.ANNOUNCED, Standing.NOTIFIED)
    found = [one for one in agreements.every_version(visit.account.agreement) if one.standing in announced]
    return found[0] if found else None


def _over(visit: Visit, version: Version) -> NegotiatedVersion | None:
    """Give what is negotiated with the account when a version begins, if it begins at all."""
    if not (version.is_bound or version.standing in COMING):
        return None
    agreement, account = visit.account.agreement, visit.account.id
    return overrides.applying(overrides.every_override(agreement, account), version.in_force_from)


def _shown(agreement: str, version: Version, over: NegotiatedVersion | None) -> VersionShown:
    before = agreements.predecessor(agreement, version.number)
    published = agreements.changes_of(agreement, version.number)
    changes = published if over is None else overrides.changes_for(agreement, version.number, over)
    concerned = {one.path for one in changes}
    return VersionShown(
        version=version,
        words=IN_WORDS[version.standing],
        is_coming=version.standing in COMING,
        replaces=before.number if before else None,
        changes=changes,
        kept=tuple(one.what for one in published if over and one.path not in concerned and _is_rule(one)),
    )


def _is_rule(change: Difference) -> bool:
    """Tell a rule from a worked example, which is of the agreement and not of the account."""
    return change.path[:1] != ("examples",)
