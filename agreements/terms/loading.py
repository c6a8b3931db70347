"""From the text of a file to terms, or to every fault that keeps it from being terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from agreements.terms.coherence import faults
from agreements.terms.model import Terms
from agreements.terms.problems import Path, Problem, TermsMalformed, nearest
from agreements.terms.source import ANNOTATIONS, Plain, Source, read

EXPECTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "string_type": "a text",
    "tuple_type": "a list: [one, another]",
    "mapping_type": "names, each with its value",
    "model_type": "the fields of this part, each with its value",
    "greater_than": "a number above zero",
    "greater_than_equal": "no number below zero",
}
YES_AND_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


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
    return load_document(text_of(path), file=str(path))


def text_of(path: FilePath | str) -> str:
    """Read a file as text; TermsMalformed tells the line that is not UTF-8."""
    try:
        return FilePath(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        told, expected = "This line is not written in UTF-8.", "a text file in UTF-8"
        mend = "save the file again, as UTF-8"
        raise TermsMalformed(
            [Problem(file=str(path), line=line, path="", sentence=told, expected=expected, mend=mend)]
        ) from error


def load_document(text: str, *, file: str = "terms") -> Document:
    """Read terms together with the lines and clauses that the linter reports by."""
    document = _validated(text, file=file, holidays=None)
    source = document.source
    found = [source.problem(*fault) for fault in faults(document.terms)]
    if problems := [*source.problems, *found]:
        raise TermsMalformed(problems)
    return document


def load_published(text: str, *, file: str, holidays: Mapping[date, str]) -> Document:
    """Read what was published, with the holidays of that day.

    It is not judged for coherence again: a stricter rule must not make an old version unreadable.
    """
    document = _validated(text, file=file, holidays=holidays)
    if document.source.problems:
        raise TermsMalformed(document.source.problems)
    return document


def _validated(text: str, *, file: str, holidays: Mapping[date, str] | None) -> Document:
    return validated(read(text, file=file), holidays=holidays)


def validated(source: Source, *, holidays: Mapping[date, str] | None) -> Document:
    """Make terms of what was read; TermsMalformed tells every fault of a single value."""
    context = {"clauses": source.clauses, "holidays": holidays}
    try:
        return Document(Terms.model_validate(source.tree, context=context), source)
    except ValidationError as error:
        raise TermsMalformed([*source.problems, *problems_of(source, error)]) from None


def problems_of(source: Source, error: ValidationError, *, root: type[BaseModel] = Terms) -> list[Problem]:
    """Tell what a model of the format found wrong as its author can mend it."""
    return [_problem(source, each, root) for each in error.errors()]


def _problem(source: Source, error: ErrorDetails, root: type[BaseModel]) -> Problem:
    path = tuple(step for step in error["loc"] if step != "[key]")
    told = error.get("ctx", {})
    if error["type"] == "terms":
        at = (*path, told["at"]) if told["at"] else path
        return source.problem(at, told["sentence"], told["expected"], told["mend"])
    if error["type"] == "extra_forbidden":
        return _unknown_field(source, path, root)
    if error["type"] == "missing":
        return _missing(source, path, root)
    if error["type"] in ("literal_error", "enum"):
        return _wrong_choice(source, path, error["input"], str(told["expected"]))
    if error["type"] == "too_short":
        return source.problem(path, "Nothing stands here.", "at least one", "")
    expected = EXPECTED.get(error["type"], error["msg"])
    return source.problem(path, f"{_brief(error['input'])} can not stand here.", expected, _mended(error))


def _mended(error: ErrorDetails) -> str:
    """Tell how a value of the wrong kind is written."""
    value = error["input"]
    if error["type"] == "string_type" and isinstance(value, int):
        return f'put it in quotes: "{_brief(value)}"'
    if error["type"] == "bool_type" and isinstance(value, str) and value.lower() in YES_AND_NO:
        return f"write {YES_AND_NO[value.lower()]}"
    if error["type"] == "tuple_type" and isinstance(value, str | int):
        return f"write [{value}]"
    return ""


def _missing(source: Source, path: Path, root: type[BaseModel]) -> Problem:
    *around, name = path
    meaning = dict(described_at(tuple(around), root)).get(str(name), "")
    told = f"a field `{name}`" + (f": {meaning[:1].lower()}{meaning[1:].rstrip('.')}" if meaning else "")
    return source.problem(path, f"`{name}` is missing.", told, f"add `{name}: ...`")


def _unknown_field(source: Source, path: Path, root: type[BaseModel]) -> Problem:
    *around, name = path
    known = sorted(fields_at(tuple(around), root))
    expected = "one of " + ", ".join(known) if known else "no fields"
    mend = (
        (_elsewhere(str(name)) if root is Terms else "")
        or nearest(str(name), [*known, *ANNOTATIONS])
        or f"remove `{name}`"
    )
    return source.problem(path, f"There is no field `{name}` here.", expected, mend)


def _elsewhere(name: str) -> str:
    """Tell in which part a field stands that was written in another, as by wrong indentation."""
    if name in AT_THE_MARGIN:
        return f"move it: `{name}` is a part of the file itself, and begins in the first column"
    found = [part for part, fields in PARTS.items() if name in fields]
    return f"move it: `{name}` stands in " + " or ".join(f"`{part}`" for part in found) if found else ""


def _wrong_choice(source: Source, path: Path, value: Any, expected: str) -> Problem:
    choices = expected.replace("'", "").replace(" or ", ", ").split(", ")
    told = ", ".join(choices[:-1]) + " or " + choices[-1] if len(choices) > 1 else choices[0]
    sentence = f"{_brief(value)} is not one of the choices."
    return source.problem(path, sentence, told, nearest(str(value), choices))


def _brief(value: Plain | Any) -> str:
    if isinstance(value, Mapping):
        return "A mapping"
    if isinstance(value, tuple | list):
        return "A list"
    if value is None:
        return "An empty value"
    return repr(value) if isinstance(value, str) else str(value).lower()


def fields_at(path: Path, root: type[BaseModel] = Terms) -> Iterator[str]:
    """Name the fields of the part at this path, as they are written."""
    yield from (name for name, _ in described_at(path, root))


def described_at(path: Path, root: type[BaseModel] = Terms) -> Iterator[tuple[str, str]]:
    """Give the fields of the part at this path, as they are written, each with its meaning."""
    models: list[type[BaseModel]] = [root]
    for step in path:
        models = [each for model in models for each in _parts_of(model, step)] or models
    for model in models:
        for name, field in model.model_fields.items():
            yield field.alias or name, field.description or ""


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


def _parts() -> Iterator[tuple[str, frozenset[str]]]:
    """Give each part of the file with the names of its own fields."""
    for first in fields_at(()):
        if first != "examples":
            yield first, frozenset(fields_at((first,))) - AT_THE_MARGIN
    yield "credits", frozenset(fields_at(("commitments", 0, "credits")))


AT_THE_MARGIN = frozenset(fields_at(()))
PARTS = dict(_parts())
