"""Exact shares shown as percentages that never flatter."""

from __future__ import annotations

from fractions import Fraction


def shown_down(share: Fraction, places: int) -> str:
    """Write a share as percent with these decimal places, rounded down (SEMANTICS 11).

    99.4999 % with two places is 99.49, never 99.50.
    """
    scale: int = 10**places
    units = share.numerator * 100 * scale // share.denominator
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), scale)
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"
