"""A command in a terminal of its own: what it shows, and what a person types there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import PROJECT, PYTHON
from tests.waiting import eventually

CTRL_C, CTRL_D = "\x03", "\x04"


@dataclass
class Terminal:
    """The side of a pseudo terminal at which a person sits."""

    side: int
    child: subprocess.Popen[bytes]
    shown: str = ""
    seen: int = field(default=0)

    def type(self, keys: str) -> None:
        os.write(self.side, keys.encode())

    def answer(self, asked: str, text: str) -> None:
        """Wait for a question, and type its answer."""
        self.wait_for(asked)
        self.type(f"{text}\n")

    def wait_for(self, text: str) -> None:
        """Wait until it shows something that it has not shown before."""
        eventually(lambda: self._look(text), within=60)

    def ended(self) -> int:
        """Read what is left, and give the exit status."""
        eventually(lambda: self._read() is None, within=60)
        return self.child.wait(60)

    def _look(self, text: str) -> bool:
        at_end = self._read() is None
        found = self.shown.find(text, self.seen)
        assert found >= 0 or not at_end, f"it ended before it showed {text!r}:\n{self.shown}"
        self.seen = found + len(text) if found >= 0 else self.seen
        return found >= 0

    def _read(self) -> str | None:
        """Take in what is shown by now; None once it has ended."""
        try:
            new = os.read(self.side, 65536).decode()
        except BlockingIOError:
            return ""
        except OSError:
            return None
        self.shown += new.replace("\r\n", "\n")
        return new or None


@contextmanager
def in_terminal(*words: str | Path, folder: Path) -> Iterator[Terminal]:
    """Run `manage.py` with these words in a folder, at a terminal that controls it."""
    ours, theirs = os.openpty()
    os.set_blocking(ours, False)
    child = subprocess.Popen(
        ["setsid", "--ctty", PYTHON, str(PROJECT / "manage.py"), *map(str, words)],
        cwd=folder,
        env={**os.environ, "MAKEGOOD_ENV": "test", "DJANGO_SETTINGS_MODULE": "config.settings", "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        yield Terminal(ours, child)
    finally:
        child.kill()
        child.wait()
        os.close(ours)
