"""From the text of a file to terms, or to every fault that keeps it from being terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from agreements.terms.coherence import faults
from agreements.terms.model import Terms
from agreements.terms.problems import Path, Problem, TermsMalformed, written
from agreements.terms.source import ANNOTATIONS, Plain, Source, read

EXPECTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "string_type": "a text",
    "tuple_type": "a list: [one, another]",
    "mapping_type": "names, each with its value",
    "model_type": "the fields of this part, each with its value",
    "too_short": "at least one",
    "greater_than": "a number above zero",
    "greater_than_equal": "no number below zero",
}


@dataclass(frozen=True)
class Document:
    """A terms file: the terms, and the text with its lines and clauses."""

    terms: Terms
    source: Source


def load(text: str, *, file: str = "terms") -> Terms:
    """Read terms; TermsMalformed tells every fault with its line and how to mend it."""
    return load_document(text, file=file).terms


def load_file(path: FilePath | str) -> Document:
    """Read the terms of a file, which is UTF-8."""
    return load_document(FilePath(path).read_text(encoding="utf-8"), file=str(path))


def load_document(text: str, *, file: str = "terms") -> Document:
    """Read terms together with the lines and clauses that the linter reports by."""
    document = _validated(text, file=file, holidays=None)
    if problems := [_faulty(document.source, *fault) for fault in faults(document.terms)]:
        raise TermsMalformed(problems)
    return document


def load_published(text: str, *, file: str, holidays: Mapping[date, str]) -> Document:
    """Read what was published, with the holidays of that day.

    It is not judged for coherence again: a stricter rule must not make an old version unreadable.
    """
    return _validated(text, file=file, holidays=holidays)


def _validated(text: str, *, file: str, holidays: Mapping[date, str] | None) -> Document:
    source = read(text, file=file)
    context = {"clauses": source.clauses, "holidays": holidays}
    try:
        return Document(Terms.model_validate(source.tree, context=context), source)
    except ValidationError as error:
        raise TermsMalformed(_problem(source, each) for each in error.errors()) from None


def _faulty(source: Source, path: Path, sentence: str, expected: str, mend: str) -> Problem:
    return Problem(
        file=source.file,
        line=source.line(path),
        path=written(path),
        sentence=sentence,
        expected=expected,
        mend=mend,
    )


def _problem(source: Source, error: ErrorDetails) -> Problem:
    path = tuple(step for step in error["loc"] if step != "[key]")
    told = error.get("ctx", {})
    if error["type"] == "terms":
        return _faulty(source, path, told["sentence"], told["expected"], told["mend"])
    if error["type"] == "extra_forbidden":
        return _unknown_field(source, path)
    if error["type"] == "missing":
        return _faulty(source, path, f"`{path[-1]}` is missing.", *_wanted(path))
    if error["type"] in ("literal_error", "enum"):
        return _wrong_choice(source, path, error["input"], str(told["expected"]))
    expected = EXPECTED.get(error["type"], error["msg"])
    return _faulty(source, path, f"{_brief(error['input'])} can not stand here.", expected, "")


def _wanted(path: Path) -> tuple[str, str]:
    return f"a field `{path[-1]}`", f"add `{path[-1]}: ...`"


def _unknown_field(source: Source, path: Path) -> Problem:
    *around, name = path
    known = sorted(fields_at(tuple(around)))
    near = get_close_matches(str(name), [*known, *ANNOTATIONS], n=1)
    expected = "one of " + ", ".join(known) if known else "no fields"
    mend = f"write `{near[0]}`" if near else f"remove `{name}`"
    return _faulty(source, path, f"There is no field `{name}` here.", expected, mend)


def _wrong_choice(source: Source, path: Path, value: Any, expected: str) -> Problem:
    choices = expected.replace("'", "").replace(" or ", ", ").split(", ")
    near = get_close_matches(str(value), choices, n=1)
    mend = f"write {near[0]}" if near else ""
    told = ", ".join(choices[:-1]) + " or " + choices[-1] if len(choices) > 1 else choices[0]
    return _faulty(source, path, f"{_brief(value)} is not one of the choices.", told, mend)


def _brief(value: Plain | Any) -> str:
    if isinstance(value, Mapping):
        return "A mapping"
    if isinstance(value, tuple | list):
        return "A list"
    if value is None:
        return "An empty value"
    return repr(value) if isinstance(value, str) else str(value).lower()


def fields_at(path: Path) -> Iterator[str]:
    """Name the fields of the part at this path, as they are written."""
    models: list[type[BaseModel]] = [Terms]
    for step in path:
        models = [each for model in models for each in _parts_of(model, step)] or models
    for model in models:
        for name, field in model.model_fields.items():
            yield field.alias or name


def _parts_of(model: type[BaseModel], step: str | int) -> list[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if (field.alias or name) == step:
            return list(_models_in(field.annotation))
    return []


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)
