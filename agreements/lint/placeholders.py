"""Words in the text that stand where a decision was never made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agreements.lint.finding import At, Finding
from agreements.terms import Document
from agreements.terms.placeholders import placeholder_in
from agreements.terms.problems import Path
from agreements.terms.source import Plain

CONSEQUENCES: Mapping[Path, str] = {
    ("contacts", "status_page"): " Until a version names a page, only mail announces maintenance.",
}


def check_placeholders(document: Document) -> Iterator[Finding]:
    """Find every value that is still to be decided."""
    for path, text in _texts(document.source.tree, ()):
        if found := placeholder_in(text):
            told = f"{text!r} is a placeholder.{CONSEQUENCES.get(path, '')}"
            yield At(document, path).warning("placeholder", told, found)
    for path, notes in document.source.annotations.items():
        for name in ("words", "clause"):
            if name in notes and (found := placeholder_in(notes[name])):
                told = f"The {name} {notes[name]!r} hold a placeholder."
                told = told if name == "words" else f"The clause {notes[name]!r} is a placeholder."
                yield At(document, (*path, name)).warning("placeholder", told, found)


def _texts(value: Plain, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from _texts(child, (*path, name))
    elif isinstance(value, tuple):
        for number, child in enumerate(value):
            yield from _texts(child, (*path, number))
