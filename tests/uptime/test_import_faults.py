"""What cannot be used in a file of observations is named, shown, and told how to mend (SEMANTICS 6)."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.personas import ACME
from tests.uptime.files import GOOD, HEADER, MAPPED, file, imported
from tests.uptime.given import measured, published, service
from uptime.models import Check, Service, ServiceMonth

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _apicheap() -> None:
    published()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2026-10-05T15:00:00Z,Website,up,200", "it has 4 columns, the header 5"),
        ("2026-10-05 15:00,Website,up,200,5", "'2026-10-05 15:00', which is no instant with its offset"),
        ("yesterday,Website,up,200,5", "'yesterday', which is no instant with its offset"),
        ("2026-02-30T15:00:00Z,Website,up,200,5", "'2026-02-30T15:00:00Z', which is no instant"),
        ("0001-01-01T00:00:00+01:00,Website,up,200,5", "'0001-01-01T00:00:00+01:00', which is no instant"),
        ("0001-01-01T00:00:00Z,Website,down,500,5", "lies before 1970; look at the clock that wrote it"),
        ("2099-10-05T15:00:00Z,Website,up,200,5", "lies in the future; look at the clock that wrote it"),
        ("2026-10-05T15:00:00Z,Website,up,OK,5", "'OK', which is no status from 0 to 999; write 0"),
        ("2026-10-05T15:00:00Z,Website,up,1000,5", "'1000', which is no status"),
        ("2026-10-05T15:00:00Z,Website,up,,5", "'', which is no status"),
        ("2026-10-05T15:00:00Z,Website,up,\u0662\u0660\u0660,5", "which is no status"),
        ("2026-10-05T15:00:00Z,Website,up,200,-5", "'-5', which is no whole number of milliseconds"),
        ("2026-10-05T15:00:00Z,Website,maybe,200,5", "'maybe', which is neither up nor down"),
        ('2026-10-05T15:00:00Z,"Website"s,up,200,5', "no partner on the line: '\"Website\"s,up,200,5'; remove it"),
        ('2026-10-05T15:00:00Z,"Web, site",up,200,5', None),
    ],
)
def test_a_faulty_line_is_named_with_its_number_and_nothing_is_imported(
    tmp_path: Path, line: str, fault: str | None
) -> None:
    service("web")
    source = file(tmp_path, *GOOD, line)
    if fault is None:
        assert "1 lines of 'Web, site' were left out" in imported(source, *MAPPED)
        return
    with pytest.raises(CommandError) as refused:
        imported(source, *MAPPED)
    assert "line 5" in str(refused.value)
    assert fault in str(refused.value)
    assert str(refused.value).endswith("Nothing was imported.")
    assert not Check.objects.exists()
    assert not ServiceMonth.objects.exists()


def test_faulty_lines_are_skipped_where_that_is_asked_for(tmp_path: Path) -> None:
    service("web")
    said, told = io.StringIO(), io.StringIO()
    source = file(tmp_path, GOOD[0], "rubbish", "", GOOD[1], "2026-10-05T15:00:00Z,Website,up,OK,5", GOOD[2])
    options = ["--service", "api", "--on-error", "skip", *MAPPED]
    call_command("uptime", "import", str(source), *options, stdout=said, stderr=told)
    faults = [line for line in told.getvalue().splitlines() if line.startswith("line ")]
    assert [fault.partition(":")[0] for fault in faults] == ["line 3", "line 6"]
    assert "2 faulty lines were skipped" in said.getvalue()
    assert measured().minutes_for(ACME).down.total == 30


def test_a_stray_quotation_mark_costs_its_own_line_and_no_other(tmp_path: Path) -> None:
    service("web")
    lines = [f"2026-10-{1 + n // 1440:02d}T{n // 60 % 24:02d}:{n % 60:02d}:00Z,web,up,200,5" for n in range(20_000)]
    lines[9] = '2026-10-01T00:09:00Z,"web,200'
    said, told = io.StringIO(), io.StringIO()
    options = ["--service", "api", "--on-error", "skip"]
    call_command("uptime", "import", str(file(tmp_path, *lines)), *options, stdout=said, stderr=told)
    (fault,) = [line for line in told.getvalue().splitlines() if line.startswith("line ")]
    assert fault.startswith("line 11: a quotation mark has no partner on the line: '\"web,200'; remove it")
    assert said.getvalue().startswith("1 faulty lines were skipped\n20,000 lines read, 19,999 checks added")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_texts_in_quotation_marks_may_hold_commas_and_marks_on_their_line(tmp_path: Path, ends: str) -> None:
    service("web")
    source = tmp_path / "observations.csv"
    lines = [HEADER, '"2026-10-05T15:00:00Z","Shop ""A"", front","up","200","5"', ""]
    source.write_text(ends.join(lines), newline="")
    assert "1 checks added" in imported(source, "--map", 'Shop "A", front=web')


def test_a_stray_quotation_mark_in_the_first_line_is_shown(tmp_path: Path) -> None:
    service("web")
    with pytest.raises(CommandError) as refused:
        imported(file(tmp_path, *GOOD, header=HEADER.replace("verdict", '"verdict')), *MAPPED)
    assert """no partner on the line: '"verdict,http_status,response_ms'; remove it""" in str(refused.value)


def test_nothing_is_defined_by_a_file_that_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="line 5"):
        imported(file(tmp_path, *GOOD, "rubbish"), *MAPPED, "--define")
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        (
            "checked_at,monitor,status",
            "'checked_at,monitor,status'; name the columns, in any order: checked_at, monitor, http_status, and where",
        ),
        ("", "it does not name checked_at and monitor and http_status: ''; name the columns"),
        (
            "checked_at;monitor;http_status",
            "http_status: 'checked_at;monitor;http_status'; divide the columns by commas, not by semicolons",
        ),
        ("checked_at\tmonitor\thttp_status", "divide the columns by commas, not by tabs"),
        ("x" * 200_000, f"http_status: '{'x' * 100}...'; name the columns"),
        (
            "checked_at,monitor,http_status,verdict,checked_at,VERDICT",
            "more than once: 'checked_at,monitor,http_status,verdict,checked_at,VERDICT'; name each column once",
        ),
    ],
    ids=["one missing", "none", "semicolons", "tabs", "a long line", "twice"],
)
def test_a_first_line_that_does_not_name_the_columns_is_shown(tmp_path: Path, header: str, fault: str) -> None:
    service("web")
    for on_error in ("stop", "skip"):
        with pytest.raises(CommandError) as refused:
            imported(file(tmp_path, header=header), *MAPPED, "--on-error", on_error)
        assert "observations.csv, line 1: it " in str(refused.value)
        assert fault in str(refused.value)
        assert str(refused.value).endswith(". Nothing was imported.")
        assert ".." not in str(refused.value).replace("...", "")


def test_a_file_that_is_no_utf_8_is_told_so(tmp_path: Path) -> None:
    service("web")
    source = tmp_path / "observations.csv"
    source.write_text("\n".join([HEADER, *GOOD]), encoding="utf-16")
    with pytest.raises(
        CommandError, match=r"line 1: .*the file is no UTF-8 \(UTF-16, it seems\): save it as CSV, UTF-8"
    ):
        imported(source, *MAPPED)


@pytest.mark.parametrize(("name", "said"), [("a\x00b", r"'a\x00b'"), ("", "''"), (" ", "' '")])
@pytest.mark.parametrize("option", [[], ["--define"]])
def test_a_name_that_nobody_can_read_is_no_monitor(tmp_path: Path, name: str, said: str, option: list[str]) -> None:
    service("web")
    with pytest.raises(CommandError) as refused:
        imported(file(tmp_path, f"2026-10-05T12:00:00Z,{name},up,200,5"), *option)
    fault = f"line 2: monitor is {said}, which is no name; write the monitor's name, in printable letters."
    assert str(refused.value).endswith(f"{fault} Nothing was imported.")


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("Website", "'Website'; give --map 'Website=one of its monitors', or --define to add it."),
        ('"Shop ""A"""', """give --map 'Shop "A"=one of its monitors', or --define to add it."""),
        ("a=b", "'a=b'; give --define to add it."),
        (" web", "' web'; give --define to add it."),
    ],
)
def test_what_is_said_about_an_unknown_monitor_can_be_done(tmp_path: Path, name: str, mend: str) -> None:
    service("web")
    source = file(tmp_path, f"2026-10-05T12:00:00Z,{name},up,200,5")
    with pytest.raises(CommandError) as refused:
        imported(source)
    assert f"line 2: the service has no monitor {mend}" in str(refused.value).replace("""'Shop "A"'; give""", "give")
    if options := re.search(r"--map '(.*)=one of its monitors'", str(refused.value)):
        assert "1 checks added" in imported(source, "--map", f"{options[1]}=web")
    assert "1 lines read" in imported(source, "--define")


def test_a_monitor_that_the_service_does_not_have_is_refused_with_those_it_has(tmp_path: Path) -> None:
    service("web")
    with pytest.raises(CommandError, match=r"no monitor 'wob'\. It has: web"):
        imported(file(tmp_path, *GOOD), "--map", "Website=wob")
    with pytest.raises(CommandError, match="There is no service 'apy' under 'apicheap'"):
        imported(file(tmp_path, *GOOD), *MAPPED, "--agreement", "apicheap", name="apy")


def test_a_file_that_cannot_be_opened_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no file .*missing\.csv"):
        imported(tmp_path / "missing.csv")
    with pytest.raises(CommandError) as refused:
        imported(tmp_path)
    assert str(refused.value) == f"{tmp_path} is a directory: name the file in it."
    with pytest.raises(CommandError, match=r"x{300} cannot be read: File name too long\."):
        imported(tmp_path / ("x" * 300))
