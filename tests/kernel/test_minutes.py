"""Each minute of a month has exactly one class, and uptime is an exact fraction (SEMANTICS 5, 8, 9, 11)."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import ClassesOverlap
from kernel.intervals import Ranges, instant_of
from kernel.minutes import MonthMinutes, Outage

THIRTY_DAYS = 43_200


def month(**classes: Any) -> MonthMinutes:
    return MonthMinutes(first=0, last=THIRTY_DAYS, **classes)


@pytest.mark.parametrize(
    ("classes", "good", "counted"),
    [
        ({}, 43_200, 43_200),
        ({"down": Ranges.of((0, 432))}, 42_768, 43_200),
        # A window of 120 minutes; 60 minutes down, 20 of them inside it, in the three treatments:
        ({"window": Ranges.of((0, 120)), "down": Ranges.of((120, 160))}, 43_200 - 120 - 40, 43_200 - 120),
        ({"excused_leaving": Ranges.of((100, 120)), "down": Ranges.of((120, 160))}, 43_200 - 20 - 40, 43_200 - 20),
        ({"excused_as_up": Ranges.of((100, 120)), "down": Ranges.of((120, 160))}, 43_200 - 40, 43_200),
        ({"unknown": Ranges.of((0, 200)), "down": Ranges.of((200, 201))}, 42_999, 43_000),
    ],
)
def test_uptime_is_good_minutes_over_counted_ones(classes: dict[str, Ranges], good: int, counted: int) -> None:
    minutes = month(**classes)
    assert (minutes.good, minutes.counted) == (good, counted)
    assert minutes.uptime == Fraction(good, counted)


@pytest.mark.parametrize("nothing_counts", ["window", "unknown", "excused_leaving"])
def test_a_month_without_a_counted_minute_has_no_uptime(nothing_counts: str) -> None:
    assert month(**{nothing_counts: Ranges.of((0, THIRTY_DAYS))}).uptime is None


def test_a_month_that_was_always_down_has_an_uptime_of_zero() -> None:
    assert month(down=Ranges.of((0, THIRTY_DAYS))).uptime == 0


def test_432_minutes_down_of_30_days_meet_99_percent_and_433_do_not() -> None:
    target = Fraction(99, 100)
    assert month(down=Ranges.of((0, 432))).uptime == target
    missed = month(down=Ranges.of((0, 433))).uptime
    assert missed is not None
    assert missed < target


cuts = st.lists(st.integers(0, THIRTY_DAYS), min_size=10, max_size=10).map(sorted)


@given(cuts)
def test_the_classes_sum_to_the_month(bounds: list[int]) -> None:
    pieces = [Ranges.of((bounds[place], bounds[place + 1])) for place in range(0, 10, 2)]
    names = ("window", "unknown", "excused_leaving", "excused_as_up", "down")
    minutes = month(**dict(zip(names, pieces, strict=True)))
    assert minutes.up.total + sum(piece.total for piece in pieces) == minutes.total == THIRTY_DAYS
    assert minutes.good == minutes.up.total + minutes.excused_as_up.total


def test_no_minute_has_two_classes() -> None:
    with pytest.raises(ClassesOverlap):
        month(down=Ranges.of((0, 10)), unknown=Ranges.of((9, 12)))


@pytest.mark.parametrize("outside", [(-1, 5), (43_199, 43_201)])
def test_every_minute_is_inside_the_month(outside: tuple[int, int]) -> None:
    with pytest.raises(ClassesOverlap):
        month(down=Ranges.of(outside))


def test_an_outage_is_claimable_if_a_minute_of_it_is_unexcused() -> None:
    claimable = Outage(start_minute=10, end_minute=20, unexcused=Ranges.of((12, 20)))
    excused = Outage(start_minute=30, end_minute=40)
    assert month(down=Ranges.of((12, 20)), outages=(claimable, excused)).claimable_outages == (claimable,)


def test_an_outage_has_its_own_start_and_end_also_beyond_the_month() -> None:
    outage = Outage(start_minute=43_190, end_minute=43_210, unexcused=Ranges.of((43_190, 43_200)))
    assert (outage.started_at, outage.ended_at) == (instant_of(43_190), instant_of(43_210))
    assert not outage.is_open


def test_an_open_outage_has_no_end() -> None:
    outage = Outage(start_minute=43_190, end_minute=None)
    assert outage.is_open
    assert outage.ended_at is None
