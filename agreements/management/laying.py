"""Over which terms the command lays a file that was negotiated with an account."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import Error

from agreements import overrides
from agreements.shipped import shipped
from agreements.terms import Document, Override, TermsMalformed, load_file


def bases_for(override: Override, *, on: Path | None) -> list[Document]:
    """Give the named file, or the versions in the override's time; without a database, the shipped agreement.

    Errors: TermsMalformed, and those of reading a file.
    """
    if on is not None:
        return [_of(override, load_file(on))]
    return _published(override) or [
        document for document in map(load_file, shipped()) if document.terms.agreement == override.agreement
    ]


def _of(override: Override, document: Document) -> Document:
    if document.terms.agreement != override.agreement:
        told = f"This lies over {override.agreement!r}, and {document.source.file} is {document.terms.agreement!r}."
        raise TermsMalformed([override.problem("overrides", told, "the name of the agreement")])
    return document


def _published(override: Override) -> list[Document]:
    try:
        return [one.document for one in overrides.bases_of(override)]
    except (Error, ImproperlyConfigured):
        return []
