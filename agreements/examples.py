"""The examples of a terms file, carried out: what the terms make of what is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from agreements.example_periods import told_period, with_classes
from agreements.example_times import told_times
from agreements.explaining import Step
from agreements.judging import FactsContradict, FactsMissing, Outcome
from agreements.terms import Document, Terms
from agreements.terms.bands import percent_text
from agreements.terms.examples import Bound, Example, Given, ServiceTime, Shown
from agreements.terms.problems import written

Facts = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An example that the terms contradict, by one field."""

    file: str
    line: int
    clause: str
    path: str
    name: str
    field: str
    expected: object
    found: object

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: example" + (f" ({self.clause})" if self.clause else "")
        return f"{where}: {self.name}: {self.said}"

    @property
    def said(self) -> str:
        """What was expected and what is, in words."""
        return f"{self.field} should be {_told(self.expected)} and is {_told(self.found)}"


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the terms make of an example: figures by name, why others are not known, and how it was found."""

    figures: Facts
    missing: str = ""
    steps: tuple[Step, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)

    def why_not(self, name: str) -> str:
        """Tell why a figure is not known."""
        reason = f": {self.needs[name]}" if name in self.needs else self.missing
        return f"not told by what is given{reason}"


def failures(document: Document) -> list[Failure]:
    """Carry out every example of the file and give what differs."""
    numbered = enumerate(document.terms.examples)
    return [failure for number, example in numbered for failure in _failures(document, number, example)]


def _failures(document: Document, number: int, example: Example) -> Iterator[Failure]:
    found = carried_out(document.terms, example.given)
    for name in sorted(example.expect.model_fields_set):
        expected = getattr(example.expect, name)
        if name not in found.figures or not _agrees(expected, found.figures[name]):
            path = ("examples", number, "expect", name)
            yield Failure(
                file=document.source.file_at(path),
                line=document.source.line(path),
                clause=document.terms.clause(*path),
                path=written(path),
                name=example.name,
                field=name,
                expected=expected,
                found=found.figures.get(name, found.why_not(name)),
            )


def _agrees(expected: object, found: object) -> bool:
    if isinstance(expected, Shown | ServiceTime | Bound):
        return expected.agrees(found)
    return found == expected


def outcome(terms: Terms, given: Given) -> Facts:
    """Tell everything that follows from what is given."""
    return carried_out(terms, given).figures


def carried_out(terms: Terms, given: Given) -> Found:
    """Tell everything that follows from what is given, and how."""
    times = told_times(terms, given)
    given = with_classes(terms, given, times.figures)
    only_times = Found(figures=times.figures, steps=times.steps, needs=times.needs)
    try:
        figures, steps, needed = told_period(terms, given)
    except FactsMissing as missing:
        return replace(only_times, missing=f": it needs {missing}")
    except (FactsContradict, LookupError) as fault:
        return replace(only_times, missing=f": {fault}")
    found = replace(only_times, figures=times.figures | figures, missing=f": it needs {needed}" if needed else "")
    if times.steps and figures.get("outcome") == Outcome.NOT_MEASURABLE:
        return found
    return replace(found, steps=(*steps, *times.steps))


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(_told(each) for each in value)
    return percent_text(value) if isinstance(value, Fraction) else str(value)
