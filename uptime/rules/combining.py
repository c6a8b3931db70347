"""From the minutes of its monitors to those of a service (SEMANTICS 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from kernel.intervals import EMPTY, Ranges
from uptime.rules.checks import Minutes

State = Literal["up", "down", "unknown", "unwatched"]


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """When a service is down: if one monitor is, if all are, or if this share of them is."""

    kind: Literal["any_down", "all_down", "share"]
    share: Fraction | None = None

    def state(self, down: int, unknown: int, monitors: int) -> State:
        """Combine one minute's monitors: how many there are, how many down, how many unknown."""
        if not monitors:
            return "unwatched"
        needed = self._needed(monitors)
        if down >= needed:
            return "down"
        return "unknown" if down + unknown >= needed else "up"

    def _needed(self, monitors: int) -> Fraction | int:
        """How many monitors must be down; all three rules are this one comparison."""
        if self.kind == "any_down":
            return 1
        if self.kind == "all_down" or self.share is None:
            return monitors
        return self.share * monitors


@dataclass(frozen=True, slots=True)
class Member:
    """A monitor of the service: its minutes, and the minutes in which it belonged to it."""

    name: str
    minutes: Minutes
    present: Ranges


@dataclass(frozen=True, slots=True)
class Combined:
    """A service's minutes; those without any monitor are apart from the unknown ones."""

    down: Ranges = EMPTY
    unknown: Ranges = EMPTY
    unwatched: Ranges = EMPTY


def combined(members: Iterable[Member], *, rule: ServiceRule, first: int, last: int) -> Combined:
    """Combine the monitors in every minute from first up to last, exclusive."""
    found: dict[State, list[tuple[int, int]]] = {"down": [], "unknown": [], "unwatched": []}
    monitors = down = unknown = 0
    steps = sorted(_steps(list(members), first, last).items())
    for (start, step), (end, _) in pairwise(steps):
        monitors += step[0]
        down += step[1]
        unknown += step[2]
        state = rule.state(down, unknown, monitors)
        if state != "up":
            found[state].append((start, end))
    return Combined(Ranges(found["down"]), Ranges(found["unknown"]), Ranges(found["unwatched"]))


def _steps(members: list[Member], first: int, last: int) -> dict[int, list[int]]:
    """Note by how much the counts (monitors, down, unknown) change at which minute."""
    steps: dict[int, list[int]] = {first: [0, 0, 0], last: [0, 0, 0]}
    for member in members:
        present = member.present.clip(first, last)
        counted = (present, member.minutes.down & present, member.minutes.unknown & present)
        for place, ranges in enumerate(counted):
            for start, end in ranges:
                steps.setdefault(start, [0, 0, 0])[place] += 1
                steps.setdefault(end, [0, 0, 0])[place] -= 1
    return steps
