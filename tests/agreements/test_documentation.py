"""docs/terms.md tells every field and every finding that there is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import agreements.lint
from agreements.terms.excusing import Treatment
from agreements.terms.reference import reference
from agreements.terms.source import ANNOTATIONS
from tests.agreements.texts import APICHEAP

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "terms.md").read_text(encoding="utf-8")
PROSE = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
TOLD = {word for code in re.findall(r"`([^`]+)`", PROSE) for word in re.findall(r"[a-z0-9_]+", code)}


def fields(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from fields(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from fields(value)


@pytest.mark.parametrize(
    "field", sorted(set(fields(json.loads((DOCS / "terms.schema.json").read_text(encoding="utf-8")))) - {*ANNOTATIONS})
)
def test_every_field_is_documented(field: str) -> None:
    assert field in TOLD


def test_the_reference_is_the_one_that_is_generated_and_its_links_lead_to_its_parts() -> None:
    page = (DOCS / "terms-reference.md").read_text(encoding="utf-8")
    assert page == reference()
    headings = re.findall(r"^## `?(.+?)`?$", page, flags=re.MULTILINE)
    assert set(re.findall(r"\(#(.+?)\)", page)) == {heading.replace(".", "") for heading in headings[1:]}
    assert len(headings) > 40


def test_every_treatment_is_documented() -> None:
    assert {*Treatment} <= TOLD


def test_every_finding_is_documented() -> None:
    folder = Path(agreements.lint.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    codes = set(re.findall(r'(?:at\.|\)\.|find)\w*\(\s*"([a-z]+(?:_[a-z]+)+)"', source))
    assert {"target_unpaid", "row_above_target", "overlapping_rows", "figure_varies"} <= codes
    assert codes <= TOLD


def test_the_table_of_credits_on_the_page_is_that_of_the_file() -> None:
    rows = [line.strip() for line in APICHEAP.splitlines() if "pays: " in line and line.strip().startswith("- {")]
    assert len(rows) == 4
    assert all(row in PAGE for row in rows)
