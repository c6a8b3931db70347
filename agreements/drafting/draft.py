"""What the answers say together: the draft of an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from agreements.terms.limits import Within
from agreements.terms.promising import Promise


@dataclass(frozen=True)
class Step:
    """What a miss pays: below the target where `below` is None, else below that uptime."""

    pays: Fraction
    below: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An agreement as it was answered; what was answered with none is None or empty."""

    company: str
    title: str
    agreement: str
    document_date: date
    in_force_from: date
    time_zone: str
    currency: str
    service: str
    tiers: Mapping[str, str]
    targets: Mapping[str, Fraction | None]
    credits: tuple[Step, ...] = ()
    cap: Fraction | None = None
    file_within: Within | None = None
    settle_within: Within | None = None
    claims_mail: str | None = None
    maintenance: str | None = None
    support: Mapping[str, tuple[str, Promise]]
    hours: Mapping[str, str | list[str]]
    holidays: str | None = None

    @property
    def promised(self) -> dict[str, Fraction]:
        """The tiers that are promised an uptime."""
        return {name: target for name, target in self.targets.items() if target is not None}
