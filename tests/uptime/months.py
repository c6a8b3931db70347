"""A small month for tests of the rules: minutes are plain numbers, stretches of time exact minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agreements.terms.excusing import Treatment
from kernel.intervals import EMPTY, Ranges
from kernel.minutes import MonthMinutes
from uptime.rules.checks import MICROSECONDS_IN_MINUTE, Minutes
from uptime.rules.classes import Measurement, month_of
from uptime.rules.combining import Member, ServiceRule
from uptime.rules.corrections import Change
from uptime.rules.excusing import Excuse

T = 43_200
ALWAYS = Ranges.of((-T, 2 * T))

WINDOW = Treatment.WINDOW_LEAVES_TOTAL
OUTAGE = Treatment.OUTAGE_LEAVES_TOTAL
AS_UP = Treatment.COUNTS_AS_UP


def monitor(name: str = "api", *, down: Ranges = EMPTY, unknown: Ranges = EMPTY, present: Ranges = ALWAYS) -> Member:
    return Member(name, Minutes(down, unknown), present)


def measured(*members: Member, rule: ServiceRule | None = None, first: int = 0, last: int = T) -> Measurement:
    return Measurement(
        members=members, rule=rule or ServiceRule("any_down"), no_data="leaves_total", first=first, last=last
    )


def excuse(treatment: Treatment, *stretches: tuple[int, int], monitors: Sequence[str] = ()) -> Excuse:
    exact = Ranges((start * MICROSECONDS_IN_MINUTE, end * MICROSECONDS_IN_MINUTE) for start, end in stretches)
    return Excuse(treatment=treatment, stretches=exact, monitors=frozenset(monitors))


def month(
    measurement: Measurement | Member, *excuses: Excuse, changes: Sequence[Change] = (), no_data: str = "leaves_total"
) -> MonthMinutes:
    of = measured(measurement) if isinstance(measurement, Member) else measurement
    of = replace(of, no_data=no_data)  # type: ignore[arg-type]
    return month_of(of, changes=changes, excuses=excuses, first=0, last=T)


def totals(minutes: MonthMinutes) -> dict[str, int]:
    """The size of every class that has a minute."""
    names = ("window", "unknown", "excused_leaving", "excused_as_up", "down", "up")
    found = {name: getattr(minutes, name).total for name in names}
    return {name: total for name, total in found.items() if total}
