"""The JSON Schema of a terms file, by which editors complete and check what is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from agreements.terms.defaults import models_of, written_default
from agreements.terms.editing import WITH_UNIT, tell_editors
from agreements.terms.model import Terms
from agreements.terms.source import ANNOTATIONS, LONG_FORM

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEANINGS = {
    "clause": "The clause of the document that says this.",
    "words": "The document's own words.",
    "note": "What was chosen where the document is silent.",
}
NOTES: Schema = {name: {"$ref": f"#/$defs/{name}"} for name in ANNOTATIONS}
MEANT: Schema = {"description": "The value itself."}
LONG: Schema = {
    "type": "object",
    "description": "A value in its long form, which can say its clause.",
    "properties": {LONG_FORM: True, **NOTES},
    "required": [LONG_FORM],
    "additionalProperties": False,
}


def json_schema() -> Schema:
    """Describe the format, with the long form of every value and the notes of every part."""
    told = plain_schema()
    parts = {name: _part(part) for name, part in told.pop("$defs").items()}
    notes = {name: {"type": "string", "description": meaning} for name, meaning in MEANINGS.items()}
    defined = {**parts, "long_form": LONG, "with_unit": WITH_UNIT, **notes}
    described = {"$schema": DIALECT, "$id": "terms", **_part(told), "$defs": defined}
    tell_editors(described)
    return described


def plain_schema() -> Schema:
    """Describe the format without long forms and notes; defaults stand as they would be written."""
    told: Schema = _untitled(Terms.model_json_schema(by_alias=True, mode="validation"))
    models = {model.__name__: model for model in parts_of(Terms)}
    for name, part in (("Terms", told), *told["$defs"].items()):
        if name in models:
            _write_defaults(part, models[name])
            _write_meanings(part, models[name])
    choices = {name: part for name, part in told["$defs"].items() if "enum" in part}
    told["$defs"] = {name: part for name, part in told["$defs"].items() if name not in choices}
    described: Schema = _in_place(told, choices)
    return described


def plain_part(model: type[BaseModel]) -> Schema:
    """Describe a part of other files than the terms, which refers to no other."""
    told: Schema = _untitled(model.model_json_schema(by_alias=True, mode="validation"))
    _write_defaults(told, model)
    _write_meanings(told, model)
    return told


def parts_of(model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """Give every part that the part holds, itself first."""
    found: dict[type[BaseModel], None] = {}
    waiting = [model]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found[each] = None
            waiting.extend(one for field in each.model_fields.values() for one in models_of(field))
    return tuple(found)


def _write_defaults(part: Schema, model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        told = part["properties"][field.alias or name]
        told.pop("default", None)
        default = written_default(field)
        if default is not None:
            told["default"] = default


def _write_meanings(part: Schema, model: type[BaseModel]) -> None:
    """Say of each field what it means, also where pydantic leaves it to the part that it refers to."""
    for name, field in model.model_fields.items():
        part["properties"][field.alias or name].setdefault("description", field.description)


def _in_place(schema: Any, choices: Mapping[str, Schema]) -> Any:
    """Put choices where they are referred to, so that an editor and a reader see them there."""
    if isinstance(schema, list):
        return [_in_place(each, choices) for each in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name in choices:
        return choices[name] | {key: value for key, value in schema.items() if key != "$ref"}
    return {key: _in_place(value, choices) for key, value in schema.items()}


def _part(schema: Schema) -> Schema:
    """Let an object carry notes, and each of its values be written long."""
    if schema.get("type") != "object":
        return schema
    made = dict(schema)
    made["properties"] = {name: _value(value) for name, value in schema.get("properties", {}).items()} | NOTES
    made.pop("propertyNames", None)
    named = [*made.pop("patternProperties", {}).values(), schema.get("additionalProperties")]
    if isinstance(named[0], dict):
        made["additionalProperties"] = _value(named[0])
    return made


def _value(schema: Schema) -> Schema:
    """Describe a value in either form; a part carries its own notes and needs no long form."""
    if schema.get("type") == "object":
        return _part(schema)
    if schema.get("type") == "array":
        return _list(schema)
    if "anyOf" in schema:
        return _any(schema)
    if "$ref" in schema:
        return schema
    described: Schema = {name: schema[name] for name in ("description", "default") if name in schema}
    made = {name: value for name, value in schema.items() if name not in described}
    return {**described, "anyOf": [made, _long(made)]}


def _any(schema: Schema) -> Schema:
    """Describe a value of several kinds. One that is absent is left out: editors need not offer null."""
    kinds = [_value(each) for each in schema["anyOf"] if each.get("type") != "null"]
    return {**kinds[0], **_without(schema, "anyOf")} if len(kinds) == 1 else schema | {"anyOf": kinds}


def _list(schema: Schema) -> Schema:
    """Describe a list in either form; the list stands first, so that editors begin one."""
    made = schema | {"items": _value(schema["items"])}
    long = {"if": {"type": "object"}, "then": _long(_without(made, "description", "default"))}
    return made | {"type": ["array", "object"]} | long


def _long(value: Schema) -> Schema:
    return {"$ref": "#/$defs/long_form", "properties": {LONG_FORM: MEANT | value}}


def _without(schema: Schema, *names: str) -> Schema:
    return {name: value for name, value in schema.items() if name not in names}


def _untitled(schema: Any) -> Any:
    """Drop the titles that pydantic makes of names: they say nothing that the names do not."""
    if isinstance(schema, list):
        return [_untitled(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: value for name, value in schema.items() if name != "title" or not isinstance(value, str)}
    return {name: _untitled(value) for name, value in kept.items()}
