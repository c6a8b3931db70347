"""What the children write: each line to the terminal with its process's name, and to a log file with its time."""

import errno
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

COLOURS: Final = (36, 33, 32, 35, 34, 31)
WIDTH: Final = 8
LOG_BYTES: Final = 20_000_000
TERMINAL_ENDED: Final = (errno.EPIPE, errno.EIO)
# What beat and workers say every few seconds while all is well: it stands in the logs, and hides the addresses here.
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
        """Write one line of a process; where there is no room for it, it is dropped. Errors: TerminalGone."""
        prefix = f"{name:<{WIDTH}} |"
        if self._is_colourful():
            colour = self.colours.setdefault(name, COLOURS[len(self.colours) % len(COLOURS)])
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        try:
            print(prefix, line, file=self.terminal, flush=True)
        except OSError as error:
            if error.errno not in TERMINAL_ENDED:
                return
            self.terminal = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for the rest of our life)
            raise TerminalGone from error

    def open_log(self, name: str) -> IO[bytes]:
        """Open a process's log file to append to; one that has grown large is put aside first.

        Unbuffered, so that a line that can't be written is gone, and not tried again with each that follows.
        """
        path = self.logs / f"{name}.log"
        try:
            if path.exists() and path.stat().st_size > LOG_BYTES:
                path.replace(path.with_suffix(".log.1"))
            return path.open("ab", buffering=0)
        except OSError as error:
            self.say_not_logged(name, error)
            return Path(os.devnull).open("ab", buffering=0)

    def say_not_logged(self, name: str, error: OSError) -> None:
        """Tell that a log can't be written; nothing else stops for it."""
        self.say(f"{self.logs / name}.log can't be written ({error.strerror}); what it misses stands here only")

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
    is_logged: bool = True
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
        with suppress(OSError):
            self.log.close()

    def _line(self, line: bytes) -> None:
        self.heard_marker = self.heard_marker or (bool(self.marker) and self.marker in line)
        self._log(line)
        if not any(words in line for words in ROUTINE):
            self.console.write(self.name, line.decode(errors="replace"))

    def _log(self, line: bytes) -> None:
        """Log a line; the first of several that can't be is told."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ ", time.gmtime())
        try:
            self.log.write(stamp.encode() + line + b"\n")
        except OSError as error:
            if self.is_logged:
                self.is_logged = False
                self.console.say_not_logged(self.name, error)
        else:
            self.is_logged = True
