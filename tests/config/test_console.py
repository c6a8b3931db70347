"""The terminal shows what somebody has to see; the logs have everything."""

import io
import os
from pathlib import Path

from config.services.console import Console, Pump

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
