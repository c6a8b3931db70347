"""Reading a whole file of observations: every line is checked before the first one is stored."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Final

from kernel.csv_lines import cells_of
from kernel.errors import QuotationMarkStray
from uptime.observations.lines import Columns, LineFaulty, Translator

CHUNK_LINES: Final = 10_000

Progressed = Callable[[int, int], None]
"""Told from time to time: how many lines were handled, and how many bytes of the file."""


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line that cannot be used, by its number in the file; the header is line 1."""

    number: int
    fault: str
    mend: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.fault}; {self.mend}"


class FileFaulty(Exception):
    """The file has a line that cannot be used, and was to be imported whole or not at all."""

    def __init__(self, line: FaultyLine) -> None:
        super().__init__(str(line))
        self.line = line


@dataclass(slots=True)
class Checked:
    """A file that was read: its good lines wait in a temporary file, in chunks."""

    waiting: IO[bytes]
    days: set[str]
    left_out: dict[str, int]
    lines: int = 0
    faults: list[FaultyLine] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)

    @property
    def good(self) -> int:
        """How many lines wait."""
        return sum(lines for lines, _ in self.sizes)

    def chunks(self) -> Iterator[tuple[int, bytes]]:
        """Give the number of lines and the text of each chunk, in order."""
        self.waiting.seek(0)
        for lines, size in self.sizes:
            yield lines, self.waiting.read(size)


def go_on(_: FaultyLine) -> None:
    """Leave a faulty line out and go on."""


def stop(line: FaultyLine) -> None:
    """Stop at the first faulty line. Errors: FileFaulty."""
    raise FileFaulty(line)


@contextmanager
def checked(
    source: BinaryIO,
    keys: Mapping[str, str | None],
    *,
    now: datetime,
    on_fault: Callable[[FaultyLine], None],
    progressed: Progressed,
) -> Iterator[Checked]:
    """Read and check every line; the good ones wait until the block ends.

    Errors: FileFaulty.
    """
    text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="backslashreplace", newline="")
    translator = Translator(_header(next(text, "")), keys, now)
    with TemporaryFile() as waiting:
        done = Checked(waiting, translator.days, translator.left_out)
        while (chunk := _chunk(text, translator, done, on_fault)) is not None:
            done.waiting.write(chunk)
            progressed(done.lines, source.tell() if source.seekable() else 0)
        text.detach()
        yield done


def _header(line: str) -> Columns:
    """Read the first line, without which no other can be read. Errors: FileFaulty."""
    try:
        return Columns.of(_cells_of(line), line)
    except LineFaulty as error:
        raise FileFaulty(FaultyLine(1, error.fault, error.mend)) from error


def _chunk(
    lines: Iterator[str], translator: Translator, done: Checked, on_fault: Callable[[FaultyLine], None]
) -> bytes | None:
    """Read some thousand lines; None at the end of the file."""
    good: list[str] = []
    before = done.lines
    for line in islice(lines, CHUNK_LINES):
        done.lines += 1
        try:
            if (row := _cells_of(line)) and (taken := translator.translated(row)):
                good.append(taken)
        except LineFaulty as error:
            _note(FaultyLine(done.lines + 1, error.fault, error.mend), done, on_fault)
    if done.lines == before:
        return None
    # In one order by every importer, so that two that meet wait for each other and never in a circle.
    good.sort()
    text = "".join(good).encode()
    done.sizes.append((len(good), len(text)))
    return text


def _cells_of(line: str) -> list[str]:
    try:
        return cells_of(line)
    except QuotationMarkStray as error:
        raise LineFaulty(
            f"a quotation mark has no partner on the line: {error.found!a}",
            "remove it, or close it behind the text; one within a text is written twice",
        ) from error


def _note(line: FaultyLine, done: Checked, on_fault: Callable[[FaultyLine], None]) -> None:
    on_fault(line)
    done.faults.append(line)
