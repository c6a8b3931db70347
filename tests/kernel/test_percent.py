"""Percentages are shown rounded down, so that a missed target never looks met (SEMANTICS 11)."""

from fractions import Fraction

import pytest

from kernel.percent import shown_down


@pytest.mark.parametrize(
    ("share", "places", "shown"),
    [
        (Fraction(994_999, 1_000_000), 1, "99.4"),  # 99.4999 % is never shown as 99.5 %
        (Fraction(994_999, 1_000_000), 2, "99.49"),
        (Fraction(994_999, 1_000_000), 4, "99.4999"),
        (Fraction(43_200 - 432, 43_200), 4, "99.0000"),  # exactly 99 %
        (Fraction(43_200 - 433, 43_200), 4, "98.9976"),
        (Fraction(1), 2, "100.00"),
        (Fraction(0), 2, "0.00"),
        (Fraction(1, 3), 0, "33"),
        (Fraction(2, 3), 3, "66.666"),
        (Fraction(5, 10_000), 3, "0.050"),
        (Fraction(-1, 3), 2, "-33.34"),
    ],
)
def test_a_share_is_shown_rounded_down(share: Fraction, places: int, shown: str) -> None:
    assert shown_down(share, places) == shown
