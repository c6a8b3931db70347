"""What `agreements check` says about a file, line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from agreements.examples import failures
from agreements.lint import Severity, findings
from agreements.lint.finding import counted
from agreements.terms import Document, TermsMalformed, load_file


@dataclass(frozen=True)
class Report:
    """The lines about one file, and whether it may be published."""

    lines: tuple[str, ...]
    sound: bool


def report_on(path: Path) -> Report:
    """Validate, lint and run the examples of a file."""
    try:
        document = load_file(path)
    except TermsMalformed as error:
        faults = len(error.problems)
        return Report((*map(str, error.problems), f"{path}: no terms: {counted(faults, 'fault')}."), sound=False)
    except (OSError, UnicodeDecodeError) as error:
        return Report((f"{path}: cannot be read: {error}.",), sound=False)
    return _report(document)


def _report(document: Document) -> Report:
    found, failed = findings(document), failures(document)
    weights = Counter(finding.severity for finding in found)
    examples = len(document.terms.examples)
    contradicted = len({failure.name for failure in failed})
    told = ", ".join(counted(weights[severity], severity) for severity in Severity)
    terms = document.terms
    summary = (
        f"{document.source.file}: {terms.agreement}, {terms.title}, in force from "
        f"{terms.in_force_from.astimezone(terms.zone):%Y-%m-%d %H:%M %Z}: {told}; "
        f"{examples - contradicted} of {counted(examples, 'example')} fulfilled."
    )
    sound = not failed and not weights[Severity.ERROR]
    return Report((*map(str, found), *map(str, failed), summary), sound=sound)
