"""Which version of the terms a month is measured by."""

from __future__ import annotations

from datetime import UTC, datetime

from agreements import queries as agreements
from agreements.queries import PublishedTerms
from kernel.months import Month


def terms_of_month(agreement: str, month: Month) -> PublishedTerms | None:
    """Give the version in force when the month began, or the first one if it began within the month.

    None if no version was in force in any of it.
    """
    for version in reversed(agreements.versions(agreement)):
        published = agreements.terms_version(agreement, version.number)
        if published.terms.in_force_from <= month.start(published.terms.zone):
            return published
    return _first_within(agreement, month)


def _first_within(agreement: str, month: Month) -> PublishedTerms | None:
    for version in agreements.versions(agreement):
        published = agreements.terms_version(agreement, version.number)
        if published.terms.in_force_from < month.end(published.terms.zone):
            return published
    return None


def months_touched(agreement: str, start: datetime, end: datetime) -> list[Month]:
    """Name the months of the agreement that have an instant from start up to end."""
    month, last = Month.of(start, UTC).previous(), Month.of(end, UTC).next()
    touched = []
    while month <= last:
        published = terms_of_month(agreement, month)
        if published and month.start(published.terms.zone) < end and start < month.end(published.terms.zone):
            touched.append(month)
        month = month.next()
    return touched
