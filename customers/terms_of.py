"""What the agreement of an account says about its tiers, its currency and its months."""

from datetime import datetime, timedelta
from functools import lru_cache

from agreements import queries as agreements
from agreements.queries import PublishedTerms
from agreements.terms import Terms
from customers.errors import UnknownAgreement
from kernel.months import Month

_INSTANT = timedelta(microseconds=1)


def terms_at(agreement: str, at: datetime) -> Terms:
    """Give the terms in force at an instant, or the first ones where none were yet.

    An account may be opened, and hold a tier, before its agreement takes effect. Errors:
    UnknownAgreement.
    """
    found = agreements.terms_in_force(agreement, at) or _first(agreement)
    return found.terms


def terms_of_month(agreement: str, month: Month) -> Terms:
    """Give the terms in force when the month ends, in the agreement's zone. Errors: UnknownAgreement."""
    first = _first(agreement).terms
    at_end = terms_at(agreement, month.end(first.zone) - _INSTANT)
    return terms_at(agreement, month.end(at_end.zone) - _INSTANT)


def _first(agreement: str) -> PublishedTerms:
    versions = agreements.versions(agreement)
    if not versions:
        raise UnknownAgreement(f"No version of the agreement {agreement!r} is published.")
    return agreements.terms_version(agreement, versions[0].number)


class TermsOnce:
    """The terms of many instants and months, each asked for once; for as long as one command runs."""

    def __init__(self) -> None:
        self.at = lru_cache(maxsize=None)(terms_at)
        self.of_month = lru_cache(maxsize=None)(terms_of_month)
