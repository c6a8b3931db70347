"""`manage.py customers`: the same commands from the shell."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customers import queries
from customers.events import Holding
from customers.post import InvitationLetter
from kernel.money import Money
from kernel.months import Month
from tests.customers.conftest import SPRING
from tests.personas import ACME, RIVAL

OCTOBER = Month(2026, 10)


def customers(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("customers", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_an_account_is_opened_with_its_tier_since_a_date_of_the_agreement(apicheap: str) -> None:
    out, _ = customers(
        "open", "acme", "--name", "Acme", "--agreement", apicheap, "--tier", "pro", "--from", "2026-04-01"
    )
    assert out == "The account acme is open under apicheap.\n"
    assert queries.holdings(ACME) == (Holding("pro", SPRING),)
    assert queries.account(ACME).name == "Acme"


def test_a_refusal_is_one_sentence_and_a_failure(accounts: None) -> None:
    with pytest.raises(CommandError, match=r"^There is already an account 'acme'\.$"):
        customers("open", "acme", "--agreement", "apicheap")
    with pytest.raises(CommandError, match=r"^There is no account 'nobody'\.$"):
        customers("tier", "nobody", "pro", "--from", "2026-05-01")


def test_a_tier_is_changed_and_ended(accounts: None) -> None:
    customers("tier", "acme", "enterprise", "--from", "2026-07-01T08:00Z", "--reason", "signed")
    out, _ = customers("tier", "acme", "--from", "2026-08-01")
    assert out == (
        "pro: 2026-04-01 00:00 to 2026-07-01 08:00 (UTC)\nenterprise: 2026-07-01 08:00 to 2026-08-01 00:00 (UTC)\n"
    )
    assert queries.account(ACME).tier_at(datetime(2026, 8, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("when", ["yesterday", "2026-13-01", "2026-07-01T08:00"])
def test_a_time_that_can_not_be_read_is_told_with_one_that_can(accounts: None, when: str) -> None:
    with pytest.raises(CommandError, match="2026-10-01"):
        customers("tier", "acme", "enterprise", "--from", when)


def test_somebody_is_invited(accounts: None, letters: list[InvitationLetter]) -> None:
    out, _ = customers("invite", "acme", "ada@example.com", "--owner")
    assert out.startswith("ada@example.com is invited as owner, until ")
    assert [(letter.email, letter.role, letter.account) for letter in letters] == [("ada@example.com", "owner", ACME)]


@pytest.fixture
def file(accounts: None, tmp_path: Path) -> Path:
    path = tmp_path / "usage.csv"
    path.write_text("account,month,amount\nacme,2026-10,200.00\nrival,2026-10,75.00\n", encoding="utf-8")
    return path


def test_a_usage_file_is_previewed_and_taken_over(file: Path) -> None:
    out, _ = customers("usage", str(file), "--preview")
    assert out == "2 new, 0 changed, 0 as before.\n2026-10: 275.00 USD\n"
    assert queries.usage_of(ACME, OCTOBER) is None
    out, _ = customers("usage", str(file), "--reason", "October")
    assert out.endswith("2 amounts were set or changed.\n")
    assert queries.usage_of(RIVAL, OCTOBER) == Money.of("75.00", "USD")
    out, _ = customers("usage", str(file))
    assert out.endswith("0 amounts were set or changed.\n")


def test_a_usage_file_with_a_fault_is_a_failure_that_names_the_line(file: Path) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write("nobody,2026-10,1.00\n")
    err = StringIO()
    for extra in ([], ["--preview"]):
        with pytest.raises(CommandError, match="nothing of it w"):
            call_command("customers", "usage", str(file), *extra, stdout=StringIO(), stderr=err)
    assert "line 4, account 'nobody': There is no account with this number. Open it" in err.getvalue()
    assert queries.usage_of(ACME, OCTOBER) is None


def test_a_usage_file_in_other_letters_is_a_failure_that_names_the_line(file: Path) -> None:
    with file.open("a", encoding="latin-1") as more:
        more.write("caf\xe9,2026-10,1.00\n")
    err = StringIO()
    with pytest.raises(CommandError, match="nothing of it w"):
        call_command("customers", "usage", str(file), stdout=StringIO(), stderr=err)
    assert r"line 4, line 'caf\\xe9,2026-10,1.00': This is not text in UTF-8. Save the file as CSV" in err.getvalue()


def test_the_good_lines_are_taken_over_where_asked_for_and_the_rest_is_a_failure(file: Path) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write("nobody,2026-10,1.00\n")
    with pytest.raises(CommandError, match="1 line with a fault were left out"):
        customers("usage", str(file), "--good-lines")
    assert queries.usage_of(ACME, OCTOBER) == Money.of("200.00", "USD")


def test_a_file_that_is_not_there_is_told_by_name(accounts: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read"):
        customers("usage", str(tmp_path / "nowhere.csv"))
