"""Whether terms can be carried out: read, linted, run, and true to their own examples."""

from __future__ import annotations

from agreements.errors import ExampleFailed, TermsRefused
from agreements.examples import failures
from agreements.lint import EXAMPLE_CONTRADICTED, Finding, Severity, findings
from agreements.running import not_carried_out
from agreements.terms import Document, Override, TermsMalformed, laid_over, load_document, load_override


def read_to_run(text: str) -> Document:
    """Read terms that can be carried out, and record nothing. Errors: TermsRefused with the lines."""
    try:
        document = load_document(text)
    except TermsMalformed as error:
        raise TermsRefused(str(error)) from error
    _require_running(document)
    return document


def read_sound(text: str) -> Document:
    """Read terms to publish or draft them. Errors: TermsRefused; ExampleFailed."""
    document = read_to_run(text)
    _require_examples(document)
    return document


def read_override(text: str) -> Override:
    """Read what was negotiated with an account. Errors: TermsRefused with the lines."""
    try:
        return load_override(text)
    except TermsMalformed as error:
        raise TermsRefused(str(error)) from error


def fit(base: Document, override: Override) -> Document:
    """Lay an override over a version, which can then be carried out. Errors: TermsRefused; ExampleFailed."""
    try:
        document = laid_over(base, override)
    except TermsMalformed as error:
        raise TermsRefused(str(error)) from error
    _require_running(document)
    _require_examples(document)
    return document


def _require_running(document: Document) -> None:
    if unsupported := not_carried_out(document):
        raise TermsRefused("\n".join(str(problem) for problem in unsupported))
    if errors := [str(error) for error in findings(document) if _keeps_from_running(error)]:
        raise TermsRefused("\n".join(errors))


def _keeps_from_running(finding: Finding) -> bool:
    """Tell whether the terms can not be carried out; those that contradict an example can, and are only wrong."""
    return finding.severity is Severity.ERROR and finding.code != EXAMPLE_CONTRADICTED


def _require_examples(document: Document) -> None:
    if failed := failures(document):
        raise ExampleFailed("\n".join(str(failure) for failure in failed))
