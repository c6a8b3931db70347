"""The report written: a page that stands alone and escapes everything, a table with columns that stay, the command."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agreements import queries
from customers.models import Profile
from kernel.ids import AccountId
from tests.workflows.whatif.scenes import OCTOBER, STRICT, account, draft, observed, told, uses
from workflows.whatif.page import as_page
from workflows.whatif.table import COLUMNS, Table, as_text


@pytest.fixture(autouse=True)
def acme(database: object) -> Iterator[AccountId]:
    """Give Acme an October with an hour down and 200 of usage."""
    queries.forget()
    observed(OCTOBER, minutes=60)
    found = account("acme", "pro")
    uses(found, "200", OCTOBER)
    yield found
    queries.forget()


def test_the_columns_of_the_table_stay() -> None:
    assert ",".join(COLUMNS) == (
        "month,account,name,today_tier,today_uptime_percent,today_target_percent,today_missed,today_owed_percent,"
        "today_credit,draft_tier,draft_uptime_percent,draft_target_percent,draft_missed,draft_owed_percent,draft_credit,"
        "differs,difference,usage,currency,today_version,stated_percent,stated_credit,unlike_stated,"
        "override"
    )


def test_the_table_has_a_line_for_each_account_and_month() -> None:
    account("rival", "basic")
    target = StringIO(newline="")
    told(draft(*STRICT), taker=Table(target))
    lines = {one["account"]: one for one in csv.DictReader(StringIO(target.getvalue()))}
    assert set(lines) == {"acme", "rival"}
    line = lines["acme"]
    assert (line["month"], line["name"], line["today_tier"]) == ("2026-10", "Acme Ltd", "pro")
    assert (line["today_uptime_percent"], line["today_missed"], line["today_credit"]) == ("99.865591", "no", "")
    assert (line["draft_missed"], line["draft_owed_percent"], line["draft_credit"]) == ("yes", "5", "10.00")
    assert (line["differs"], line["difference"], line["usage"], line["currency"]) == ("yes", "10.00", "200.00", "USD")
    assert lines["rival"]["differs"] == "no"


def test_a_text_that_a_spreadsheet_would_carry_out_is_kept_a_text() -> None:
    assert as_text("=1+1") == "'=1+1"
    assert as_text("Acme Ltd") == "Acme Ltd"


def test_the_page_escapes_what_people_typed(acme: AccountId) -> None:
    Profile.objects.filter(account=acme).update(name="<script>alert(1)</script>")
    page = as_page(told(draft(*STRICT, ("title: Service Level", "title: <img src=x> Level"))))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<img" not in page


def test_the_page_stands_alone() -> None:
    page = as_page(told(draft(*STRICT)))
    for loading in ("<script", "<link", "src=", "@import", "url(", "http://", "https://"):
        assert loading not in page, loading
    assert "color-scheme: light dark" in page
    assert "@media print" in page


def test_the_page_tells_both_sides_down_to_the_minutes() -> None:
    page = as_page(told(draft(*STRICT)))
    assert "Acme Ltd" in page
    assert "+10.00 USD" in page
    assert "The draft contradicts examples of its own" in page
    assert "20 October 2026, 00:00 (UTC)" in page


def whatif(folder: Path, text: str, *words: str) -> tuple[str, str]:
    """Carry out the command with a file, and give what it says."""
    file = folder / "draft.yaml"
    file.write_text(text, encoding="utf-8")
    out, err = StringIO(), StringIO()
    call_command("agreements", "whatif", str(file), "--since", "2026-10", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_writes_both_files_and_tells_how_far_it_is(tmp_path: Path) -> None:
    html, table = tmp_path / "report.html", tmp_path / "table.csv"
    out, err = whatif(tmp_path, draft(*STRICT), "--until", "2026-10", "--html", str(html), "--csv", str(table))
    assert "2026-10 (month 1 of 1): 1 accounts judged" in err
    assert "acme Acme Ltd: 0.00 USD -> 10.00 USD" in out
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert table.read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["draft.yaml", "report.html", "table.csv"]


def test_the_command_refuses_and_leaves_no_file(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    with pytest.raises(CommandError, match="is not over"):
        whatif(tmp_path, draft(), "--until", "2999-01", "--csv", str(table))
    with pytest.raises(CommandError, match="can not be run"):
        whatif(tmp_path, "format: 1", "--csv", str(table))
    with pytest.raises(CommandError, match="can not be written"):
        whatif(tmp_path, draft(), "--html", str(tmp_path / "nowhere" / "report.html"))
    assert [one.name for one in tmp_path.iterdir()] == ["draft.yaml"]
