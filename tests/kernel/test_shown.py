"""How figures are written for people, the same everywhere."""

from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

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


def test_an_instant_is_shown_with_its_zone_and_in_utc_where_the_zone_cannot_write_it() -> None:
    hong_kong = ZoneInfo("Asia/Hong_Kong")
    assert (
        shown.instant(datetime(2026, 11, 5, 2, 12, tzinfo=UTC), hong_kong) == "5 November 2026, 10:12 (Asia/Hong_Kong)"
    )
    last = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    assert shown.instant(last, hong_kong) == "31 December 9999, 23:59 (UTC)"


def test_a_figure_and_a_text_agree() -> None:
    assert shown.percents("99.5%") == shown.percent(Fraction(995, 1000)) == "99.5 %"
