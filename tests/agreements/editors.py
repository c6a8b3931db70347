"""Terms files as editors see them: read as YAML 1.2, and compared with the JSON Schema of the documentation."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import yaml

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "terms.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


class EditorsLoader(yaml.SafeLoader):
    """YAML 1.2: a decimal is a number, a date is a text, and only true and false are no words."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":float", ":bool"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


EditorsLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))
EditorsLoader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?\d+\.\d+$"), list("-+0123456789"))


def faults(text: str) -> list[Any]:
    """Give what an editor marks in a terms file."""
    read = yaml.load(text, Loader=EditorsLoader)  # noqa: S506
    return list(_validator().iter_errors(read))


@cache
def _validator() -> jsonschema.Draft202012Validator:
    """Check the schema itself, once."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)
