"""A table of credits as the linter sees it: its rows as exact bands, and which values miss a target.

Bounds are compared as exact intervals; no value is sampled. Where a measured value is rounded or
counted, only values that can be reached are in a band.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from agreements.lint.finding import At
from agreements.terms import Commitment, Credits, Document, Row, Terms
from agreements.terms.bands import EVERYTHING, LOWEST, UNBOUNDED, Band, after, band_text, before, without
from agreements.terms.commitments import SHARES_UP, TIER, Target
from agreements.terms.levels import MINUTE, UNITS, Level, Places, Unit, in_unit_of
from agreements.terms.problems import Path

NOTHING = Fraction(0)
NOUNS = {
    **dict.fromkeys(SHARES_UP, "an uptime"),
    "downtime": "a downtime",
    "latency": "a latency",
    "loss": "a loss",
    "repair_time": "a repair time",
    "response_time": "a response time",
    "support_misses": "a number of missed answers",
}
OVER_NOUNS = {
    "downtime": "a downtime",
    "downtime_beyond_allowance": "a downtime beyond the allowance",
    "miss": "a miss",
    "miss_in_percent": "a miss in percent of the target",
}
OVER_LEVELS = {
    "downtime": Level(NOTHING, Unit.TIME, "minute"),
    "downtime_beyond_allowance": Level(NOTHING, Unit.TIME, "minute"),
}


@dataclass(frozen=True)
class Table:
    """One table of a commitment, with the names whose targets' misses it pays."""

    document: Document
    path: Path
    at_rows: Path
    commitment: Commitment
    rows: tuple[Row, ...]
    names: tuple[str, ...]

    @property
    def credits(self) -> Credits:
        """The part that the table stands in."""
        if self.commitment.credits is None:
            raise LookupError(self.commitment.name)
        return self.commitment.credits

    @cached_property
    def like(self) -> Level:
        """A value of the kind that the bands hold, in the unit that is written."""
        bounds = [bound for row in self.rows for bound in row.bounds]
        if not bounds and self.credits.over in ("value", "miss"):
            bounds = [target.bound for target in (self.commitment.target or {}).values()]
        return bounds[0] if bounds else OVER_LEVELS.get(self.credits.over, Level(NOTHING, Unit.SHARE))

    @cached_property
    def whole(self) -> Band:
        """Every value that there can be."""
        over = self.credits.over
        if over in OVER_LEVELS and self.commitment.measure == "uptime":
            longest = lengths_of(self.commitment)[1]
            return Band(LOWEST, UNBOUNDED if longest is None else after(longest))
        bounded = self.commitment.measure in (*SHARES_UP, "loss") and over in ("value", "miss")
        in_percent = over == "miss_in_percent" and self.commitment.more_is_better
        return EVERYTHING if bounded or in_percent else Band(LOWEST, UNBOUNDED)

    @cached_property
    def grid(self) -> Fraction | None:
        """The step between the values that there can be, where they are rounded or counted."""
        counts_minutes = self.commitment.down.partial_minutes == "do_not_count"
        if counts_minutes and (self.credits.over == "downtime" or self.commitment.measure == "downtime"):
            return Fraction(MINUTE)
        if self.credits.over != "value":
            return None
        if self.commitment.measure == "support_misses":
            return Fraction(1)
        rounding = self.commitment.rounding
        places = rounding.value or (rounding.downtime_share if self.commitment.measure == "uptime" else None)
        return None if places is None else step_of(self.commitment, places, self.like)

    def reachable(self, band: Band) -> Band:
        """Narrow a band to the values that there can be: from the first to the last of them."""
        shared = band & self.whole
        return shared if self.grid is None or not shared else _on_grid(shared, self.grid)

    @property
    def noun(self) -> str:
        """What a value of the table is, with its article."""
        return OVER_NOUNS.get(self.credits.over) or NOUNS.get(self.commitment.measure, "a value")

    @property
    def bare_noun(self) -> str:
        """The same without its article."""
        return self.noun.partition(" ")[2]

    def told(self, band: Band) -> str:
        """Tell a band in the table's unit; one that reaches the highest value has no upper bound."""
        shown = Band(band.low, UNBOUNDED) if band.high == self.whole.high else band
        return band_text(shown, self.written)

    def written(self, value: Fraction) -> str:
        """Write a value in the table's unit."""
        return in_unit_of(self.like, value)

    def at(self, number: int) -> At:
        """Point at a row."""
        return At(self.document, (*self.at_rows, number))

    @cached_property
    def bands(self) -> list[Band]:
        """The band of each row, as far as there can be values in it."""
        return [row.band & self.whole for row in self.rows]

    @property
    def targets(self) -> Iterator[tuple[str, Target]]:
        """Give the targets whose misses the table pays, by their names."""
        for name in self.names:
            target = self.commitment.target_of(name)
            if target is not None and name in names_of(self.document.terms, self.commitment):
                yield name, target

    @property
    def is_gated(self) -> bool:
        """Whether a row pays only where a target is missed."""
        return self.credits.paid_for == "missed_target"

    def missing(self, target: Target) -> Band | None:
        """Give the values that miss the target in some period; None where they can not be told."""
        over = self.credits.over
        if over == "value" or (over == "downtime" and self.commitment.measure == "downtime"):
            return _missing_value(target, self.whole)
        passed = before if target.kind in ("above", "below") else after
        if over != "downtime":
            return Band(passed(NOTHING), self.whole.high)
        if self.commitment.measure != "uptime" or _rounds(self.commitment):
            return None
        shortest = lengths_of(self.commitment)[0]
        return Band(passed((1 - target.share) * shortest), self.whole.high)


def _missing_value(target: Target, whole: Band) -> Band:
    at = target.share
    if target.more_is_better:
        return Band(whole.low, after(at) if target.kind == "above" else before(at))
    return Band(before(at) if target.kind == "below" else after(at), whole.high)


def _rounds(commitment: Commitment) -> bool:
    return commitment.rounding.value is not None or commitment.rounding.downtime_share is not None


def step_of(commitment: Commitment, places: Places, like: Level) -> Fraction:
    """Give the step between values that are rounded: percents, or the unit in which the target is written."""
    bounds = [target.bound for target in (commitment.target or {}).values()]
    like = bounds[0] if bounds else like
    if like.unit is Unit.TIME:
        return UNITS[like.label] * Fraction(1, 10**places.decimals)
    return Fraction(1, 10**places.decimals * (100 if like.unit is Unit.SHARE else 1))


def _on_grid(band: Band, step: Fraction) -> Band:
    first = -(-band.low.at // step)
    if band.low.after and first * step == band.low.at:
        first += 1
    if band.high == UNBOUNDED:
        return Band(before(first * step), UNBOUNDED)
    last = band.high.at // step
    if not band.high.after and last * step == band.high.at:
        last -= 1
    return Band(before(first * step), after(last * step))


def lengths_of(commitment: Commitment) -> tuple[Fraction, Fraction | None]:
    """Give the least and the most seconds that a share of downtime is taken of; None: nothing limits it."""
    if commitment.total.minutes is not None:
        return commitment.total.minutes * MINUTE, commitment.total.minutes * MINUTE
    bounds = commitment.period.bounds
    if bounds is None:
        return NOTHING, None
    shortest, longest = (minutes * MINUTE for minutes in bounds)
    pooled = commitment.total.name == "pooled"
    return (NOTHING if commitment.total.name == "existed" else shortest), (None if pooled else longest)


def tables(document: Document) -> Iterator[Table]:
    """Give every table of credits; for the names that have none, one without rows."""
    terms = document.terms
    for number, commitment in enumerate(terms.commitments):
        path: Path = ("commitments", number)
        paying = commitment.credits
        names = tuple(names_of(terms, commitment))
        for below, rows in paying.each_table() if paying else ():
            at_rows: Path = (*path, "credits", *below)
            yield Table(document, path, at_rows, commitment, rows, below[1:] or names)
        if paying and paying.tables:
            without_table = tuple(name for name in names if name not in paying.tables)
            yield Table(document, path, (*path, "credits", "tables"), commitment, (), without_table)


def names_of(terms: Terms, commitment: Commitment) -> Iterator[str]:
    """Give the names that the commitment's targets and tables may differ by, as far as it covers them."""
    covers = commitment.covers
    if commitment.by != TIER:
        only = covers.only.get(commitment.by)
        yield from (name for name in terms.varies_by.get(commitment.by, ()) if not only or name in only)
        return
    listed = covers.tiers or tuple(terms.tiers)
    yield from (tier for tier in terms.tiers if tier in listed and terms.covers(tier))


def title_of(terms: Terms, commitment: Commitment, name: str) -> str:
    """Name a tier, or another kind that the commitment varies by, as customers read it."""
    if commitment.by != TIER:
        return terms.varies_by.get(commitment.by, {}).get(name, name)
    return terms.tiers[name].title if name in terms.tiers else name


def missed_together(table: Table) -> list[Band]:
    """Give the values that miss some target of the table, joined; all of them where none is asked for."""
    targets = list(table.targets)
    if not table.is_gated or not targets:
        return [table.whole]
    missed = [table.missing(target) for _, target in targets]
    known = [band for band in missed if band is not None]
    if len(known) < len(missed):
        return [table.whole]
    return list(without(table.whole, without(table.whole, known)))
