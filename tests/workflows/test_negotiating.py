"""What was negotiated comes to the account that its file names, by the command that operators type."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agreements import commands, overrides, queries
from agreements.errors import TermsRefused
from agreements.standing import Standing
from kernel import clock
from tests.agreements.texts import SOUND, bent
from tests.claims import october
from tests.claims.history import at
from tests.personas import ACME, MIRA
from workflows import negotiating

pytestmark = pytest.mark.django_db

NOW = at("2026-11-20T10:00Z")
ORDER_FORM = """\
overrides: apicheap
account: acme
document_date: 2026-11-20
in_force_from: 2027-01-01
until: 2028-01-01
clause: Order form 17, §2
changes:
  claims: {file_within: 45 days}
"""


@pytest.fixture(autouse=True)
def _acme(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    queries.forget()
    monkeypatch.delenv(clock.VARIABLE, raising=False)
    seconds = round((NOW - clock.now()).total_seconds())
    monkeypatch.setenv(clock.VARIABLE, f"{'+' if seconds >= 0 else '-'}{abs(seconds)}s")
    october.publish()
    october.open_accounts(acme="pro")
    yield
    queries.forget()


def override(*words: str) -> list[str]:
    out = StringIO()
    call_command("agreements", "override", *words, stdout=out)
    return out.getvalue().splitlines()


def refused(*words: str) -> str:
    with pytest.raises(CommandError) as error:
        call_command("agreements", *words, stdout=StringIO())
    return str(error.value)


def file(folder: Path, text: str = ORDER_FORM) -> str:
    path = folder / "order-form-17.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


# The account


def test_the_account_is_the_one_that_the_file_names() -> None:
    drafted = negotiating.draft(ORDER_FORM, by=MIRA, now=NOW)
    assert (drafted.account.id, drafted.number) == (ACME, 1)
    assert overrides.override("apicheap", ACME, 1).standing == Standing.DRAFT


def test_an_account_that_there_is_not_is_refused_with_the_line() -> None:
    with pytest.raises(TermsRefused, match=r"override:2:10: account: There is no account 'acne'"):
        negotiating.draft(bent("account: acme", "account: acne", text=ORDER_FORM), by=MIRA, now=NOW)


def test_an_account_under_another_agreement_is_refused_with_the_line() -> None:
    commands.publish(SOUND, by=MIRA, now=NOW)
    text = bent("overrides: apicheap", "overrides: sound", text=ORDER_FORM)
    with pytest.raises(TermsRefused, match=r"override:1:12: .*under the agreement 'apicheap'"):
        negotiating.draft(text, by=MIRA, now=NOW)


# The command


def test_draft_tells_the_number_and_what_differs(tmp_path: Path) -> None:
    assert override("draft", file(tmp_path)) == [
        "order-form-17.yaml is version 1 of what was negotiated with account acme, a draft.",
        "  Order form 17, §2 Time to claim a credit: 45 days instead of 30 days.",
    ]
    assert override("difference", "acme", "1") == [
        "  Order form 17, §2 Time to claim a credit: 45 days instead of 30 days.",
    ]


def test_announce_tells_by_when_the_mail_has_to_go_out(tmp_path: Path) -> None:
    override("draft", file(tmp_path))
    assert override("announce", "acme", "1") == [
        "Version 1 is announced to account acme. It has to go out by 2026-12-02 00:00 UTC.",
    ]


def test_agree_needs_who_and_where_and_a_day(tmp_path: Path) -> None:
    override("draft", file(tmp_path))
    assert override("agree", "acme", "1", "--who", "Ada", "--on", "2026-11-19", "--where", "Order form 17, signed") == [
        "It is noted. Version 1 is in force for account acme from 2027-01-01 00:00 UTC.",
    ]
    told = refused("override", "agree", "acme", "1", "--who", "Ada", "--on", "19.11.", "--where", "Order form 17")
    assert "'19.11.' is no date; write it as 2026-11-20" in told


def test_withdraw_says_why(tmp_path: Path) -> None:
    override("draft", file(tmp_path))
    told = override("withdraw", "acme", "1", "--reason", "Not signed.")
    assert told == ["Version 1 of account acme is withdrawn."]


def test_list_tells_how_every_version_stands(tmp_path: Path) -> None:
    assert override("list") == ["Nothing was negotiated."]
    override("draft", file(tmp_path))
    listed = [
        "acme Acme, under apicheap",
        "  version 1, draft, from 2027-01-01 00:00 UTC until 2028-01-01 00:00 UTC, Order form 17, §2",
    ]
    assert override("list") == listed
    assert override("list", "--account", "acme", "--agreement", "apicheap") == listed
    assert override("list", "--agreement", "apisec") == ["Nothing was negotiated."]


def test_what_is_refused_is_told(tmp_path: Path) -> None:
    assert "There is no account 'nobody'" in refused("override", "announce", "nobody", "1")
    override("draft", file(tmp_path))
    assert "No version 3" in refused("override", "announce", "acme", "3")
    assert "cannot be read" in refused("override", "draft", str(tmp_path / "none.yaml"))


# Checking a file


def check(*words: str) -> list[str]:
    out = StringIO()
    call_command("agreements", "check", *words, stdout=out)
    return out.getvalue().splitlines()


def test_check_lays_it_over_the_version_in_force_and_tells_only_what_it_causes(tmp_path: Path) -> None:
    path = file(tmp_path)
    summary, difference = check(path)
    assert summary == (
        f"{path}: account acme of apicheap, from 2027-01-01 00:00 UTC until 2028-01-01 00:00 UTC, over apicheap "
        "version 1: 1 difference; 0 errors, 0 warnings, 0 notes, 0 choices; 0 of 0 examples fulfilled."
    )
    assert difference == "  Order form 17, §2 Time to claim a credit: 45 days instead of 30 days."


def test_check_lays_it_over_a_file_that_is_named(tmp_path: Path) -> None:
    base = tmp_path / "next.yaml"
    base.write_text(SOUND, encoding="utf-8")
    path = file(tmp_path, bent("overrides: apicheap", "overrides: sound", text=ORDER_FORM))
    assert f"over {base}: 1 difference" in check(path, "--on", str(base))[0]


def test_check_finds_what_the_override_makes_wrong(tmp_path: Path) -> None:
    rows = "commitments: [{name: uptime, credits: {rows: [{from: 99.0%, below: 99.5%, pays: 5%}]}}]"
    found, *_ = check(file(tmp_path, bent("claims: {file_within: 45 days}", rows, text=ORDER_FORM)))
    assert "Basic: an uptime below 99% misses the target of 99% and no row pays it" in found


def test_check_refuses_what_does_not_fit_with_its_line(tmp_path: Path) -> None:
    path = file(tmp_path, bent("file_within", "file_wthin", text=ORDER_FORM))
    assert f"{path}:8:12: changes.claims.file_wthin: There is no field `file_wthin` here." in unsound(path)


def unsound(*words: str) -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 1 files may not be published"):
        call_command("agreements", "check", *words, stdout=out)
    return out.getvalue()


def test_check_says_where_there_is_no_agreement_to_lay_it_over(tmp_path: Path) -> None:
    path = file(tmp_path, bent("overrides: apicheap", "overrides: nowhere", text=ORDER_FORM))
    told = unsound(path)
    assert f"{path}:1:12: overrides: There is no agreement 'nowhere' to lay this over." in told
    assert "mend: name its file with --on" in told


def test_check_refuses_the_file_of_another_agreement(tmp_path: Path) -> None:
    base = tmp_path / "sound.yaml"
    base.write_text(SOUND, encoding="utf-8")
    path = file(tmp_path)
    assert f"{path}:1:12: overrides: This lies over 'apicheap', and {base} is 'sound'." in unsound(
        path, "--on", str(base)
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("in_force_from: 2027-01-01", "in_force_from: 2027-01-02", "4:16: in_force_from: Negotiated terms begin with"),
        ("until: 2028-01-01", "until: 2028-01-01T01:00Z", "5:8: until: Negotiated terms end with a billing period."),
        ("until: 2028-01-01", "until: 2027-01-01", "5:8: until: This lies before the start."),
    ],
)
def test_check_refuses_times_that_are_not_those_of_billing_periods(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    path = file(tmp_path, bent(old, new, text=ORDER_FORM))
    assert f"{path}:{told}" in unsound(path)


def test_explain_tells_the_examples_of_an_override_by_its_own_terms(tmp_path: Path) -> None:
    example = "examples: [{name: Ours, given: {tier: pro, uptime: 94%, usage: 200 USD}, expect: {missed: true}}]\n"
    out = StringIO()
    call_command("agreements", "explain", file(tmp_path, ORDER_FORM + example), stdout=out)
    assert out.getvalue().splitlines()[0] == "Ours"
