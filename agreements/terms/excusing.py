"""What downtime is excused, how it is treated, and how maintenance is announced."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from agreements.terms.part import Part
from agreements.terms.values import Duration, Written, parsed, zone

CATEGORIES = (
    "planned_maintenance",
    "emergency_maintenance",
    "third_party",
    "force_majeure",
    "customer_action",
    "network",
    "ddos",
)
Category = Literal[
    "planned_maintenance",
    "emergency_maintenance",
    "third_party",
    "force_majeure",
    "customer_action",
    "network",
    "ddos",
]


class Treatment(StrEnum):
    """What an excuse does to the minutes of a month."""

    WINDOW_LEAVES_TOTAL = "window_leaves_total"
    OUTAGE_LEAVES_TOTAL = "outage_leaves_total"
    COUNTS_AS_UP = "counts_as_up"
    COUNTS_AS_DOWN = "counts_as_down"


class Excuse(Part):
    """How downtime of one category counts."""

    treatment: Treatment = Field(strict=False)
    """What leaves the total, or how the minutes count; counts_as_down excuses nothing."""
    means: str | None = None
    """What belongs to the category, in words."""


def _long_excuse(value: Any) -> Any:
    return {"treatment": value} if isinstance(value, str) else value


Excuses = Mapping[Category, Annotated[Excuse, BeforeValidator(_long_excuse, json_schema_input_type=Treatment | Excuse)]]


@dataclass(frozen=True)
class HoursOfDay:
    """Hours of every day in a zone: 02:00-06:00 UTC."""

    start: time
    end: time
    zone: ZoneInfo

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.zone}"


_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d) (\S+)", re.ASCII)


def hours_of_day(value: object) -> HoursOfDay:
    """Read hours with their zone."""
    if isinstance(value, HoursOfDay):
        return value
    match = parsed(value, _HOURS, "hours and their zone, such as 02:00-06:00 UTC", "")
    from_hour, from_minute, to_hour, to_minute = (int(digits) for digits in match.groups()[:4])
    return HoursOfDay(time(from_hour, from_minute), time(to_hour, to_minute), zone(match[5]))


DailyHours = Annotated[HoursOfDay, Written(hours_of_day, "Hours of every day", "", ("02:00-06:00 UTC",))]

Channel = Literal["mail", "page"]


class Planned(Part):
    """How planned maintenance is announced; one that was not is excused in no part."""

    notice: Duration | None = None
    """How long before its announced start; without, it need only be published before it."""
    announce_by: tuple[Channel, ...] = Field(default=("mail", "page"), min_length=1)
    """By which means; the page counts only where one is named."""
    notice_by_mail: Literal["own_delivery", "first_delivery"] = "own_delivery"
    """Whether a mail counts for the account to which it was accepted, or for all."""
    schedule_page: str | None = None
    """Where the schedule of windows is published."""
    preferred_hours: DailyHours | None = None
    """When windows are held where possible."""
    states_duration: bool = True
    """Whether every notice tells the expected duration; one that does not is refused."""


Fact = Literal["condition", "several_customers", "urgency", "notice_given"]


class Emergency(Part):
    """Maintenance that could not wait."""

    means: str | None = None
    """What it is for, in words."""
    conditions: tuple[Literal["network", "security"], ...] = ()
    """The conditions that may call for it."""
    advance_notice: Literal["none", "as_much_as_possible"] = "none"
    """What notice is promised."""
    excuse_needs: tuple[Fact, ...] = ()
    """What must be recorded before it excuses anything."""


class Maintenance(Part):
    """How maintenance is planned and announced."""

    planned: Planned = Planned()
    """Planned maintenance."""
    emergency: Emergency = Emergency()
    """Emergency maintenance."""
