"""The minutes of a month as one bar: where each part begins and how wide it is, in thousandths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from claims.events.statement import Classes

WIDTH: Final = 1_000
NARROWEST: Final = 3
KINDS: Final = {"excused_leaving": "excused", "excused_as_up": "excused"}
ORDER: Final = ("up", "down", "excused_as_up", "excused_leaving", "window", "unknown")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bar."""

    kind: str
    x: int
    width: int


def bar(minutes: Iterable[tuple[str, int]]) -> list[Part]:
    """Lay out classes of minutes by name; what is there can be seen, however short, and the largest gives way."""
    there = [(name, count) for name, count in minutes if count]
    total = sum(count for _, count in there) or 1
    widths = [max(NARROWEST, round(count * WIDTH / total)) for _, count in there]
    if widths:
        widths[widths.index(max(widths))] += WIDTH - sum(widths)
    parts, x = [], 0
    for (name, _), width in zip(there, widths, strict=True):
        parts.append(Part(KINDS.get(name, name), x, width))
        x += width
    return parts


def bar_of(classes: Classes) -> list[Part]:
    """Lay out a month's classes."""
    return bar((name, getattr(classes, name)) for name in ORDER)
