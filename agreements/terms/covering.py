"""Who is covered by a promise: by tier or kind, age, size, set-up and standing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from agreements.terms.levels import Length, Value
from agreements.terms.part import Part
from agreements.terms.values import Name, Written, text_of


def _words(value: object) -> str:
    return text_of(value, "a requirement in words")


Words = Annotated[str, Written(_words, "In words")]


class Covered(Part):
    """To whom and to what a promise is made; what is left out limits nothing."""

    tiers: tuple[Name, ...] = ()
    """The tiers; without, every tier that the agreement covers."""
    only: Mapping[Name, tuple[Name, ...]] = {}
    """Of other kinds in `varies_by`, those that are covered: {region: [eu, us]}."""
    minimum_age: Length | None = None
    """How long a resource must have existed."""
    minimum_size: Mapping[Name, Value] = {}
    """The least of a size that is covered: {nodes: 3}."""
    set_up: Mapping[Name, Words] = {}
    """Set-ups that the customer must have: {two_zones: deployed across two zones}."""
    good_standing: bool = False
    """Whether an account that owes money or is in breach is promised nothing."""
