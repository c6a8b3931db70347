"""What is wrong with a terms file, told so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]


def written(path: Path) -> str:
    """Write a path as an author reads it: ("rows", 0, "pays") is rows[0].pays."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One fault: where it stands, what stands there, what was expected, how to mend it."""

    file: str
    line: int
    path: str
    sentence: str
    expected: str = ""
    mend: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " + (f"{self.path}: " if self.path else "")
        lines = [where + self.sentence]
        if self.expected:
            lines.append(f"    expected: {self.expected}")
        if self.mend:
            lines.append(f"    mend: {self.mend}")
        return "\n".join(lines)


class TermsMalformed(ValueError):
    """The text is not a terms file; `problems` lists every fault that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))
