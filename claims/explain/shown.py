"""The parts of an explanation, as plain data that a page, the API or an export renders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from agreements.explaining import Step
from claims.events.finding import Source
from kernel.intervals import Ranges, instant_of
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Whole minutes from one instant to another, end excluded."""

    start: datetime
    end: datetime
    minutes: int


def stretches(ranges: Ranges) -> tuple[Stretch, ...]:
    """Show numbered minutes as stretches of time."""
    return tuple(Stretch(start=instant_of(start), end=instant_of(end), minutes=end - start) for start, end in ranges)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassShown:
    """One class of minutes; `in_total` and `good` say how they count."""

    name: str
    title: str
    minutes: int
    stretches: tuple[Stretch, ...]
    in_total: bool
    good: bool
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionShown:
    """An exclusion and the minutes that it touches: of the month, or of one outage."""

    exclusion: UUID
    category: str
    treatment: str
    reason: str
    clause: str
    minutes: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageShown:
    """An outage as it falls on the account; start and end are its own, the minutes the month's.

    No `end`: it was open when the statement was made, and was cut at the month's end.
    """

    start: datetime
    end: datetime | None
    minutes: int
    unexcused_minutes: int
    unexcused: tuple[Stretch, ...]
    excused_by: tuple[ExclusionShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierShown:
    """A tier that was held in the month, and how many unexcused down minutes fell in it."""

    tier: str
    title: str
    start: datetime
    end: datetime
    down_minutes: int
    judges: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the computation: what, by which figures, under which clause."""

    name: str
    title: str
    sentence: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One version of a statement, told down to minutes, exclusions, clause and terms version.

    `tree` is the decision, with every step that it rests on; `steps` are the main ones of them
    in order, and everything else is what they are made of. `sources` name the checks that the
    minutes came from.
    """

    account: UUID
    agreement: str
    title: str
    month: Month
    zone: str
    statement_version: int
    stated_at: datetime
    reason: str
    terms_version: int
    override: int | None
    document_date: str
    total_minutes: int
    counted_minutes: int
    good_minutes: int
    uptime: Fraction | None
    uptime_shown: str
    target: Fraction | None
    allowed_minutes: int | None
    tier: str | None
    percent: Fraction | None
    base: Money | None
    credit: Money | None
    cap: Money | None
    code: str
    tree: Step
    steps: tuple[Line, ...]
    tiers: tuple[TierShown, ...]
    classes: tuple[ClassShown, ...]
    unmeasured: tuple[Stretch, ...]
    outages: tuple[OutageShown, ...]
    exclusions: tuple[ExclusionShown, ...]
    sources: tuple[Source, ...]
