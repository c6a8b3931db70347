"""Months of one version follow on those of the one before, whatever their zones: no minute is judged twice or never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from agreements.errors import MonthsShifted
from agreements.terms import Document, Terms
from kernel import shown
from kernel.months import Month

AHEAD: Final = 24
"""How many months are looked through for one that begins at the same instant in both zones."""

_PATH = ("time_zone",)
_MINUTE = timedelta(minutes=1)


def require_months_to_follow(document: Document, before: Terms) -> None:
    """Refuse a version that begins within a month of the one it replaces, as its zone ends it (SEMANTICS 2, 25).

    Errors: MonthsShifted, with the line of the zone and what to write instead.
    """
    terms = document.terms
    begun = Month.of(terms.in_force_from, terms.zone)
    if begun.start(before.zone) == terms.in_force_from:
        return
    problem = document.source.problem(
        _PATH,
        _told(begun, terms, before),
        expected=f"{shown.zone_name(before.zone)}, as in the version before",
        mend=_mend(begun, terms, before),
    )
    raise MonthsShifted(str(problem), clause=terms.clause("changes"))


def _told(begun: Month, terms: Terms, before: Terms) -> str:
    ends, begins = begun.start(before.zone), terms.in_force_from
    minutes = abs(ends - begins) // _MINUTE
    judged = "twice" if begins < ends else "by neither version"
    return (
        f"{minutes:,} minutes would be judged {judged}: {begun.previous()} ends by the version before at {_at(ends)}, "
        f"{begun} begins by this one at {_at(begins)}."
    )


def _mend(begun: Month, terms: Terms, before: Terms) -> str:
    """Name the next month that begins in both zones at once; there is none where they are never alike."""
    keep = f"keep `{shown.zone_name(before.zone)}`"
    month = begun
    for _ in range(AHEAD):
        month = month.next()
        if month.start(before.zone) == month.start(terms.zone):
            return f"{keep}, or begin on {month}-01, when a month begins at one instant in both zones"
    return f"{keep}; months of another zone are another agreement"


def _at(instant: datetime) -> str:
    return shown.instant(instant, UTC)
