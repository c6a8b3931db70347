"""The rows of each table of credits against each other: values in no row, in two rows, rows in vain."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.lint.finding import At, Finding
from agreements.lint.tables import Table, missed_together, tables
from agreements.terms import Document
from agreements.terms.bands import Band, gaps_between, overlaps

UNMATCHED = {
    "nothing": "so such a miss pays nothing",
    "undecided": "and the terms leave open what such a miss pays",
}


def check_table(document: Document) -> Iterator[Finding]:
    """Check the rows of each table against each other."""
    for table in tables(document):
        yield from _empty_rows(table)
        if table.credits.rows_are == "bands":
            yield from _overlapping_rows(table)
        else:
            yield from _unordered_thresholds(table)
            yield from _deepest_counts(table)
        yield from _gaps(table)
        yield from _unreal_bounds(table)


def _empty_rows(table: Table) -> Iterator[Finding]:
    for number, row in enumerate(table.rows):
        if not row.band:
            told = f"The row that pays {row.pay} ends before it begins, so no {table.bare_noun} is in it."
            yield table.at(number).error("empty_row", told, row.pay)
        elif not table.reachable(row.band):
            told = f"No {table.bare_noun} can ever be in the row {row.label}."
            yield table.at(number).error("empty_row", told, row.pay)


def _overlapping_rows(table: Table) -> Iterator[Finding]:
    for one, two, raw in overlaps(table.bands):
        if shared := table.reachable(raw):
            yield _in_two(table, one, two, shared)


def _in_two(table: Table, one: int, two: int, shared: Band) -> Finding:
    first, second = str(table.rows[one].pay), str(table.rows[two].pay)
    at, told = table.at(two), table.told(shared)
    sentence = f"{table.noun.capitalize()} {told} is in two rows, of which one pays {first} and the other {second}."
    find = at.warning if first == second else at.error
    return find("overlapping_rows", sentence, told, first, second)


def _unordered_thresholds(table: Table) -> Iterator[Finding]:
    """Find thresholds of which none is the deeper: the same one twice, or two that only cross."""
    for one, two, shared in overlaps(table.bands):
        pair = table.bands[one], table.bands[two]
        if pair[0] == pair[1] or shared not in pair:
            yield _in_two(table, one, two, shared)


def _deepest_counts(table: Table) -> Iterator[Finding]:
    """Tell which values several thresholds name, as far as their deepest decides it."""
    steps = [
        (table.told(table.bands[deep]), table.rows[deep].pay, table.rows[wide].pay)
        for wide in range(len(table.bands))
        for deep in _next_deeper(table.bands, wide)
    ]
    if not steps:
        return
    told = ", and ".join(f"{band} it pays {pays} and not {less}" for band, pays, less in steps)
    sentence = (
        f"As they are written the rows overlap: {table.noun} {steps[0][0]} is in several of them. "
        f"The deepest threshold counts: {told}."
    )
    at = At(table.document, table.at_rows)
    yield at.note("deepest_counts", sentence, *(band for band, _, _ in steps))


def _next_deeper(bands: list[Band], wide: int) -> Iterator[int]:
    """Give the threshold that lies next inside another."""
    inside = [
        number for number, band in enumerate(bands) if band and band != bands[wide] and band & bands[wide] == band
    ]
    for number in inside:
        if not any(other != number and bands[number] & bands[other] == bands[number] for other in inside):
            yield number


def _gaps(table: Table) -> Iterator[Finding]:
    at = At(table.document, table.at_rows)
    for gap in told_gaps(table):
        told = f"{table.noun.capitalize()} {table.told(gap)} lies between the rows of the table and is in none"
        if table.credits.unmatched_miss == "smallest_credit":
            yield at.note("gap_between_rows", f"{told}; the smallest credit is paid.", table.told(gap))
        else:
            sentence = f"{told}, {_follows(table)}."
            yield at.warning("gap_between_rows", sentence, table.told(gap))


def _follows(table: Table) -> str:
    if table.is_gated or list(table.targets):
        return UNMATCHED[table.credits.unmatched_miss]
    return "so it pays nothing"


def told_gaps(table: Table) -> list[Band]:
    """Give the values between the rows that none of them holds, as far as one of them is a miss."""
    gaps = [gap & missed for gap in gaps_between(table.bands) for missed in missed_together(table)]
    return [found for gap in gaps if gap and (found := table.reachable(gap))]


def _unreal_bounds(table: Table) -> Iterator[Finding]:
    """Find bounds and targets that a rounded value can not have."""
    rounding = table.commitment.rounding.value or table.commitment.rounding.downtime_share
    if table.grid is None or rounding is None or table.credits.over != "value":
        return
    for number, row in enumerate(table.rows):
        for bound in row.bounds:
            if (bound.value / table.grid).denominator != 1:
                told = f"{bound} is compared with a value rounded to {rounding}, which can never be exactly that."
                yield table.at(number).warning("bound_finer_than_rounding", told, bound, rounding)
