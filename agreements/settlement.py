"""By when a claim is decided and paid, and by when a report is owed (SEMANTICS 18)."""

from __future__ import annotations

from agreements.happening import Happened
from agreements.terms import Terms
from agreements.terms.problems import Path
from agreements.windows import Window, window_of


def settlement_due(terms: Terms, happened: Happened) -> Window | None:
    """Tell until when a claim is credited or rejected; None where no time is promised.

    Errors: NotTold where what the limit is counted from is not known.
    """
    limit = terms.claims.settlement_limit if terms.claims else None
    if limit is None:
        return None
    return window_of(terms, limit, happened, path=("claims", "settle_within"), rule="Settlement")


def decision_due(terms: Terms, happened: Happened) -> Window | None:
    """Tell until when a claim is granted or rejected; where only settling has a time, until then."""
    claims = terms.claims
    if claims is None or claims.decide is None:
        return settlement_due(terms, happened)
    return window_of(terms, claims.decide, happened, path=("claims", "decide"), rule="Decision")


def payment_due(terms: Terms, happened: Happened) -> Window | None:
    """Tell until when a granted credit is paid; where only settling has a time, until then."""
    claims = terms.claims
    if claims is None or claims.pay is None:
        return settlement_due(terms, happened)
    return window_of(terms, claims.pay, happened, path=("claims", "pay"), rule="Payment")


def report_owed(terms: Terms, name: str, *, tier: str | None, severity: str | None) -> bool:
    """Tell whether the report of this name is owed to the tier after an incident of the severity."""
    return any(report.name == name and report.owed(tier=tier, severity=severity) for report in terms.reports)


def report_due(
    terms: Terms, name: str, happened: Happened, *, tier: str | None = None, severity: str | None = None
) -> Window | None:
    """Tell until when the report of this name is owed; None where it is not owed, or there is none."""
    for number, report in enumerate(terms.reports):
        if report.name == name and report.owed(tier=tier, severity=severity):
            path: Path = ("reports", number)
            return window_of(terms, report, happened, path=path, rule="Report")
    return None
