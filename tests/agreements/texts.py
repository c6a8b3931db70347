"""Terms as texts: the shipped files, and a small sound agreement that tests bend."""

from __future__ import annotations

from agreements.shipped import FOLDER
from agreements.terms import Document, load_document

APICHEAP = (FOLDER / "apicheap-2026-03-30.yaml").read_text(encoding="utf-8")
APISEC = (FOLDER / "apisec.yaml").read_text(encoding="utf-8")

# One tier, a table that pays every miss and nothing else, windows that outlast the month, no choice
# in the provider's favour: the linter has nothing to say about it.
SOUND = """\
format: 1
agreement: sound
title: A sound agreement
document_date: 2026-01-01
in_force_from: 2026-01-01
time_zone: Europe/London
currency: EUR
contacts: {legal_name: Sound Ltd}
tiers: {plus: {title: Plus}}
services: {api: {title: API}}
measurement: {success_statuses: [2xx], quorum: majority}
commitments:
  - name: uptime
    clause: §2
    measure: uptime
    period: calendar_month
    target: {plus: 99.5%}
    credits:
      of: usage of the month
      rows:
        - {from: 99.0%, below: 99.5%, pays: 10%}
        - {below: 99.0%, pays: 25%}
      unmatched_miss: undecided
claims:
  file_within: 60 days
  settle_within: 10 business days
  pause_for_evidence: false
business_hours:
  time_zone: Europe/London
  hours: {monday-friday: "09:00-17:00"}
  holidays: {public_holidays_of: GB-ENG, years: 2025-2030}
"""


def bent(old: str, new: str, *, text: str = SOUND) -> str:
    """Replace the one place of a text where `old` stands."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def document(text: str) -> Document:
    """Read a text as the file agreement.yaml."""
    return load_document(text, file="agreement.yaml")
