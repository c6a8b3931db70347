"""Which months a draft is run over, and both judges of each: the terms that were in force, and the draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from agreements.overrides import overrides_at, terms_laid
from agreements.queries import PublishedTerms, terms_version, versions
from agreements.terms import Document, Override, Terms, TermsMalformed, laid_over, load_override
from agreements.version import NegotiatedVersion
from claims.commands.judged_month import JudgedMonth
from claims.queries.periods import judging_terms
from claims.rules.statement import Assessor
from kernel import shown
from kernel.months import Month
from uptime import queries as uptime
from workflows.measured import measured_by
from workflows.whatif.errors import WhatIfRefused

DRAFT: Final = 0
MOST_MONTHS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMonth:
    """One month under two judges; `notes` say what judged it otherwise than was to be expected."""

    month: Month
    today: JudgedMonth
    draft: JudgedMonth
    version: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, and what was negotiated with single accounts laid over it, each text once."""

    document: Document
    _laid: dict[str, Document | str] = field(default_factory=dict)

    @property
    def terms(self) -> Terms:
        """The draft for everybody with whom nothing was negotiated."""
        return self.document.terms

    def laid(self, one: NegotiatedVersion) -> Document | str:
        """Give the terms that an account would have; a sentence where what was negotiated does not fit the draft."""
        if one.text not in self._laid:
            self._laid[one.text] = self._lay(load_override(one.text, file=one.title))
        return self._laid[one.text]

    def _lay(self, override: Override) -> Document | str:
        try:
            return laid_over(self.document, override)
        except TermsMalformed as error:
            problem = error.problems[0]
            return (
                f"What was negotiated with account {override.account} does not fit the draft, which judges it here "
                f"without: {problem.file}, line {problem.line}: {problem.sentence}"
            )


def months_between(since: Month, until: Month | None, *, terms: Terms, now: datetime) -> tuple[Month, ...]:
    """List the months to run, the first one first. Errors: WhatIfRefused."""
    last = Month.of(now, terms.zone).previous()
    end = until or last
    if end > last:
        raise WhatIfRefused(f"{shown.month(end)} is not over. The last month that can be run is {last}.")
    if since > end:
        raise WhatIfRefused(f"The first month, {since}, lies after the last one, {end}.")
    months = [since]
    while months[-1] < end:
        months.append(months[-1].next())
    if len(months) > MOST_MONTHS:
        raise WhatIfRefused(f"{since} to {end} are {len(months)} months; {MOST_MONTHS} at once are the most.")
    return tuple(months)


def require_comparable(draft: Terms, agreement: str) -> None:
    """Refuse a draft that measures or pays something of which nothing is known. Errors: WhatIfRefused."""
    published = versions(agreement)
    if not published:
        raise WhatIfRefused(f"No version of {agreement!r} is published: there are no terms to set the draft beside.")
    for version in published:
        paid_in = terms_version(agreement, version.number).terms.currency
        if paid_in != draft.currency:
            raise WhatIfRefused(
                f"The draft counts in {draft.currency} and version {version.number} of {agreement!r} in {paid_in}: "
                "their credits can not be compared."
            )
    services = [one.name for one in uptime.services_of(agreement)]
    if services and draft.service not in services:
        raise WhatIfRefused(
            f"The draft measures the service {draft.service!r}, which nobody observes under {agreement!r}. "
            f"There are: {', '.join(services)}."
        )


def run_month(draft: Draft, agreement: str, month: Month, *, now: datetime) -> RunMonth:
    """Measure a month twice from the same observations: as its own terms say, and as the draft says.

    An account with whom something was negotiated is judged with that laid over either side.
    """
    published, note = _terms_of(agreement, month)
    version, negotiated = published.version, overrides_at(agreement, month.start(published.terms.zone))
    own = {account: terms_laid(agreement, version, one).document for account, one in negotiated.items()}
    over_draft = {account: draft.laid(one) for account, one in negotiated.items()}
    misfits = tuple(one for one in over_draft.values() if isinstance(one, str))
    today, tomorrow = _assessors(own, negotiated, version), _assessors(over_draft, negotiated, DRAFT)
    return RunMonth(
        month=month,
        today=_judged(published.terms, version, agreement, month, now, today),
        draft=_judged(draft.terms, DRAFT, agreement, month, now, tomorrow),
        version=version,
        notes=(note, *misfits) if note else misfits,
    )


def _assessors(
    laid: Mapping[UUID, Document | str], negotiated: Mapping[UUID, NegotiatedVersion], version: int
) -> dict[UUID, Assessor]:
    """Give who judges the accounts that have terms of their own, as far as these could be laid."""
    return {
        account: Assessor(terms=one.terms, terms_version=version, override=negotiated[account].number)
        for account, one in laid.items()
        if isinstance(one, Document)
    }


def _terms_of(agreement: str, month: Month) -> tuple[PublishedTerms, str]:
    """Give the terms that judge the month; before the first ones, those, and a note that says so."""
    published = judging_terms(agreement, month)
    if published is not None:
        return published, ""
    first = terms_version(agreement, versions(agreement)[0].number)
    since = shown.instant(first.terms.in_force_from, first.terms.zone)
    return first, f"No version judged {shown.month(month)}: the first one, in force since {since}, stands in for it."


def _judged(
    terms: Terms, version: int, agreement: str, month: Month, now: datetime, negotiated: Mapping[UUID, Assessor]
) -> JudgedMonth:
    return JudgedMonth(
        measured=measured_by(terms, agreement, month, now=now),
        assessor=Assessor(terms=terms, terms_version=version),
        first=month.first_minute(terms.zone),
        end=month.last_minute(terms.zone),
        now=now,
        negotiated=negotiated,
    )


def tiers_in_order(draft: Terms, months: Iterable[RunMonth]) -> tuple[str, ...]:
    """Name every tier of the draft and of the terms beside it, the lowest one first."""
    names = dict.fromkeys(draft.tiers)
    for one in months:
        names |= dict.fromkeys(one.today.terms.tiers)
    return tuple(names)
