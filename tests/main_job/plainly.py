"""A month of one monitor computed once more, the plainest way: minute by minute, with a loop and ifs.

It shares nothing with the product: no ranges, no months of ours, no terms.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path

MINUTE = timedelta(minutes=1)
CARRIED = timedelta(hours=26)
CENT = Decimal("0.01")
TARGETS = {"basic": Fraction(990, 1000), "pro": Fraction(995, 1000), "enterprise": Fraction(999, 1000)}


@dataclass
class PlainMonth:
    """How many minutes were what."""

    up: int = 0
    down: int = 0
    unknown: int = 0

    @property
    def uptime(self) -> Fraction | None:
        """Up minutes over those that were measured."""
        return Fraction(self.up, self.up + self.down) if self.up + self.down else None


def checks_of(file: Path, monitor: str, *, before: datetime) -> list[tuple[datetime, int]]:
    """Read one monitor's instants and statuses, in order of time."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["monitor"] == monitor]
    seen = [(datetime.fromisoformat(row["checked_at"]), int(row["http_status"])) for row in rows]
    return sorted(one for one in seen if one[0] < before)


def month_of(checks: Iterable[tuple[datetime, int]], year: int, month: int) -> PlainMonth:
    """Walk the month from minute to minute and count."""
    by_minute: dict[datetime, list[int]] = defaultdict(list)
    last_in: dict[datetime, datetime] = {}
    for at, status in checks:
        minute = at.replace(second=0, microsecond=0)
        by_minute[minute].append(status)
        last_in[minute] = max(at, last_in.get(minute, at))
    minutes = sorted(by_minute)
    begin = datetime(year, month, 1, tzinfo=UTC)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    found, next_known, last = PlainMonth(), 0, None
    minute = begin
    while minute < end:
        while next_known < len(minutes) and minutes[next_known] <= minute:
            last = minutes[next_known]
            next_known += 1
        if last is None or (last != minute and minute - last_in[last] > CARRIED):
            found.unknown += 1
        elif all(status == 0 or status >= 500 for status in by_minute[last]):
            found.down += 1
        else:
            found.up += 1
        minute += MINUTE
    return found


def percent_of(tier: str, uptime: Fraction | None) -> int:
    """What the table of §3.1 pays the tier, in percent; nothing where its target of §2.1 is met."""
    if uptime is None or tier not in TARGETS or uptime >= TARGETS[tier]:
        return 0
    if uptime < Fraction(90, 100):
        return 50
    if uptime < Fraction(95, 100):
        return 25
    if uptime < Fraction(99, 100):
        return 10
    if uptime < Fraction(995, 1000):
        return 5
    return 0


def credit_of(usage: Decimal, percent: int) -> Decimal:
    """§3.2: spend times percent, to the cent, and at most half of the spend (§3.3)."""
    exact = (usage * percent / 100).quantize(CENT, ROUND_HALF_EVEN)
    return min(exact, (usage / 2).quantize(CENT, ROUND_DOWN))
