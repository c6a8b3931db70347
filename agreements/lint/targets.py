"""Each target against its table, its rounding, and the targets of the tiers beside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from agreements.lint.bands import UNMATCHED, told_gaps
from agreements.lint.finding import At, Finding
from agreements.lint.tables import Table, names_of, step_of, tables, title_of
from agreements.terms import Commitment, Document
from agreements.terms.bands import EVERYTHING, Band, after, before, without
from agreements.terms.commitments import EVERY_TIER, SHARES_UP, TIER, Target
from agreements.terms.problems import Path


def check_targets(document: Document) -> Iterator[Finding]:
    """Check each target against its table, and each row against the targets."""
    for number, commitment in enumerate(document.terms.commitments):
        path: Path = ("commitments", number)
        yield from _tiers_without_target(document, path, commitment)
        yield from _unmissable(document, path, commitment)
        yield from _finer_than_rounding(document, path, commitment)
        yield from _promised_less(document, path, commitment)
        if commitment.target and commitment.credits is None:
            told = f"Missing a target of {commitment.name} pays nothing: no credits stand beside it."
            yield At(document, (*path, "target")).note("target_without_credits", told, commitment.name)
    for table in tables(document):
        yield from _table_against_targets(table)


def leaves_unmatched(document: Document, commitment: Commitment) -> bool:
    """Tell whether some value misses a target and is in no row of its table."""
    return any(
        missed is None or any(table.reachable(left) for left in without(missed, table.bands))
        for table in tables(document)
        if table.commitment is commitment
        for _, target in table.targets
        for missed in (table.missing(target),)
    )


def _table_against_targets(table: Table) -> Iterator[Finding]:
    targets = dict(table.targets)
    if table.is_gated and not targets and table.rows and table.commitment.target:
        names = ", ".join(table.names)
        told = f"Nobody can be paid by this table: {names} has no target that could be missed."
        yield At(table.document, table.at_rows).warning("table_without_target", told, *table.names)
    for name, target in targets.items():
        yield from _unpaid_misses(table, name, target)
    if table.is_gated:
        for name, target in targets.items():
            yield from _rows_above_target(table, name, target)
        yield from _unreached_rows(table, list(targets.values()))


def _tiers_without_target(document: Document, path: Path, commitment: Commitment) -> Iterator[Finding]:
    if commitment.credits is None or commitment.credits.paid_for == "any_row":
        return
    for name in names_of(document.terms, commitment):
        if commitment.target_of(name) is None:
            title = title_of(document.terms, commitment, name)
            told = f"The {title} {commitment.by} is covered and has no target, so it can never be paid."
            yield At(document, (*path, "target")).warning("tier_without_target", told, name)


def _at_target(table_or: Commitment, document: Document, path: Path, name: str) -> At:
    named = name if name in (table_or.target or {}) else EVERY_TIER
    return At(document, (*path, "target", named))


def _unpaid_misses(table: Table, name: str, target: Target) -> Iterator[Finding]:
    """Find the values that miss the target and no row pays; gaps inside the table are told once."""
    missing = table.missing(target)
    if missing is None:
        return
    title, promised = title_of(table.document.terms, table.commitment, name), str(target.bound)
    for left, follows in _unpaid(table, missing):
        if missed := table.reachable(left):
            told = f"{title}: {table.noun} {table.told(missed)} misses the target of {promised} and {follows}."
            at = _at_target(table.commitment, table.document, table.path, name)
            yield at.warning("target_unpaid", told, name, promised, table.told(missed))


def _unpaid(table: Table, missing: Band) -> Iterator[tuple[Band, str]]:
    """Give the misses that nothing pays, and why: a row that pays nothing names them, or no row does."""
    paying = [row.band & table.whole for row in table.rows if row.pay.amount]
    for_nothing = [row.band for row in table.rows if not row.pay.amount]
    for left in without(missing, paying):
        yield from ((left & band, "the row that names it pays nothing") for band in for_nothing)
    if table.credits.unmatched_miss != "smallest_credit":
        follows = UNMATCHED[table.credits.unmatched_miss]
        for left in without(missing, [*paying, *for_nothing, *told_gaps(table)]):
            yield left, f"no row pays it, {follows}"


def _rows_above_target(table: Table, name: str, target: Target) -> Iterator[Finding]:
    """Find the values that a row names although they meet the target."""
    missing = table.missing(target)
    if missing is None or table.credits.over not in ("value", "downtime"):
        return
    met = next(without(table.whole, [missing]), None)
    title, promised = title_of(table.document.terms, table.commitment, name), str(target.bound)
    for number, row in enumerate(table.rows):
        shared = table.reachable(row.band & met) if met else None
        if shared and row.pay.amount and row.bounds:
            told = (
                f"{title}: the row {row.label} pays {row.pay}, but {table.noun} {table.told(shared)} "
                f"meets {_own(table, name)} of {promised}, so it is not paid."
            )
            at = table.at(number)
            yield at.warning("row_above_target", told, name, promised, table.told(shared), row.pay)


def _own(table: Table, name: str) -> str:
    return f"the {table.commitment.by}'s own target" if name in (table.commitment.target or ()) else "the target"


def _unreached_rows(table: Table, targets: list[Target]) -> Iterator[Finding]:
    """Find the rows that hold values, and none that misses a target."""
    missing = [missed for target in targets if (missed := table.missing(target))]
    if not missing or len(missing) < len(targets):
        return
    for number, row in enumerate(table.rows):
        held = table.reachable(row.band) if row.pay.amount else None
        if held and not any(table.reachable(row.band & missed) for missed in missing):
            more = table.commitment.more_is_better
            why = "highest target is lower" if more else "lowest target is higher"
            values = [target.bound for target in targets]
            bound = max(values, key=lambda value: value.value) if more else min(values, key=lambda value: value.value)
            told = f"No {table.commitment.by} that misses its target can reach the row {row.label}: the {why}."
            yield table.at(number).warning("row_unreachable", told, row.label, bound)


def _unmissable(document: Document, path: Path, commitment: Commitment) -> Iterator[Finding]:
    """Find targets that every value meets, and those that none does."""
    if commitment.measure not in (*SHARES_UP, "loss"):
        return
    for name, target in (commitment.target or {}).items():
        at, edge = At(document, (*path, "target", name)), target.share
        belongs = target.kind in ("at_least", "below")
        cut = before(edge) if belongs else after(edge)
        met = Band(cut, EVERYTHING.high) if target.more_is_better else Band(EVERYTHING.low, cut)
        if not met & EVERYTHING:
            yield at.warning("target_unmeetable", f"Nothing can meet a target of {target}.", name, target.bound)
        elif met & EVERYTHING == EVERYTHING:
            told = f"Nothing can miss a target of {target}, so it promises nothing."
            yield at.warning("target_unmissable", told, name, target.bound)


def _finer_than_rounding(document: Document, path: Path, commitment: Commitment) -> Iterator[Finding]:
    """Find targets that the rounded value can not have: in effect another one is promised."""
    rounding = commitment.rounding.value or commitment.rounding.downtime_share
    if rounding is None:
        return
    for name, target in (commitment.target or {}).items():
        if (target.share / step_of(commitment, rounding, target.bound)).denominator != 1:
            told = (
                f"The target of {target.bound} is compared with a value rounded to {rounding}, which can never be "
                "exactly that; in effect the next one that can is promised."
            )
            at = At(document, (*path, "target", name))
            yield at.warning("target_finer_than_rounding", told, name, target.bound, rounding)


def _promised_less(document: Document, path: Path, commitment: Commitment) -> Iterator[Finding]:
    """Find tiers that are promised less than the tier below them."""
    if commitment.by != TIER:
        return
    having = [(name, target) for name in names_of(document.terms, commitment) if (target := commitment.target_of(name))]
    for (low, lower), (high, higher) in pairwise(having):
        if lower.bound.unit is higher.bound.unit and _easier(higher, lower):
            titles = title_of(document.terms, commitment, high), title_of(document.terms, commitment, low)
            told = (
                f"The {titles[0]} tier is promised {higher}, which is less than the {lower} of the {titles[1]} "
                "tier below it."
            )
            at = _at_target(commitment, document, path, high)
            yield at.warning("higher_tier_promised_less", told, high, higher.bound, low, lower.bound)


def _easier(one: Target, other: Target) -> bool:
    if one.more_is_better:
        return one.share < other.share
    return one.share > other.share
