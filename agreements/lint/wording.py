"""The document's own words beside the rules: what they leave open, and where they say something else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from agreements.lint.finding import At, Finding
from agreements.lint.tables import Table, tables
from agreements.terms import Document
from agreements.terms.levels import UNITS, Unit
from agreements.terms.problems import Path
from agreements.terms.source import Plain
from agreements.terms.values import NUMBER, SECONDS

_RANGE = re.compile(rf"(?<![\d.-])({NUMBER}) ?%? ?(?:-|\u2013|to|and) ?({NUMBER})(?![\d-]|\.\d)", re.ASCII)
_BELOW = re.compile(rf"(?:<|below|under|less than) ?({NUMBER})", re.ASCII | re.IGNORECASE)
_QUANTITY = re.compile(
    rf"(?<![\d.])({NUMBER})\)? ?(%|(?:(?:business|working|office|calendar) )?"
    r"(?:second|minute|hour|day|week|month|year)s?\b)",
    re.ASCII | re.IGNORECASE,
)
_FIGURE = re.compile(rf"\b{NUMBER} ?%|[$€£] ?{NUMBER}|\b{NUMBER} (?:USD|EUR|GBP|CHF|JPY|HKD)\b", re.ASCII)
# A number in words beside one in digits: which of them is the limit, no pattern can tell.
_SPELLED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred)\b",
    re.IGNORECASE,
)


def check_words(document: Document) -> Iterator[Finding]:
    """Check what is quoted from the document, and what is noted about it."""
    yield from _shared_boundaries(document)
    yield from _words_that_disagree(document)
    yield from _figures_in_sentences(document)
    for path, notes in document.source.annotations.items():
        if "note" in notes:
            told = f"The file notes here what the document may leave open: {notes['note']}"
            yield At(document, path).note("open_in_document", told, notes["note"])


# Boundaries


def _shared_boundaries(document: Document) -> Iterator[Finding]:
    """Find values that the words of a table name as the end of a range, without saying whose they are."""
    for table in tables(document):
        words = " ; ".join(text for _, text in _words_below(document, table))
        ranges = Counter(
            end for found in _RANGE.finditer(words) for end in {_value(table, end) for end in found.groups()}
        )
        below = {_value(table, found[1]) for found in _BELOW.finditer(words)}
        bounds = {bound.value for row in table.rows for bound in row.bounds}
        for value, times in sorted(ranges.items(), reverse=True):
            if value in bounds and (times > 1 or value in below):
                yield from _boundary(table, value, _END_OF_TWO if times > 1 else _END_OF_ONE)


_END_OF_TWO = "name {0} as an end of two rows and leave open to which it belongs"
_END_OF_ONE = "end a range at {0} without saying whether it belongs to it, and the next row is only below it"


def _boundary(table: Table, value: Fraction, told: str) -> Iterator[Finding]:
    shown = table.written(value)
    for number, row in enumerate(table.rows):
        if value in row.band:
            puts = f"the file puts it into the row {row.label}, which pays {row.pay}"
            sentence = f"The document's words {told.format(shown)}; {puts}."
            yield table.at(number).warning("boundary_left_open", sentence, shown, row.label, row.pay)
            return


def _value(table: Table, written: str) -> Fraction:
    """Read a bare number as a value of the table: 99.0 is 99% in a table of uptimes."""
    if table.like.unit is Unit.TIME:
        return Fraction(written) * UNITS[table.like.label]
    return Fraction(written) / (100 if table.like.unit is Unit.SHARE else 1)


def _words_below(document: Document, table: Table) -> Iterator[tuple[Path, str]]:
    """Give the words of the credits, of the table and of its rows."""
    credits_path = (*table.path, "credits")
    for path, notes in document.source.annotations.items():
        around = path in (credits_path, table.at_rows) or path[: len(table.at_rows)] == table.at_rows
        if around and "words" in notes:
            yield path, notes["words"]


# Words that say something else


def _words_that_disagree(document: Document) -> Iterator[Finding]:
    """Find single values whose own words name other figures of the same kind, and not this one."""
    for path, notes in document.source.annotations.items():
        value = _at(document.source.tree, path)
        value = value.get("within") if isinstance(value, dict) else value
        if "words" not in notes or not isinstance(value, str):
            continue
        written = _QUANTITY.fullmatch(value.strip())
        if written is not None and _says_otherwise(written, notes["words"]):
            sentence = f"The rule says {value}, and the words that are quoted for it say otherwise: {notes['words']}"
            yield At(document, path).warning("words_disagree", sentence, value, notes["words"])


def _says_otherwise(written: re.Match[str], words: str) -> bool:
    """Tell whether the words name figures of the kind that is written, and not this one."""
    found = list(_QUANTITY.finditer(words))
    in_brackets = [each for each in found if words[: each.start()].endswith("(")]
    if len(_SPELLED.findall(words)) > len(in_brackets):
        return False
    kind, amount = _measured(written)
    told = [_measured(each) for each in found]
    return (kind, amount) not in told and any(each.split()[-1] == kind.split()[-1] for each, _ in told)


def _measured(found: re.Match[str]) -> tuple[str, Fraction]:
    """Give a quantity as its kind and its amount, times in seconds: 1 hour and 60 minutes are one."""
    unit = found[2].lower().removesuffix("s").replace("working", "business").replace("office", "business")
    *clock, name = unit.removeprefix("calendar ").split()
    if name in SECONDS:
        return " ".join((*clock, "second")), Fraction(found[1]) * SECONDS[name]
    if name == "week":
        return " ".join((*clock, "day")), Fraction(found[1]) * 7
    return " ".join((*clock, name)), Fraction(found[1])


def _at(tree: Plain, path: Path) -> Plain:
    for step in path:
        if isinstance(tree, dict) and step in tree:
            tree = tree[str(step)]
        elif isinstance(tree, tuple) and isinstance(step, int):
            tree = tree[step]
        else:
            return None
    return tree


# Sentences


def _figures_in_sentences(document: Document) -> Iterator[Finding]:
    for number, sentence in enumerate(document.terms.sentences):
        if figures := [found[0] for found in _FIGURE.finditer(sentence.says)]:
            told = f"This sentence names {', '.join(figures)}, and nothing computes what it says."
            at = At(document, ("sentences", number, "says"))
            yield at.note("figure_not_computed", told, sentence.about, *figures)
