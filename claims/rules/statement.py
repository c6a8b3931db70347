"""What a month's statement says of an account (SEMANTICS 11 to 14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from agreements.judging import Judgement, amount, judge
from agreements.terms import Terms
from claims.events.statement import Classes, Difference, Figures, TierHeld
from kernel.intervals import EPOCH, MINUTE
from kernel.minutes import MonthMinutes
from kernel.money import Money

AT_MONTH_END = "at_month_end"


class Holding(Protocol):
    """A tier and the instants between which an account held it; no end: it still does."""

    @property
    def tier(self) -> str:
        """The tier's name."""
        ...

    @property
    def start(self) -> datetime:
        """The first instant."""
        ...

    @property
    def end(self) -> datetime | None:
        """The first instant at which it was no longer held."""
        ...


def tiers_held(holdings: Iterable[Holding], *, first: int, last: int) -> tuple[TierHeld, ...]:
    """Tell the tiers held in these minutes: a tier is held during a minute if at its start."""
    held = (
        TierHeld(
            tier=one.tier,
            first=max(first, _first_minute_from(one.start)),
            last=last if one.end is None else min(last, _first_minute_from(one.end)),
        )
        for one in holdings
    )
    return tuple(one for one in held if one.first < one.last)


def _first_minute_from(instant: datetime) -> int:
    """Number the first minute that starts at the instant or after it."""
    return -((EPOCH - instant) // MINUTE)


def judging_tier(minutes: MonthMinutes, held: tuple[TierHeld, ...], terms: Terms) -> str | None:
    """Choose the tier that judges the month: the best one of its downtime (SEMANTICS 14).

    Without downtime, and where the agreement says so, it is the tier at the month's end.
    None: no tier was held in any of those minutes.
    """
    if terms.tier_of_month == AT_MONTH_END or not minutes.down:
        at = {one.tier for one in held if one.last == minutes.last}
    else:
        at = {one.tier for one in held if minutes.down.overlapping(one.first, one.last)}
    return max(at & set(terms.tiers), key=terms.tier_rank, default=None)


def classes_of(minutes: MonthMinutes) -> Classes:
    """Count the minutes of each class."""
    return Classes(
        window=minutes.window.total,
        unknown=minutes.unknown.total,
        excused_leaving=minutes.excused_leaving.total,
        excused_as_up=minutes.excused_as_up.total,
        down=minutes.down.total,
        up=minutes.up.total,
        unmeasured=minutes.unmeasured.total,
    )


Key = tuple[UUID, tuple[TierHeld, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    """Judges the accounts of one month by one version of the terms, or one by what was negotiated with it.

    Accounts that share minutes and tiers share one judgement, and without usage of their own
    one set of figures: `assess` gives back the same object.
    """

    terms: Terms
    terms_version: int
    override: int | None = None
    _classes: dict[UUID, Classes] = field(default_factory=dict)
    _shared: dict[Key, Figures] = field(default_factory=dict)
    _paid: dict[Key, Figures] = field(default_factory=dict)

    def assess(
        self,
        minutes: MonthMinutes,
        *,
        finding: UUID,
        held: tuple[TierHeld, ...],
        base: Money | None,
    ) -> Figures:
        """Say what the month was for an account with these minutes, tiers and usage."""
        key = (finding, held)
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = self._without_usage(minutes, finding, held)
        if base is None or shared.percent is None:
            return shared
        return self._with_usage(key, shared, shared.percent, base)

    def _with_usage(self, key: Key, shared: Figures, percent: Fraction, base: Money) -> Figures:
        """Judge the first amount, and put every other one into a copy of what was said there."""
        paid = self._paid.get(key)
        if paid is None:
            paid = self._paid[key] = with_usage(shared, base, self.terms)
            return paid
        credit, cap = amount(self.terms, percent, base)
        return replace(paid, base=base, credit=credit, cap=cap)

    def _without_usage(self, minutes: MonthMinutes, finding: UUID, held: tuple[TierHeld, ...]) -> Figures:
        tier = judging_tier(minutes, held, self.terms)
        judged = judge(self.terms, tier=tier, uptime=minutes.uptime, base=None)
        if finding not in self._classes:
            self._classes[finding] = classes_of(minutes)
        return Figures(
            finding=finding,
            classes=self._classes[finding],
            uptime=minutes.uptime,
            tier=tier,
            tiers=held,
            target=judged.target,
            row=judged.row,
            percent=owed(judged),
            base=None,
            credit=None,
            cap=None,
            code=judged.code.value,
            clause=judged.clause,
            terms_version=self.terms_version,
            override=self.override,
        )


def owed(judged: Judgement) -> Fraction | None:
    """Tell the percent that is owed: none unless the target is missed and a row pays."""
    return judged.percent if judged.missed and judged.percent else None


def with_usage(figures: Figures, base: Money, terms: Terms) -> Figures:
    """Turn a percent into an amount, rounded once and capped (SEMANTICS 13)."""
    judged = judge(terms, tier=figures.tier, uptime=figures.uptime, base=base)
    return replace(
        figures,
        base=base,
        credit=judged.credit,
        cap=judged.cap,
        code=judged.code.value,
        clause=judged.clause,
    )


def awaits_usage(figures: Figures) -> bool:
    """Whether a percent is owed and the amount of it is not known yet."""
    return figures.percent is not None and figures.base is None


def difference(old: Figures, new: Figures) -> Difference:
    """Say what a new version changes; amounts are compared as if nothing were owed before."""
    return Difference(
        down_minutes=new.classes.down - old.classes.down,
        uptime=_less(new.uptime, old.uptime),
        percent=_less(new.percent or Fraction(0), old.percent or Fraction(0)),
        credit=_credit_difference(old, new),
    )


def _less(new: Fraction | None, old: Fraction | None) -> Fraction | None:
    return None if new is None or old is None else new - old


def _credit_difference(old: Figures, new: Figures) -> Money | None:
    if awaits_usage(old) or awaits_usage(new):
        return None
    known = new.credit if new.credit is not None else old.credit
    if known is None:
        return None
    nothing = Money.zero(known.currency)
    return (new.credit or nothing) - (old.credit or nothing)


def raises(change: Difference) -> bool:
    """Whether a version first shows a miss that pays, or a higher credit (SEMANTICS 20)."""
    if change.credit is not None:
        return change.credit.amount > 0
    return change.percent is not None and change.percent > 0


def completes(old: Figures, new: Figures) -> bool:
    """Whether a version only adds the usage that the one before was waiting for."""
    if not awaits_usage(old) or awaits_usage(new):
        return False
    amounts = {name: getattr(new, name) for name in ("base", "credit", "cap", "code", "clause")}
    return replace(old, **amounts, finding=new.finding) == new


def says_the_same(old: Figures, new: Figures) -> bool:
    """Whether two versions differ in no figure; a finding has its own name, a clause its wording."""
    return replace(old, finding=new.finding, clause=new.clause) == new


def same_minutes(old: MonthMinutes, new: MonthMinutes) -> bool:
    """Whether every minute is in the same class; an outage's end after the month is no matter."""
    return replace(old, outages=()) == replace(new, outages=())
