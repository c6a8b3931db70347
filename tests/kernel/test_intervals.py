"""Sets of minutes are unions, never sums; intervals are half-open (SEMANTICS 1, 2, 6, 8)."""

from copy import copy
from datetime import UTC, datetime, timedelta
from pickle import dumps, loads
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import BackwardInterval, NaiveInstant
from kernel.intervals import EMPTY, Interval, Ranges, instant_of, minute_of

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)

pairs = st.tuples(st.integers(0, 60), st.integers(0, 60))
sets = st.lists(pairs, max_size=8).map(Ranges)


def numbers(ranges: Ranges) -> set[int]:
    return {number for start, end in ranges for number in range(start, end)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-10-05T{text}+00:00")


# Ranges behave as the sets of numbers that they stand for.


@given(sets, sets)
def test_ranges_combine_as_sets_do(one: Ranges, other: Ranges) -> None:
    assert numbers(one | other) == numbers(one) | numbers(other)
    assert numbers(one & other) == numbers(one) & numbers(other)
    assert numbers(one - other) == numbers(one) - numbers(other)
    assert (one <= other) == (numbers(one) <= numbers(other))
    assert one.total == len(numbers(one))
    assert bool(one) == bool(numbers(one))


@given(sets, sets)
def test_every_result_is_sorted_apart_and_not_empty(one: Ranges, other: Ranges) -> None:
    for result in (one, one | other, one & other, one - other, one.clip(10, 40), one.overlapping(10, 40)):
        assert all(start < end for start, end in result)
        assert all(left[1] < right[0] for left, right in zip(result.pairs, result.pairs[1:], strict=False))


@given(sets, sets)
def test_equal_sets_are_equal_values(one: Ranges, other: Ranges) -> None:
    assert (one == other) == (numbers(one) == numbers(other))
    assert one == Ranges.of_numbers(numbers(one))
    assert hash(one) == hash(Ranges.of_numbers(numbers(one)))


@given(sets, st.integers(-5, 65), st.integers(-5, 65))
def test_parts_between_two_bounds(ranges: Ranges, start: int, end: int) -> None:
    asked = set(range(start, end))
    assert numbers(ranges.clip(start, end)) == numbers(ranges) & asked
    assert ranges.overlapping(start, end).pairs == tuple(pair for pair in ranges if set(range(*pair)) & asked)
    assert ranges.covers(start, end) == (asked <= numbers(ranges))


@given(sets, st.integers(-5, 65))
def test_one_number(ranges: Ranges, number: int) -> None:
    assert (number in ranges) == (number in numbers(ranges))
    expected = [(start, end) for start, end in ranges if start <= number <= end]
    assert ([ranges.touching(number)] if ranges.touching(number) else []) == expected


@given(st.lists(sets, max_size=5))
def test_many_sets_at_once(many: list[Ranges]) -> None:
    assert numbers(Ranges.union(many)) == set().union(*map(numbers, many))


def test_touching_ranges_merge_and_overlapping_ones_count_once() -> None:
    assert Ranges.of((20, 30), (0, 10), (10, 15), (25, 40)) == Ranges.of((0, 15), (20, 40))
    assert Ranges.of((0, 10), (5, 15)).total == 15


def test_first_and_end() -> None:
    ranges = Ranges.of((3, 5), (8, 9))
    assert (ranges.first, ranges.end, len(ranges)) == (3, 9, 2)


def test_an_empty_set_has_no_first() -> None:
    with pytest.raises(IndexError):
        _ = EMPTY.first


@pytest.mark.parametrize("name", ["pairs", "first", "total", "anything"])
def test_ranges_are_immutable(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Ranges.of((0, 1)), name, ())


def test_ranges_are_no_list_of_pairs() -> None:
    pair: Any = ((0, 1),)
    assert Ranges(pair) != pair


def test_ranges_can_be_written_down_and_copied() -> None:
    ranges = Ranges.of((0, 1), (3, 4))
    assert repr(ranges) == "Ranges.of((0, 1), (3, 4))"
    assert copy(ranges) == ranges
    assert loads(dumps(ranges)) == ranges  # noqa: S301 - our own bytes


# Minutes and instants.


@pytest.mark.parametrize(
    ("instant", "minute"),
    [
        ("1970-01-01T00:00:00+00:00", 0),
        ("1970-01-01T00:00:59.999999+00:00", 0),
        ("1970-01-01T01:01:00+01:00", 1),
        ("1969-12-31T23:59:59+00:00", -1),
        ("2026-10-01T00:00:00+00:00", 29_846_880),  # 20,727 days of 1,440 minutes
    ],
)
def test_a_minute_is_a_utc_minute(instant: str, minute: int) -> None:
    assert minute_of(datetime.fromisoformat(instant)) == minute


@given(st.integers(-(10**7), 10**8))
def test_a_minute_starts_at_its_instant(minute: int) -> None:
    assert minute_of(instant_of(minute)) == minute
    assert minute_of(instant_of(minute) - timedelta(microseconds=1)) == minute - 1
    assert instant_of(minute).tzinfo is UTC


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = at("14:00").replace(tzinfo=None)
    with pytest.raises(NaiveInstant):
        minute_of(naive)
    with pytest.raises(NaiveInstant):
        Interval(naive, at("15:00"))
    with pytest.raises(NaiveInstant):
        _ = naive in Interval(at("14:00"), at("15:00"))


# Intervals.


def test_an_interval_has_its_start_and_not_its_end() -> None:
    outage = Interval(at("14:00"), at("15:00"))
    assert at("14:00") in outage
    assert at("14:59:59.999999") in outage
    assert at("15:00") not in outage
    assert outage.duration == HOUR


@pytest.mark.parametrize("end", ["14:00", "13:59"])
def test_an_interval_ends_after_it_starts(end: str) -> None:
    with pytest.raises(BackwardInterval):
        Interval(at("14:00"), at(end))


def test_touching_intervals_do_not_overlap() -> None:
    first, second = Interval(at("14:00"), at("15:00")), Interval(at("15:00"), at("16:00"))
    assert not first.overlaps(second)
    assert first.overlaps(Interval(at("14:59"), at("16:00")))


def test_a_minute_is_inside_only_if_it_is_wholly_inside() -> None:
    first = minute_of(at("14:00"))
    stretch = Interval(at("14:00:01"), at("14:03:59"))
    assert stretch.minutes_inside() == Ranges.of((first + 1, first + 3))
    assert stretch.minutes_touched() == Ranges.of((first, first + 4))


def test_whole_minutes_are_inside_as_they_are_touched() -> None:
    stretch = Interval(at("14:00"), at("14:03"))
    assert (
        stretch.minutes_inside()
        == stretch.minutes_touched()
        == Ranges.of_numbers(minute_of(at("14:00")) + passed for passed in range(3))
    )


def test_less_than_a_minute_holds_none() -> None:
    assert not Interval(at("14:00:10"), at("14:00:50")).minutes_inside()
    assert not Interval(at("14:00:30"), at("14:01:30")).minutes_inside()


def test_an_hour_that_comes_twice_is_kept_apart() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0)
    second = datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN, fold=1)
    assert Interval(first, second).duration == timedelta(minutes=45)
    with pytest.raises(BackwardInterval):
        Interval(second, first)


def test_intervals_are_kept_in_utc() -> None:
    local = Interval(at("14:00").astimezone(BERLIN), at("15:00").astimezone(BERLIN))
    assert local == Interval(at("14:00"), at("15:00"))
    assert local.start.tzinfo is UTC
