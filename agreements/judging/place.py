"""The commitment that is judged, where it stands in the document, and how its values are written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from agreements.judging import words
from agreements.terms.commitments import TIER, Commitment
from agreements.terms.levels import Level
from agreements.terms.model import Terms


@dataclass(frozen=True)
class Place:
    """A commitment of some terms."""

    terms: Terms
    number: int

    @property
    def commitment(self) -> Commitment:
        """The commitment."""
        return self.terms.commitments[self.number]

    def clause(self, *path: str | int) -> str:
        """Name the clause of a field of the commitment, or of the nearest part around it."""
        return self.terms.clause("commitments", self.number, *path)

    @cached_property
    def like(self) -> Level | None:
        """A value of the measure in the unit that the file writes it in."""
        bounds = [target.bound for target in (self.commitment.target or {}).values()]
        if bounds or self.commitment.credits is None or self.commitment.credits.over != "value":
            return bounds[0] if bounds else None
        rows = [row for _, table in self.commitment.credits.each_table() for row in table]
        return next((bound for row in rows for bound in row.bounds), None)

    def told(self, value: Fraction) -> str:
        """Write a measured value."""
        return words.in_unit(self.like, self.commitment.unit, value)

    def title(self, name: str) -> str:
        """Name a tier, or another kind that the commitment varies by, as customers read it."""
        if self.commitment.by == TIER:
            return self.terms.tiers[name].title if name in self.terms.tiers else name
        return self.terms.varies_by.get(self.commitment.by, {}).get(name, name)


def place_of(terms: Terms, name: str | None) -> Place:
    """Find a commitment by its name, or take the first. LookupError where there is none."""
    for number, commitment in enumerate(terms.commitments):
        if name in (None, commitment.name):
            return Place(terms, number)
    raise LookupError(f"{terms.agreement} has no commitment {name or ''}".rstrip())
