"""Arithmetic of worked time on compiled years; instants are microseconds from 1970."""

from __future__ import annotations

from kernel.business_time.years import Years
from kernel.intervals import Ranges

_FOREVER = 2**63 - 1


def forward(years: Years, begin: int, wanted: int, pauses: Ranges) -> int:
    """Find the earliest instant with this much worked time after the beginning."""
    line = years.covering(begin, begin)
    target = line.position(begin) + wanted
    for left, right in pauses.clip(begin, _FOREVER):
        line = years.covering(left, right)
        if line.position(left) >= target:
            break
        target += line.position(right) - line.position(left)
    return years.reaching(target, line).earliest(target)


def backward(years: Years, begin: int, wanted: int, pauses: Ranges) -> int:
    """Find the latest instant with this much worked time before the beginning."""
    line = years.covering(begin, begin)
    target = line.position(begin) - wanted
    for left, right in reversed(pauses.clip(-_FOREVER, begin).pairs):
        line = years.covering(left, right)
        if line.position(right) <= target:
            break
        target -= line.position(right) - line.position(left)
    return years.reaching_back(target, line).latest(target)


def between(years: Years, first: int, last: int, pauses: Ranges) -> int:
    """Measure the worked microseconds from the first instant to a later one."""
    line = years.covering(first, last)
    paused = pauses.clip(first, last)
    stopped = sum(line.position(right) - line.position(left) for left, right in paused)
    return line.position(last) - line.position(first) - stopped
