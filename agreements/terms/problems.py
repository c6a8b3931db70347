"""What is wrong with a terms file, told so that its author can mend it: place, line, caret, what was expected."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

Path = tuple[str | int, ...]

WIDEST = 110


def written(path: Path) -> str:
    """Write a path as an author reads it: ("rows", 0, "pays") is rows[0].pays."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def nearest(word: str, known: Iterable[str]) -> str:
    """Ask whether the most similar of the known words was meant; "" where none is similar."""
    plain = {_plain(each): each for each in known}
    near = get_close_matches(_plain(word), plain, n=1)
    return f"did you mean `{plain[near[0]]}`?" if near else ""


def _plain(word: str) -> str:
    return word.strip().lower().replace(" ", "_").replace("-", "_")


@dataclass(frozen=True)
class Place:
    """Where something stands: its line and column, from 1, and how many characters of that line it takes."""

    line: int
    column: int = 0
    width: int = 1


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One fault: where it stands, what stands there, what was expected, how to mend it.

    `shown` is the line as it is written. Without a `column` the fault is about something that is
    not there, or about the whole file, and no line is shown.
    """

    file: str
    line: int
    path: str
    sentence: str
    expected: str = ""
    mend: str = ""
    column: int = 0
    width: int = 1
    shown: str = ""

    def __str__(self) -> str:
        at = f"{self.line}:{self.column}" if self.column else f"{self.line}"
        lines = [f"{self.file}:{at}: " + (f"{self.path}: " if self.path else "") + self.sentence]
        if self.column:
            lines.extend(_pointed_at(self))
        if self.expected:
            lines.append(f"    expected: {self.expected}")
        if self.mend:
            lines.append("    " + (self.mend if self.mend.endswith("?") else f"mend: {self.mend}"))
        return "\n".join(lines)


def _pointed_at(problem: Problem) -> tuple[str, str]:
    """Show the line with carets under the place; of a long line only what is around the place."""
    text, start = problem.shown.rstrip(), problem.column - 1
    cut = max(0, start - WIDEST // 2) if len(text) > WIDEST else 0
    seen = ("…" if cut else "") + text[cut : cut + WIDEST] + ("…" if len(text) > cut + WIDEST else "")
    before = (" " if cut else "") + "".join(map(_blank, text[cut:start]))
    under = sum(map(_cells, text[start : start + problem.width])) or 1
    number = f"{problem.line:5}"
    return f"{number} | {seen}", f"{' ' * len(number)} | {before}{'^' * min(under, WIDEST)}"


def _blank(character: str) -> str:
    return "\t" if character == "\t" else " " * _cells(character)


def _cells(character: str) -> int:
    """Count the cells that a character takes on a screen."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


class TermsMalformed(ValueError):
    """The text is not a terms file; `problems` lists every fault that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
