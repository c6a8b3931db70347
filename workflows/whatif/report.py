"""What a run found, as plain data: a report is written from it and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final, Self

from agreements.explaining import Step
from agreements.judging import Outcome
from claims.events.statement import Figures
from kernel.ids import AccountId
from kernel.money import Money
from kernel.months import Month

MISSES: Final = frozenset(
    one.value
    for one in (
        Outcome.BELOW_TARGET,
        Outcome.AWAITING_USAGE,
        Outcome.UNMATCHED_MISS,
        Outcome.UNDECIDED,
        Outcome.NO_CREDITS,
    )
)
NO_TIER: Final = "no tier"


def misses(figures: Figures) -> bool:
    """Whether the month misses its target."""
    return figures.code in MISSES


def credit_of(figures: Figures) -> Money | None:
    """Give the credit; None where a percent is owed and the amount awaits usage, or nothing is owed."""
    return figures.credit if figures.percent is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One account's month by the terms of that month, by the draft, and as it was stated, if it was."""

    month: Month
    account: AccountId
    number: str
    today: Figures
    draft: Figures
    stated: Figures | None

    @property
    def tier(self) -> str:
        """The tier under which the month is counted: the judging one, or the last that was held."""
        return self.today.tier or self.draft.tier or self.today.tiers[-1].tier

    @property
    def differs(self) -> bool:
        """Whether the draft makes anything else of the month: a miss, a percent or an amount."""
        return _outcome(self.today) != _outcome(self.draft)

    @property
    def unlike_stated(self) -> tuple[str, ...]:
        """Name what the terms make of the month today and the statement says otherwise."""
        if self.stated is None:
            return ()
        before, after = _told(self.stated), _told(self.today)
        return tuple(name for name in after if after[name] != before[name])


def _outcome(figures: Figures) -> tuple[bool, Fraction | None, Money | None]:
    credit = credit_of(figures)
    if credit is not None and not credit.amount:
        return misses(figures), None, None
    awaited = figures.percent if figures.base is None else None
    return misses(figures), awaited, credit


def _told(figures: Figures) -> dict[str, object]:
    return {
        "uptime": figures.uptime,
        "tier": figures.tier,
        "percent": figures.percent,
        "usage": figures.base,
        "credit": credit_of(figures),
    }


@dataclass(slots=True, kw_only=True)
class Sum:
    """What one version of the terms makes of many months; `awaiting` owe a percent of usage that is not known."""

    credit: Money
    missed: int = 0
    paid: int = 0
    awaiting: int = 0

    def add(self, figures: Figures) -> None:
        """Count one account's month."""
        self.missed += misses(figures)
        if figures.percent is None:
            return
        if figures.credit is None:
            self.awaiting += 1
        elif figures.credit.amount:
            self.paid += 1
            self.credit = self.credit + figures.credit

    def include(self, other: Sum) -> None:
        """Count what another sum counted."""
        self.missed += other.missed
        self.paid += other.paid
        self.awaiting += other.awaiting
        self.credit = self.credit + other.credit


@dataclass(slots=True, kw_only=True)
class Cell:
    """The accounts of one tier in one month, or of several, by both versions."""

    today: Sum
    draft: Sum
    accounts: int = 0
    differing: int = 0

    @classmethod
    def empty(cls, currency: str) -> Self:
        """Begin to count."""
        nothing = Money.zero(currency)
        return cls(today=Sum(credit=nothing), draft=Sum(credit=nothing))

    @property
    def difference(self) -> Money:
        """What the draft would pay more; less than nothing where it would pay less."""
        return self.draft.credit - self.today.credit

    def add(self, one: Compared, *, differs: bool) -> None:
        """Count one account's month."""
        self.accounts += 1
        self.differing += differs
        self.today.add(one.today)
        self.draft.add(one.draft)

    def include(self, other: Cell) -> None:
        """Count what another cell counted."""
        self.accounts += other.accounts
        self.differing += other.differing
        self.today.include(other.today)
        self.draft.include(other.draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """One month explained by both versions."""

    today: Step
    draft: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class TierOfMonth:
    """A tier in a month: the counts, and how the month of one who held it all along is judged."""

    tier: str
    title: str
    cell: Cell
    trees: Trees | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """A statement that says something else than the terms say today."""

    number: str
    name: str
    what: tuple[str, ...]
    today: Figures
    stated: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTold:
    """One month of the report; uptime is everybody's who is named by no correction or exclusion."""

    month: Month
    version: int
    notes: tuple[str, ...]
    today_uptime: Fraction | None
    draft_uptime: Fraction | None
    tiers: tuple[TierOfMonth, ...]
    total: Cell
    statements: int
    unlike: int
    unlike_shown: tuple[Unlike, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMonth:
    """A month of a customer that the draft would change, explained by both versions."""

    month: Month
    today: Figures
    draft: Figures
    trees: Trees


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer whom the draft would concern; the sums are over the months that differ."""

    account: AccountId
    number: str
    name: str
    today: Money
    draft: Money
    awaiting: int
    months: tuple[CustomerMonth, ...]

    @property
    def difference(self) -> Money:
        """What the draft would pay more."""
        return self.draft - self.today


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A draft beside the terms that were in force, over some months of an agreement."""

    agreement: str
    title: str
    draft_title: str
    draft_date: str
    draft_digest: str
    currency: str
    run_at: datetime
    notes: tuple[str, ...]
    months: tuple[MonthTold, ...]
    tiers: tuple[TierOfMonth, ...]
    total: Cell
    concerned: int
    customers: tuple[Customer, ...]

    @property
    def since(self) -> Month:
        """The first month."""
        return self.months[0].month

    @property
    def until(self) -> Month:
        """The last month."""
        return self.months[-1].month
