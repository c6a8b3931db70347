"""What `agreements check` says about a file, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agreements.differences import differences
from agreements.examples import carried_out, failures
from agreements.explaining import lines
from agreements.lint import Finding, Severity, findings
from agreements.lint.finding import counted
from agreements.running import not_carried_out
from agreements.terms import (
    Document,
    Override,
    Problem,
    TermsMalformed,
    is_override,
    laid_over,
    load_file,
    load_override_file,
    wrong_times,
)

Bases = Callable[[Override], Sequence[Document]]


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


def is_override_file(path: Path) -> bool:
    """Tell whether a file holds what was negotiated with an account; one that can not be read does not."""
    try:
        return is_override(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return False


def report_on_override(path: Path, bases: Bases) -> Report:
    """Validate what was negotiated, and lay it over each of these versions: lint and run what it makes of them.

    Only findings that the agreement does not have itself are told.
    """
    try:
        override, laid = _laid(path, bases)
    except TermsMalformed as error:
        faults = len(error.problems)
        return Report((*map(str, error.problems), f"{path}: no terms: {counted(faults, 'fault')}."), sound=False)
    except (OSError, UnicodeDecodeError) as error:
        return Report((f"{path}: cannot be read: {error}.",), sound=False)
    reports = [_report_laid(override, base, document) for base, document in laid]
    return Report(tuple(line for one in reports for line in one.lines), sound=all(one.sound for one in reports))


def explained_override(path: Path, bases: Bases) -> list[str]:
    """Tell each example of an override by its steps. Errors: TermsMalformed, and those of reading a file."""
    _, laid = _laid(path, bases)
    return [line for _, document in laid for line in _explained(document)]


def _laid(path: Path, bases: Bases) -> tuple[Override, list[tuple[Document, Document]]]:
    """Read an override and lay it over each version. Errors: TermsMalformed, and those of reading a file."""
    override = load_override_file(path)
    found = bases(override)
    if not found:
        told = f"There is no agreement {override.agreement!r} to lay this over."
        raise TermsMalformed([override.problem("overrides", told, mend="name its file with --on")])
    if problems := [*wrong_times(override, found[0].terms.zone)]:
        raise TermsMalformed(problems)
    return override, [(base, laid_over(base, override)) for base in found]


def _report_laid(override: Override, base: Document, laid: Document) -> Report:
    found = caused(base, laid)
    failed, waiting = failures(laid), not_carried_out(laid)
    weights = Counter(finding.severity for finding in found)
    told = ", ".join(counted(weights[severity], severity) for severity in Severity)
    changes, zone = differences(base, laid), laid.terms.zone
    until = override.ends(zone)
    times = f"from {override.begins(zone).astimezone(zone):%Y-%m-%d %H:%M %Z}" + (
        f" until {until.astimezone(zone):%Y-%m-%d %H:%M %Z}" if until else ""
    )
    file, examples = override.source.file, len(laid.terms.examples)
    contradicted = len({failure.name for failure in failed})
    summary = (
        f"{file}: account {override.account} of {override.agreement}, {times}, over {base.source.file}: "
        f"{counted(len(changes), 'difference')}; {told}; "
        f"{examples - contradicted} of {counted(examples, 'example')} fulfilled."
    )
    differing = tuple(f"  {one.clause} {one.sentence}" for one in changes)
    later = (f"{file}: these terms are checked, but are not carried out yet: {_places(waiting)}.",) if waiting else ()
    return Report((*map(str, found), summary, *differing, *later), sound=not weights[Severity.ERROR])


def caused(base: Document, laid: Document) -> list[Finding]:
    """List what the linter finds in an account's terms and not in those of the agreement."""
    known = {(one.code, one.path, one.sentence) for one in findings(base)}
    return [one for one in findings(laid) if (one.code, one.path, one.sentence) not in known]


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
    return f"these terms are checked, but `load` does not publish them yet: {_places(waiting)}."


def _places(waiting: Sequence[Problem]) -> str:
    return ", ".join(f"{problem.path} (line {problem.line})" for problem in waiting)
