"""docs/terms.md tells every field and every finding that there is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

import agreements.lint
from agreements.differences import differences
from agreements.examples import failures
from agreements.terms import laid_over, load_file, load_override_file
from agreements.terms.commitments import Measure
from agreements.terms.excusing import CATEGORIES, Treatment
from agreements.terms.model import Terms
from agreements.terms.override_schema import override_schema
from agreements.terms.reference import reference
from agreements.terms.schema import parts_of
from tests.agreements.editors import EditorsLoader
from tests.agreements.texts import APICHEAP, bent

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "terms.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "terms-reference.md").read_text(encoding="utf-8")
PROSE = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
TOLD = {word for code in re.findall(r"`([^`]+)`", PROSE) for word in re.findall(r"[a-z0-9_]+", code)}


FIELDS = {field.alias or name for part in parts_of(Terms) for name, field in part.model_fields.items()}


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_is_documented(field: str) -> None:
    assert f"\n| `{field}` | " in REFERENCE


def test_fields_are_listed_in_the_reference_alone_and_the_page_leads_to_its_parts() -> None:
    assert "| field |" not in PAGE
    headings = re.findall(r"^## `?(.+?)`?$", REFERENCE, flags=re.MULTILINE)
    anchors = {anchor(heading) for heading in headings}
    led_to = set(re.findall(r"terms-reference\.md#([\w-]+)", PAGE))
    assert led_to <= anchors
    assert {"measurement", "commitments", "claims", "excused", "support", "examples"} <= led_to


def anchor(heading: str) -> str:
    return heading.replace(".", "").replace(" ", "-").lower()


def test_the_reference_is_the_one_that_is_generated_and_its_links_lead_to_its_parts() -> None:
    assert reference() == REFERENCE
    headings = re.findall(r"^## `?(.+?)`?$", REFERENCE, flags=re.MULTILINE)
    assert set(re.findall(r"\(#(.+?)\)", REFERENCE)) == {anchor(heading) for heading in headings[1:]}
    assert len(headings) > 40


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_known_category_is_documented(category: str) -> None:
    assert re.search(rf"\n\| `{category}` \| [A-Z].+\. \|", REFERENCE)


def test_every_treatment_and_every_measure_is_explained() -> None:
    for choice in (*Treatment, *get_args(Measure)):
        assert re.search(rf"<br>`{choice}`: [A-Z0-9].+", REFERENCE)


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


# Negotiated with one account

ORDER_FORM = DOCS / "overrides" / "order-form-17.yaml"
OVERRIDES = json.loads((DOCS / "overrides.schema.json").read_text(encoding="utf-8"))


def test_the_negotiated_example_fits_its_agreement_and_fulfils_its_examples() -> None:
    base = load_file(DOCS / "examples" / "2-hosting.yaml")
    laid = laid_over(base, load_override_file(ORDER_FORM))
    assert failures(laid) == []
    assert len(differences(base, laid)) == 7


def test_the_page_quotes_the_negotiated_example() -> None:
    quoted = ORDER_FORM.read_text(encoding="utf-8").split("overrides: ")[1].split("        cap:")[0]
    assert f"overrides: {quoted}```" in PAGE


def test_the_schema_of_negotiated_files_is_the_one_that_is_generated() -> None:
    assert override_schema() == OVERRIDES


def marked(text: str) -> list[str]:
    read = yaml.load(text, Loader=EditorsLoader)  # noqa: S506
    return [str(error.message) for error in jsonschema.Draft202012Validator(OVERRIDES).iter_errors(read)]


def test_no_editor_marks_what_was_negotiated() -> None:
    jsonschema.Draft202012Validator.check_schema(OVERRIDES)
    text = ORDER_FORM.read_text(encoding="utf-8")
    assert marked(text) == []
    assert marked(bent("file_within: 3 months", "file_within: null", text=text)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("clause: Order form 17, §2 ", "note: Order form 17, §2 "),
        ("account:", "acount:"),
        ("file_within: 3 months", "file_within: 3"),
        ("file_within", "file_wthin"),
        ("- name: uptime", "- measure: uptime"),
        ("      target: {premium", "      period: calendar_year\n      target: {premium"),
        ("changes:", "changes:\n  currency: USD"),
    ],
)
def test_editors_mark_what_can_not_be_negotiated(old: str, new: str) -> None:
    assert marked(bent(old, new, text=ORDER_FORM.read_text(encoding="utf-8")))
