"""Figures that only inform, against what the percentages say exactly."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from agreements.lint.finding import At, Finding
from agreements.terms import Document
from agreements.terms.commitments import About, Target

MINUTES_IN_DAY = 24 * 60
MONTH_LENGTHS = (28, 29, 30, 31)
# A month of the Gregorian calendar is 146,097 days in 4,800 months.
AVERAGE_MONTH_DAYS = Fraction(146_097, 4_800)


def check_allowances(document: Document) -> Iterator[Finding]:
    """Compare each "maximum downtime" with the exact allowance of months of 28 to 31 days."""
    for number, commitment in enumerate(document.terms.commitments):
        for tier, target in (commitment.target or {}).items():
            if target.maximum_downtime is not None:
                at = At(document, ("commitments", number, "target", tier, "maximum_downtime"))
                yield from _compared(at, target, target.maximum_downtime)


def _compared(at: At, target: Target, shown: About) -> Iterator[Finding]:
    exact = {days: _allowed_minutes(target, Fraction(days)) for days in MONTH_LENGTHS}
    agreeing = [days for days, minutes in exact.items() if shown.agrees(minutes)]
    if len(agreeing) == len(MONTH_LENGTHS):
        return
    values = (shown.text, *(f"{days} days: {shown.in_its_unit(minutes)}" for days, minutes in exact.items()))
    told = f"{shown.text} is the downtime that the target allows in "
    rest = f"; exactly it is {', '.join(values[1:])}. The percentage governs."
    if agreeing:
        months = " and ".join(str(days) for days in agreeing)
        yield at.note("figure_varies", f"{told}months of {months} days only{rest}", *values)
    else:
        average = shown.agrees(_allowed_minutes(target, AVERAGE_MONTH_DAYS))
        which = "no month, but in an average one" if average else "no month"
        yield at.warning("figure_disagrees", f"{told}{which}{rest}", *values)


def _allowed_minutes(target: Target, days: Fraction) -> Fraction:
    return (1 - target.share) * days * MINUTES_IN_DAY
