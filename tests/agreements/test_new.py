"""`manage.py agreements new`: a dozen questions become a terms file that passes its own check."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agreements.drafting import QUESTIONS
from agreements.examples import failures
from agreements.lint import Severity, findings
from agreements.management.asking import SCHEMA, schema_from
from agreements.running import not_carried_out
from agreements.terms import load_document, load_file
from kernel.business_time import WEEKDAYS
from tests.agreements.editors import faults
from tests.agreements.terminals import CTRL_C, CTRL_D, in_terminal

ASKED = (
    ("Which company", "Example Ltd"),
    ("What is the agreement called?", ""),
    ("short name", "example"),
    ("Which date does the document bear?", "30.11.2026"),
    ("2026-11-30", "2026-11-30"),
    ("in force?", ""),
    ("time zone", "Europe/Londen"),
    ("did you mean `Europe/London`?", "Europe/London"),
    ("currency", "GBP"),
    ("service called", "Platform"),
    ("tiers of customers", "Basic, Pro"),
    ("What uptime", "Basic 99.5"),
    ("To mend it, write 99.5%.", "Basic 99.5%"),
    ("Pro has no target.", "Basic 99.5%, Pro 99.9%"),
    ("missed target pay", "10% below target, 25% below 99%"),
    ("most that is credited", "20%"),
    ("at least 25%, or none", "25%"),
    ("claim the credit", ""),
    ("credited or rejected", ""),
    ("mail address", "claims@example.co.uk"),
    ("planned maintenance", ""),
    ("support requests", "Urgent 1 hour, Normal 8 business hours"),
    ("office open", ""),
    ("public holidays", "GB-ENG"),
)


def new(*words: str | Path) -> str:
    out = StringIO()
    call_command("agreements", "new", *map(str, words), stdout=out)
    return out.getvalue()


def refused(*words: str | Path) -> str:
    with pytest.raises(CommandError) as error:
        new(*words)
    return str(error.value)


def answers(folder: Path, name: str = "answers.yaml", text: str = "company: Example Ltd\n") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_questions_are_asked_in_a_terminal_and_again_until_an_answer_is_understood(tmp_path: Path) -> None:
    with in_terminal("agreements", "new", folder=tmp_path) as terminal:
        for asked, typed in ASKED:
            terminal.answer(asked, typed)
        terminal.wait_for("example.yaml is written.")
        assert terminal.ended() == 0
    assert "0 errors" in terminal.shown
    document = load_file(tmp_path / "example.yaml")
    terms = document.terms
    assert failures(document) == []
    assert (terms.agreement, terms.title) == ("example", "Service Level Agreement of Example Ltd")
    assert (terms.document_date, terms.effective) == (date(2026, 11, 30), date(2026, 12, 1))
    assert [f"{tier}: {terms.commitment and terms.commitment.target_of(tier)}" for tier in terms.tiers] == [
        "basic: at least 99.5%",
        "pro: at least 99.9%",
    ]
    assert terms.credits is not None
    assert [row.label for row in terms.credits.rows] == ["for any value", "below 99%"]
    assert str(terms.credits.cap) == "25% of usage of the month"
    assert date(2026, 12, 25) in terms.holidays


@pytest.mark.parametrize("keys", [CTRL_C, CTRL_D])
def test_broken_off_it_leaves_nothing_behind(tmp_path: Path, keys: str) -> None:
    with in_terminal("agreements", "new", "terms.yaml", folder=tmp_path) as terminal:
        terminal.answer("Which company", "Example Ltd")
        terminal.wait_for("What is the agreement called?")
        terminal.type(keys)
        terminal.wait_for("Nothing was written.")
        assert terminal.ended() == 130
    assert "Traceback" not in terminal.shown
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("typed", ["", "no"])
def test_a_file_that_is_there_is_replaced_only_where_that_is_said(tmp_path: Path, typed: str) -> None:
    path = answers(tmp_path, "terms.yaml", "mine")
    with in_terminal("agreements", "new", path, folder=tmp_path) as terminal:
        terminal.wait_for("is there already.")
        terminal.answer("Replace it? [no]", "perhaps")
        terminal.answer("Replace it? [no]", typed)
        assert terminal.ended() == 1
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_file_is_replaced_where_that_is_said(tmp_path: Path) -> None:
    path = answers(tmp_path, "terms.yaml", "mine")
    with in_terminal("agreements", "new", path, folder=tmp_path) as terminal:
        terminal.answer("Replace it? [no]", "yes")
        terminal.answer("Which company", "Example Ltd")
        for _ in range(len(QUESTIONS) - 1):
            terminal.answer("] ", "")
        terminal.wait_for("is written.")
        assert terminal.ended() == 0
    assert load_file(path).terms.agreement == "example-ltd"
    assert [each.name for each in tmp_path.iterdir()] == ["terms.yaml"]


def test_without_a_terminal_the_answers_come_from_a_file(tmp_path: Path) -> None:
    given = answers(
        tmp_path,
        text="""\
company: "Müller & Söhne: Hosting"
agreement: mueller
document_date: 2026-11-30
tiers: [Basic, Pro]
targets: {Basic: 99.5%, Pro: 99.9%}
support: {Urgent: 1 hour, Normal: 2 business days}
hours: {monday-thursday: ["09:00-12:00", "13:00-17:00"], friday: "09:00-12:00"}
cap: none
""",
    )
    path = tmp_path / "terms.yaml"
    assert "0 errors" in new(path, "--answers", given)
    terms = load_file(path).terms
    assert terms.contacts.legal_name == "Müller & Söhne: Hosting"
    assert terms.credits is not None
    assert terms.credits.cap is None
    assert terms.business_hours is not None
    assert len(terms.business_hours.week[WEEKDAYS[0]]) == 2


def test_answers_may_be_json(tmp_path: Path) -> None:
    text = json.dumps(
        {"company": "Example Ltd", "targets": None, "support": False, "in_force_from": "2027-01-01"}, indent="\t"
    )
    new(tmp_path / "terms.yaml", "--answers", answers(tmp_path, "answers.json", text))
    terms = load_file(tmp_path / "terms.yaml").terms
    assert (terms.target("standard"), terms.claims, terms.support, terms.business_hours) == (None, None, None, None)


def test_answers_that_make_no_agreement_are_refused_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "terms.yaml"
    assert "company: This has no default." in refused(path, "--answers", answers(tmp_path, text="tiers: Pro\n"))
    told = refused(path, "--answers", answers(tmp_path, text="company: A\ncurency: EUR\ntargets: 99.9\n"))
    assert "curency: There is no such question. did you mean `currency`?" in told
    assert "targets: '99.9' was not understood. Expected: a percent from 0% to 100%, such as 99.5%." in told
    assert "holds no answers" in refused(path, "--answers", answers(tmp_path, "list.json", "[1]"))
    assert "yaml:1:11: A second colon" in refused(path, "--answers", answers(tmp_path, text="company: A: B\n"))
    assert "can not be read" in refused(path, "--answers", tmp_path / "none.yaml")
    assert not path.exists()


def test_a_script_replaces_a_file_only_where_that_is_said(tmp_path: Path) -> None:
    given, path = answers(tmp_path), answers(tmp_path, "terms.yaml", "mine")
    assert "is there already, and stays as it is" in refused(path, "--answers", given)
    assert path.read_text(encoding="utf-8") == "mine"
    new(path, "--answers", given, "--overwrite")
    assert load_file(path).terms.agreement == "example-ltd"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["answers.yaml", "terms.yaml"]


def test_without_a_terminal_and_without_answers_nobody_can_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    assert "give the answers by --answers FILE" in refused(tmp_path / "terms.yaml")


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    assert "There is no folder" in refused(tmp_path / "none" / "terms.yaml", "--answers", answers(tmp_path))
    assert "is a folder" in refused(tmp_path, "--answers", answers(tmp_path))


def test_the_file_tells_editors_where_the_schema_is(tmp_path: Path) -> None:
    new(tmp_path / "terms.yaml", "--answers", answers(tmp_path))
    first = (tmp_path / "terms.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA}"
    assert SCHEMA.is_file()
    assert schema_from(SCHEMA.parents[1] / "mine.yaml") == "docs/terms.schema.json"
    assert schema_from(SCHEMA.parents[1] / "agreements" / "terms" / "mine.yaml") == "../../docs/terms.schema.json"


def test_the_schema_accepts_what_is_written(tmp_path: Path) -> None:
    new(tmp_path / "terms.yaml", "--answers", answers(tmp_path))
    text = (tmp_path / "terms.yaml").read_text(encoding="utf-8")
    assert faults(text) == []


def test_a_file_of_nothing_but_defaults_can_be_published_and_is_quiet(tmp_path: Path) -> None:
    new(
        tmp_path / "terms.yaml",
        "--answers",
        answers(tmp_path, text="company: Example Ltd\ntiers: Basic, Pro, Enterprise\n"),
    )
    document = load_document((tmp_path / "terms.yaml").read_text(encoding="utf-8"))
    assert {finding.severity for finding in findings(document)} <= {Severity.NOTE, Severity.CHOICE}
    assert not_carried_out(document) == []
