"""The file's own examples, which the terms must fulfil."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.examples import failures
from agreements.lint.finding import Finding, Severity
from agreements.terms import Document

EXAMPLE_CONTRADICTED = "example_contradicted"


def check_examples(document: Document) -> Iterator[Finding]:
    """Find every example that the terms contradict."""
    for failure in failures(document):
        yield Finding(
            severity=Severity.ERROR,
            code=EXAMPLE_CONTRADICTED,
            file=failure.file,
            line=failure.line,
            clause=failure.clause,
            path=failure.path,
            values=(failure.name, failure.field),
            sentence=f"The terms contradict the example “{failure.name}”: {failure.said.removesuffix('.')}.",
        )
