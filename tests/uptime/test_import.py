"""Importing files of observations by `manage.py uptime import` (SEMANTICS 6)."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError

from agreements import commands as agreements
from eventstore import history
from kernel import clock
from kernel.months import Month
from tests.personas import ACME, JONAS
from tests.uptime.files import GOOD, HEADER, MAPPED, file, imported
from tests.uptime.given import OCTOBER, PUBLISHED, TERMS, checked, measured, published, service, terms
from uptime import queries
from uptime.models import Check, Service, ServiceMonth
from uptime.observations.importing import Watched, import_observations
from uptime.observations.names import Mapped
from uptime.observations.progress import Progress
from uptime.observations.reading import CHUNK_LINES, stop

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(autouse=True)
def _apicheap() -> None:
    published()


def stored() -> list[tuple[str, int]]:
    rows = Check.objects.order_by("checked_at", "status")
    return [(f"{check.checked_at:%H:%M:%S}", check.status) for check in rows]


def test_checks_are_stored_and_the_month_is_measured(tmp_path: Path) -> None:
    service("web")
    said = imported(file(tmp_path, *GOOD), *MAPPED)
    assert said == "3 lines read, 3 checks added, 0 were known, 2026-10 to 2026-10 measured\n"
    assert stored() == [("13:59:10", 200), ("14:00:05", 502), ("14:30:00", 200)]
    assert measured().minutes_for(ACME).down.total == 30


def test_importing_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    api = service("web")
    source = file(tmp_path, *GOOD)
    imported(source, *MAPPED)
    assert "0 checks added, 3 were known" in imported(source, *MAPPED)
    assert len(history(queries.month_id(api, OCTOBER))) == 1


def test_a_file_that_overlaps_what_is_stored_adds_the_rest(tmp_path: Path) -> None:
    service("web")
    imported(file(tmp_path, GOOD[1]), *MAPPED)
    assert "2 checks added, 1 were known" in imported(file(tmp_path, *GOOD), *MAPPED)
    assert len(stored()) == 3


def test_a_line_that_stands_twice_in_a_file_is_one_check(tmp_path: Path) -> None:
    service("web")
    assert "3 checks added, 1 were known" in imported(file(tmp_path, *GOOD, GOOD[0]), *MAPPED)


def test_a_month_that_was_left_unmeasured_is_measured_by_the_repetition(tmp_path: Path) -> None:
    """As after an import that was interrupted between storing and measuring."""
    api = service("web")
    lines = (line.split(",") for line in GOOD)
    checked(api, *[(datetime.fromisoformat(line[0]), int(line[3])) for line in lines])
    assert not ServiceMonth.objects.exists()
    assert "0 checks added, 3 were known" in imported(file(tmp_path, *GOOD), *MAPPED)
    assert measured().minutes_for(ACME).down.total == 30


def test_monitors_that_the_map_does_not_name_are_left_out_and_counted(tmp_path: Path) -> None:
    service("web")
    said = imported(file(tmp_path, *GOOD, "2026-10-05T15:00:00Z,Blog,up,200,5"), *MAPPED)
    assert "1 lines of 'Blog' were left out: no --map names it" in said
    assert "3 checks added" in said


def test_without_a_map_the_file_uses_our_names(tmp_path: Path) -> None:
    service("web")
    assert "1 checks added" in imported(file(tmp_path, "2026-10-05T15:00:00Z,web,up,200,5"))


def test_new_services_and_monitors_are_defined_where_that_is_asked_for(tmp_path: Path) -> None:
    imported(file(tmp_path, *GOOD), "--map", "Website=front", "--define", "--max-gap", "26h")
    (row,) = Service.objects.all()
    assert (row.agreement, row.name) == ("apicheap", "api")
    assert [(monitor.name, monitor.max_gap_seconds) for monitor in row.monitors] == [("front", 93_600)]


def test_without_a_map_every_monitor_of_the_file_can_be_defined(tmp_path: Path) -> None:
    imported(file(tmp_path, *GOOD, "2026-10-05T15:00:00Z,Blog,up,200,5"), "--define")
    assert [monitor.name for monitor in Service.objects.get().monitors] == ["Blog", "Website"]


def test_a_gap_that_changes_measures_every_month_again(tmp_path: Path) -> None:
    imported(file(tmp_path, *GOOD), *MAPPED, "--define")
    assert measured().minutes_for(ACME).down.total == 6  # 14:00:05, carried to 14:05 inclusive
    september = file(tmp_path, "2026-09-05T14:00:00Z,Website,up,200,5")
    imported(september, *MAPPED, "--max-gap", "26h")
    assert measured().minutes_for(ACME).down.total == 30


def test_a_check_that_the_agreement_carries_into_the_next_month_measures_that_too(tmp_path: Path) -> None:
    published("apisec", **{"max_gap: 5 minutes": "max_gap: 60 hours"})
    options = [*MAPPED, "--define", "--agreement", "apisec"]
    imported(file(tmp_path, "2026-11-01T12:00:00Z,Website,up,200,5"), *options, name="platform")
    late = imported(file(tmp_path, "2026-10-30T12:00:00Z,Website,up,200,5"), *options, name="platform")
    assert "2026-10 to 2026-11 measured" in late


def test_columns_may_be_named_in_capitals(tmp_path: Path) -> None:
    service("web")
    assert "3 checks added" in imported(file(tmp_path, *GOOD, header=HEADER.title()), *MAPPED)


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_missing(tmp_path: Path) -> None:
    service("web")
    source = file(tmp_path, "502,Website,2026-10-05T14:00:00+02:00,fra", header="http_status,monitor,checked_at,probe")
    imported(source, *MAPPED)
    check = Check.objects.get()
    assert check.checked_at == datetime(2026, 10, 5, 12, tzinfo=UTC)
    assert (check.status, check.probe, check.response_ms, check.reported_up) == (502, "fra", None, None)


@pytest.mark.parametrize("written", ["2026-W41-1T12:00:00Z", "2026-10-05 12:00:00+00:00", "2026-10-05T120000.0Z"])
def test_an_instant_may_be_written_as_iso_8601_allows(tmp_path: Path, written: str) -> None:
    service("web")
    imported(file(tmp_path, f"{written},Website,up,200,5"), *MAPPED)
    assert Check.objects.get().checked_at == datetime(2026, 10, 5, 12, tzinfo=UTC)


def test_an_import_that_is_interrupted_is_completed_by_the_next(tmp_path: Path) -> None:
    service("web")
    minutes = [(hour, minute) for hour in range(24) for minute in range(60)]
    days = range(1, 9)
    lines = [f"2026-10-{day:02d}T{hour:02d}:{minute:02d}:00Z,web,up,200,5" for day in days for hour, minute in minutes]
    source = file(tmp_path, *lines)

    def interrupted(_lines: int, _of: int) -> None:
        raise KeyboardInterrupt

    watched = Watched(on_fault=stop, reading=lambda _lines, _bytes: None, storing=interrupted)
    with source.open("rb") as stream, pytest.raises(KeyboardInterrupt):
        import_observations(
            stream,
            agreement="apicheap",
            service="api",
            mapped=Mapped(names={}),
            watched=watched,
            by=JONAS,
            now=clock.now(),
        )
    assert Check.objects.count() == CHUNK_LINES
    assert not ServiceMonth.objects.exists()
    said = imported(source)
    assert f"{len(lines) - CHUNK_LINES:,} checks added, {CHUNK_LINES:,} were known, 2026-10 to 2026-10 measured" in said


def test_what_the_source_concluded_is_kept_and_does_not_judge(tmp_path: Path) -> None:
    service("web")
    imported(file(tmp_path, "2026-10-05T14:00:00Z,Website,down,404,5"), *MAPPED)
    assert Check.objects.get().reported_up is False
    assert measured().minutes_for(ACME).down.total == 0


def test_the_agreement_is_named_where_it_is_not_clear(tmp_path: Path) -> None:
    published("apisec")
    with pytest.raises(CommandError, match="Name the --agreement: apicheap or apisec"):
        imported(file(tmp_path, *GOOD), *MAPPED, "--define")


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    service("web")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=lambda: pipe.write_text("\n".join([HEADER, *GOOD])))
    writer.start()
    assert "3 checks added" in imported(pipe, *MAPPED)
    writer.join()


def test_standard_input_is_read_like_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    service("web")
    text = "\n".join([HEADER, *GOOD]).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert "3 checks added" in imported("-", *MAPPED)


def test_a_file_of_more_than_one_part_is_stored_whole(tmp_path: Path) -> None:
    service("web")
    lines = [
        f"2026-10-{day:02d}T{n // 60:02d}:{n % 60:02d}:00Z,web,up,200,5" for day in range(1, 18) for n in range(1_440)
    ]
    assert f"{len(lines):,} checks added" in imported(file(tmp_path, *lines))
    assert Check.objects.count() == len(lines) == 24_480


def test_real_observations_give_every_month_to_the_minute() -> None:
    """The monitor of checks-toro.csv under apicheap's terms, had they been in force since April 2024."""
    (shipped,) = TERMS.glob("apicheap*.yaml")
    text = shipped.read_text().replace("agreement: apicheap", "agreement: early")
    begun = re.sub("^in_force_from:.*$", "in_force_from: 2024-04-01", text, flags=re.MULTILINE)
    agreements.publish(begun, by=JONAS, now=PUBLISHED)
    options = ["--agreement", "early", "--map", "TORO Minecraft Server=server", "--define", "--max-gap", "26h"]
    said = imported(DATA / "checks-toro.csv", *options)
    assert "2,329 checks added" in said
    assert "2024-04 to 2026-06 measured" in said
    expected = json.loads((DATA / "minutes-toro.json").read_text())["TORO Minecraft Server"]
    for written, figures in expected.items():
        month = Month.parse(written)
        read = queries.measured("early", "api", month, terms=terms(month, "early"), now=clock.now())
        minutes = read.minutes_for(ACME)
        found = {"up": minutes.up.total, "down": minutes.down.total, "unknown": minutes.unknown.total}
        assert found == figures, written


def test_progress_is_shown_now_and_then_and_at_the_end() -> None:
    times: Iterator[float] = iter([0.0, 1.0, 6.0, 7.0])
    said: list[str] = []
    progress = Progress("reading", write=said.append, on_screen=False, clock=lambda: next(times))
    for lines in (10_000, 60_000, 70_000):
        progress.told(lines, lines, 100_000)
    progress.finished()
    assert said == [
        "reading:  60 %, 60,000 lines, 10,000 a second\n",
        "reading:  70 %, 70,000 lines, 10,000 a second\n",
    ]
