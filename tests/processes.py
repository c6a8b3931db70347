"""Real processes for tests: a Celery worker, beat, the log process, or any other command of the project."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from config.services import children, procfile
from tests.waiting import eventually

PROJECT: Final = Path(__file__).resolve().parent.parent
PYTHON: Final = sys.executable
FILLED_IN: Final = {"MAKEGOOD_BIND": "127.0.0.1", "MAKEGOOD_WORKERS": "2", "PORT": "8000"}


@dataclass(frozen=True)
class Running:
    """A process that a test started, and the file that its output goes to."""

    child: subprocess.Popen[bytes]
    output: Path

    @property
    def pid(self) -> int:
        """The process id, for a test that sends signals of its own."""
        return self.child.pid

    def said(self) -> str:
        """Give everything it has written so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str, *, within: float = 30) -> None:
        """Wait until it has written something; fail at once if it ends before."""
        eventually(lambda: text in self.said() or self.child.poll() is not None, within=within)
        assert text in self.said(), f"ended with {self.child.poll()} before it said {text!r}:\n{self.said()}"

    def kill(self) -> None:
        """End it and its children without a chance to clean up."""
        children.kill_group(self.child)
        self.child.wait()

    def stop(self) -> int:
        """Ask it to end, and tell its exit status."""
        return children.stop(self.child, asks=signal.SIGTERM, patience=20)


@dataclass
class Launcher:
    """Starts processes of the project with this test's servers; what is left is ended after the test."""

    directory: Path
    started: list[Running] = field(default_factory=list)

    def start(
        self, name: str, *command: str | Path, extra: Mapping[str, str] | None = None, directory: Path = PROJECT
    ) -> Running:
        """Start any command in the project's directory, with this process's environment and what is extra."""
        output = self.directory / f"{name}-{len(self.started)}.log"
        with output.open("wb") as target:
            child = children.start(
                command,
                output=target,
                environment={**os.environ, "PYTHONUNBUFFERED": "1", **(extra or {})},
                death_signal=signal.SIGKILL,
                directory=directory,
            )
        running = Running(child, output)
        self.started.append(running)
        return running

    def manage(self, *arguments: str, extra: Mapping[str, str] | None = None) -> Running:
        """Start a management command."""
        return self.start(arguments[0], PYTHON, "manage.py", *arguments, extra=extra)

    def worker(self, *arguments: str, extra: Mapping[str, str] | None = None) -> Running:
        """Start a Celery worker and wait until it takes tasks."""
        node = f"test-{os.getpid()}-{len(self.started)}@localhost"
        command = _celery("worker", "--loglevel", "INFO", "--hostname", node, *arguments)
        running = self.start("worker", *command, extra=extra)
        running.wait_for("ready.")
        return running

    def installed_workers(self, extra: Mapping[str, str] | None = None) -> list[Running]:
        """Start every Celery worker of the Procfile, as an installation does, and wait until all take tasks."""
        workers = [entry for entry in procfile.read(PROJECT / "Procfile", FILLED_IN) if "worker" in entry.command]
        started = [self.start(entry.name, PYTHON, *entry.command[1:], extra=extra) for entry in workers]
        for running in started:
            running.wait_for("ready.")
        return started

    def beat(self, extra: Mapping[str, str] | None = None) -> Running:
        """Start Celery beat, and wait until it ticks."""
        running = self.start("beat", *_celery("beat", "--loglevel", "INFO"), extra=extra)
        running.wait_for("beat: Starting")
        return running

    def log(self, extra: Mapping[str, str] | None = None) -> Running:
        """Start the process that seals the log and runs the subscriptions."""
        return self.manage("log", "run", extra=extra)

    def end(self) -> None:
        """End what still runs."""
        for running in self.started:
            running.kill()

    def transcript(self) -> list[tuple[str, str]]:
        """Give each process's output under its name, for the report of a failed test."""
        return [(running.output.stem, running.said()) for running in self.started]


def _celery(*arguments: str) -> Sequence[str]:
    return (PYTHON, "-m", "celery", "-A", "config", *arguments)
