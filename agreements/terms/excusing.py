"""What downtime is excused, how it is treated, and how maintenance is announced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from agreements.terms.limits import Reach, Within, within
from agreements.terms.office import Hours
from agreements.terms.part import Part
from agreements.terms.supporting import EVERY_TIER
from agreements.terms.values import Duration, Name, Written, Zone, parsed, refused, zone

# The categories that every agreement knows, and what belongs to each.
CATEGORY_MEANINGS: Mapping[str, str] = {
    "planned_maintenance": "Maintenance that was announced as `maintenance` asks.",
    "emergency_maintenance": "Maintenance that could not wait.",
    "third_party": "Failures of others: clouds, registrars, upstream services.",
    "force_majeure": "Events that nobody could prevent.",
    "customer_action": "What a customer did or left undone; excused towards the customers who caused it.",
    "network": "Failures of networks outside of the provider's control.",
    "ddos": "Attacks by floods of requests.",
}
CATEGORIES = tuple(CATEGORY_MEANINGS)
# As close as this to a known category, a name is a slip and no category of the agreement's own.
_SLIP = 0.85


class Treatment(StrEnum):
    """What an excuse does to the minutes of a month."""

    WINDOW_LEAVES_TOTAL = "window_leaves_total"
    OUTAGE_LEAVES_TOTAL = "outage_leaves_total"
    COUNTS_AS_UP = "counts_as_up"
    COUNTS_AS_DOWN = "counts_as_down"

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe each treatment to editors."""
        return handler(schema) | {"enumDescriptions": [TREATMENT_MEANINGS[treatment] for treatment in cls]}


TREATMENT_MEANINGS: Mapping[Treatment, str] = {
    Treatment.WINDOW_LEAVES_TOTAL: "The whole window leaves the total of the period.",
    Treatment.OUTAGE_LEAVES_TOTAL: "Only excused minutes that were down leave the total.",
    Treatment.COUNTS_AS_UP: "Excused minutes are up, and the total stays.",
    Treatment.COUNTS_AS_DOWN: "Nothing is excused: the same as leaving the category out, said aloud.",
}


class FixedWindow(Part):
    """Hours of the week in which maintenance is held."""

    hours: Hours
    """The hours by weekday: {sunday: "02:00-06:00"}."""
    time_zone: Zone | None = None
    """Their zone; without, the agreement's."""
    weeks: tuple[Literal["first", "second", "third", "fourth", "last"], ...] = ()
    """Which of the month's such weekdays: the first Sunday; without, every one."""
    announced: bool = False
    """Whether a window must also have been announced in time to excuse anything."""


class Allowance(Part):
    """The most time that a category excuses; what is over counts as down, and unused time is lost."""

    each: Duration | None = None
    """The most of a single stretch."""
    per_day: Duration | None = None
    """The most of a day."""
    per_week: Duration | None = None
    """The most of a week, from Monday to Sunday."""
    per_month: Duration | None = None
    """The most of a calendar month."""
    per_quarter: Duration | None = None
    """The most of a calendar quarter."""
    per_year: Duration | None = None
    """The most of a calendar year. Where several limits are named, a minute needs room in all of them."""
    times_per_week: int | None = Field(default=None, ge=1)
    """How many stretches of a week may be excused at all."""
    times_per_month: int | None = Field(default=None, ge=1)
    """How many stretches of a calendar month may be excused."""
    times_per_quarter: int | None = Field(default=None, ge=1)
    """How many stretches of a calendar quarter may be excused."""
    times_per_year: int | None = Field(default=None, ge=1)
    """How many stretches of a calendar year may be excused."""

    @model_validator(mode="after")
    def _limits(self) -> Self:
        if not self.model_fields_set:
            raise refused("This allowance limits nothing.", "one of " + ", ".join(type(self).model_fields))
        for name, most in self.limits():
            if most % MINUTE:
                raise refused(f"`{name}` is no whole number of minutes.", "hours or minutes")
        return self

    def times(self) -> Iterator[tuple[str, int]]:
        """Give each limit of the number of stretches with its unit."""
        for unit in ("week", "month", "quarter", "year"):
            most: int | None = getattr(self, f"times_per_{unit}")
            if most is not None:
                yield unit, most

    def limits(self) -> Iterator[tuple[str, timedelta]]:
        """Give each limit of time with its field."""
        for name in ("each", "per_day", "per_week", "per_month", "per_quarter", "per_year"):
            most: timedelta | None = getattr(self, name)
            if most is not None:
                yield name, most


MINUTE = timedelta(minutes=1)


def _by_tier(value: Any) -> Any:
    """Let one allowance stand for every tier."""
    single = isinstance(value, Mapping) and any(name in Allowance.model_fields for name in value)
    return {EVERY_TIER: value} if single else value


Allowances = Annotated[
    Mapping[Name, Allowance],
    BeforeValidator(_by_tier, json_schema_input_type=Allowance | Mapping[Name, Allowance]),
]


class Excuse(Part):
    """How downtime of one category counts."""

    treatment: Treatment = Field(strict=False)
    """What leaves the total, or how the minutes count; counts_as_down excuses nothing."""
    means: str | None = None
    """What belongs to the category, in words."""
    windows: tuple[FixedWindow, ...] = ()
    """Fixed windows of the week; what is down inside them belongs to the category."""
    allowance: Allowances = Field(default_factory=dict)
    """The most time that is excused, for every tier or tier by tier."""
    allowance_with: Name | None = None
    """The category whose allowance this one shares: the two together use it up."""
    allowance_counts: Literal["windows", "downtime"] = "windows"
    """What uses an allowance up: the whole maintenance, or only its down minutes."""
    repaired_within: Duration | None = None
    """Outages that lasted this long or shorter belong to the category."""
    shorter_than: Duration | None = None
    """Outages that lasted less than this belong to the category."""
    first_of_each: Duration | None = None
    """The first time of every outage, whatever its length, belongs to the category."""
    tiers: tuple[Name, ...] = ()
    """The tiers for which it is excused; without, for all."""

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        told = [self.repaired_within, self.shorter_than, self.first_of_each]
        if sum(length is not None for length in told) > 1:
            expected = "one of repaired_within, shorter_than, first_of_each"
            raise refused("The category names several lengths of an outage.", expected)
        if any(length is not None and length % MINUTE for length in told):
            raise refused("The length of an outage is counted in whole minutes.", "a number of minutes")
        if self.allowance and self.allowance_with is not None:
            expected = "either `allowance` or `allowance_with`"
            raise refused("The category has an allowance of its own and shares another.", expected)
        if self.treatment is Treatment.COUNTS_AS_DOWN and (self.windows or self.allowance or any(told)):
            told_ = "The category excuses nothing, and yet says how much."
            raise refused(told_, "another treatment, or only `means` beside it")
        return self

    @property
    def says_what(self) -> bool:
        """Whether it says what belongs to it: in words, or by hours or lengths."""
        return bool(self.means or self.windows or self.repaired_within or self.shorter_than or self.first_of_each)

    def allowance_of(self, tier: str | None) -> Allowance | None:
        """Give the tier's allowance, else the one for every tier; None: without limit."""
        return self.allowance.get(tier or EVERY_TIER, self.allowance.get(EVERY_TIER))


def _long_excuse(value: Any) -> Any:
    return {"treatment": value} if isinstance(value, str) else value


ShortExcuse = Annotated[Excuse, BeforeValidator(_long_excuse, json_schema_input_type=Treatment | Excuse)]


def _own_categories(value: Mapping[str, Excuse]) -> Mapping[str, Excuse]:
    """Refuse a slip of a known category; one of the agreement's own says what belongs to it."""
    for name, excuse in value.items():
        if name in CATEGORIES:
            continue
        if near := get_close_matches(name, CATEGORIES, n=1, cutoff=_SLIP):
            told, expected = f"`{name}` is close to a known category.", f"`{near[0]}`, or another name"
            raise refused(told, expected, f"write `{near[0]}`", at=name)
        defined = (
            excuse.means or excuse.windows or excuse.repaired_within or excuse.shorter_than or excuse.first_of_each
        )
        if not defined:
            expected = "a category that is known (" + ", ".join(CATEGORIES) + "), or `means` beside it"
            raise refused(f"Nothing says what belongs to `{name}`.", expected, "add `means: ...`", at=name)
    return value


Excuses = Annotated[Mapping[Name, ShortExcuse], AfterValidator(_own_categories)]


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

_NOTICE = "a time ahead, such as 48 hours, 7 days or 5 business days"


class NotElapsed(LookupError):
    """A notice that is counted in days was asked for its elapsed time."""


def notice(value: object) -> Within:
    """Read how long ahead something is announced: 48 hours, 7 days, 5 business days."""
    try:
        ahead = within(value)
    except ValueError as error:
        raise refused(f"{value!r} was not understood.", _NOTICE) from error
    if ahead.reach not in (Reach.ELAPSED, Reach.DAYS, Reach.BUSINESS_DAYS):
        raise refused(f"{ahead.text!r} is no time ahead of something.", _NOTICE)
    return ahead


NoticeText = Annotated[Within, Written(notice, "How long ahead", "", ("48 hours", "7 days", "5 business days"))]


class Planned(Part):
    """How planned maintenance is announced; one that was not is excused in no part."""

    ahead: NoticeText | None = Field(default=None, alias="notice")
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

    @property
    def notice(self) -> timedelta | None:
        """The notice as elapsed time; NotElapsed where it is counted in days."""
        if self.ahead is not None and self.ahead.reach is not Reach.ELAPSED:
            raise NotElapsed(str(self.ahead))
        return self.ahead.time if self.ahead else None


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
