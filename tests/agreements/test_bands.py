"""The algebra of bands: what is in them, what lies between, and what two of them share."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.terms.bands import (
    EVERYTHING,
    HIGHEST,
    LOWEST,
    Band,
    Cut,
    after,
    before,
    below,
    exact_text,
    gaps_between,
    overlaps,
    percent_text,
    without,
)

# Few values, so that bounds meet often.
values = st.integers(min_value=0, max_value=8).map(lambda eighth: Fraction(eighth, 8))
cuts = st.builds(Cut, values, st.booleans())
bands = st.builds(Band, cuts, cuts)
tables = st.lists(bands, max_size=5)
probes = st.fractions(min_value=0, max_value=1, max_denominator=16)


def test_a_row_holds_its_lower_bound_and_not_its_upper_one() -> None:
    row = Band(before(Fraction(99, 100)), before(Fraction(995, 1000)))
    assert Fraction(99, 100) in row
    assert Fraction(995, 1000) not in row


@pytest.mark.parametrize(
    ("band", "text"),
    [
        (Band(before(Fraction(99, 100)), before(Fraction(995, 1000))), "from 99% to below 99.5%"),
        (Band(after(Fraction(99, 100)), after(Fraction(999, 1000))), "above 99% up to 99.9%"),
        (below(Fraction(9, 10)), "below 90%"),
        (Band(LOWEST, after(Fraction(9, 10))), "up to 90%"),
        (Band(before(Fraction(99, 100)), after(Fraction(99, 100))), "exactly 99%"),
        (Band(before(Fraction(99, 100)), HIGHEST), "from 99%"),
        (EVERYTHING, "any"),
    ],
)
def test_a_band_is_told_in_words(band: Band, text: str) -> None:
    assert str(band) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [("199/200", "99.5%"), ("1", "100%"), ("0", "0%"), ("1/3", "100/3%"), ("99995/100000", "99.995%")],
)
def test_a_share_is_told_exactly(share: str, text: str) -> None:
    assert percent_text(Fraction(share)) == text


def test_a_number_without_an_end_in_decimals_is_told_as_a_fraction() -> None:
    assert exact_text(Fraction(1, 7)) == "1/7"


def test_a_single_value_may_be_a_gap() -> None:
    table = [Band(LOWEST, before(Fraction(1, 2))), Band(after(Fraction(1, 2)), HIGHEST)]
    assert gaps_between(table) == (Band(before(Fraction(1, 2)), after(Fraction(1, 2))),)


@given(whole=bands, table=tables, probe=probes)
def test_what_is_left_is_in_the_whole_and_in_no_part(whole: Band, table: list[Band], probe: Fraction) -> None:
    left = list(without(whole, table))
    expected = probe in whole and not any(probe in band for band in table)
    assert any(probe in band for band in left) is expected
    assert all(left)


@given(whole=bands, table=tables)
def test_what_is_left_comes_in_order_and_apart(whole: Band, table: list[Band]) -> None:
    left = list(without(whole, table))
    assert all(one.high < two.low for one, two in itertools.pairwise(left))


@given(table=tables, probe=probes)
def test_a_gap_lies_between_bands_and_in_none(table: list[Band], probe: Fraction) -> None:
    in_gap = any(probe in gap for gap in gaps_between(table))
    held = [band for band in table if band]
    inside = bool(held) and min(band.low for band in held) <= before(probe) < max(band.high for band in held)
    assert in_gap is (inside and not any(probe in band for band in held))


@given(table=tables, probe=probes)
def test_an_overlap_is_exactly_what_two_bands_share(table: list[Band], probe: Fraction) -> None:
    found = {(one, two) for one, two, shared in overlaps(table) if probe in shared}
    holding = [number for number, band in enumerate(table) if probe in band]
    assert found == {(one, two) for one in holding for two in holding if one < two}


@given(one=bands, two=bands, probe=probes)
def test_a_value_is_in_both_bands_where_it_is_in_what_they_share(one: Band, two: Band, probe: Fraction) -> None:
    assert (probe in (one & two)) is (probe in one and probe in two)
