"""Promised answers: how soon a support request is answered, by tier and severity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from agreements.terms.part import Part
from agreements.terms.prioritizing import Priority
from agreements.terms.problems import Path
from agreements.terms.promising import Clock as Clock
from agreements.terms.promising import Promise as Promise
from agreements.terms.promising import PromisedTime
from agreements.terms.promising import promise as promise
from agreements.terms.values import MailAddress, Name, refused

EVERY_TIER = "every_tier"
EVERY_SEVERITY = "every_severity"

Answer = Literal["response", "acknowledgement", "progress_every", "resolution"]
ANSWERS: tuple[Answer, ...] = ("response", "acknowledgement", "progress_every", "resolution")


class Cell(Part):
    """The promise to one tier at one severity."""

    within: PromisedTime
    """The promised time."""
    calendar: Name | None = None
    """The business calendar by which it is counted, where it is not the tier's own."""
    outside_hours: PromisedTime | None = None
    """The promised time where the clock begins outside the hours of the calendar."""

    @property
    def asks_hours(self) -> bool:
        """Whether a business calendar counts it, or tells which promise it is."""
        return self.within.clock.business or self.outside_hours is not None

    @model_validator(mode="after")
    def _counts_business_time(self) -> Self:
        if self.calendar is not None and not self.asks_hours:
            told = f"{self.within.text!r} is not business time, so no calendar counts it."
            raise refused(told, "business hours or business days beside a calendar", "remove `calendar`")
        return self


def _cell(value: Any) -> Any:
    return {"within": value} if isinstance(value, str | int | Promise) else value


def _row(value: Any) -> Any:
    """Let one promise stand for every severity."""
    single = isinstance(value, str | int | Promise) or (isinstance(value, Mapping) and "within" in value)
    return {EVERY_SEVERITY: value} if single else value


def _table(value: Any) -> Any:
    """Let one promise stand for every tier and severity."""
    if isinstance(value, str) and value == "not_promised":
        return {}
    single = isinstance(value, str | int | Promise) or (isinstance(value, Mapping) and "within" in value)
    return {EVERY_TIER: value} if single else value


ShortCell = Annotated[Cell, BeforeValidator(_cell, json_schema_input_type=PromisedTime | Cell)]
ShortRow = Annotated[
    Mapping[Name, ShortCell],
    BeforeValidator(_row, json_schema_input_type=PromisedTime | Cell | Mapping[Name, ShortCell]),
]
Table = Annotated[
    Mapping[Name, ShortRow],
    BeforeValidator(_table, json_schema_input_type=PromisedTime | Cell | Mapping[Name, ShortRow]),
]


def _calendars(value: Any) -> Any:
    return {EVERY_TIER: value} if isinstance(value, str) else value


def _calendar_row(value: Any) -> Any:
    return {EVERY_SEVERITY: value} if isinstance(value, str) else value


CalendarRow = Annotated[
    Mapping[Name, Name], BeforeValidator(_calendar_row, json_schema_input_type=Name | Mapping[Name, Name])
]
Calendars = Annotated[
    Mapping[Name, CalendarRow],
    BeforeValidator(_calendars, json_schema_input_type=Name | Mapping[Name, CalendarRow]),
]


class Support(Part):
    """Support requests and their answers: by tier and severity, `every_tier` and `every_severity`."""

    channel: MailAddress | None = None
    """Where requests are sent; without, to the support contact."""
    severities: Mapping[Name, str] = Field(min_length=1)
    """The severities, most urgent first, and what each means."""
    priority: Priority | None = None
    """How the severity of a request is found, where the customer does not simply state it."""
    response: Table = Field(default_factory=dict)
    """The promised time to the first reply, by tier and severity."""
    acknowledgement: Table = Field(default_factory=dict)
    """The promised time to the confirmation of receipt."""
    progress_every: Table = Field(default_factory=dict)
    """How often an open request or incident is reported on: from each update to the next."""
    resolution: Table = Field(default_factory=dict)
    """The promised time to the solution; not_promised says aloud that there is none."""
    resolution_from: Literal["receipt", "acknowledgement", "response"] = "receipt"
    """From when the time to the solution runs."""
    response_from: Literal["receipt", "acknowledgement"] = "receipt"
    """From when the time to the first reply runs."""
    waiting_pauses: tuple[Literal["response", "resolution"], ...] = ()
    """Which clocks pause while the customer's answer is awaited."""
    answered_by: Literal["solution_or_question"] = "solution_or_question"
    """What stops the clock: a person's reply that gives a solution or asks for information."""
    business_hours_mean: Literal["worked", "hours_on_business_days"] = "worked"
    """Whether business hours are hours worked, or all hours of business days."""
    calendar: Calendars = Field(default_factory=dict)
    """The business calendar by tier and severity, where it is not `business_hours`."""

    def table(self, answer: Answer) -> Mapping[str, Mapping[str, Cell]]:
        """Give the table of one kind of answer."""
        found: Mapping[str, Mapping[str, Cell]] = getattr(self, answer)
        return found

    def promise(self, answer: Answer, tier: str, severity: str) -> Promise | None:
        """Give what is promised to the tier at the severity, with the calendar that counts it."""
        cell: Cell | None = _found(self.table(answer), tier, severity)
        if cell is None:
            return None
        calendar = self.calendar_of(cell, tier, severity)
        outside = cell.outside_hours and replace(cell.outside_hours, calendar=calendar)
        return replace(cell.within, calendar=calendar, outside=outside)

    def calendar_of(self, cell: Cell, tier: str, severity: str) -> str | None:
        """Name the calendar that counts a cell; None where it is the agreement's own, or none."""
        if not cell.asks_hours:
            return None
        named: str | None = cell.calendar or _found(self.calendar, tier, severity)
        return named

    def place(self, answer: Answer, tier: str, severity: str) -> Path:
        """Name the tier and severity under which the cell stands that holds the promise."""
        return _place(self.table(answer), tier, severity) or (tier, severity)

    def cells(self) -> Iterator[tuple[Path, Cell]]:
        """Give every cell of every table with its path."""
        for answer in ANSWERS:
            for tier, row in self.table(answer).items():
                for severity, cell in row.items():
                    yield ("support", answer, tier, severity), cell


def _found(table: Mapping[str, Mapping[str, Any]], tier: str, severity: str) -> Any:
    place = _place(table, tier, severity)
    return table[place[0]][place[1]] if place else None


def _place(table: Mapping[str, Mapping[str, Any]], tier: str, severity: str) -> tuple[str, str] | None:
    """Find the cell of the tier and severity, else the one for every severity, else for every tier."""
    for row in (tier, EVERY_TIER):
        for name in (severity, EVERY_SEVERITY):
            if name in table.get(row, {}):
                return row, name
    return None
