"""What the JSON Schema tells editors: defaults as they are written, and a meaning for every field."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, TypeAdapter

from agreements.terms.defaults import written_default
from agreements.terms.model import Terms
from agreements.terms.schema import parts_of

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
def test_every_field_says_what_it_means(part: type[BaseModel]) -> None:
    assert [name for name, field in part.model_fields.items() if not field.description] == []
