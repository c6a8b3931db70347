"""A finding: what was found, where it stands, the values concerned, and a sentence about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from agreements.terms import Document
from agreements.terms.problems import Path, written


class Severity(StrEnum):
    """How much a finding weighs; only errors keep terms from being published."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    CHOICE = "choice"


RANKS = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found; `values` are the figures concerned, as a reader writes them."""

    severity: Severity
    code: str
    file: str
    line: int
    clause: str
    path: str
    values: tuple[str, ...]
    sentence: str

    def __str__(self) -> str:
        clause = f" ({self.clause})" if self.clause else ""
        return f"{self.file}:{self.line}: {self.severity}{clause}: {self.sentence} [{self.code}]"


@dataclass(frozen=True)
class At:
    """A place in a document, from which findings are made."""

    document: Document
    path: Path

    def error(self, code: str, sentence: str, *values: object) -> Finding:
        """Find what can not be carried out."""
        return self._found(Severity.ERROR, code, sentence, values)

    def warning(self, code: str, sentence: str, *values: object) -> Finding:
        """Find what customers will dispute."""
        return self._found(Severity.WARNING, code, sentence, values)

    def note(self, code: str, sentence: str, *values: object) -> Finding:
        """Find what is worth knowing."""
        return self._found(Severity.NOTE, code, sentence, values)

    def choice(self, code: str, sentence: str, *values: object) -> Finding:
        """Find a rule that favours the provider over the plain wording."""
        return self._found(Severity.CHOICE, code, sentence, values)

    def _found(self, severity: Severity, code: str, sentence: str, values: tuple[object, ...]) -> Finding:
        source = self.document.source
        return Finding(
            severity=severity,
            code=code,
            file=source.file_at(self.path),
            line=source.line(self.path),
            clause=self.document.terms.clause(*self.path),
            path=written(self.path),
            values=tuple(str(value) for value in values),
            sentence=sentence,
        )


class Check(Protocol):
    """One kind of check."""

    def __call__(self, document: Document, /) -> Iterator[Finding]:
        """Give what is found in the document."""


def counted(number: int, noun: str) -> str:
    """Write a number of things: 1 day, 2 days."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
