"""SEMANTICS 3 and 4 computed the plainest way: minute by minute, by the words of the rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

MINUTE = 60_000_000


def state_of(minute: int, checks: Iterable[tuple[int, int]], fails: Callable[[int], bool], max_gap: timedelta) -> str:
    """Judge one minute with the quorum `all`, looking at every check there is."""
    so_far = [(at, status) for at, status in checks if at < (minute + 1) * MINUTE]
    if not so_far:
        return "unknown"
    last_at = max(at for at, _ in so_far)
    if minute * MINUTE - last_at > max_gap // timedelta(microseconds=1):
        return "unknown"
    in_last_minute = [status for at, status in so_far if at // MINUTE == last_at // MINUTE]
    return "down" if all(fails(status) for status in in_last_minute) else "up"


def service_state(states: list[str], kind: str, numerator: int = 1, denominator: int = 1) -> str:
    """Combine the states of a minute's monitors by the words of SEMANTICS 4."""
    count = Counter(states)
    if kind == "any_down":
        return "down" if count["down"] else "unknown" if count["unknown"] else "up"
    if kind == "all_down":
        return "up" if count["up"] else "unknown" if count["unknown"] else "down"
    if count["down"] * denominator >= numerator * len(states):
        return "down"
    if (count["down"] + count["unknown"]) * denominator >= numerator * len(states):
        return "unknown"
    return "up"
