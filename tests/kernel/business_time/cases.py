"""Cases of business time: how they are written in tests, and how the cases of others are read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kernel.business_time import WEEKDAYS, BusinessCalendar, Schedule
from kernel.intervals import Interval

Hours = list[tuple[str, str]]

# 634 cases from the test suites and documents of others; the README beside them says how to read them.
OTHERS = Path(__file__).parents[3].parent / "shared" / "vectors" / "business-time.json"


@dataclass(frozen=True)
class Case:
    """One question to a calendar and its answer; `asked` is an amount, an end or a count of days."""

    rule: str
    calendar: BusinessCalendar
    start: datetime
    asked: Any
    expect: Any
    pauses: tuple[Interval, ...] = ()

    def __str__(self) -> str:
        return self.rule


def at(text: str) -> datetime:
    """Read an instant; without an offset it is UTC."""
    return datetime.fromisoformat(text if "+" in text or text.count("-") > 2 else f"{text}+00:00")


def pause(start: str, end: str) -> Interval:
    """Write a pause between two instants."""
    return Interval(at(start), at(end))


def weekly(names: str, *windows: tuple[str, str]) -> dict[str, Hours]:
    """Open on the named weekdays: weekly("mon tue", ("09:00", "17:00"))."""
    return {name: list(windows) for name in names.split()}


WORKWEEK = " ".join(WEEKDAYS[:5])
EVERY_DAY = " ".join(WEEKDAYS)
NINE_TO_FIVE = weekly(WORKWEEK, ("09:00", "17:00"))
ALWAYS = weekly(EVERY_DAY, ("00:00", "24:00"))


def calendar(hours: Mapping[str, Hours], zone: str = "UTC", **exceptions: Any) -> BusinessCalendar:
    """Make a calendar of a zone; exceptions are those of Schedule.parse."""
    return BusinessCalendar(ZoneInfo(zone), Schedule.parse(hours, **exceptions))


def off(*days: str) -> dict[date, str]:
    """Name dates as holidays."""
    return {date.fromisoformat(day): "a holiday" for day in days}


def on(**dates: Hours) -> dict[date, Hours]:
    """Write hours of dates: on(d2019_12_27=[("08:00", "17:00")])."""
    return {date.fromisoformat(name[1:].replace("_", "-")): hours for name, hours in dates.items()}


def cases_of_others(op: str) -> list[Case]:
    """Read the cases of one kind, where the file is present beside the repository."""
    written = json.loads(OTHERS.read_text()) if OTHERS.exists() else []
    return [_read(case) for case in written if case["op"] == op]


def _read(case: dict[str, Any]) -> Case:
    asked: Any
    expect: Any
    match case["op"]:
        case "add":
            asked, expect = timedelta(seconds=case["amount"]), datetime.fromisoformat(case["expect"])
        case "between":
            asked, expect = datetime.fromisoformat(case["end"]), timedelta(seconds=case["expect"])
        case _:
            asked, expect = case["amount"], date.fromisoformat(case["recommended_date"])
    described = case["calendar"]
    return Case(
        rule=case["id"],
        calendar=calendar(
            described["weekly_hours"],
            described["tz"],
            holidays=off(*described["holidays"]),
            overrides=_dated(described.get("overrides", {}).items()),
            breaks=_dated(described.get("breaks", {}).items()),
            versions=_dated((each["effective_from"], each["weekly_hours"]) for each in described.get("versions", ())),
        ),
        start=datetime.fromisoformat(case["start"]),
        asked=asked,
        expect=expect,
        pauses=tuple(pause(start, end) for start, end in described.get("pauses", ())),
    )


def _dated(pairs: Iterable[tuple[str, Any]]) -> dict[date, Any]:
    return {date.fromisoformat(day): value for day, value in pairs}
