"""One line of a CSV file (RFC 4180): a text in quotation marks ends on its line.

The RFC lets such a text run over line ends. No file that is read here needs that, and one stray
mark would swallow all lines up to the next one.
"""

from __future__ import annotations

import csv
import re
from typing import Final

from kernel.errors import QuotationMarkStray

LONGEST_SHOWN: Final = 60
# Made once: to make it costs more than to read a line by it.
_STRICT: Final = csv.reader((), strict=True).dialect
_CELL: Final = re.compile(r'"([^"]*(?:""[^"]*)*)"(?=,|\Z)|([^",][^,]*|)(?=,|\Z)')


def cells_of(line: str) -> list[str]:
    """Divide a line at its commas; an empty one has no cells. Errors: QuotationMarkStray, with the place."""
    line = line.rstrip("\r\n")
    if '"' not in line:
        return line.split(",") if line else []
    try:
        return next(csv.reader((line,), _STRICT))
    except csv.Error:
        return _divided(line)


def _divided(line: str) -> list[str]:
    """Divide a line that csv refuses: for its mark, or for a cell that is longer than csv takes."""
    cells: list[str] = []
    start = 0
    while start <= len(line):
        cell = _CELL.match(line, start)
        if cell is None:
            raise QuotationMarkStray(line[start : start + LONGEST_SHOWN])
        cells.append(cell[1].replace('""', '"') if cell[1] is not None else cell[2])
        start = cell.end() + 1
    return cells
