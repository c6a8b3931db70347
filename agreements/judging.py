"""One month judged: the tier's target, the row of the table, the credit and its cap.

Pure: the same terms, tier, uptime and base always give the same judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from agreements.terms import Credits, Row, Terms
from agreements.terms.bands import percent_text
from kernel.money import Money, share, share_down

NOTHING = Fraction(0)


class Outcome(StrEnum):
    """What a judgement is called."""

    MET = "met"
    BELOW_TARGET = "below_target"
    AWAITING_USAGE = "awaiting_usage"
    UNMATCHED_MISS = "unmatched_miss"
    UNDECIDED = "undecided"
    NO_CREDITS = "no_credits"
    NO_TARGET = "no_target"
    NO_TIER = "no_tier"
    NOT_COVERED = "not_covered"
    NOT_MEASURABLE = "not_measurable"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the terms make of one month.

    `missed` is None where nothing can be missed. `percent` is what the row pays before the cap,
    None where no row was asked; `credit` is what is due after it, None while it can not be known.
    """

    code: Outcome
    sentence: str
    clause: str
    target: Fraction | None = None
    missed: bool | None = None
    row: str | None = None
    percent: Fraction | None = None
    credit: Money | None = None
    cap: Money | None = None


def judge(terms: Terms, *, tier: str | None, uptime: Fraction | None, base: Money | None) -> Judgement:
    """Judge a month by its tier, its exact uptime and the base that a credit is a share of."""
    if tier is None:
        return _nothing(terms, Outcome.NO_TIER, "No tier was held while the service was down, so no credit is due.")
    if not terms.covers(tier):
        clause = terms.clause("tiers", tier)
        return _nothing(terms, Outcome.NOT_COVERED, f"The {_title(terms, tier)} tier is not covered.", clause)
    target = terms.target(tier)
    if target is None:
        return _nothing(terms, Outcome.NO_TARGET, "No uptime is promised, so none can be missed.")
    if uptime is None:
        sentence = "Nothing was measured in the month, so it has no uptime."
        return _nothing(terms, Outcome.NOT_MEASURABLE, sentence, target=target)
    return _compared(terms, tier, target, uptime, base)


def _compared(terms: Terms, tier: str, target: Fraction, uptime: Fraction, base: Money | None) -> Judgement:
    promise = f"the {percent_text(target)} that the {_title(terms, tier)} tier is promised"
    if uptime >= target:
        return _nothing(terms, Outcome.MET, f"The uptime meets {promise}.", target=target, missed=False)
    table = terms.credits
    if table is None:
        sentence = f"The uptime misses {promise}, and no credit is promised."
        return _nothing(terms, Outcome.NO_CREDITS, sentence, target=target, missed=True)
    row = table.row_for(uptime)
    if row is not None:
        return _paid(terms, target, row, base, f"The uptime misses {promise}.", Outcome.BELOW_TARGET)
    return _unmatched(terms, table, target, base, f"The uptime misses {promise}, and no row of the table names it")


def _unmatched(terms: Terms, table: Credits, target: Fraction, base: Money | None, told: str) -> Judgement:
    """Judge a missed target whose uptime is in no row, as `unmatched_miss` says."""
    clause = credits_clause(terms)
    if table.unmatched_miss == "smallest_credit":
        row = min(table.rows, key=lambda row: (not row.share, row.share))
        return _paid(terms, target, row, base, f"{told}; the smallest credit is paid.", Outcome.UNMATCHED_MISS)
    if table.unmatched_miss == "undecided":
        return Judgement(
            code=Outcome.UNDECIDED,
            sentence=f"{told}; the terms leave open what is paid.",
            clause=clause,
            target=target,
            missed=True,
        )
    return _nothing(terms, Outcome.UNMATCHED_MISS, f"{told}: nothing is paid.", clause, target=target, missed=True)


def amount(terms: Terms, part: Fraction, base: Money) -> tuple[Money, Money | None]:
    """Take a part of the base, rounded once and no more than the cap, and tell the cap (SEMANTICS 13)."""
    table = terms.credits
    cap = share_down(base, table.cap.share) if table and table.cap else None
    credit = share(base, part)
    return (credit if cap is None else min(credit, cap)), cap


def _paid(terms: Terms, target: Fraction, row: Row, base: Money | None, told: str, code: Outcome) -> Judgement:
    """Take the row's share of the base, rounded once, and no more than the cap."""
    credit, cap = (None, None) if base is None else amount(terms, row.share, base)
    awaited = "" if base is not None else " The amount awaits the month's usage."
    return Judgement(
        code=code if base is not None else Outcome.AWAITING_USAGE,
        sentence=f"{told} The row {row.label} pays {percent_text(row.share)}.{awaited}",
        clause=row_clause(terms, row),
        target=target,
        missed=True,
        row=row.label,
        percent=row.share,
        credit=credit,
        cap=cap,
    )


def _nothing(
    terms: Terms,
    code: Outcome,
    sentence: str,
    clause: str | None = None,
    *,
    target: Fraction | None = None,
    missed: bool | None = None,
) -> Judgement:
    """Say that nothing is due, and why."""
    return Judgement(
        code=code,
        sentence=sentence,
        clause=terms.clause("commitments", 0, "target") if clause is None else clause,
        target=target,
        missed=missed,
        percent=NOTHING if missed else None,
        credit=Money.zero(terms.currency),
    )


def credits_clause(terms: Terms) -> str:
    """Name the clause of the table of credits."""
    return terms.clause("commitments", 0, "credits")


def row_clause(terms: Terms, row: Row) -> str:
    """Name the clause of a row of the table."""
    rows = terms.credits.rows if terms.credits else ()
    number = next(number for number, each in enumerate(rows) if each is row)
    return terms.clause("commitments", 0, "credits", "rows", number)


def _title(terms: Terms, tier: str) -> str:
    return terms.tiers[tier].title if tier in terms.tiers else tier
