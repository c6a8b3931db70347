"""The page of what was negotiated with an account: each version, how it stands, what differs, what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from agreements import overrides, queries
from agreements.differences import Difference
from agreements.lint import Finding
from agreements.models import Override
from agreements.reporting import caused
from agreements.standing import TITLES, WITHDRAWABLE, Standing
from agreements.terms import TermsMalformed
from agreements.version import NegotiatedVersion
from customers import queries as customers
from customers.queries import AccountView
from eventstore import NotFound
from workflows.announcing import reach_negotiated

ANNOUNCE: Final = ("announce", "Announce", frozenset({Standing.DRAFT}))
AGREE: Final = ("agree", "Note that it is agreed", frozenset({Standing.DRAFT, Standing.ANNOUNCED}))
TOLD: Final = ("note_told", "Told otherwise", frozenset({Standing.ANNOUNCED}))
WITHDRAW: Final = ("withdraw", "Withdraw", WITHDRAWABLE)
ACTS: Final = (ANNOUNCE, AGREE, TOLD, WITHDRAW)
MOST_LISTED: Final = 100
OVER: Final = (Standing.WITHDRAWN, Standing.LAPSED, Standing.SUPERSEDED, Standing.ENDED)
TONES: Final = {Standing.IN_FORCE: "good", Standing.ANNOUNCED: "warn", Standing.LAPSED: "bad"}


@dataclass(frozen=True, slots=True)
class Button:
    """What can be done with a version."""

    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs from other terms, or why that can not be told."""

    than: str
    there: str = ""
    differences: tuple[Difference, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the linter finds because of a version; `line` is one of its text, if it is there."""

    finding: Finding
    line: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One version as the page shows it."""

    version: NegotiatedVersion
    standing: str
    tone: str
    who: str
    is_reached: bool | None
    compared: tuple[Compared, ...]
    findings: tuple[Found, ...]
    buttons: tuple[Button, ...]
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An account with terms of its own, as the agreement's page lists it."""

    address: str
    name: str
    applies: NegotiatedVersion | None
    coming: str


def shown(row: Override, *, now: datetime) -> list[Shown]:
    """Give every version, the newest first."""
    return [_shown(row, one, now) for one in reversed(row.versions)]


def _shown(row: Override, version: NegotiatedVersion, now: datetime) -> Shown:
    return Shown(
        version=version,
        standing=TITLES[version.standing],
        tone=TONES.get(version.standing, ""),
        who=version.consent.who.reveal() if version.consent else "",
        is_reached=_is_reached(row, version, now),
        compared=compared(row, version),
        findings=() if version.standing in OVER else tuple(_found(row, version)),
        buttons=tuple(_button(row, version, *one) for one in ACTS if version.standing in one[2]),
        lines=tuple(enumerate(version.text.splitlines(), start=1)),
    )


def _button(row: Override, version: NegotiatedVersion, name: str, words: str, _: frozenset[Standing]) -> Button:
    page = reverse(f"admin:agreements_override_{name}", args=[row.pk])
    return Button(f"{page}?version={version.number}&seen={row.version}", words)


def _is_reached(row: Override, version: NegotiatedVersion, now: datetime) -> bool | None:
    if version.standing != Standing.ANNOUNCED:
        return None
    if version.to_mail_since is not None and not version.told:
        return False
    return not reach_negotiated(row.agreement, row.account, version, by=now).not_reached


def compared(row: Override, version: NegotiatedVersion) -> tuple[Compared, ...]:
    """Compare a version with the agreement's own terms, and with what applied to the account until it begins."""
    before = overrides.before(row.agreement, row.account, version.number)
    try:
        base = overrides.base_of(row.agreement, version.in_force_from)
        own = overrides.negotiated_differences(row.agreement, row.account, version.number)
        published = Compared(f"version {base.version} of the agreement", f"Version {base.version}", own)
        if before is None:
            return (published,)
        changed = overrides.changes_of_override(row.agreement, row.account, version.number)
    except TermsMalformed as error:
        return (Compared("the agreement", fault=str(error)),)
    except NotFound as error:
        return (Compared("the agreement", fault=error.sentence),)
    return (published, Compared(f"what applies until then, negotiated terms {before.number}", "Until then", changed))


def table_of(agreement: str, *, now: datetime) -> SafeString:
    """List the accounts under an agreement with whom something was negotiated; the first ones, where they are many."""
    negotiated = overrides.everything_negotiated(agreement)
    listed = negotiated[:MOST_LISTED]
    names = customers.names_of(one.account for one in listed)
    lines = [
        Line(
            address=page_of(one.agreement, one.account),
            name=names.get(one.account, str(one.account)),
            applies=overrides.applying(one.versions, now),
            coming=coming(one.versions),
        )
        for one in listed
    ]
    context = {
        "lines": sorted(lines, key=lambda one: (one.name, one.address)),
        "more": max(len(negotiated) - MOST_LISTED, 0),
        "every": f"{reverse('admin:agreements_override_changelist')}?{urlencode({'agreement__exact': agreement})}",
    }
    return render_to_string("config/desk/negotiated_table.html", context)


def page_of(agreement: str, account: UUID) -> str:
    """Give the address of the page of what was negotiated with an account."""
    return reverse("admin:agreements_override_change", args=[overrides.override_stream(agreement, account)])


def _found(row: Override, version: NegotiatedVersion) -> Iterator[Found]:
    try:
        base = overrides.base_of(row.agreement, version.in_force_from)
        laid = overrides.terms_laid(row.agreement, base.version, version).document
    except (TermsMalformed, NotFound):
        return
    for one in caused(base.document, laid):
        yield Found(one, None if one.file == base.document.source.file else one.line)


def coming(versions: Sequence[NegotiatedVersion]) -> str:
    """Tell what is on its way: drafts, and what is announced or agreed."""
    found = [one for one in versions if one.standing in WITHDRAWABLE]
    return "; ".join(f"version {one.number}: {TITLES[one.standing]}" for one in found)


def to_begin_with(account: AccountView, *, now: datetime) -> str:
    """Give a text to begin with: the account's newest version, or a file that says whose it is and no more."""
    every = overrides.every_override(account.agreement, account.id)
    if every:
        return every[-1].text
    found = queries.terms_in_force(account.agreement, now)
    begins = f"{now.year + now.month // 12}-{now.month % 12 + 1:02}-01"
    tier = account.tier_at(now) or "pro"
    named = found.terms.commitments[0].name if found and found.terms.commitments else "uptime"
    return (
        f'overrides: {account.agreement}\naccount: "{account.number}"\ndocument_date: {now:%Y-%m-%d}\n'
        f"in_force_from: {begins}       # the start of a billing period; add `until: …` if it ends on a day\n"
        "clause: Order form …, §…        # where it is written\n"
        "changes:                        # only what differs, in the words of the agreement's file, such as:\n"
        f"  commitments:\n    - name: {named}\n      target: {{{tier}: 99.95%}}\n"
    )


def people(account: AccountView) -> tuple[str, ...]:
    """Name the people of an account who are mailed."""
    return tuple(f"{one.name} ({one.mail})" for one in customers.members_of(account.id))
