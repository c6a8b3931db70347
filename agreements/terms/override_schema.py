"""The JSON Schema of an override's file: that of the terms, in which every rule may be left out or taken away."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from agreements.terms.overrides import NEGOTIABLE, SHARED, Head
from agreements.terms.schema import DIALECT, NOTES, Schema, json_schema, plain_part

# What is no part of the terms: notes, and the two forms of a value.
FORMS: Final = ("clause", "words", "note", "long_form", "with_unit")
TAKEN_AWAY: Final[Schema] = {"type": "null", "description": "Takes away what the agreement says.", "doNotSuggest": True}


def override_schema() -> Schema:
    """Describe the file of an override."""
    terms = json_schema()
    changing = _Changing(terms["$defs"])
    head = plain_part(Head)
    changes: Schema = {
        "type": "object",
        "description": head["properties"]["changes"]["description"],
        "properties": changing.fields({name: terms["properties"][name] for name in NEGOTIABLE}, "") | NOTES,
        "additionalProperties": False,
    }
    properties = head["properties"] | NOTES | {"changes": changes, "examples": terms["properties"]["examples"]}
    described = head | {"properties": properties, "required": [*head["required"], "clause"]}
    defined = terms["$defs"] | changing.defined()
    needed = _reached(described, defined)
    parts = {name: part for name, part in defined.items() if name in needed}
    return {"$schema": DIALECT, "$id": "overrides", **described, "$defs": parts}


def _reached(schema: Any, parts: Mapping[str, Schema]) -> set[str]:
    """Name the parts that a schema refers to, and those that they refer to."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "$ref" in one and (name := _name(one)) not in found:
                found.add(name)
                waiting.append(parts[name])
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return found


class _Changing:
    """Makes of each part the one of which every field may be left out, as often as it is referred to."""

    def __init__(self, parts: Mapping[str, Schema]) -> None:
        self.parts = parts
        self.made: dict[str, Schema] = {}

    def defined(self) -> dict[str, Schema]:
        """Give the parts that were referred to."""
        return {_changed(name): part for name, part in self.made.items()}

    def fields(self, properties: Mapping[str, Schema], part: str) -> dict[str, Schema]:
        """Let each field be changed or taken away; what all accounts share is not there."""
        shared = SHARED.get({"Commitment": "commitments", "Support": "support"}.get(part, ""), ())
        kept = {name: value for name, value in properties.items() if name not in shared}
        return {name: value if name in NOTES or name == "name" else self._any(value) for name, value in kept.items()}

    def _any(self, schema: Schema) -> Schema:
        described: Schema = {name: schema[name] for name in ("description", "markdownDescription") if name in schema}
        return {**described, "anyOf": [self._value(schema), TAKEN_AWAY]}

    def _value(self, schema: Schema) -> Schema:
        """Change a value: a part field by field, a list of named entries by their names, all else whole."""
        made = {name: value for name, value in schema.items() if name != "default"}
        if "$ref" in made and (name := _name(made)) not in FORMS:
            self._refer(name)
            return made | {"$ref": f"#/$defs/{_changed(name)}"}
        if "anyOf" in made:
            return made | {"anyOf": [self._value(each) for each in made["anyOf"]]}
        if made.get("type") == "object":
            return self._object(made, "")
        if "items" in made and self._named(made["items"]):
            return {name: value for name, value in made.items() if name in ("description",)} | {
                "type": "array",
                "items": self._value(made["items"]) | {"required": ["name"]},
            }
        return made

    def _object(self, schema: Schema, part: str) -> Schema:
        made = {name: value for name, value in deepcopy(schema).items() if name not in ("required", "if", "then")}
        made["properties"] = self.fields(schema.get("properties", {}), part)
        if isinstance(schema.get("additionalProperties"), dict):
            made["additionalProperties"] = self._any(schema["additionalProperties"])
        return made

    def _named(self, items: Schema) -> bool:
        return "$ref" in items and "name" in self.parts[_name(items)].get("properties", {})

    def _refer(self, name: str) -> None:
        if name not in self.made:
            self.made[name] = {}
            part = self.parts[name]
            self.made[name] = self._object(part, name) if part.get("type") == "object" else part


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _changed(name: str) -> str:
    return f"Changed{name}"
