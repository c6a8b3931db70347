"""The three agreements that docs/terms.md teaches the format with: sound files, and shown there as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agreements.examples import failures
from agreements.lint import Severity, findings
from agreements.running import not_carried_out
from agreements.terms import Document, load_file

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "terms.md").read_text(encoding="utf-8")
LESSONS = {
    "1-uptime": ["target_without_credits"],
    "2-hosting": ["deepest_counts", "business_hours_mean"],
    "3-data-platform": [],
}


def lesson(name: str) -> Document:
    return load_file(DOCS / "examples" / f"{name}.yaml")


def test_every_example_file_is_a_lesson() -> None:
    assert {path.stem for path in (DOCS / "examples").iterdir()} == set(LESSONS)
    assert all(f"(examples/{name}.yaml)" in PAGE for name in LESSONS)


@pytest.mark.parametrize(("name", "codes"), LESSONS.items(), ids=LESSONS)
def test_a_lesson_is_sound_and_the_page_tells_what_the_linter_says(name: str, codes: list[str]) -> None:
    document = lesson(name)
    assert document.terms.examples
    assert failures(document) == []
    assert [finding.code for finding in findings(document)] == codes
    assert all(f"`{code}`" in PAGE for code in codes)
    assert not [finding for finding in findings(document) if finding.severity in (Severity.ERROR, Severity.WARNING)]


def test_the_first_two_can_be_published_and_the_third_is_ahead() -> None:
    ahead = {name: bool(not_carried_out(lesson(name))) for name in LESSONS}
    assert ahead == {"1-uptime": False, "2-hosting": False, "3-data-platform": True}


def test_what_the_page_shows_of_the_lessons_stands_in_them() -> None:
    told = PAGE.partition("## Three agreements")[2].partition("## In an editor")[0]
    shown = re.findall(r"```yaml\n(.*?)```", told, flags=re.DOTALL)
    texts = [(DOCS / "examples" / f"{name}.yaml").read_text(encoding="utf-8") for name in LESSONS]
    assert [block in text for block, text in zip(shown, texts, strict=True)] == [True, True, True]


def test_every_lesson_tells_editors_where_the_schema_is() -> None:
    for name in LESSONS:
        first = lesson(name).source.text.splitlines()[0]
        path = first.removeprefix("# yaml-language-server: $schema=")
        assert (DOCS / "examples" / path).resolve() == DOCS / "terms.schema.json"
