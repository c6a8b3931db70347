"""Deadlines that can not be met: those that pass before the month that they are about has closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agreements.happening import Happened, NotTold
from agreements.lint.finding import At, Finding, counted
from agreements.settlement import settlement_due
from agreements.terms import Document, Terms
from agreements.windows import filing_window
from kernel.months import Month

# Four years hold every length of month and a leap year.
MONTHS_TRIED = 48
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class TooSoon:
    """A month in which the deadline has passed when the month closes."""

    month: Month
    deadline: datetime
    closes_at: datetime


def months_from(terms: Terms) -> list[Month]:
    """List the first months that lie wholly in force."""
    first = Month.of(terms.in_force_from, terms.zone)
    begun = 0 if first.start(terms.zone) >= terms.in_force_from else 1
    return [first.plus(begun + number) for number in range(MONTHS_TRIED)]


def check_filing(document: Document) -> Iterator[Finding]:
    """Find whether a claim for an outage on the 1st must be filed before its month has closed."""
    claims = document.terms.claims
    if claims is None:
        return
    late = [one for month in months_from(document.terms) if (one := _filing(document.terms, month))]
    if not late:
        return
    first = late[0]
    told = (
        f"A claim for an outage on the 1st must be filed before the month has closed in {len(late)} of "
        f"{MONTHS_TRIED} months: for one on {first.month.first_day} before {_told(first.deadline)}, "
        f"while that month closes at {_told(first.closes_at)}."
    )
    values = (claims.filing, first.month, _told(first.deadline), _told(first.closes_at))
    at = At(document, ("claims", "file_within"))
    if claims.min_after_known:
        days = counted(claims.min_after_known, "day")
        kept = f" `min_after_known` keeps the window open for {days} after a miss is known."
        yield at.note("filing_before_close", told + kept, *values)
    else:
        yield at.warning("filing_before_close", told, *values)


def _filing(terms: Terms, month: Month) -> TooSoon | None:
    """Try a claim for an hour on the 1st, as far as its window depends on nothing else."""
    begun = month.start(terms.zone)
    told = {"incident_start": begun, "incident_end": begun + HOUR}
    try:
        window = filing_window(terms, Happened(terms, told))
    except NotTold:
        return None
    return _too_soon(terms, month, window.late_from if window else None)


def check_settlement(document: Document) -> Iterator[Finding]:
    """Find whether a claim must be decided before its month has closed."""
    claims = document.terms.claims
    if claims is None:
        return
    late = [one for month in months_from(document.terms) if (one := _settlement(document.terms, month))]
    if late:
        first = late[0]
        told = (
            f"A claim that is filed within its month must be settled before the month has closed in {len(late)} "
            f"of {MONTHS_TRIED} months: for {first.month} before {_told(first.deadline)}, while that month "
            f"closes at {_told(first.closes_at)}."
        )
        values = (claims.settling, first.month, _told(first.deadline), _told(first.closes_at))
        yield At(document, ("claims", "settle_within")).warning("settlement_before_close", told, *values)


def _settlement(terms: Terms, month: Month) -> TooSoon | None:
    """Try a claim that is filed on the month's last day."""
    told = dict.fromkeys(("filed", "complete", "period_end"), month.last_day)
    try:
        window = settlement_due(terms, Happened(terms, told))
    except NotTold:
        return None
    return _too_soon(terms, month, window.late_from if window else None)


def _too_soon(terms: Terms, month: Month, deadline: datetime | None) -> TooSoon | None:
    closes_at = month.end(terms.zone) + terms.close_grace
    return TooSoon(month, deadline, closes_at) if deadline is not None and deadline <= closes_at else None


def check_known_years(document: Document) -> Iterator[Finding]:
    """Find whether the holidays of the year that the terms begin in, and of the next, are known."""
    terms = document.terms
    office = terms.business_hours
    if office is None or office.holidays is None:
        return
    begins = terms.in_force_from.astimezone(terms.zone).year
    known = office.holidays.years
    if missing := [year for year in (begins, begins + 1) if year not in known]:
        years = " and ".join(str(year) for year in missing)
        told = f"The terms are in force from {begins}, and the holidays of {years} are not known."
        yield At(document, ("business_hours", "holidays", "years")).warning("holidays_unknown", told, *missing)


def _told(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
