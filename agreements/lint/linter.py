"""Every check, in the order in which their findings are read."""

from __future__ import annotations

from agreements.lint import bands, choices, deadlines, figures, placeholders
from agreements.lint.finding import RANKS, Check, Finding
from agreements.terms import Document

CHECKS: tuple[Check, ...] = (
    bands.check_table,
    bands.check_targets,
    deadlines.check_filing,
    deadlines.check_settlement,
    deadlines.check_known_years,
    figures.check_allowances,
    placeholders.check_placeholders,
    choices.check_choices,
)


def findings(document: Document) -> list[Finding]:
    """Give all findings, the gravest first, then by line."""
    found = [finding for check in CHECKS for finding in check(document)]
    return sorted(found, key=lambda finding: (RANKS[finding.severity], finding.line, finding.code))
