"""What the format can say and the running system can not carry out yet.

`agreements check` and the examples work for all of the format; `agreements load` publishes only
what is carried out, because an agreement that is published in part is a promise half kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from agreements.running_commitments import commitments_beyond
from agreements.terms import Document, Terms
from agreements.terms.claiming import FILED_IN_A_CLOSED_MONTH, INCIDENT_END, ClaimTerms
from agreements.terms.excusing import CATEGORIES, Excuse
from agreements.terms.limits import CYCLE, Reach, Within
from agreements.terms.problems import Path, Problem

# A path, and what the running system does instead, which is what it can be written as.
Beyond = tuple[Path, str]


NOT_YET = "The running system can not carry this out yet; `agreements check` and the examples can."


def not_carried_out(document: Document) -> list[Problem]:
    """Give every part that can be written, checked and tried, and is not carried out yet."""
    source = document.source
    return [source.problem(path, NOT_YET, expected) for path, expected in beyond(document.terms)]


def beyond(terms: Terms) -> Iterator[Beyond]:
    """Give the path of every such part, and what is carried out."""
    yield from commitments_beyond(terms)
    if terms.claims is not None:
        yield from _claims(terms.claims)
    for name, excuse in terms.excuses.items():
        yield from _excuse(name, excuse)
    ahead = terms.maintenance.planned.ahead
    if ahead is not None and ahead.reach is not Reach.ELAPSED:
        yield ("maintenance", "planned", "notice"), "hours: 48 hours"
    if terms.reports:
        yield ("reports",), "no reports"
    if terms.chronic_failure:
        yield ("chronic_failure",), "no right to end the contract"
    if terms.calendars:
        yield ("calendars",), "one calendar, `business_hours`, whose holidays are kept as published"
    if terms.billing.cycle != "calendar_month":
        yield ("billing", "cycle"), "calendar_month"


def _claims(claims: ClaimTerms) -> Iterator[Beyond]:
    if claims.filing is None or not _files(claims.filing):
        wanted = "days, months, or to the end of a week, month, quarter or year"
        yield ("claims", "automatic" if claims.automatic else "file_within"), wanted
    if claims.counted_from != INCIDENT_END:
        yield ("claims", "counted_from"), "incident_end"
    if claims.settling is None or claims.settling.reach is not Reach.BUSINESS_DAYS:
        yield ("claims", "settle_within"), "a number of business days: 10 business days"
    if claims.clock != FILED_IN_A_CLOSED_MONTH:
        yield ("claims", "clock_starts"), "later_of_filing_and_month_end"
    for field in ("first_day_counts", "opens", "no_later_than", "at_least_until", "ticket", "decide"):
        if getattr(claims, field):
            yield ("claims", field), f"no `{field}`"
    if claims.pay is not None and str(claims.pay.within) != "next billing cycle":
        yield ("claims", "pay"), "next billing cycle"


def _files(within: Within) -> bool:
    """Tell whether the filing window of a claim can be counted so."""
    return within.reach in (Reach.DAYS, Reach.MONTHS) or (within.reach is Reach.END_OF and within.of != CYCLE)


def _excuse(name: str, excuse: Excuse) -> Iterator[Beyond]:
    if name not in CATEGORIES:
        yield ("excused", name), "one of " + ", ".join(CATEGORIES)
    for field in (
        "windows",
        "allowance",
        "allowance_with",
        "repaired_within",
        "shorter_than",
        "first_of_each",
        "tiers",
    ):
        if getattr(excuse, field):
            yield ("excused", name, field), f"no `{field}`"
