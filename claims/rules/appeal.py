"""By when a rejection may be appealed (SEMANTICS 16, 17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo

from agreements.terms import Terms
from claims.errors import AppealedBefore, AppealTooLate
from claims.rules.filing_bound import counted_days, filing_rule
from kernel import shown
from kernel.dates import date_at

BY_REJECTION = "rejection"
NO_APPEAL = "The agreement gives no time to appeal: the rejection is final."


def appeal_bound(rejected_at: datetime, terms: Terms) -> datetime | None:
    """Tell until when, exclusive, a rejection may be appealed: counted like the filing window."""
    rule, claims = filing_rule(terms), terms.claims
    if rule is None or claims is None:
        return None
    days = replace(rule, within_days=claims.appeal_within, within=None)
    return counted_days(date_at(rejected_at, terms.zone), days, by=BY_REJECTION).until


def require_appealable(
    *, bound: datetime | None, appealed_before: bool, received_at: datetime, zone: tzinfo, clause: str = ""
) -> None:
    """Let a rejection be appealed once and in time. Errors: AppealedBefore, AppealTooLate."""
    if appealed_before:
        raise AppealedBefore
    if bound is None:
        raise AppealTooLate(NO_APPEAL, clause=clause)
    if received_at >= bound:
        sentence = f"The last day to appeal was {shown.last_day(bound, zone)}: the rejection is final."
        raise AppealTooLate(sentence, clause=clause)
