"""What a terms file says of its faults: the texts in `wrong/`, each a slip of the pen with its exact message.

A case bends the sound agreement: lines that begin with - are replaced by those that begin with +.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from agreements.terms import TermsMalformed, load
from tests.agreements.texts import SOUND, bent

FOLDER = Path(__file__).parent / "wrong"


@dataclass(frozen=True)
class Case:
    """A title, a wrong text, and what is said of it."""

    title: str
    text: str
    told: str


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.txt")):
        _, *told = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        yield from map(case, told)


def case(written: str) -> Case:
    title, _, rest = written.partition("\n")
    change, _, told = rest.partition("\n\n")
    return Case(title, changed(change.splitlines()), told.strip("\n"))


def changed(lines: list[str]) -> str:
    text, old = SOUND, ""
    for sign, group in groupby(lines, key=lambda line: line[0]):
        block = "\n".join(line[2:] for line in group)
        if sign == "+":
            text, old = bent(old, block, text=text), ""
        else:
            old = block
    return bent(old + "\n", "", text=text) if old else text


CASES = tuple(cases())


def test_there_are_enough_of_them_and_each_stands_once() -> None:
    assert len(CASES) >= 90
    assert len({case.title for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_slip_is_told_as_it_stands_here(case: Case) -> None:
    with pytest.raises(TermsMalformed) as refused:
        load(case.text, file="agreement.yaml")
    assert str(refused.value) == case.told
