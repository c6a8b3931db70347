"""A usage file: read and compared before anything is written, all or nothing, and safe to repeat."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from customers import commands, queries
from customers.errors import UsageFileFaulty
from customers.models import Usage
from customers.usage_file import MOST_FAULTS, Fault, UsageSheet, read_usage
from kernel.money import Money
from kernel.months import Month
from tests.customers.conftest import MONDAY, SPRING, opening
from tests.personas import ACME, MIRA, RIVAL

OCTOBER = Month(2026, 10)
pytestmark = pytest.mark.usefixtures("accounts")


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def read(*lines: str) -> UsageSheet:
    return read_usage([line + "\n" for line in lines], now=MONDAY)


def imported(sheet: UsageSheet) -> int:
    return commands.import_usage(sheet, reason="October's invoices", by=MIRA, now=MONDAY)


def only_fault(sheet: UsageSheet) -> Fault:
    [fault] = sheet.faults
    return fault


def test_a_file_sets_the_usage_of_its_accounts_and_months() -> None:
    sheet = read("account,month,amount", "acme,2026-10,200.00", "rival,2026-10,75.5", "acme,2026-09,10")
    assert (sheet.new, sheet.changed, sheet.unchanged, sheet.faults) == (3, 0, 0, ())
    assert imported(sheet) == 3
    assert queries.usage_for("apicheap", OCTOBER) == {ACME: usd("200.00"), RIVAL: usd("75.50")}
    assert queries.usage_history(ACME, OCTOBER)[0].reason == "October's invoices"


def test_columns_may_come_in_any_order_with_a_currency_and_a_spreadsheets_mark() -> None:
    sheet = read("\ufeffAmount, currency ,MONTH,account", ' 200.00 ,usd,2026-10,"acme"', "", ",,,")
    assert [line.amount for line in sheet.lines] == [usd("200.00")]


def test_nothing_is_written_by_reading() -> None:
    read("account,month,amount", "acme,2026-10,200.00")
    assert not Usage.objects.exists()


def test_a_preview_tells_new_from_changed_and_unchanged_and_the_totals() -> None:
    imported(read("account,month,amount", "acme,2026-10,200.00", "rival,2026-10,50.00"))
    sheet = read("account,month,amount", "acme,2026-10,200.00", "rival,2026-10,60.00", "rival,2026-09,1.00")
    assert (sheet.new, sheet.changed, sheet.unchanged) == (1, 1, 1)
    assert [line.before for line in sheet.lines] == [usd("200.00"), usd("50.00"), None]
    assert sheet.totals == {(Month(2026, 9), "USD"): usd("1.00"), (OCTOBER, "USD"): usd("260.00")}


def test_importing_the_same_file_again_records_nothing() -> None:
    lines = ("account,month,amount", "acme,2026-10,200.00", "rival,2026-10,50.00")
    assert imported(read(*lines)) == 2
    assert imported(read(*lines)) == 0
    assert len(queries.usage_history(ACME, OCTOBER)) == 1


def test_a_file_that_was_taken_over_in_part_is_completed_by_importing_it_again() -> None:
    commands.set_usage(ACME, OCTOBER, usd("200.00"), by=MIRA, now=MONDAY)
    assert imported(read("account,month,amount", "acme,2026-10,200.00", "rival,2026-10,50.00")) == 1


@pytest.mark.parametrize(
    ("line", "field", "value", "problem"),
    [
        ("nobody,2026-10,1.00,", "account", "nobody", "There is no account with this number."),
        (",2026-10,1.00,", "account", "", "There is no account with this number."),
        ("acme,October,1.00,", "month", "October", "This is not a month."),
        ("acme,2026-13,1.00,", "month", "2026-13", "This is not a month."),
        ("acme,9998-12,1.00,", "month", "9998-12", "The month 9998-12 has not begun."),
        ("acme,2026-12,1.00,", "month", "2026-12", "The month 2026-12 has not begun."),
        ("acme,2026-10,,", "amount", "", "This is not an amount."),
        ("acme,2026-10,$5,", "amount", "$5", "This is not an amount."),
        ("acme,2026-10,1e3,", "amount", "1e3", "This is not an amount."),
        ("acme,2026-10,NaN,", "amount", "NaN", "This is not an amount."),
        ("acme,2026-10,1_000,", "amount", "1_000", "This is not an amount."),
        ("acme,2026-10,١٢,", "amount", "١٢", "This is not an amount."),
        ('acme,2026-10,"1,000.00",', "amount", "1,000.00", "This is not an amount."),
        ("acme,2026-10,-1.00,", "amount", "-1.00", "Usage is gross metered charges"),
        ("acme,2026-10,1.005,", "amount", "1.005", "Usage is written in whole minor units"),
        ("acme,2026-10,1.00,EUR", "currency", "EUR", "The agreement's currency is USD."),
        ("acme,2026-10,1.00", "line", "acme,2026-10,1.00", "The line has 3 fields, the header 4."),
    ],
)
def test_a_fault_is_told_by_line_field_value_and_what_mends_it(line: str, field: str, value: str, problem: str) -> None:
    sheet = read("account,month,amount,currency", "rival,2026-10,5.00,", line)
    fault = only_fault(sheet)
    assert (fault.line, fault.field, fault.value) == (3, field, value)
    assert fault.problem.startswith(problem)
    assert fault.mend
    assert [good.line for good in sheet.lines] == [2]


def test_two_lines_for_one_account_and_month_are_a_fault() -> None:
    fault = only_fault(read("account,month,amount", "acme,2026-10,1.00", "rival,2026-10,1.00", "acme,2026-10,1.00"))
    assert fault.line == 4
    assert fault.problem == "Line 2 has this account and month already."


@pytest.mark.parametrize(
    ("header", "value", "problem"),
    [
        ("account,month", "account,month", "The column 'amount' is missing."),
        ("account,month,amount,curency", "curency", "This column is not known."),
        ("account,month,amount,month", "month", "This column is there twice."),
    ],
)
def test_a_header_that_does_not_fit_is_told_before_any_line(header: str, value: str, problem: str) -> None:
    fault = only_fault(read(header, "acme,2026-10,1.00,USD"))
    assert (fault.line, fault.field, fault.value, fault.problem) == (1, "header", value, problem)


def test_a_file_without_a_line_is_a_fault() -> None:
    assert only_fault(read("account,month,amount")).problem == "The file has no line of usage."
    assert len(read().faults) == 3


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('acme,2026-10,"1.00', '"1.00'),
        ('acme,2026-10,"1.00" USD', '"1.00" USD'),
        ('"acme,2026-10,1.00', '"acme,2026-10,1.00'),
    ],
)
def test_a_stray_quotation_mark_is_a_fault_of_its_own_line_and_swallows_no_other(line: str, value: str) -> None:
    sheet = read("account,month,amount", "acme,2026-09,5.00", line, 'rival,2026-10,"7.00"', "nobody,2026-10,1.00")
    assert [(good.line, good.number) for good in sheet.lines] == [(2, "acme"), (4, "rival")]
    stray, unknown = sheet.faults
    assert (stray.line, stray.field, stray.value) == (3, "line", value)
    assert stray.problem == "A quotation mark has no partner on the line."
    assert stray.mend.startswith("Remove it, or close it behind the text")
    assert (unknown.line, unknown.value) == (5, "nobody")


def test_a_stray_quotation_mark_in_the_header_is_the_only_fault_that_is_told() -> None:
    fault = only_fault(read('account,"month,amount', "acme,2026-10,1.00"))
    assert (fault.line, fault.value) == (1, '"month,amount')


def test_a_line_that_is_no_utf_8_is_named_though_it_stands_far_down(tmp_path: Path) -> None:
    lines = ["account,month,amount", *(["acme,2026-10,1.00"] * 2_000), "acm\xe9,2026-10,1.00", "rival,2026-10,7.00"]
    path = tmp_path / "usage.csv"
    path.write_bytes("\n".join(lines).encode("latin-1"))
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as text:
        sheet = read_usage(text, now=MONDAY)
    [latin] = [fault for fault in sheet.faults if fault.field == "line"]
    assert (latin.line, latin.value, latin.problem) == (2_002, r"acm\xe9,2026-10,1.00", "This is not text in UTF-8.")
    assert sheet.lines[-1].number == "rival"


def test_a_file_with_a_fault_is_not_taken_over_at_all() -> None:
    sheet = read("account,month,amount", "acme,2026-10,200.00", "nobody,2026-10,1.00")
    with pytest.raises(UsageFileFaulty, match="has 1 line with a fault; nothing of it was taken over"):
        imported(sheet)
    assert queries.usage_of(ACME, OCTOBER) is None


def test_the_good_lines_are_taken_over_where_that_is_asked_for() -> None:
    sheet = read("account,month,amount", "acme,2026-10,200.00", "nobody,2026-10,1.00")
    assert commands.import_good_lines(sheet, by=MIRA, now=MONDAY) == 1
    assert queries.usage_of(ACME, OCTOBER) == usd("200.00")


def test_a_thousand_faults_are_listed_and_the_rest_counted() -> None:
    sheet = read("account,month,amount", *(f"nobody-{number},2026-10,1.00" for number in range(MOST_FAULTS + 5)))
    assert len(sheet.faults) == MOST_FAULTS
    assert sheet.faults_counted == f"{MOST_FAULTS + 5} lines with faults"


def test_a_month_is_judged_in_the_agreements_zone_and_currency() -> None:
    early = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)
    lines = ["account,month,amount\n", "acme,2026-11,1.00\n"]
    assert "has not begun" in only_fault(read_usage(lines, now=early)).problem
    assert not read_usage(lines, now=datetime(2026, 11, 1, tzinfo=UTC)).faults


def test_a_file_longer_than_a_chunk_is_taken_over_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customers.usage_file.CHUNK", 3)
    monkeypatch.setattr("customers.commands.usage.CHUNK", 4)
    numbers = [f"many-{number}" for number in range(10)]
    commands.open_accounts([opening(number) for number in numbers], by=MIRA, now=SPRING)
    seen: list[int] = []
    lines = ["account,month,amount\n", *(f"{number},2026-10,1.00\n" for number in numbers)]
    sheet = read_usage(lines, now=MONDAY, progress=seen.append)
    assert seen == [4, 7, 10, 11]
    assert imported(sheet) == 10
    assert len(queries.usage_for("apicheap", OCTOBER)) == 10
