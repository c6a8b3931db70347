"""What `agreements check` says about a file, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agreements.examples import carried_out, failures
from agreements.explaining import lines
from agreements.lint import Severity, findings
from agreements.lint.finding import counted
from agreements.running import not_carried_out
from agreements.terms import Document, Problem, TermsMalformed, load_file


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


def explained(path: Path) -> list[str]:
    """Tell each example of a file by its steps. Errors: TermsMalformed, and those of reading a file."""
    return list(_explained(load_file(path)))


def _explained(document: Document) -> Iterator[str]:
    for example in document.terms.examples:
        yield f"{example.name}"
        for root in carried_out(document.terms, example.given).steps:
            yield from lines(root, depth=1)


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
    waiting = not_carried_out(document)
    later = [f"{document.source.file}: {_not_published(waiting)}"] if waiting else []
    sound = not weights[Severity.ERROR]
    return Report((*map(str, found), summary, *later), sound=sound)


def _not_published(waiting: Sequence[Problem]) -> str:
    places = ", ".join(f"{problem.path} (line {problem.line})" for problem in waiting)
    return f"these terms are checked, but `load` does not publish them yet: {places}."
