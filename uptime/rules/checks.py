"""From checks to the minutes of one monitor (SEMANTICS 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from struct import pack

from kernel.intervals import EMPTY, Ranges
from uptime.events import Quorum

MICROSECONDS_IN_MINUTE = 60_000_000
_MICROSECOND = timedelta(microseconds=1)

Check = tuple[int, int]
"""When, in microseconds since 1970, and the HTTP status; 0 is no response."""

Fails = Callable[[int], bool]


def is_down(quorum: Quorum, failed: int, checks: int) -> bool:
    """Judge one minute by its checks; a tie is no majority."""
    if quorum is Quorum.ALL:
        return failed == checks
    if quorum is Quorum.ANY:
        return failed > 0
    return 2 * failed > checks


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorRule:
    """How the checks of one monitor are judged: what fails, by which quorum, carried how far."""

    fails: Fails
    quorum: Quorum
    max_gap: timedelta


@dataclass(frozen=True, slots=True)
class Minutes:
    """Which minutes were down and which unknown; within the measured span the rest were up."""

    down: Ranges = EMPTY
    unknown: Ranges = EMPTY

    def clip(self, first: int, last: int) -> Minutes:
        """Keep the minutes from first up to last, exclusive."""
        return Minutes(self.down.clip(first, last), self.unknown.clip(first, last))


def minutes_of(checks: Iterable[Check], *, rule: MonitorRule, first: int, last: int) -> Minutes:
    """Judge every minute from first up to last, exclusive, by these checks, in any order.

    The checks must include those of the last minute before `first` that had one, if it is within
    `max_gap`: `oldest_needed` tells from when.
    """
    down: list[tuple[int, int]] = []
    known: list[tuple[int, int]] = []
    for start, end, was_down in _runs(_judged(sorted(checks), rule), rule.max_gap):
        known.append((start, end))
        if was_down:
            down.append((start, end))
    unknown = Ranges.of((first, last)) - Ranges(known)
    return Minutes(Ranges(down).clip(first, last), unknown)


def oldest_needed(first: int, max_gap: timedelta) -> int:
    """Tell the first minute whose checks can still decide the minute `first`."""
    return (first * MICROSECONDS_IN_MINUTE - max_gap // _MICROSECOND) // MICROSECONDS_IN_MINUTE


def _judged(ordered: list[Check], rule: MonitorRule) -> Iterator[tuple[int, bool, int]]:
    """Give each minute that has a check: its number, whether it was down, its last check."""
    if not ordered:
        return
    fails = {status: rule.fails(status) for status in {status for _, status in ordered}}
    minute, end = -1, 0
    failed = checks = at = 0
    for instant, status in ordered:
        if instant >= end:
            if checks:
                yield minute, is_down(rule.quorum, failed, checks), at
            minute = instant // MICROSECONDS_IN_MINUTE
            end = (minute + 1) * MICROSECONDS_IN_MINUTE
            failed = checks = 0
        at = instant
        checks += 1
        failed += fails[status]
    yield minute, is_down(rule.quorum, failed, checks), at


def _runs(judged: Iterable[tuple[int, bool, int]], max_gap: timedelta) -> Iterator[tuple[int, int, bool]]:
    """Carry each minute's state to the next one that has a check, at most over the gap.

    The gap runs from the minute's last check to the start of the minute that is judged.
    """
    gap = max_gap // _MICROSECOND
    start = end = reach = 0
    state = False
    for minute, down, at in judged:
        end = min(minute, reach)
        if down != state or end < minute:
            if start < end:
                yield start, end, state
            start, state = minute, down
        reach = (at + gap) // MICROSECONDS_IN_MINUTE + 1
    if start < reach:
        yield start, reach, state


def digest_of(checks: Iterable[Check]) -> str:
    """Name a set of checks by its SHA-256: instant and status of each in order, 8 bytes big-endian each."""
    return sha256(packed(sorted(checks))).hexdigest()


def packed(checks: Sequence[Check]) -> bytes:
    """Write checks that are in order as the digest takes them."""
    numbers = [number for check in checks for number in check]
    return pack(f">{len(numbers)}q", *numbers)
