"""Public holidays by country, as the plain mapping that a calendar takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import holidays

_LANGUAGE = "en_US"


def public_holidays(country: str, years: Iterable[int]) -> dict[date, str]:
    """List a country's public holidays with their English names: HK, US (federal), GB.

    A country is its ISO 3166 code, with a subdivision after a hyphen if it needs one: GB-ENG.
    """
    code, _, subdivision = country.partition("-")
    listed = holidays.country_holidays(code, subdiv=subdivision or None, years=years, language=_LANGUAGE)
    return dict(sorted(listed.items()))
