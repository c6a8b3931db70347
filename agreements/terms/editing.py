"""What the JSON Schema tells editors beyond the shape of a file: known names, and values that need their unit.

`errorMessage`, `enumDescriptions`, `markdownDescription` and `doNotSuggest` are words of the YAML
language server; other readers of the schema pass over them.
"""

from __future__ import annotations

from typing import Any

from agreements.terms.commitments import MEASURES
from agreements.terms.excusing import CATEGORY_MEANINGS
from agreements.terms.levels import Unit

Schema = dict[str, Any]

BOUNDS = ("from", "above", "below", "up_to")
# 99.5 is a number to every editor, and only of a few measures a value.
WITH_UNIT: Schema = {
    "if": {"type": "number"},
    "then": {"type": "string", "errorMessage": "Expected a value with its unit, such as 99.5% or 30 minutes."},
    "additionalProperties": {"$ref": "#/$defs/with_unit"},
    "doNotSuggest": True,
}


def tell_editors(schema: Schema) -> None:
    """Add the known categories of excuses, and which values need their unit."""
    excused = schema["properties"]["excused"]
    each = excused["additionalProperties"]
    known = {name: each | {"description": meaning} for name, meaning in CATEGORY_MEANINGS.items()}
    excused["properties"] = known | excused["properties"]
    schema["$defs"]["Commitment"] |= _units()
    _tell(schema, schema["$defs"])


def _tell(schema: Any, parts: Schema) -> None:
    """Let names in descriptions be shown as names, and offer the fields of what may stand for all by-name values."""
    if isinstance(schema, dict):
        if "description" in schema and ("$ref" in schema or "`" in str(schema["description"])):
            schema["markdownDescription"] = schema["description"]
        _offer_for_all(schema.get("anyOf", []), parts)
        for value in tuple(schema.values()):
            _tell(value, parts)
    elif isinstance(schema, list):
        for value in schema:
            _tell(value, parts)


def _offer_for_all(kinds: list[Schema], parts: Schema) -> None:
    """Beside values by tier, offer the fields of the one value that stands for every tier."""
    whole = [parts[kind["$ref"].rpartition("/")[2]] for kind in kinds if "$ref" in kind]
    named = [kind for kind in kinds if isinstance(kind.get("additionalProperties"), dict)]
    for kind in named:
        for part in whole:
            kind["properties"] = part.get("properties", {}) | kind["properties"]


def _units() -> Schema:
    """Ask for units where the measure has them."""
    with_unit = {"$ref": "#/$defs/with_unit"}
    row = {"properties": dict.fromkeys(BOUNDS, with_unit)}
    rows = {"items": row, "properties": {"is": {"items": row, "doNotSuggest": True}}}
    tables = {"additionalProperties": rows, "doNotSuggest": True}
    table = {"properties": {"rows": rows | {"doNotSuggest": True}, "tables": tables}}
    measured = [name for name, (unit, _) in MEASURES.items() if unit in (Unit.SHARE, Unit.TIME)]
    return {
        "if": {"properties": {"measure": {"enum": measured}}, "required": ["measure"]},
        "then": {"properties": {"target": with_unit, "credits": table | {"doNotSuggest": True}}},
    }
