"""Every check, in the order in which their findings are read."""

from __future__ import annotations

from agreements.lint import (
    bands,
    choices,
    chronic,
    deadlines,
    downtime,
    excuses,
    figures,
    measures,
    paying,
    placeholders,
    support,
    targets,
    tried,
    wording,
)
from agreements.lint.finding import RANKS, Check, Finding
from agreements.terms import Document

CHECKS: tuple[Check, ...] = (
    measures.check_measures,
    bands.check_table,
    targets.check_targets,
    paying.check_payments,
    deadlines.check_filing,
    deadlines.check_opening,
    deadlines.check_ticket,
    deadlines.check_settlement,
    deadlines.check_ending,
    deadlines.check_open,
    deadlines.check_known_years,
    excuses.check_excuses,
    downtime.check_downtime,
    support.check_support,
    support.check_calendars,
    chronic.check_rights,
    figures.check_allowances,
    wording.check_words,
    tried.check_examples,
    placeholders.check_placeholders,
    choices.check_choices,
)


def findings(document: Document) -> list[Finding]:
    """Give all findings, the gravest first, then by line."""
    found = [finding for check in CHECKS for finding in check(document)]
    return sorted(found, key=lambda finding: (RANKS[finding.severity], finding.line, finding.code))
