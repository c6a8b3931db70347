"""Real installations for tests: `python -m config.services run` in a directory and on a port of their own."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from config.services import children
from tests.processes import PROJECT, Running

OPERATOR: Final = {"MAKEGOOD_OPERATOR_EMAIL": "mira@provider.example", "MAKEGOOD_OPERATOR_PASSWORD": "correct horse 9"}
ORDINARY: Final = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
READY: Final = "Makegood is running."


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, eq=False)
class Place:
    """A data directory and a port, and the supervisors that a test started there."""

    data: Path
    port: int
    static_files: Path
    started: list[Running] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """Where `run` keeps its data."""
        return self.data / "run"

    def environment(self, **extra: str) -> dict[str, str]:
        """Give an environment without a trace of this test's own servers."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"MAKEGOOD_DATA": str(self.data), "PORT": str(self.port), "PYTHONWARNINGS": "ignore"}
        return {**kept, **own, "MAKEGOOD_STATIC": str(self.static_files), **extra}

    def start(self, *before: str, **extra: str) -> Running:
        """Start it, perhaps behind another program such as `unshare`."""
        output = self.data.parent / f"output-{self.port}-{os.urandom(2).hex()}.log"
        with output.open("wb") as target:
            child = children.start(
                [*before, sys.executable, "-m", "config.services", "run"],
                output=target,
                environment=self.environment(**extra),
                death_signal=signal.SIGKILL,
                directory=PROJECT,
            )
        return self.note(child, output)

    def note(self, child: subprocess.Popen[bytes], output: Path) -> Running:
        """Remember a supervisor, so that a failed test leaves nothing running either."""
        self.started.append(Running(child, output))
        return self.started[-1]

    def end(self) -> str:
        """Kill what a failed test left, and give what all supervisors wrote."""
        for running in self.started:
            running.kill()
        return "\n".join(running.said() for running in self.started)

    def refused(self, *before: str, **extra: str) -> str:
        """Try to start it, perhaps behind another program, and give the one line with which it is refused."""
        found = subprocess.run(
            [*before, sys.executable, "-m", "config.services", "run"],
            cwd=PROJECT,
            env=self.environment(**extra),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert found.returncode == 1
        return found.stderr

    def manage(self, *arguments: str) -> str:
        """Run a management command as somebody in another terminal would."""
        environment = self.environment()
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True, timeout=180
        ).stdout

    def left_running(self) -> list[str]:
        """Name every process of this installation that still runs."""
        found = []
        for process in psutil.process_iter():
            try:
                belongs = process.environ().get("MAKEGOOD_DATA") == str(self.home)
                words = " ".join(process.cmdline())
            except psutil.Error:
                continue
            if belongs or str(self.data) in words:
                found.append(words)
        return found
