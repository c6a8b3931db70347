"""How figures are written for people, the same everywhere."""

from fractions import Fraction

import pytest

from kernel import shown


@pytest.mark.parametrize(
    ("written", "for_people"),
    [
        ("99.5% misses the target of at least 99.9%.", "99.5 % misses the target of at least 99.9 %."),
        ("98.387096…%, above the 95% of the row", "98.387096… %, above the 95 % of the row"),
        ("(100%)", "(100 %)"),
        ("99.5 % stays", "99.5 % stays"),
        ("a file%20name and 3%20", "a file%20name and 3%20"),
        ("no percent", "no percent"),
    ],
)
def test_percents_of_a_text_are_written_as_those_of_a_figure(written: str, for_people: str) -> None:
    assert shown.percents(written) == for_people
    assert shown.percents(for_people) == for_people


def test_a_figure_and_a_text_agree() -> None:
    assert shown.percents("99.5%") == shown.percent(Fraction(995, 1000)) == "99.5 %"
