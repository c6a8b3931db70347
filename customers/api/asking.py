"""Reading what a program asks for: shapes only; each fault names the field, the value and the mend."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import isfinite
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.fields import Field
from rest_framework.request import Request

from customers.api.problems import FieldFault, FieldRefused, FieldsUnusable
from eventstore import DomainError

LONGEST_SHOWN: Final = 200
OBJECT: Final = "The body is not a JSON object."

Shape = serializers.Serializer[Any]
AnyField = Field[Any, Any, Any, Any]


def asked(shape: type[Shape], request: Request) -> dict[str, Any]:
    """Give what the body says. Errors: FieldsUnusable."""
    data = sent(shape, request)
    if not isinstance(data, Mapping):
        raise FieldsUnusable([FieldFault("", _shown(data), OBJECT, "Send one object, with the fields by name.")])
    return _checked(shape, data)


def sent(shape: type[Shape], request: Request) -> Any:
    """Give what the body holds, unchecked; a form as if it were JSON."""
    data = request.data
    return _form(shape(), data) if isinstance(data, QueryDict) else data


def asked_in_query(shape: type[Shape], request: Request) -> dict[str, Any]:
    """Give what the address says behind its question mark. Errors: FieldsUnusable."""
    return _checked(shape, request.query_params.dict())


Mends = Mapping[type[DomainError], tuple[str, str]]


@contextmanager
def naming(said: object, mends: Mends, *, number: int | None = None) -> Iterator[None]:
    """Let a rule that refuses what was said name the field, and what would mend it.

    Of a list it names the one with this number, or with the number that the rule tells. Errors: FieldRefused.
    """
    try:
        yield
    except tuple(mends) as error:
        field, mend = mends[type(error)]
        one, value = error.number if number is None else number, _inside(said, field)
        path, value = (field, value) if one is None else (f"{field}.{one}", _inside(value, one))
        raise FieldRefused(error, FieldFault(path, _shown(value), error.sentence, mend)) from error


def _checked(shape: type[Shape], data: Mapping[str, Any]) -> dict[str, Any]:
    reading = shape(data=data)
    faults = [*_unknown(reading, data)]
    if not reading.is_valid():
        faults += _faults(reading.errors, data, reading, ())
    if faults:
        raise FieldsUnusable(faults)
    return dict(reading.validated_data)


def _form(reading: Shape, data: QueryDict) -> dict[str, Any]:
    """Read a form as if it were JSON: files in a list, lists of objects as JSON text in one part or in one for each."""
    told: dict[str, Any] = {name: data.get(name) for name in data}
    for name, field in reading.fields.items():
        if name in told and isinstance(field, serializers.ListSerializer):
            told[name] = _objects(data.getlist(name))
        elif name in told and isinstance(field, serializers.ListField):
            told[name] = data.getlist(name)
    return told


def _objects(parts: list[Any]) -> Any:
    read = [_json(part) for part in parts]
    return read[0] if len(read) == 1 and not isinstance(read[0], Mapping) else read


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text


def _unknown(reading: Shape, data: Mapping[str, Any]) -> Iterator[FieldFault]:
    known = ", ".join(reading.fields)
    for name, value in data.items():
        if name not in reading.fields:
            yield FieldFault(_writable(str(name)), _shown(value), "This field is not known.", f"Known are: {known}.")


def _faults(errors: Any, data: Any, field: AnyField | None, path: tuple[str, ...]) -> Iterator[FieldFault]:
    """Name each fault by its path, with the value found there and what the field wants."""
    for name, found in _parts(errors):
        if name == "non_field_errors":
            yield from _faults(found, data, field, path)
        else:
            yield from _faults(found, _inside(data, name), _child(field, name), (*path, str(name)))
    if isinstance(errors, list):
        for error in errors:
            if isinstance(error, str):
                yield FieldFault(".".join(path), _shown(data), str(error), str(getattr(field, "help_text", "") or ""))


def _parts(errors: Any) -> list[tuple[Any, Any]]:
    if isinstance(errors, Mapping):
        return list(errors.items())
    return [(number, one) for number, one in enumerate(errors) if isinstance(one, Mapping)]


def _inside(data: Any, name: Any) -> Any:
    if isinstance(data, Mapping):
        return data.get(name)
    inside = isinstance(data, Sequence) and isinstance(name, int) and name < len(data)
    return data[name] if inside else None


def _child(field: AnyField | None, name: Any) -> AnyField | None:
    if isinstance(field, serializers.Serializer):
        return field.fields.get(name)
    return getattr(field, "child", field)


def _shown(value: Any) -> Any:
    """Show a value as it was sent, and a file by its name; what is long is cut, what JSON has no number for a text."""
    if isinstance(value, UploadedFile):
        return value.name
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
        return value
    text = value if isinstance(value, str) else json.dumps(value, default=_shown)
    return _writable(text[:LONGEST_SHOWN])


def _writable(text: str) -> str:
    """Replace halves of characters, which no answer could hold."""
    return text.encode(errors="replace").decode()
