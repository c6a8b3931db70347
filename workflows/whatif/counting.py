"""What is counted of one month while its accounts are compared, and how months are summed up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from claims.events.statement import Figures
from customers import queries as customers
from customers.queries import AccountHoldings
from kernel import shown
from workflows.whatif.explained import is_named, trees
from workflows.whatif.months import RunMonth
from workflows.whatif.report import Cell, Compared, MonthTold, TierOfMonth, Unlike

STATEMENTS_SHOWN: Final = 20


@dataclass(slots=True, kw_only=True)
class Counted:
    """What is counted of one month."""

    one: RunMonth
    currency: str
    cells: dict[str, Cell] = field(default_factory=dict)
    typical: dict[str, AccountHoldings] = field(default_factory=dict)
    statements: int = 0
    unlike: list[Compared] = field(default_factory=list)

    def add(self, compared: Compared, holder: AccountHoldings, *, differs: bool) -> None:
        """Count one account's month."""
        tier = compared.tier
        cell = self.cells.get(tier)
        if cell is None:
            cell = self.cells[tier] = Cell.empty(self.currency)
        cell.add(compared, differs=differs)
        if tier not in self.typical and self._is_typical(compared, holder):
            self.typical[tier] = holder
        if compared.stated is not None:
            self.statements += 1
            if compared.unlike_stated:
                self.unlike.append(compared)

    def _is_typical(self, compared: Compared, holder: AccountHoldings) -> bool:
        """Whether the account has everybody's minutes and terms, and held one tier all along."""
        held, *others = compared.today.tiers
        all_along = (held.first, held.last) == (self.one.today.first, self.one.today.end)
        own = self.one.today.override_of(holder.id) is not None
        return all_along and not others and not own and not is_named(self.one, holder)

    def told(self, order: Sequence[str]) -> MonthTold:
        """Tell the month, its tiers in this order."""
        one = self.one
        shown_unlike = self.unlike[:STATEMENTS_SHOWN]
        names = customers.names_of(compared.account for compared in shown_unlike)
        return MonthTold(
            month=one.month,
            version=one.version,
            notes=tuple(self._notes()),
            today_uptime=one.today.measured.everybody.minutes.uptime,
            draft_uptime=one.draft.measured.everybody.minutes.uptime,
            tiers=tuple(self._tier(tier) for tier in in_order(self.cells, order)),
            total=summed(self.cells.values(), self.currency),
            statements=self.statements,
            unlike=len(self.unlike),
            unlike_shown=tuple(_unlike(compared, names) for compared in shown_unlike),
        )

    def _tier(self, tier: str) -> TierOfMonth:
        """Tell a tier's counts, and explain its month without an amount, as for everybody."""
        one, holder = self.one, self.typical.get(tier)
        found = None
        if holder is not None:
            today, draft = one.today.figures_for(holder, None), one.draft.figures_for(holder, None)
            found = trees(one, holder, today, draft)
        return TierOfMonth(tier=tier, title=_title(tier, one), cell=self.cells[tier], trees=found)

    def _notes(self) -> Iterator[str]:
        yield from self.one.notes
        if self.one.today.measured.undecided or self.one.draft.measured.undecided:
            yield "An exclusion of the month is proposed and not decided: neither side excuses by it."
        unknown = self.one.draft.measured.everybody.minutes.unmeasured.total
        if unknown:
            yield f"{shown.minutes(unknown)} were not measured; each side treats them as its own rules say."


def _title(tier: str, one: RunMonth) -> str:
    known = one.today.terms.tiers.get(tier) or one.draft.terms.tiers.get(tier)
    return known.title if known else tier


def _unlike(compared: Compared, names: Mapping[UUID, str]) -> Unlike:
    stated: Figures | None = compared.stated
    if stated is None:
        raise LookupError("only what was stated can say something else")
    return Unlike(
        number=compared.number,
        name=names.get(compared.account, compared.number),
        what=compared.unlike_stated,
        today=compared.today,
        stated=stated,
    )


def in_order(tiers: Mapping[str, Cell], order: Sequence[str]) -> list[str]:
    """Put the tiers that are counted in the order of the terms; those that no terms have come last."""
    return [*(tier for tier in order if tier in tiers), *sorted(set(tiers) - set(order))]


def over_all_months(told: Sequence[MonthTold], order: Sequence[str]) -> tuple[TierOfMonth, ...]:
    """Sum up every tier over the months."""
    cells: dict[str, list[Cell]] = defaultdict(list)
    titles: dict[str, str] = {}
    for month in told:
        for one in month.tiers:
            cells[one.tier].append(one.cell)
            titles[one.tier] = one.title
    sums = {tier: summed(found, month.total.today.credit.currency) for tier, found in cells.items()}
    return tuple(
        TierOfMonth(tier=tier, title=titles[tier], cell=sums[tier], trees=None) for tier in in_order(sums, order)
    )


def summed(cells: Iterable[Cell], currency: str) -> Cell:
    """Count what all of these counted."""
    total = Cell.empty(currency)
    for cell in cells:
        total.include(cell)
    return total
