"""What is said in OpenAPI of everything that is sent."""

from typing import Any, Final

ASKED: Final = "Request"


def exactly(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say that what is sent has no other fields than these, and of a text that may be empty one thing, not two."""
    for name, schema in result["components"]["schemas"].items():
        if name.endswith(ASKED):
            schema["additionalProperties"] = False
            schema["properties"] = {one: _once(said) for one, said in schema["properties"].items()}
    return result


def _once(said: dict[str, Any]) -> dict[str, Any]:
    """Drop the empty text as a case of its own: it is of the pattern already, and `oneOf` is of one case only."""
    text, *empty = said.get("oneOf", [None])
    if empty != [{"type": "string", "maxLength": 0}]:
        return said
    return {**text, **{one: value for one, value in said.items() if one != "oneOf"}}
