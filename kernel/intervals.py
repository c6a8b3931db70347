"""Half-open stretches of time: sets of whole minutes, and pairs of instants."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self, final

from kernel.errors import BackwardInterval, NaiveInstant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

Pair = tuple[int, int]


def minute_of(instant: datetime) -> int:
    """Number the UTC minute that holds the instant, counted from 1970 (SEMANTICS 2)."""
    return (aware(instant) - EPOCH) // MINUTE


def instant_of(minute: int) -> datetime:
    """Give the instant at which the numbered minute starts, in UTC."""
    return EPOCH + minute * MINUTE


def aware(instant: datetime) -> datetime:
    """Return the instant, refusing one without a time zone."""
    if instant.tzinfo is None:
        raise NaiveInstant(instant)
    return instant


@final
class Ranges:
    """An immutable set of whole numbers as sorted, disjoint, half-open ranges.

    Touching ranges are one range, so equal sets are equal values. Union, difference and
    intersection merge in linear time; membership and clipping are binary searches.
    """

    __slots__ = ("_pairs",)
    _pairs: tuple[Pair, ...]

    def __init__(self, pairs: Iterable[Pair] = ()) -> None:
        """Take pairs in any order; they may overlap, and empty ones vanish."""
        self._pairs = _merged(sorted(pairs))

    @classmethod
    def of(cls, *pairs: Pair) -> Self:
        """Write a set down: Ranges.of((0, 10), (20, 30))."""
        return cls(pairs)

    @classmethod
    def of_numbers(cls, numbers: Iterable[int]) -> Self:
        """Collect single numbers, in any order and with repetitions."""
        return cls((number, number + 1) for number in numbers)

    @classmethod
    def union(cls, many: Iterable[Ranges]) -> Self:
        """Unite any number of sets at once."""
        return cls(pair for ranges in many for pair in ranges)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The ranges as (start, end) pairs, in order."""
        return self._pairs

    @property
    def total(self) -> int:
        """How many numbers are in the set."""
        return sum([end - start for start, end in self._pairs])

    @property
    def first(self) -> int:
        """The smallest number; IndexError if there is none."""
        return self._pairs[0][0]

    @property
    def end(self) -> int:
        """The first number after the largest; IndexError if there is none."""
        return self._pairs[-1][1]

    def __bool__(self) -> bool:
        return bool(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._pairs)

    def __contains__(self, number: int) -> bool:
        place = bisect_right(self._pairs, number, key=_start)
        return place > 0 and number < self._pairs[place - 1][1]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ranges) and self._pairs == other._pairs

    def __hash__(self) -> int:
        return hash(self._pairs)

    def __repr__(self) -> str:
        return f"Ranges.of({', '.join(map(str, self._pairs))})"

    def __or__(self, other: Ranges) -> Ranges:
        if not other:
            return self
        if not self:
            return other
        return _trusted(_merged(sorted(self._pairs + other._pairs)))

    def __and__(self, other: Ranges) -> Ranges:
        if not self or not other:
            return EMPTY
        ours = self.clip(other.first, other.end)
        return _trusted(_common(ours._pairs, other._pairs))

    def __sub__(self, other: Ranges) -> Ranges:
        if not self or not other.overlapping(self.first, self.end):
            return self
        return _trusted(_without(self._pairs, other._pairs))

    def __le__(self, other: Ranges) -> bool:
        """Whether every number of this set is in the other."""
        return not self - other

    def covers(self, start: int, end: int) -> bool:
        """Whether every number from start up to end, exclusive, is in the set."""
        return start >= end or (start in self and end <= self._holding(start)[1])

    def clip(self, start: int, end: int) -> Ranges:
        """Keep what lies from start up to end, exclusive."""
        inside = self.overlapping(start, end).pairs
        if not inside or (start <= inside[0][0] and inside[-1][1] <= end):
            return _trusted(inside)
        cut = list(inside)
        cut[0] = (max(cut[0][0], start), cut[0][1])
        cut[-1] = (cut[-1][0], min(cut[-1][1], end))
        return _trusted(tuple(cut))

    def overlapping(self, start: int, end: int) -> Ranges:
        """Keep the ranges that have a number from start up to end, exclusive, uncut."""
        if start >= end:
            return EMPTY
        left = bisect_right(self._pairs, start, key=_end)
        right = bisect_left(self._pairs, end, key=_start)
        return _trusted(self._pairs[left:right])

    def touching(self, number: int) -> Pair | None:
        """Find the one range that holds the number or ends just before it."""
        place = bisect_right(self._pairs, number, key=_start)
        if place and number <= self._pairs[place - 1][1]:
            return self._pairs[place - 1]
        return None

    def _holding(self, number: int) -> Pair:
        return self._pairs[bisect_right(self._pairs, number, key=_start) - 1]


def _start(pair: Pair) -> int:
    return pair[0]


def _end(pair: Pair) -> int:
    return pair[1]


def _trusted(pairs: tuple[Pair, ...]) -> Ranges:
    """Wrap pairs that are known to be sorted, disjoint and apart."""
    ranges = Ranges.__new__(Ranges)
    ranges._pairs = pairs  # noqa: SLF001 - the class's own short way
    return ranges


def _merged(ordered: list[Pair]) -> tuple[Pair, ...]:
    """Unite pairs that are sorted by their start."""
    merged: list[Pair] = []
    reach: int | None = None
    for start, end in ordered:
        if start >= end:
            continue
        if reach is None or start > reach:
            merged.append((start, end))
            reach = end
        elif end > reach:
            merged[-1] = (merged[-1][0], end)
            reach = end
    return tuple(merged)


def _common(ours: tuple[Pair, ...], theirs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    common: list[Pair] = []
    mine = other = 0
    while mine < len(ours) and other < len(theirs):
        start = max(ours[mine][0], theirs[other][0])
        end = min(ours[mine][1], theirs[other][1])
        if start < end:
            common.append((start, end))
        if ours[mine][1] <= theirs[other][1]:
            mine += 1
        else:
            other += 1
    return tuple(common)


def _without(ours: tuple[Pair, ...], theirs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    kept: list[Pair] = []
    other = 0
    for start, end in ours:
        while other < len(theirs) and theirs[other][1] <= start:
            other += 1
        cut, left = other, start
        while cut < len(theirs) and theirs[cut][0] < end:
            if left < theirs[cut][0]:
                kept.append((left, theirs[cut][0]))
            left = theirs[cut][1]
            cut += 1
        if left < end:
            kept.append((left, end))
        other = max(other, cut - 1)
    return tuple(kept)


EMPTY = Ranges()


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time between two instants, kept in UTC; start in, end out (SEMANTICS 1)."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        # Two instants of one zone compare by wall time, which goes back once a year: use UTC.
        start, end = self.start, self.end
        if start.tzinfo is not UTC or end.tzinfo is not UTC:
            start, end = aware(start).astimezone(UTC), aware(end).astimezone(UTC)
            object.__setattr__(self, "start", start)
            object.__setattr__(self, "end", end)
        if end <= start:
            raise BackwardInterval(start, end)

    @property
    def duration(self) -> timedelta:
        """The elapsed time from start to end."""
        return self.end - self.start

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= aware(instant) < self.end

    def overlaps(self, other: Interval) -> bool:
        """Whether the two have an instant in common."""
        return self.start < other.end and other.start < self.end

    def minutes_inside(self) -> Ranges:
        """Collect the minutes that lie wholly inside (SEMANTICS 8)."""
        return Ranges.of((-(-(self.start - EPOCH) // MINUTE), minute_of(self.end)))

    def minutes_touched(self) -> Ranges:
        """Collect the minutes that have any instant inside."""
        return Ranges.of((minute_of(self.start), -(-(self.end - EPOCH) // MINUTE)))
