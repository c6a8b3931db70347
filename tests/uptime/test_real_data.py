"""Real observations of real services give the minutes that were computed for them apart."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kernel.intervals import EPOCH, minute_of
from kernel.months import Month
from uptime.events import Quorum
from uptime.rules.checks import Check, MonitorRule, minutes_of

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "tests" / "data"
WHOLE = ROOT.parent / "shared" / "data"
PLACES = [OURS, WHOLE] if WHOLE.is_dir() else [OURS]

RULE = MonitorRule(fails=lambda status: not 200 <= status < 500, quorum=Quorum.ALL, max_gap=timedelta(hours=26))
Observed = dict[str, list[Check]]


def observed(place: Path, source: str) -> Observed:
    """The checks of every monitor in the file."""
    found: Observed = defaultdict(list)
    with (place / f"checks-{source}.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            at = (datetime.fromisoformat(row["checked_at"]) - EPOCH) // timedelta(microseconds=1)
            found[row["monitor"]].append((at, int(row["http_status"])))
    return found


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.parent.name)
@pytest.mark.parametrize("source", ["toro", "manticore"])
def test_every_month_of_every_monitor_is_right_to_the_minute(place: Path, source: str) -> None:
    checks = observed(place, source)
    expected = json.loads((place / f"minutes-{source}.json").read_text())
    assert expected.keys() == checks.keys()
    for monitor, months in expected.items():
        for written, figures in months.items():
            month = Month.parse(written)
            first, last = month.first_minute(UTC), month.last_minute(UTC)
            minutes = minutes_of(checks[monitor], rule=RULE, first=first, last=last)
            down, unknown = minutes.down.total, minutes.unknown.total
            found = {"up": last - first - down - unknown, "down": down, "unknown": unknown}
            assert found == figures, f"{monitor} in {written}"


def test_the_days_of_downtime_agree_with_what_the_source_reported_of_its_incidents() -> None:
    """The source kept no incident of some outages under a quarter of an hour; of all others it did."""
    checks = observed(OURS, "manticore")
    reported = json.loads((OURS / "reported-manticore.json").read_text())
    days = [(monitor, day, minutes) for monitor, by_day in reported.items() for day, minutes in by_day.items()]
    assert len(days) == 22
    for monitor, day, minutes_reported in days:
        lengths = outages_on(date.fromisoformat(day), checks[monitor])
        long = sum(length for length in lengths if length >= 15)
        assert long - FEW <= minutes_reported <= sum(lengths) + FEW, f"{monitor} on {day}"


FEW = 2
AUGUST = Month(2026, 8)


def outages_on(day: date, checks: list[Check]) -> list[int]:
    """The lengths in minutes of the outages of one UTC day in August."""
    midnight = minute_of(datetime.combine(day, datetime.min.time(), UTC))
    first, last = AUGUST.first_minute(UTC), AUGUST.last_minute(UTC)
    down = minutes_of(checks, rule=RULE, first=first, last=last).down
    return [end - start for start, end in down.clip(midnight, midnight + 1_440)]
