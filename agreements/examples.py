"""The examples of a terms file, carried out: what the terms make of what is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from agreements.example_times import told_times
from agreements.judging import judge
from agreements.terms import Document, Terms
from agreements.terms.bands import percent_text
from agreements.terms.examples import Example, Given

Facts = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An example that the terms contradict, by one field."""

    file: str
    line: int
    clause: str
    name: str
    field: str
    expected: object
    found: object

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: example" + (f" ({self.clause})" if self.clause else "")
        said = f"{self.field} should be {_told(self.expected)} and is {_told(self.found)}"
        return f"{where}: {self.name}: {said}"


def failures(document: Document) -> list[Failure]:
    """Carry out every example of the file and give what differs."""
    numbered = enumerate(document.terms.examples)
    return [failure for number, example in numbered for failure in _failures(document, number, example)]


def _failures(document: Document, number: int, example: Example) -> Iterator[Failure]:
    found = outcome(document.terms, example.given)
    for field in sorted(example.expect.model_fields_set):
        expected = getattr(example.expect, field)
        if field not in found or found[field] != expected:
            path = ("examples", number, "expect", field)
            yield Failure(
                file=document.source.file,
                line=document.source.line(path),
                clause=document.terms.clause(*path),
                name=example.name,
                field=field,
                expected=expected,
                found=found.get(field, "not told by what is given"),
            )


def outcome(terms: Terms, given: Given) -> Facts:
    """Tell everything that follows from what is given."""
    facts: Facts = {}
    if given.status is not None:
        facts["success"] = terms.measurement.success(given.status)
    else:
        facts |= _judged(terms, given)
    return facts | told_times(terms, given)


def _judged(terms: Terms, given: Given) -> Facts:
    uptime = _uptime(given)
    judgement = judge(terms, tier=given.tier, uptime=uptime, base=given.usage)
    return {
        "uptime": uptime,
        "target": judgement.target,
        "missed": judgement.missed,
        "outcome": judgement.code,
        "pays": judgement.percent,
        "credit": judgement.credit,
    }


def _uptime(given: Given) -> Fraction | None:
    if given.minutes is None or given.down is None:
        return given.uptime
    return Fraction(given.minutes - given.down, given.minutes)


def _told(value: object) -> str:
    return percent_text(value) if isinstance(value, Fraction) else str(value)
