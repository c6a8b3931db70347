"""Figures that only inform, against what the percentages say exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from agreements.lint.finding import At, Finding
from agreements.terms import Commitment, Document
from agreements.terms.commitments import SHARES_UP, About, Target
from agreements.terms.levels import Unit

MINUTES_IN_DAY = 24 * 60
# The lengths in days that each period can have.
LENGTHS: Mapping[str, tuple[int, ...]] = {
    "calendar month": (28, 29, 30, 31),
    "billing month": (28, 29, 30, 31),
    "calendar quarter": (90, 91, 92),
    "calendar year": (365, 366),
    "week": (7,),
    "day": (1,),
}
# A month of the Gregorian calendar is 146,097 days in 4,800 months.
AVERAGE_MONTH_DAYS = Fraction(146_097, 4_800)
AVERAGES: Mapping[str, tuple[str, Fraction]] = {
    "calendar month": ("month", AVERAGE_MONTH_DAYS),
    "billing month": ("month", AVERAGE_MONTH_DAYS),
    "calendar quarter": ("quarter", AVERAGE_MONTH_DAYS * 3),
    "calendar year": ("year", AVERAGE_MONTH_DAYS * 12),
}


def check_allowances(document: Document) -> Iterator[Finding]:
    """Compare each "maximum downtime" with the exact allowance of periods of every length."""
    for number, commitment in enumerate(document.terms.commitments):
        for tier, target in (commitment.target or {}).items():
            if target.maximum_downtime is not None:
                at = At(document, ("commitments", number, "target", tier, "maximum_downtime"))
                yield from _compared(at, commitment, target, target.maximum_downtime)


def _compared(at: At, commitment: Commitment, target: Target, shown: About) -> Iterator[Finding]:
    exact = _allowed(commitment, target)
    agreeing = [length for length, minutes in exact.items() if shown.agrees(minutes)]
    if len(agreeing) == len(exact):
        return
    values = (shown.text, *(_one(length, shown, minutes) for length, minutes in exact.items()))
    told = f"{shown.text} is the downtime that the target allows in "
    rest = f"; exactly it is {', '.join(values[1:])}. The percentage governs."
    noun, average = AVERAGES.get(commitment.period.name, ("", Fraction(0)))
    if len(exact) == 1:
        told = f"{shown.text} is not the downtime that the target allows"
        yield at.warning("figure_disagrees", f"{told}{rest}", *values)
    elif agreeing:
        lengths = " and ".join(length.split()[0] for length in agreeing)
        yield at.note("figure_varies", f"{told}{noun}s of {lengths} days only{rest}", *values)
    else:
        agrees = bool(average) and shown.agrees((1 - target.share) * average * MINUTES_IN_DAY)
        which = f"no {noun}, but in an average one" if agrees else f"no {noun}"
        yield at.warning("figure_disagrees", f"{told}{which}{rest}", *values)


def _one(length: str, shown: About, minutes: Fraction) -> str:
    exact = shown.in_its_unit(minutes)
    return f"{length}: {exact}" if length else exact


def _allowed(commitment: Commitment, target: Target) -> dict[str, Fraction]:
    """Give the minutes that a target allows, by the length of the period; none where there are none."""
    if commitment.measure == "downtime" and target.bound.unit is Unit.TIME:
        return {"": target.share / 60}
    if commitment.measure not in SHARES_UP or target.bound.unit is not Unit.SHARE:
        return {}
    lost = 1 - target.share
    if commitment.total.minutes is not None:
        return {"": lost * commitment.total.minutes}
    days = (commitment.period.days,) if commitment.period.days else LENGTHS.get(commitment.period.name, ())
    return {f"{number} days": lost * number * MINUTES_IN_DAY for number in days}
