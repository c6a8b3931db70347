"""Which severity a request has: by impact and urgency, and by facts such as a workaround."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from agreements.terms.part import Part
from agreements.terms.problems import Path
from agreements.terms.values import Name, refused


class FactRule(Part):
    """What facts make of the severity: `when` they hold, and `unless` others do."""

    when: tuple[Name, ...] = Field(min_length=1)
    """The facts that must all hold: workaround, or a cause."""
    unless: tuple[Name, ...] = ()
    """The facts of which none may hold."""
    always: Name | None = None
    """The severity that it then has, whatever else."""
    at_most: Name | None = None
    """The most urgent severity that it can then have."""
    at_least: Name | None = None
    """The least urgent severity that it can then have."""

    @field_validator("when", "unless", mode="before", json_schema_input_type=Name | tuple[Name, ...])
    @classmethod
    def _one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_effect(self) -> Self:
        if sum(effect is not None for effect in (self.always, self.at_most, self.at_least)) != 1:
            expected = "one of always, at_most, at_least"
            raise refused("A rule of facts has one effect.", expected, "add `at_most: ...`, or remove the others")
        return self

    @property
    def names(self) -> Iterator[tuple[str, str]]:
        """Give the severities that it names, by their fields."""
        for field in ("always", "at_most", "at_least"):
            if name := getattr(self, field):
                yield field, name

    def holds(self, facts: frozenset[str]) -> bool:
        """Tell whether the rule applies to these facts."""
        return facts.issuperset(self.when) and facts.isdisjoint(self.unless)


class Priority(Part):
    """How the severity of a request is found. The matrix gives it, and the rules of facts follow."""

    matrix: Mapping[Name, Mapping[Name, Name]] = Field(default_factory=dict)
    """The severity by impact, and in each by urgency."""
    facts: Mapping[Name, str] = Field(default_factory=dict)
    """The facts that matter, and what each means."""
    rules: tuple[FactRule, ...] = ()
    """What the facts change, in order; after one that says `always`, none is asked."""
    otherwise: Name | None = None
    """The severity where nothing else gives one."""

    @property
    def urgencies(self) -> tuple[str, ...]:
        """The levels of urgency that any row of the matrix names."""
        return tuple(dict.fromkeys(name for row in self.matrix.values() for name in row))

    def severities(self) -> Iterator[tuple[Path, str]]:
        """Give every severity that is named, with its path from here."""
        for impact, row in self.matrix.items():
            for urgency, severity in row.items():
                yield ("matrix", impact, urgency), severity
        for number, rule in enumerate(self.rules):
            for field, severity in rule.names:
                yield ("rules", number, field), severity
        if self.otherwise is not None:
            yield ("otherwise",), self.otherwise

    def missing(self) -> Iterator[tuple[str, str]]:
        """Give the impacts and urgencies that have no cell."""
        for impact, row in self.matrix.items():
            for urgency in self.urgencies:
                if urgency not in row:
                    yield impact, urgency
