"""`manage.py agreements`: what it prints, and whether it exits with a fault."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agreements import queries
from agreements.shipped import shipped
from tests.agreements.texts import APICHEAP, SOUND, bent

SCHEMA = Path(__file__).parents[2] / "docs" / "terms.schema.json"


def agreements(*words: str) -> str:
    out = StringIO()
    call_command("agreements", *words, stdout=out)
    return out.getvalue()


def refused(*words: str) -> tuple[str, str]:
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("agreements", *words, stdout=out)
    return out.getvalue(), str(error.value)


def file(folder: Path, text: str) -> str:
    path = folder / "agreement.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_check_passes_the_shipped_agreements_in_spite_of_warnings_and_choices() -> None:
    told = agreements("check", *map(str, shipped()))
    apicheap, apisec = map(str, shipped())
    assert f"{apicheap}:77: warning (§2.1): Enterprise: an uptime from 99.5% to below 99.9%" in told
    assert "0 errors, 4 warnings, 8 notes, 5 choices; 15 of 15 examples fulfilled." in told
    assert f"{apisec}: apisec, API Security Platform Service Level Agreement" in told


def test_check_tells_what_months_can_not_be_run_by_yet(tmp_path: Path) -> None:
    told = agreements("check", file(tmp_path, bent("period: calendar_month", "period: quarter")))
    assert told.endswith("`load` does not publish them yet: commitments[0].period (line 16).\n")


def test_explain_tells_each_example_by_its_steps() -> None:
    told = agreements("explain", str(shipped()[0])).splitlines()
    assert told[:5] == [
        "The document's own, $200 at 94%",
        (
            "  Credit: The uptime misses the 99.5 % that the Pro tier is promised. "
            "The row from 90 % to below 95 % pays 25 %. (§3.1)"
        ),
        "    Uptime: The uptime of the calendar month was 94 %. (§2.1)",
        "    Target: 94 % misses the target of at least 99.5 % for Pro. (§2.1)",
        "    Row: 94 % is in the row from 90 % to below 95 %, which pays 25 %. (§3.1)",
    ]


def test_what_is_no_terms_file_is_not_explained(tmp_path: Path) -> None:
    assert "`title` is missing" in refused("explain", file(tmp_path, "format: 1"))[1]


def test_check_fails_on_a_fault_and_tells_how_to_mend_it(tmp_path: Path) -> None:
    told, error = refused("check", file(tmp_path, bent("pays: 10%", "pays: 10")))
    assert "mend: write 10%" in told
    assert error == "1 of 1 files may not be published."


def test_check_fails_on_an_error_of_the_linter(tmp_path: Path) -> None:
    told, _ = refused("check", file(tmp_path, bent("{below: 99.0%", "{below: 99.1%")))
    assert "error (§2): An uptime from 99% to below 99.1% is in two rows" in told


def test_check_fails_on_an_example_that_the_terms_contradict(tmp_path: Path) -> None:
    told, _ = refused("check", file(tmp_path, bent("pays: 25%, credit: 50.00 USD", "pays: 20%", text=APICHEAP)))
    assert "error (§3.2): The terms contradict the example “The document's own, $200 at 94%”: " in told
    assert "pays should be 20% and is 25%. [example_contradicted]" in told
    assert "14 of 15 examples fulfilled" in told


def test_check_tells_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    told, _ = refused("check", str(tmp_path / "none.yaml"))
    assert "none.yaml: cannot be read" in told


@pytest.mark.django_db
def test_load_publishes_both_shipped_agreements_once() -> None:
    agreements("load")
    agreements("load")
    assert [(listed.name, len(listed.versions)) for listed in queries.current()] == [("apicheap", 1), ("apisec", 1)]


@pytest.mark.django_db
def test_load_publishes_a_file_of_ones_own_and_list_shows_it(tmp_path: Path) -> None:
    agreements("load", file(tmp_path, SOUND))
    assert agreements("list") == (
        "sound: A sound agreement\n  version 1, in force, from 2026-01-01 00:00 UTC, dated 2026-01-01\n"
    )


@pytest.mark.django_db
def test_a_later_version_is_drafted_compared_announced_and_withdrawn(tmp_path: Path) -> None:
    agreements("load", file(tmp_path, SOUND))
    later = bent("in_force_from: 2026-01-01", "in_force_from: 2099-01-01", text=bent("pays: 10%", "pays: 15%"))
    told = agreements("draft", file(tmp_path, later))
    assert told.startswith("agreement.yaml is version 2 of sound, a draft.\n")
    band = "from 99.0 %, below 99.5 %"
    changed = f"  §2 Credit for uptime, row 1: {band}, pays 15 % instead of {band}, pays 10 %."
    assert changed in told.splitlines()
    assert changed in agreements("difference", "sound", "2").splitlines()
    assert "by 2098-12-02 00:00 UTC" in agreements("announce", "sound", "2")
    assert "version 2, announced, on its way to customers, from 2099-01-01" in agreements("list")
    assert agreements("withdraw", "sound", "2", "--reason", "a mistake") == "Version 2 is withdrawn.\n"
    assert agreements("draft", file(tmp_path, later)).startswith("agreement.yaml is version 3 of sound, a draft.")
    assert "not withdrawn. Only a draft" in refused("withdraw", "sound", "2", "--reason", "again")[1]


@pytest.mark.django_db
def test_load_does_not_publish_a_later_version(tmp_path: Path) -> None:
    agreements("load", file(tmp_path, SOUND))
    later = bent("in_force_from: 2026-01-01", "in_force_from: 2099-01-01")
    assert "draft and announce a later one" in refused("load", file(tmp_path, later))[1]
    assert "has no version 2" in refused("announce", "sound", "2")[1]


@pytest.mark.django_db
def test_load_refuses_a_file_with_a_fault(tmp_path: Path) -> None:
    _, error = refused("load", file(tmp_path, bent("pays: 10%", "pays: 10")))
    assert "was not published" in error
    assert "mend: write 10%" in error


def test_the_exported_schema_is_the_one_in_the_documentation(tmp_path: Path) -> None:
    agreements("schema", "--output", str(tmp_path / "schema.json"))
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == SCHEMA.read_text(encoding="utf-8")
    assert agreements("schema") == SCHEMA.read_text(encoding="utf-8")
    assert agreements("schema", "--overrides") == SCHEMA.with_name("overrides.schema.json").read_text(encoding="utf-8")
