"""The terminal shows what somebody has to see; the logs have everything."""

import io
import os
from contextlib import suppress
from pathlib import Path

import pytest

from config.services.console import Console, Pump, TerminalGone

ROUTINE = b"INFO celery.app.trace: Task deadlines.sweep[1f2e] succeeded in 0.01s: None\n"
NEWS = b"ERROR celery.app.trace: Task deadlines.sweep[1f2e] raised unexpected: OSError()\n"


def test_a_task_that_went_well_stands_in_the_log_and_one_that_failed_in_the_terminal_too(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    terminal = io.StringIO()
    console = Console(tmp_path, terminal=terminal)
    pump = Pump("worker", os.fdopen(reading, "rb"), console, console.open_log("worker"))
    os.write(writing, ROUTINE + NEWS)
    os.close(writing)

    pump.close()

    assert terminal.getvalue() == f"worker   | {NEWS.decode()}"
    logged = (tmp_path / "worker.log").read_text()
    assert "succeeded" in logged
    assert "raised" in logged


def beat_says(console: Console, *lines: bytes) -> None:
    """Carry what a process wrote, to its end."""
    reading, writing = os.pipe()
    pump = Pump("beat", os.fdopen(reading, "rb"), console, console.open_log("beat"))
    for line in lines:
        os.write(writing, line + b"\n")
        pump.carry()
    os.close(writing)
    pump.close()


def test_a_line_that_can_not_be_logged_is_dropped_and_that_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "beat.log").symlink_to("/dev/full")
    terminal = io.StringIO()

    beat_says(Console(tmp_path, terminal=terminal), b"one", b"two")

    assert terminal.getvalue().splitlines() == [
        f"makegood | {tmp_path}/beat.log can't be written (No space left on device); what it misses stands here only",
        "beat     | one",
        "beat     | two",
    ]


def test_a_log_that_can_not_be_opened_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "beat.log").mkdir()
    terminal = io.StringIO()

    beat_says(Console(tmp_path, terminal=terminal), b"one")

    told, said = terminal.getvalue().splitlines()
    assert "beat.log can't be written (Is a directory)" in told
    assert said == "beat     | one"


def test_an_output_without_room_drops_the_line_and_the_log_has_it(tmp_path: Path) -> None:
    terminal = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 (closing it fails, too)

    beat_says(Console(tmp_path, terminal=terminal), b"one", b"two")

    assert [line.split()[-1] for line in (tmp_path / "beat.log").read_text().splitlines()] == ["one", "two"]
    with suppress(OSError):
        terminal.close()


def test_a_terminal_that_was_hung_up_is_gone_like_a_closed_pipe(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    os.close(ours)
    terminal = os.fdopen(theirs, "w")
    console = Console(tmp_path, terminal=terminal)

    with pytest.raises(TerminalGone):
        console.say("is anybody there?")

    console.say("this goes nowhere")
    console.terminal.close()
    with suppress(OSError):
        terminal.close()
