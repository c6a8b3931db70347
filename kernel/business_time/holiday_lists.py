"""Public holidays by country, as the plain mapping that a calendar takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import holidays

# The library lists Hong Kong's statutory holidays as public. The general holidays of Cap. 149, on which
# offices close (Good Friday before 2028 is one of the others), are its optional ones.
_CATEGORIES = {"HK": ("optional",)}


def public_holidays(country: str, years: Iterable[int]) -> dict[date, str]:
    """List a country's public holidays with their English names: HK, US (federal), GB-ENG.

    A country is its ISO 3166 code, with a subdivision after a hyphen if it needs one.
    """
    code, _, subdivision = country.partition("-")
    listed = holidays.country_holidays(
        code,
        subdiv=subdivision or None,
        years=sorted(years),
        categories=_CATEGORIES.get(code),
        language=_english(code),
    )
    return dict(sorted(listed.items()))


def _english(code: str) -> str:
    spoken = holidays.country_holidays(code).supported_languages
    return f"en_{code}" if f"en_{code}" in spoken else "en_US"
