"""What is known of one period: the measured quantity, fees, and who the customer is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from agreements.terms.levels import Level, Rate
from kernel.money import Money


class FactsMissing(ValueError):
    """What the terms ask for is not among the facts; the sentence tells what."""


class FactsContradict(ValueError):
    """The facts can not all be true; the sentence tells which."""


@dataclass(frozen=True, kw_only=True)
class Outage:
    """One outage: its length in seconds, and the second of its first minute at which it began."""

    seconds: Fraction
    offset: Fraction = Fraction(0)

    def full(self, slot: Fraction) -> Fraction:
        """Tell the seconds of the slots (in seconds, from the full minute) that it fills wholly."""
        first = -(-self.offset // slot)
        last = (self.offset + self.seconds) // slot
        return max(Fraction(0), (last - first) * slot)

    def touched(self, slot: Fraction) -> Fraction:
        """Tell the seconds of the slots that it fills or touches."""
        first = self.offset // slot
        last = -(-(self.offset + self.seconds) // slot)
        return (last - first) * slot


@dataclass(frozen=True, kw_only=True)
class SlotGroup:
    """So many slots that are alike; `error_rate` is None where they had no requests.

    `requests` is known where counts were given, and with it whether they were enough to count.
    """

    number: int
    error_rate: Fraction | None
    requests: int | None = None
    failed: int = 0


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One minute, slot, answer or outage that may count as down, by what is known of it."""

    requests: int | None = None
    failed: int | None = None
    error_rate: Fraction | None = None
    took: Fraction | None = None
    answered: bool | None = None
    lasted: Outage | None = None
    parts_failing: int | None = None
    parts: int | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The facts of one period; None and empty: not known. Times are seconds, shares are of one.

    `value` is a quantity that is no uptime, in seconds, as a share or a plain number. `fee` is the
    base that the table names, `fees` are others by their names, `credited_before` what was paid
    already per what a cap counts (month, period, incident, invoice, twelve months), `service_before`
    the same in service time.
    """

    tier: str | None = None
    which: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uptime: Fraction | None = None
    value: Fraction | None = None
    total: Fraction | None = None
    existed: Fraction | None = None
    resources: int = 1
    down: Fraction | None = None
    outages: tuple[Outage, ...] = ()
    used: Fraction = Fraction(0)
    down_slots: int | None = None
    slots: tuple[SlotGroup, ...] = ()
    events: int | None = None
    failed_events: int | None = None
    reported: bool = True
    units: Fraction | None = None
    fee: Money | None = None
    fees: Mapping[str, Money] = field(default_factory=dict)
    rate: Rate | None = None
    billing: str | None = None
    contract_ended: bool = False
    term_end: date | None = None
    age: Fraction | None = None
    size: Mapping[str, Level] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()
    good_standing: bool = True
    credited_before: Mapping[str, Money] = field(default_factory=dict)
    service_before: Mapping[str, tuple[Fraction, str]] = field(default_factory=dict)
