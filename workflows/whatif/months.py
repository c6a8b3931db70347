"""Which months a draft is run over, and both judges of each: the terms that were in force, and the draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from agreements.queries import PublishedTerms, terms_version, versions
from agreements.terms import Terms
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
    """One month under two judges; `note` says why the terms beside the draft did not judge it themselves."""

    month: Month
    today: JudgedMonth
    draft: JudgedMonth
    version: int
    note: str


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


def run_month(draft: Terms, agreement: str, month: Month, *, now: datetime) -> RunMonth:
    """Measure a month twice from the same observations: as its own terms say, and as the draft says."""
    published, note = _terms_of(agreement, month)
    return RunMonth(
        month=month,
        today=_judged(published.terms, published.version, agreement, month, now),
        draft=_judged(draft, DRAFT, agreement, month, now),
        version=published.version,
        note=note,
    )


def _terms_of(agreement: str, month: Month) -> tuple[PublishedTerms, str]:
    """Give the terms that judge the month; before the first ones, those, and a note that says so."""
    published = judging_terms(agreement, month)
    if published is not None:
        return published, ""
    first = terms_version(agreement, versions(agreement)[0].number)
    since = shown.instant(first.terms.in_force_from, first.terms.zone)
    return first, f"No version judged {shown.month(month)}: the first one, in force since {since}, stands in for it."


def _judged(terms: Terms, version: int, agreement: str, month: Month, now: datetime) -> JudgedMonth:
    return JudgedMonth(
        measured=measured_by(terms, agreement, month, now=now),
        assessor=Assessor(terms=terms, terms_version=version),
        first=month.first_minute(terms.zone),
        end=month.last_minute(terms.zone),
        now=now,
    )


def tiers_in_order(draft: Terms, months: Iterable[RunMonth]) -> tuple[str, ...]:
    """Name every tier of the draft and of the terms beside it, the lowest one first."""
    names = dict.fromkeys(draft.tiers)
    for one in months:
        names |= dict.fromkeys(one.today.terms.tiers)
    return tuple(names)
