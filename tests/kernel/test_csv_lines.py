"""One line of a CSV file, divided at its commas."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.csv_lines import cells_of
from kernel.errors import QuotationMarkStray

LINES_END = "\r\n"


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("", []),
        ("\r\n", []),
        ("a", ["a"]),
        ("a,b,\n", ["a", "b", ""]),
        (",\n", ["", ""]),
        ('"a,b",c', ["a,b", "c"]),
        ('"say ""so""",', ['say "so"', ""]),
        ('5" disk,b', ['5" disk', "b"]),
        ('""', [""]),
    ],
)
def test_a_line_is_divided_at_the_commas_outside_quotation_marks(line: str, cells: list[str]) -> None:
    assert cells_of(line) == cells


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('a,"b,c', '"b,c'),
        ('"a"b,c', '"a"b,c'),
        ('"', '"'),
        ('a,"b"" ,c\n', '"b"" ,c'),
        ('a,"' + 99 * "x", '"' + 59 * "x"),
    ],
)
def test_a_mark_without_a_partner_is_refused_with_the_place(line: str, place: str) -> None:
    with pytest.raises(QuotationMarkStray) as refused:
        cells_of(line)
    assert refused.value.found == place


def test_a_long_cell_is_a_cell_with_marks_and_without() -> None:
    long = csv.field_size_limit() * "x" + "x"
    assert cells_of(f"{long},b") == [long, "b"]
    assert cells_of(f'"{long}",""""') == [long, '"']


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=LINES_END))


@given(st.lists(cells, min_size=2))
def test_whatever_a_program_writes_on_one_line_is_read_as_it_was(row: list[str]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerow(row)
    assert cells_of(written.getvalue()) == row
