"""What the JSON Schema tells editors: what may stand where, defaults as they are written, a meaning for every field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from agreements.shipped import shipped
from agreements.terms import Treatment
from agreements.terms.commitments import MEASURE_MEANINGS, Measure
from agreements.terms.defaults import written_default
from agreements.terms.excusing import CATEGORIES
from agreements.terms.model import Terms
from agreements.terms.schema import parts_of
from tests.agreements.editors import SCHEMA, SCHEMA_FILE, faults
from tests.agreements.published_cases import FOLDER
from tests.agreements.texts import bent

FILES = [
    *shipped(),
    *FOLDER.glob("*.yaml"),
    *FOLDER.with_name("kinds").glob("*.yaml"),
    *SCHEMA_FILE.parent.glob("examples/*.yaml"),
]


@pytest.mark.parametrize("path", sorted(FILES), ids=lambda path: path.stem)
def test_no_editor_marks_a_file_that_the_format_accepts(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


ROLLING = bent("claims:", "claims:\n  roll: true")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pays: 10%", "pays: 10"),
        ("quorum: majority", "quorum: most"),
        ("roll", "rol"),
        ("currency: EUR\n", ""),
        ("settle_within: 10 business days", "settle_within:"),
    ],
)
def test_the_schema_refuses_what_the_format_refuses(old: str, new: str) -> None:
    assert faults(ROLLING) == []
    assert faults(bent(old, new, text=ROLLING))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("target: {plus: 99.5%}", "target: 99.5"),
        ("target: {plus: 99.5%}", "target: {plus: 99.5}"),
        ("target: {plus: 99.5%}", "target: {plus: {at_least: 99}}"),
        ("{below: 99.0%,", "{below: 99,"),
        ("{from: 99.0%,", "{from: {is: 99.0, clause: §2},"),
    ],
)
def test_a_bare_number_where_the_measure_has_a_unit_is_marked(old: str, new: str) -> None:
    assert faults(bent(old, new))
    score = bent(
        "measure: uptime", "measure: quality", text=bent(old, new).replace("99.5%", "9.5").replace("99.0%", "9")
    )
    assert faults(score) == []


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    for each in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from parts(each)


def test_the_known_categories_of_excuses_are_offered_each_with_its_meaning() -> None:
    offered = SCHEMA["properties"]["excused"]["properties"]
    assert list(offered)[: len(CATEGORIES)] == list(CATEGORIES)
    assert all(offered[name]["description"].endswith(".") for name in CATEGORIES)


@pytest.mark.parametrize("choices", [list(Treatment), list(get_args(Measure))], ids=["treatments", "measures"])
def test_each_choice_is_offered_with_its_meaning(choices: list[str]) -> None:
    told = [part["enumDescriptions"] for part in parts(SCHEMA) if part.get("enum") == choices and "if" not in part]
    assert told
    assert all(len(each) == len(choices) and all(each) for each in told)
    assert list(MEASURE_MEANINGS) == list(get_args(Measure))


def test_a_value_of_the_wrong_shape_is_answered_by_what_is_expected_and_not_by_a_pattern() -> None:
    patterns = [part for part in parts(SCHEMA) if "pattern" in part]
    assert patterns
    assert all(part["errorMessage"].startswith("Expected ") for part in patterns)
    assert all(str(part["examples"][0]) in part["errorMessage"] for part in patterns if "examples" in part)


def test_no_editor_offers_null() -> None:
    assert [part for part in parts(SCHEMA) if part.get("type") == "null"] == []


DEFAULTS = [
    pytest.param(field, written_default(field), id=f"{part.__name__}.{name}")
    for part in parts_of(Terms)
    for name, field in part.model_fields.items()
    if written_default(field) is not None
]


@pytest.mark.parametrize(("field", "written"), DEFAULTS)
def test_a_default_that_is_written_out_means_the_same_as_leaving_it_out(field: Any, written: Any) -> None:
    kind: Any = Annotated[field.annotation, "a field", *field.metadata]
    value = tuple(written) if isinstance(written, list) else written
    assert TypeAdapter(kind).validate_python(value) == field.get_default(call_default_factory=True)


def test_the_defaults_of_times_and_days_are_told_with_their_units() -> None:
    told = {param.id: param.values[1] for param in DEFAULTS}
    assert told["MonthRules.close_grace"] == "24 hours"
    assert told["ClaimTerms.remind_before"] == ["7 days", "1 day"]
    assert told["ClaimTerms.warn_at"] == ["1/2", "4/5"]
    assert told["Commitment.total"] == "minutes of the period"


@pytest.mark.parametrize("part", parts_of(Terms), ids=lambda part: part.__name__)
def test_every_field_says_what_it_means_in_a_sentence_that_stands_alone(part: type[BaseModel]) -> None:
    told = {name: field.description or "" for name, field in part.model_fields.items()}
    assert [name for name, sentence in told.items() if not re.fullmatch(r"[A-Z].*\.", sentence, re.DOTALL)] == []
