"""Progress on the error stream: a line that is overwritten on a screen, and one now and then in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

_ON_SCREEN = 0.2
_IN_FILE = 5.0


@dataclass(slots=True)
class Progress:
    """One piece of work: how many lines are done, how much that is of all, how fast it goes."""

    doing: str
    write: Callable[[str], object]
    on_screen: bool
    clock: Callable[[], float] = monotonic
    _began: float = field(init=False)
    _told: float = field(init=False)
    _last: str = ""

    def __post_init__(self) -> None:
        self._began = self._told = self.clock()

    def told(self, lines: int, done: int, of: int) -> None:
        """Show where the work is, unless that was shown a moment ago."""
        now = self.clock()
        self._last = self._line(lines, done, of, now - self._began)
        if now - self._told >= (_ON_SCREEN if self.on_screen else _IN_FILE):
            self._told = now
            self._show()

    def finished(self) -> None:
        """Show the last state, and leave it standing."""
        if self._last:
            self._show()
            if self.on_screen:
                self.write("\n")
        self._last = ""

    def _line(self, lines: int, done: int, of: int, seconds: float) -> str:
        share = f"{100 * done // of:3d} %, " if of else ""
        rate = f", {lines / seconds:,.0f} a second" if seconds > 0 else ""
        return f"{self.doing}: {share}{lines:,} lines{rate}"

    def _show(self) -> None:
        self.write(f"\r\x1b[K{self._last}" if self.on_screen else f"{self._last}\n")
