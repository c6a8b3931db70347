"""The tables of credits against the targets: gaps, overlaps, misses that no row pays, rows in vain.

Bounds are compared as exact intervals; no value is sampled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from agreements.lint.finding import At, Finding
from agreements.terms import Commitment, Credits, Document, Row, Terms
from agreements.terms.bands import (
    EVERYTHING,
    LOWEST,
    UNBOUNDED,
    Band,
    after,
    band_text,
    before,
    gaps_between,
    overlaps,
    percent_text,
    without,
)
from agreements.terms.commitments import EVERY_TIER, TIER, Target
from agreements.terms.levels import Level, Unit, in_unit_of
from agreements.terms.problems import Path

UNMATCHED = {
    "nothing": "so such a miss pays nothing",
    "undecided": "and the terms leave open what such a miss pays",
}
NOUNS = {"uptime": "uptime", "good_events": "uptime", "slot_average": "uptime"}


@dataclass(frozen=True)
class Table:
    """One table of a commitment, with the targets whose misses it pays."""

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
        return bounds[0] if bounds else Level(Fraction(0), Unit.SHARE)

    @property
    def whole(self) -> Band:
        """Every value that there can be."""
        share = self.like.unit is Unit.SHARE and self.credits.over == "value"
        return EVERYTHING if share else Band(LOWEST, UNBOUNDED)

    @property
    def noun(self) -> str:
        """What a value of the table is, with its article."""
        noun = NOUNS.get(self.commitment.measure) if self.credits.over == "value" else None
        return f"an {noun}" if noun else "a value"

    def told(self, band: Band) -> str:
        """Tell a band in the table's unit."""
        return band_text(band, lambda value: in_unit_of(self.like, value))

    def at(self, number: int) -> At:
        """Point at a row."""
        return At(self.document, (*self.at_rows, number))

    @property
    def bands(self) -> list[Band]:
        """The band of each row; of whole numbers, "up to 2" ends where "from 3" begins."""
        bands = [row.band & self.whole for row in self.rows]
        return [_whole(band) for band in bands] if self.commitment.measure == "support_misses" else bands


def _whole(band: Band) -> Band:
    low = before(band.low.at + 1) if band.low.after else band.low
    return Band(low, before(band.high.at + 1) if band.high.after and band.high != UNBOUNDED else band.high)


def check_table(document: Document) -> Iterator[Finding]:
    """Check the rows of each table against each other."""
    for table in _tables(document):
        yield from _empty_rows(table)
        if table.credits.rows_are == "bands":
            yield from _overlapping_rows(table)
        yield from _gaps(table)
        yield from _rows_above_cap(table)
        yield from _rows_paying_less(table)


def check_targets(document: Document) -> Iterator[Finding]:
    """Check each target against its table, and each row against the targets."""
    for commitment, path in _paying(document.terms):
        yield from _tiers_without_target(document, path, commitment)
    for table in _tables(document):
        if table.credits.over != "value" or table.credits.paid_for == "any_row":
            continue
        targets = dict(_targets(document.terms, table))
        for name, target in targets.items():
            yield from _unpaid_misses(table, name, target)
            yield from _rows_above_target(table, name, target)
        yield from _unreached_rows(table, targets.values())


def leaves_unmatched(document: Document, commitment: Commitment) -> bool:
    """Tell whether some value misses a target and is in no row of its table."""
    return any(
        table.credits.over != "value" or any(_unmatched(table, target))
        for table in _tables(document)
        if table.commitment is commitment and table.credits.paid_for == "missed_target"
        for _, target in _targets(document.terms, table)
    )


def _unmatched(table: Table, target: Target) -> Iterator[Band]:
    return without(_missing(target, table.whole), table.bands)


def _paying(terms: Terms) -> Iterator[tuple[Commitment, Path]]:
    for number, commitment in enumerate(terms.commitments):
        if commitment.credits is not None:
            yield commitment, ("commitments", number)


def _tables(document: Document) -> Iterator[Table]:
    for commitment, path in _paying(document.terms):
        paying = commitment.credits
        for below, rows in paying.each_table() if paying else ():
            at_rows: Path = (*path, "credits", *below)
            names = below[1:] or tuple(_names(document.terms, commitment))
            yield Table(document, path, at_rows, commitment, rows, names)
        if paying and paying.tables:
            without_table = tuple(name for name in _names(document.terms, commitment) if name not in paying.tables)
            yield Table(document, path, (*path, "credits", "tables"), commitment, (), without_table)


def _names(terms: Terms, commitment: Commitment) -> Iterator[str]:
    """Give the names that the commitment's targets and tables may differ by."""
    if commitment.by != TIER:
        yield from terms.varies_by.get(commitment.by, ())
        return
    listed = commitment.covers.tiers or tuple(terms.tiers)
    yield from (tier for tier in terms.tiers if tier in listed and terms.covers(tier))


def _targets(terms: Terms, table: Table) -> Iterator[tuple[str, Target]]:
    for name in table.names:
        target = table.commitment.target_of(name)
        if target is not None and name in _names(terms, table.commitment):
            yield name, target


def _title(terms: Terms, commitment: Commitment, name: str) -> str:
    if commitment.by != TIER:
        return terms.varies_by[commitment.by][name]
    return terms.tiers[name].title


def _empty_rows(table: Table) -> Iterator[Finding]:
    for number, row in enumerate(table.rows):
        if not row.band:
            sentence = f"The row that pays {row.pay} ends before it begins, so no {_bare(table)} is in it."
            yield table.at(number).error("empty_row", sentence, str(row.pay))


def _bare(table: Table) -> str:
    return table.noun.partition(" ")[2]


def _overlapping_rows(table: Table) -> Iterator[Finding]:
    rows = table.rows
    for one, two, shared in overlaps(table.bands):
        first, second = str(rows[one].pay), str(rows[two].pay)
        at, told = table.at(two), table.told(shared)
        sentence = f"{table.noun.capitalize()} {told} is in two rows, of which one pays {first} and the other {second}."
        find = at.warning if first == second else at.error
        yield find("overlapping_rows", sentence, told, first, second)


def _gaps(table: Table) -> Iterator[Finding]:
    at = At(table.document, table.at_rows)
    for gap in gaps_between(table.bands):
        told = f"{table.noun.capitalize()} {table.told(gap)} lies between the rows of the table and is in none"
        if table.credits.unmatched_miss == "smallest_credit":
            yield at.note("gap_between_rows", f"{told}; the smallest credit is paid.", table.told(gap))
        else:
            sentence = f"{told}, {UNMATCHED[table.credits.unmatched_miss]}."
            yield at.warning("gap_between_rows", sentence, table.told(gap))


def _rows_above_cap(table: Table) -> Iterator[Finding]:
    """Find the rows that a cap on the same base keeps from ever being paid in full."""
    of = table.credits.of
    caps = [cap for cap in table.credits.caps if cap.base is not None and cap.base == of]
    for number, row in enumerate(table.rows):
        for cap in caps:
            if row.pay.of in (None, of) and row.share > cap.share:
                pays, most = percent_text(row.share), percent_text(cap.share)
                told = f"The row pays {pays}, and the cap of {most} keeps it from ever being paid in full."
                yield table.at(number).warning("row_above_cap", told, pays, most)


def _rows_paying_less(table: Table) -> Iterator[Finding]:
    """Find the rows that pay less for worse, among those that pay in one way."""
    rows = sorted((row.band & table.whole, number) for number, row in enumerate(table.rows) if row.band)
    worst_last = reversed(rows) if _more_is_better(table) else iter(rows)
    for (_, better), (band, worse) in pairwise(worst_last):
        less, more = table.rows[worse].pay, table.rows[better].pay
        if (less.kind, less.unit, less.per, less.of) == (more.kind, more.unit, more.per, more.of) and (
            less.amount < more.amount
        ):
            told = (
                f"{table.noun.capitalize()} {table.told(band)} pays {less}, less than a better one, which pays {more}."
            )
            yield table.at(worse).warning("worse_pays_less", told, table.told(band), str(less))


def _more_is_better(table: Table) -> bool:
    return table.credits.over == "value" and table.commitment.more_is_better


def _tiers_without_target(document: Document, path: Path, commitment: Commitment) -> Iterator[Finding]:
    if commitment.credits is None or commitment.credits.paid_for == "any_row":
        return
    for name in _names(document.terms, commitment):
        if commitment.target_of(name) is None:
            title = _title(document.terms, commitment, name)
            told = f"The {title} {commitment.by} is covered and has no target, so it can never be paid."
            yield At(document, (*path, "target")).warning("tier_without_target", told, name)


def _missing(target: Target, whole: Band) -> Band:
    """Give the values that miss the target."""
    at = target.share
    if target.more_is_better:
        return Band(whole.low, after(at) if target.kind == "above" else before(at))
    return Band(before(at) if target.kind == "below" else after(at), whole.high)


def _unpaid_misses(table: Table, name: str, target: Target) -> Iterator[Finding]:
    """Find the values that miss the target and no row pays; gaps inside the table are told once."""
    if table.credits.unmatched_miss == "smallest_credit":
        return
    paying = [row.band & table.whole for row in table.rows if row.pay.amount]
    told_already = gaps_between(table.bands)
    title, promised = _title(table.document.terms, table.commitment, name), str(target.bound)
    targets = table.commitment.target or {}
    for missed in without(_missing(target, table.whole), [*paying, *told_already]):
        told = (
            f"{title}: {table.noun} {table.told(missed)} misses the target of {promised} and no row pays it, "
            f"{UNMATCHED[table.credits.unmatched_miss]}."
        )
        at = At(table.document, (*table.path, "target", name if name in targets else EVERY_TIER))
        yield at.warning("target_unpaid", told, name, promised, table.told(missed))


def _rows_above_target(table: Table, name: str, target: Target) -> Iterator[Finding]:
    """Find the values that a row names although they meet the target."""
    met = next(without(table.whole, [_missing(target, table.whole)]), None)
    title, promised = _title(table.document.terms, table.commitment, name), str(target.bound)
    for number, row in enumerate(table.rows):
        if met and row.pay.amount and (shared := row.band & met) and row.bounds:
            told = (
                f"{title}: the row {row.label} pays {row.pay}, but {table.noun} {table.told(shared)} "
                f"meets {_own(table, name)} of {promised}, so it is not paid."
            )
            at = table.at(number)
            yield at.warning("row_above_target", told, name, promised, table.told(shared), str(row.pay))


def _own(table: Table, name: str) -> str:
    return f"the {table.commitment.by}'s own target" if name in (table.commitment.target or ()) else "the target"


def _unreached_rows(table: Table, targets: Iterable[Target]) -> Iterator[Finding]:
    missing = [_missing(target, table.whole) for target in targets]
    if not missing:
        return
    bound = _bound_text(table, targets)
    for number, row in enumerate(table.rows):
        if row.band and not any(row.band & missed for missed in missing):
            higher = "highest target is lower" if table.commitment.more_is_better else "lowest target is higher"
            told = f"No {table.commitment.by} that misses its target can reach the row {row.label}: the {higher}."
            yield table.at(number).warning("row_unreachable", told, row.label, bound)


def _bound_text(table: Table, targets: Iterable[Target]) -> str:
    values = [target.share for target in targets]
    return in_unit_of(table.like, max(values) if table.commitment.more_is_better else min(values))
