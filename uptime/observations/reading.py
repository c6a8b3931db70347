"""Reading a whole file of observations: every line is checked before the first one is stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Final, Protocol

from uptime.observations.lines import Columns, HeaderFaulty, LineFaulty, Translator

CHUNK_LINES: Final = 10_000

Progressed = Callable[[int, int], None]
"""Told from time to time: how many lines were handled, and how many bytes of the file."""


class Rows(Protocol):
    """What csv.reader gives: rows, and the number of the line that was read last."""

    @property
    def line_num(self) -> int:
        """The line's number."""

    def __next__(self) -> list[str]:
        """Give the next row."""


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

    Errors: FileFaulty, HeaderFaulty.
    """
    text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="backslashreplace", newline="")
    reader = csv.reader(text)
    translator = Translator(_header(reader), keys, now)
    with TemporaryFile() as waiting:
        done = Checked(waiting, translator.days, translator.left_out)
        while (chunk := _chunk(reader, translator, done, on_fault)) is not None:
            done.waiting.write(chunk)
            progressed(done.lines, source.tell() if source.seekable() else 0)
        text.detach()
        yield done


def _header(reader: Iterator[list[str]]) -> Columns:
    try:
        return Columns.of(next(reader, []))
    except csv.Error as error:
        raise HeaderFaulty(f"The first line cannot be read: {error}.") from error


def _chunk(reader: Rows, translator: Translator, done: Checked, on_fault: Callable[[FaultyLine], None]) -> bytes | None:
    """Read some thousand lines; None at the end of the file."""
    good: list[str] = []
    before = done.lines
    while done.lines - before < CHUNK_LINES:
        try:
            row = next(reader)
            done.lines += 1
            if row and (line := translator.translated(row)):
                good.append(line)
        except StopIteration:
            break
        except csv.Error as error:
            done.lines += 1
            _note(FaultyLine(reader.line_num, f"it is no CSV ({error})", "look for a quotation mark"), done, on_fault)
        except LineFaulty as error:
            _note(FaultyLine(reader.line_num, error.fault, error.mend), done, on_fault)
    if done.lines == before:
        return None
    # In one order by every importer, so that two that meet wait for each other and never in a circle.
    good.sort()
    text = "".join(good).encode()
    done.sizes.append((len(good), len(text)))
    return text


def _note(line: FaultyLine, done: Checked, on_fault: Callable[[FaultyLine], None]) -> None:
    on_fault(line)
    done.faults.append(line)
