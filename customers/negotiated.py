"""What was negotiated with an account, as its own people and programs see it: what applies, comes, and was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from agreements import overrides
from agreements.differences import Difference, differences
from agreements.queries import PublishedTerms, terms_version
from agreements.standing import COMING, Standing
from agreements.terms.problems import Path
from agreements.version import NegotiatedVersion
from customers.queries import AccountView

IN_WORDS = {
    Standing.ANNOUNCED: "announced",
    Standing.NOTIFIED: "announced",
    Standing.AGREED: "agreed",
    Standing.IN_FORCE: "in force",
    Standing.SUPERSEDED: "superseded",
    Standing.WITHDRAWN: "withdrawn, never in force",
    Standing.LAPSED: "never in force",
    Standing.ENDED: "ended",
}
SOON = timedelta(days=60)
OVER = frozenset({Standing.WITHDRAWN, Standing.LAPSED})


@dataclass(frozen=True, slots=True)
class Applying:
    """What is negotiated now, and where it differs from the agreement's version in force."""

    version: NegotiatedVersion
    who: str
    base: PublishedTerms
    differences: tuple[Difference, ...]

    def differs(self, *place: str) -> bool:
        """Tell whether a rule, or anything in it, is another for this account; a list's entries go by their names."""
        return any(_within(one.path, place) or _within(place, one.path) for one in self.differences)


@dataclass(frozen=True, slots=True)
class NegotiatedShown:
    """A version of negotiated terms that the account knows of, and what it changes for it."""

    version: NegotiatedVersion
    words: str
    who: str
    is_coming: bool
    changes: tuple[Difference, ...]

    @property
    def is_over(self) -> bool:
        """Whether it never was in force, and never will be."""
        return self.version.standing in OVER


def applying(account: AccountView, published: PublishedTerms | None) -> Applying | None:
    """Give what is negotiated with the account among the terms that apply to it."""
    if published is None or published.override is None:
        return None
    version = overrides.override(published.agreement, account.id, published.override)
    base = terms_version(published.agreement, published.version)
    return Applying(version, _who(version), base, differences(base.document, published.document))


def known(account: AccountView) -> list[NegotiatedShown]:
    """List the versions that the account knows of, the newest first; drafts are not among them."""
    return [_shown(account, one) for one in reversed(_versions(account)) if one.was_told]


def coming(account: AccountView) -> list[NegotiatedShown]:
    """List what will change for the account, the next change first."""
    found = [one for one in _versions(account) if one.standing in COMING]
    return [_shown(account, one) for one in sorted(found, key=lambda one: one.in_force_from)]


def ending(account: AccountView, *, now: datetime) -> NegotiatedVersion | None:
    """Give what applies now, if it ends soon and nothing is certain to take its place."""
    return ending_of(_versions(account), now=now)


def ending_of(versions: Sequence[NegotiatedVersion], *, now: datetime) -> NegotiatedVersion | None:
    """Give of an account's versions what applies now, if it ends soon and nothing is certain to take its place."""
    found = overrides.applying(versions, now)
    if found is None or found.until is None or found.until - now > SOON:
        return None
    return found if overrides.applying(versions, found.until) is None else None


def _versions(account: AccountView) -> Sequence[NegotiatedVersion]:
    return overrides.every_override(account.agreement, account.id)


def _shown(account: AccountView, version: NegotiatedVersion) -> NegotiatedShown:
    changed = partial(overrides.changes_of_override, account.agreement, account.id)
    return NegotiatedShown(
        version=version,
        words=IN_WORDS[version.standing],
        who=_who(version),
        is_coming=version.standing in COMING,
        changes=() if version.standing in OVER else changed(version.number),
    )


def _who(version: NegotiatedVersion) -> str:
    return version.consent.who.reveal() if version.consent else ""


def _within(path: Path, around: Path) -> bool:
    return path[: len(around)] == around
