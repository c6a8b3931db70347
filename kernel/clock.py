"""The only place that reads the time; everything else is told what time it is."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from kernel.errors import ClockOffsetMalformed, ClockRefused

VARIABLE = "MAKEGOOD_CLOCK"

_UNITS = r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?"
_OFFSET = re.compile(rf"([-+]){_UNITS}", re.ASCII)
_allowed: set[str] = set()


def now() -> datetime:
    """Tell the time, aware and in UTC, moved by MAKEGOOD_CLOCK where settings allow that."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """Tell by how much the clock is moved; refuse a move that settings did not allow."""
    written = os.environ.get(VARIABLE, "")
    if not written:
        return timedelta(0)
    if not moving_is_allowed():
        raise ClockRefused
    return parse_offset(written)


def allow_moving() -> None:
    """Let MAKEGOOD_CLOCK move the clock: called by the settings of demo and test only."""
    _allowed.add(VARIABLE)


def forbid_moving() -> None:
    """Refuse MAKEGOOD_CLOCK again."""
    _allowed.discard(VARIABLE)


def moving_is_allowed() -> bool:
    """Whether settings let MAKEGOOD_CLOCK move the clock."""
    return VARIABLE in _allowed


@lru_cache(maxsize=16)
def parse_offset(written: str) -> timedelta:
    """Read a signed duration in days, hours, minutes and seconds: +40d, -1d12h, +90s."""
    match = _OFFSET.fullmatch(written)
    if match is None or not any(match.groups()[1:]):
        raise ClockOffsetMalformed(written)
    sign, *amounts = match.groups()
    days, hours, minutes, seconds = (int(amount or 0) for amount in amounts)
    moved = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return moved if sign == "+" else -moved
