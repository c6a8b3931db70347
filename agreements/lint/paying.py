"""What rows pay: against caps and minimum, against each other, and beside other commitments."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from agreements.lint.finding import At, Finding
from agreements.lint.tables import Table, tables, title_of
from agreements.terms import Commitment, Document, Row
from agreements.terms.bands import Band, exact_text, percent_text
from agreements.terms.caps import Cap
from agreements.terms.commitments import TIER
from agreements.terms.levels import UNITS
from agreements.terms.paying import Pay
from agreements.terms.problems import Path

PAYING_COMMITMENTS_TO_COMBINE = 2


def check_payments(document: Document) -> Iterator[Finding]:
    """Check what is paid by each table, by all of a commitment's tables, and by all commitments."""
    for table in tables(document):
        yield from _rows_paying_less(table)
    for number, commitment in enumerate(document.terms.commitments):
        path: Path = ("commitments", number, "credits")
        if commitment.credits is not None:
            yield from _caps(document, path, commitment)
            yield from _minimum(document, path, commitment)
            yield from _tiers_paid_less(document, commitment)
    yield from _together(document)


# Against caps


def _caps(document: Document, path: Path, commitment: Commitment) -> Iterator[Finding]:
    """Find the rows that a cap keeps from being paid in full, and caps that nothing reaches."""
    found = commitment.credits
    each = [(path, cap, number) for number, cap in enumerate(found.caps if found else ())]
    for _, cap, number in each:
        at = At(document, (*path, "cap") if len(each) == 1 else (*path, "cap", number))
        yield from _against_cap(document, path, commitment, cap, at)
    if commitment.credits is not None:
        for cap in document.terms.credits_together.caps:
            at = At(document, ("credits_together", "cap"))
            yield from _rows_above_cap(document, path, commitment, cap, at)


def _against_cap(document: Document, path: Path, commitment: Commitment, cap: Cap, at: At) -> Iterator[Finding]:
    yield from _rows_above_cap(document, path, commitment, cap, at)
    most = most_below(commitment, cap)
    if most is not None:
        told = f"No row pays more than {_written(cap, most)}, so the cap of {cap} is never reached."
        yield at.note("cap_never_reached", told, _written(cap, most), cap)


def most_below(commitment: Commitment, cap: Cap) -> Fraction | None:
    """Give the most that any row pays, where that is less than the cap, which is so never reached."""
    paid = [_in_terms_of(cap, commitment, row.pay) for _, row in _rows(commitment) if row.pay.amount]
    most = max((amount for amount in paid if amount is not None), default=None)
    own_period = cap.per in ("period", commitment.period.of_a_cap)
    return most if own_period and most is not None and None not in paid and most < cap.amount else None


def _rows_above_cap(document: Document, path: Path, commitment: Commitment, cap: Cap, at: At) -> Iterator[Finding]:
    above = [
        (below, row, amount)
        for below, row in _rows(commitment)
        if (amount := _in_terms_of(cap, commitment, row.pay)) is not None and amount > cap.amount
    ]
    if above and len(above) == sum(1 for _, row in _rows(commitment) if row.pay.amount) > 1:
        least = _written(cap, min(amount for _, _, amount in above))
        told = f"Every row pays {least} or more, and the cap is {cap}: the rows make no difference."
        yield at.warning("cap_below_every_row", told, least, _written(cap, cap.amount))
        return
    for below, _, amount in above:
        pays, most = _written(cap, amount), _written(cap, cap.amount)
        told = f"The row pays {pays}, and the cap of {most} keeps it from ever being paid in full."
        yield At(document, (*path, *below)).warning("row_above_cap", told, pays, most)


def _rows(commitment: Commitment) -> Iterator[tuple[Path, Row]]:
    for below, rows in commitment.credits.each_table() if commitment.credits else ():
        for number, row in enumerate(rows):
            yield (*below, number), row


def _in_terms_of(cap: Cap, commitment: Commitment, pay: Pay) -> Fraction | None:
    """Give what a row pays in the unit of the cap; None where they can not be compared for every customer."""
    if pay.per is not None or commitment.credits is None:
        return None
    if cap.kind == "share" and pay.kind == "share":
        return pay.amount if (pay.of or commitment.credits.of) == cap.base else None
    if cap.kind == pay.kind == "sum":
        return pay.amount
    if cap.kind == pay.kind == "service":
        if cap.unit == pay.unit:
            return pay.amount
        return pay.amount * UNITS[pay.unit] / UNITS[cap.unit] if {cap.unit, pay.unit} <= set(UNITS) else None
    return None


def _written(cap: Cap, amount: Fraction) -> str:
    if cap.kind == "share":
        return percent_text(amount)
    if cap.kind == "sum":
        return f"{exact_text(amount)} {cap.unit}"
    return f"{exact_text(amount)} {cap.unit}{'' if amount == 1 else 's'} of service"


# Against the minimum


def _minimum(document: Document, path: Path, commitment: Commitment) -> Iterator[Finding]:
    """Find a least credit that no row and no cap lets a credit reach."""
    paying = commitment.credits
    if paying is None or paying.minimum is None:
        return
    least = paying.minimum
    paid = [_sum_of(row.pay) for _, row in _rows(commitment) if row.pay.amount]
    known = [amount for amount in paid if amount is not None]
    highest = [max(known)] if known and len(known) == len(paid) else []
    highest += [cap.amount for cap in paying.caps if cap.kind == "sum"]
    if not highest:
        return
    most, edge = min(highest), Fraction(least.amount.amount)
    if most < edge or (most == edge and not least.includes):
        told = f"No credit can be more than {exact_text(most)} {least.amount.currency}, and only {least} is paid out."
        at = At(document, (*path, "minimum"))
        yield at.warning("minimum_never_reached", told, least, f"{exact_text(most)} {least.amount.currency}")


def _sum_of(pay: Pay) -> Fraction | None:
    return pay.amount if pay.kind == "sum" and pay.per is None else None


# Against each other


def _rows_paying_less(table: Table) -> Iterator[Finding]:
    """Find the rows that pay less for worse, among those that pay in one way."""
    rows = sorted((row.band & table.whole, number) for number, row in enumerate(table.rows) if row.band)
    worst_last = reversed(rows) if _more_is_better(table) else iter(rows)
    for (_, better), (band, worse) in pairwise(worst_last):
        less, more = table.rows[worse].pay, table.rows[better].pay
        if _less(less, more):
            told = (
                f"{table.noun.capitalize()} {table.told(band)} pays {less}, less than a better one, which pays {more}."
            )
            yield table.at(worse).warning("worse_pays_less", told, table.told(band), less)


def _less(one: Pay, other: Pay) -> bool:
    """Tell whether one pays less than the other, where that is so whatever the fee."""
    alike = (one.kind, one.unit, one.per, one.of, one.beyond) == (
        *(other.kind, other.unit, other.per, other.of),
        other.beyond,
    )
    return one.amount < other.amount and (alike or not one.amount) and one.kind != "benefit"


def _more_is_better(table: Table) -> bool:
    return table.credits.over == "value" and table.commitment.more_is_better


def _tiers_paid_less(document: Document, commitment: Commitment) -> Iterator[Finding]:
    """Find values for which a tier's own table pays less than that of the tier below it."""
    if commitment.by != TIER or commitment.credits is None or not commitment.credits.tables:
        return
    by_name = {table.names[0]: table for table in tables(document) if table.commitment is commitment and table.rows}
    ordered = [tier for tier in document.terms.tiers if tier in by_name]
    for low, high in pairwise(ordered):
        for number, told, less, more in _paid_less(by_name[high], by_name[low]):
            titles = title_of(document.terms, commitment, high), title_of(document.terms, commitment, low)
            noun = by_name[high].noun.capitalize()
            sentence = f"{noun} {told} pays the {titles[0]} tier {less}, less than the {more} of the {titles[1]} tier."
            yield by_name[high].at(number).warning("higher_tier_paid_less", sentence, high, told, less, more)


def _paid_less(table: Table, below: Table) -> Iterator[tuple[int, str, Pay, Pay]]:
    if table.credits.rows_are != "bands":
        return
    for number, row in enumerate(table.rows):
        for other in below.rows:
            for shared in _missed_in_both(table, below, row.band & other.band):
                if _less(row.pay, other.pay):
                    yield number, table.told(shared), row.pay, other.pay


def _missed_in_both(table: Table, below: Table, shared: Band) -> Iterator[Band]:
    bands = [shared & table.whole]
    for each in (table, below):
        for _, target in each.targets:
            missing = each.missing(target)
            bands = [band & missing for band in bands] if missing else []
    yield from (found for band in bands if (found := table.reachable(band)))


# Beside other commitments


def _together(document: Document) -> Iterator[Finding]:
    """Find several paying commitments of which nothing decides how their credits become one."""
    paying = [commitment.name for commitment in document.terms.commitments if commitment.credits is not None]
    together = document.terms.credits_together
    if together.credits == "undecided" and len(paying) >= PAYING_COMMITMENTS_TO_COMBINE:
        told = (
            f"A period that misses {' and '.join(paying)} pays by each, and the terms leave open whether these "
            "credits add up."
        )
        at = At(document, ("credits_together", "credits"))
        yield at.warning("credits_together_undecided", told, *paying)
    claims = document.terms.claims
    if claims is not None and not paying:
        told = "Claims have time limits, and no commitment pays a credit that could be claimed."
        yield At(document, ("claims",)).warning("nothing_to_claim", told)
