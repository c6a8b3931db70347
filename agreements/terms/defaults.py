"""What is taken where a field is left out, as it would be written in the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from fractions import Fraction
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agreements.terms.bands import percent_text
from agreements.terms.periods import TOTALS, Total
from agreements.terms.values import Written, business_days, days, portion

Writable = str | int | bool | list["Writable"]


def written_default(field: FieldInfo) -> Writable | None:
    """Give the default of a field as it is written; None where it has none, or is a part of its own."""
    if field.is_required():
        return None
    return _written(field.get_default(call_default_factory=True, validated_data={}), readers_of(field))


def readers_of(field: FieldInfo) -> list[Written]:
    """Give the ways in which values of the field are read, those of its lists included."""
    return [*(each for each in field.metadata if isinstance(each, Written)), *_readers_in(field.annotation)]


def _readers_in(annotation: Any) -> Iterator[Written]:
    for each in getattr(annotation, "__metadata__", ()):
        if isinstance(each, Written):
            yield each
    for inner in get_args(annotation):
        yield from _readers_in(inner)


def models_of(field: FieldInfo) -> Iterator[type[BaseModel]]:
    """Give the parts that may stand in the field, those of its lists and its short forms included."""
    yield from _models_in(field.annotation)
    for each in field.metadata:
        yield from _models_in(getattr(each, "json_schema_input_type", None))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in getattr(annotation, "__metadata__", ()):
        yield from _models_in(getattr(each, "json_schema_input_type", None))
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _written(value: Any, readers: list[Written]) -> Writable | None:
    if value is None or isinstance(value, BaseModel) or value in ((), {}):
        return None
    if isinstance(value, tuple):
        return [each for each in (_written(one, readers) for one in value) if each is not None]
    if isinstance(value, bool | str):
        return value.value if isinstance(value, Enum) else value
    return _value(value, [reader.read for reader in readers])


def _value(value: Any, readers: list[Any]) -> Writable:
    if isinstance(value, int):
        unit = " days" if days in readers else " business days" if business_days in readers else ""
        return f"{value}{unit.removesuffix('s') if value == 1 else unit}" if unit else value
    if isinstance(value, timedelta):
        return _length(value)
    if isinstance(value, Fraction):
        return str(value) if portion in readers else percent_text(value)
    if isinstance(value, Total):
        return next(text for text, name in TOTALS.items() if name == value.name)
    return str(value)


def _length(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {unit}" + ("" if seconds == size else "s")
    return f"{seconds} seconds"
