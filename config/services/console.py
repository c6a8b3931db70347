"""What the children write: each line to the terminal with its process's name, and to a log file with its time."""

import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

COLOURS: Final = (36, 33, 32, 35, 34, 31)
WIDTH: Final = 8
LOG_BYTES: Final = 20_000_000
# What beat and worker say every few seconds while all is well: it stands in the logs, and hides the addresses here.
ROUTINE: Final = (
    b"INFO celery.beat: Scheduler: Sending due task",
    b"INFO celery.worker.strategy: Task ",
    b"INFO celery.app.trace: Task ",
)


class TerminalGone(Exception):
    """Nobody reads our output any more: the terminal, or the program behind a pipe, has ended."""


@dataclass
class Console:
    """The terminal, shared by all processes."""

    logs: Path
    terminal: IO[str] = field(default_factory=lambda: sys.stdout)
    colours: dict[str, int] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """Write a line of our own."""
        self.write("makegood", text)

    def write(self, name: str, line: str) -> None:
        """Write one line of a process."""
        prefix = f"{name:<{WIDTH}} |"
        if self._is_colourful():
            colour = self.colours.setdefault(name, COLOURS[len(self.colours) % len(COLOURS)])
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        try:
            print(prefix, line, file=self.terminal, flush=True)
        except BrokenPipeError as error:
            self.terminal = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for the rest of our life)
            raise TerminalGone from error

    def open_log(self, name: str) -> IO[bytes]:
        """Open a process's log file to append to; one that has grown large is put aside first."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def _is_colourful(self) -> bool:
        return self.terminal.isatty() and "NO_COLOR" not in os.environ


@dataclass
class Pump:
    """Carries one child's output to its log, and to the terminal what is not routine, without ever waiting for it."""

    name: str
    source: IO[bytes]
    console: Console
    log: IO[bytes]
    marker: bytes = b""
    heard_marker: bool = False
    rest: bytes = b""

    def __post_init__(self) -> None:
        os.set_blocking(self.source.fileno(), False)

    def carry(self) -> bool:
        """Carry what is there now; tell whether more may come."""
        while True:
            try:
                found = os.read(self.source.fileno(), 65_536)
            except BlockingIOError:
                return True
            if not found:
                return False
            *lines, self.rest = (self.rest + found).split(b"\n")
            for line in lines:
                self._line(line)

    def close(self) -> None:
        """Carry the rest and close both ends."""
        self.carry()
        if self.rest:
            self._line(self.rest)
        self.source.close()
        self.log.close()

    def _line(self, line: bytes) -> None:
        self.heard_marker = self.heard_marker or (bool(self.marker) and self.marker in line)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ ", time.gmtime())
        self.log.write(stamp.encode() + line + b"\n")
        self.log.flush()
        if not any(words in line for words in ROUTINE):
            self.console.write(self.name, line.decode(errors="replace"))
