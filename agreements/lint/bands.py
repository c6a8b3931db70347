"""The table of credits against the targets: gaps, overlaps, misses that no row pays, rows in vain.

Bounds are compared as exact intervals; no value is sampled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from agreements.lint.finding import At, Finding
from agreements.terms import Commitment, Document, Row, Terms
from agreements.terms.bands import EVERYTHING, Band, below, gaps_between, overlaps, percent_text, without
from agreements.terms.commitments import Credits, Target
from agreements.terms.problems import Path

UNMATCHED = {
    "nothing": "so such a miss pays nothing",
    "undecided": "and the terms leave open what such a miss pays",
}


def check_table(document: Document) -> Iterator[Finding]:
    """Check the rows of each table against each other."""
    for path, _, table in _tables(document.terms):
        yield from _empty_rows(document, path, table)
        yield from _overlapping_rows(document, path, table)
        yield from _gaps(document, path, table)
        yield from _rows_above_cap(document, path, table)
        yield from _rows_paying_less(document, path, table)


def check_targets(document: Document) -> Iterator[Finding]:
    """Check each tier's target against the table, and each row against the targets."""
    terms = document.terms
    for path, commitment, table in _tables(terms):
        yield from _tiers_without_target(document, path, commitment)
        targets = dict(_targets(terms, commitment))
        for tier, target in targets.items():
            yield from _unpaid_misses(document, path, tier, target, table)
            yield from _rows_above_target(document, path, tier, target, table)
        yield from _unreached_rows(document, path, targets.values(), table)


def _tables(terms: Terms) -> Iterator[tuple[Path, Commitment, Credits]]:
    for number, commitment in enumerate(terms.commitments):
        if commitment.credits is not None:
            yield ("commitments", number), commitment, commitment.credits


def _targets(terms: Terms, commitment: Commitment) -> Iterator[tuple[str, Target]]:
    for tier in terms.tiers:
        target = commitment.target_of(tier)
        if target is not None and terms.covers(tier):
            yield tier, target


def _row_at(document: Document, path: Path, number: int) -> At:
    return At(document, (*path, "credits", "rows", number))


def _bands(rows: Iterable[Row]) -> list[Band]:
    return [row.band for row in rows]


def _empty_rows(document: Document, path: Path, table: Credits) -> Iterator[Finding]:
    for number, row in enumerate(table.rows):
        if not row.band:
            sentence = f"The row that pays {percent_text(row.pays)} ends before it begins, so no uptime is in it."
            yield _row_at(document, path, number).error("empty_row", sentence, percent_text(row.pays))


def _overlapping_rows(document: Document, path: Path, table: Credits) -> Iterator[Finding]:
    rows = table.rows
    for one, two, shared in overlaps(_bands(rows)):
        first, second = percent_text(rows[one].pays), percent_text(rows[two].pays)
        at = _row_at(document, path, two)
        told = f"An uptime {shared} is in two rows, of which one pays {first} and the other {second}."
        find = at.warning if first == second else at.error
        yield find("overlapping_rows", told, shared, first, second)


def _gaps(document: Document, path: Path, table: Credits) -> Iterator[Finding]:
    at = At(document, (*path, "credits", "rows"))
    for gap in gaps_between(_bands(table.rows)):
        told = f"An uptime {gap} lies between the rows of the table and is in none"
        if table.unmatched_miss == "smallest_credit":
            yield at.note("gap_between_rows", f"{told}; the smallest credit is paid.", gap)
        else:
            yield at.warning("gap_between_rows", f"{told}, {UNMATCHED[table.unmatched_miss]}.", gap)


def _rows_above_cap(document: Document, path: Path, table: Credits) -> Iterator[Finding]:
    for number, row in enumerate(table.rows):
        if table.cap is not None and row.pays > table.cap.share:
            pays, most = percent_text(row.pays), percent_text(table.cap.share)
            told = f"The row pays {pays}, and the cap of {most} keeps it from ever being paid in full."
            yield _row_at(document, path, number).warning("row_above_cap", told, pays, most)


def _rows_paying_less(document: Document, path: Path, table: Credits) -> Iterator[Finding]:
    rows = sorted(((row.band, number) for number, row in enumerate(table.rows) if row.band), reverse=True)
    for (_, better), (band, worse) in pairwise(rows):
        less, more = table.rows[worse].pays, table.rows[better].pays
        if less < more:
            told = (
                f"An uptime {band} pays {percent_text(less)}, less than a better one, which pays {percent_text(more)}."
            )
            yield _row_at(document, path, worse).warning("worse_pays_less", told, band, percent_text(less))


def _tiers_without_target(document: Document, path: Path, commitment: Commitment) -> Iterator[Finding]:
    terms = document.terms
    for tier in terms.tiers:
        if terms.covers(tier) and commitment.target_of(tier) is None:
            told = f"The {terms.tiers[tier].title} tier is covered and has no target, so it can never be paid."
            yield At(document, (*path, "target")).warning("tier_without_target", told, tier)


def _unpaid_misses(document: Document, path: Path, tier: str, target: Target, table: Credits) -> Iterator[Finding]:
    """Find the uptimes that miss the target and no row pays; gaps inside the table are told once."""
    if table.unmatched_miss == "smallest_credit":
        return
    paying = _bands(row for row in table.rows if row.pays)
    told_already = gaps_between(_bands(table.rows))
    title, promised = document.terms.tiers[tier].title, percent_text(target.at_least)
    for missed in without(below(target.at_least), [*paying, *told_already]):
        told = (
            f"{title}: an uptime {missed} misses the target of {promised} and no row pays it, "
            f"{UNMATCHED[table.unmatched_miss]}."
        )
        yield At(document, (*path, "target", tier)).warning("target_unpaid", told, tier, promised, missed)


def _rows_above_target(document: Document, path: Path, tier: str, target: Target, table: Credits) -> Iterator[Finding]:
    """Find the uptimes that a row names although they meet the tier's target."""
    met = next(without(EVERYTHING, [below(target.at_least)]))
    title, promised = document.terms.tiers[tier].title, percent_text(target.at_least)
    for number, row in enumerate(table.rows):
        if row.pays and (shared := row.band & met):
            told = (
                f"{title}: the row {row.band} pays {percent_text(row.pays)}, but an uptime {shared} "
                f"meets the tier's own target of {promised}, so it is not paid."
            )
            at = _row_at(document, path, number)
            yield at.warning("row_above_target", told, tier, promised, shared, percent_text(row.pays))


def _unreached_rows(document: Document, path: Path, targets: Iterable[Target], table: Credits) -> Iterator[Finding]:
    highest = max((target.at_least for target in targets), default=None)
    if highest is None:
        return
    for number, row in enumerate(table.rows):
        if row.band and not row.band & below(highest):
            told = f"No tier that misses its target can reach the row {row.band}: the highest target is lower."
            at = _row_at(document, path, number)
            yield at.warning("row_unreachable", told, row.band, percent_text(highest))
