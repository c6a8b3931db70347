"""What examples give and expect about claims, answers, excused time and the end of a contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from agreements.terms.given import SpanText
from agreements.terms.part import Part
from agreements.terms.values import (
    Day,
    DayOrInstant,
    Duration,
    Instant,
    Name,
    Percent,
    Written,
    instant,
    refused,
    text_of,
)
from kernel.business_time import WEEKDAYS
from kernel.errors import KernelError
from kernel.intervals import Interval
from kernel.months import Month

_NOTED = re.compile(r"(?P<at>\S+) \((?P<weekday>[A-Za-z]+)\)", re.ASCII)
_OPENED = "an instant with its offset, such as 2027-03-05T17:00+01:00 (Friday)"
_STRETCH = "a stretch of time, such as 2026-03-08T02:00Z to 2026-03-08T04:00Z"


def opened_at(value: object) -> datetime:
    """Read an instant that may carry its weekday, which must be the right one."""
    if isinstance(value, datetime):
        return value
    text = text_of(value, _OPENED)
    match = _NOTED.fullmatch(text)
    if match is None:
        return instant(text)
    read = instant(match["at"])
    local = datetime.fromisoformat(match["at"])
    if match["weekday"][:3].lower() != WEEKDAYS[local.weekday()]:
        raise refused(f"{match['at']} is a {local:%A}, no {match['weekday']}.", _OPENED, f"write ({local:%A})")
    return read


def stretch(value: object) -> Interval:
    """Read a stretch of time: from one instant to before another."""
    if isinstance(value, Interval):
        return value
    start, to, end = text_of(value, _STRETCH).partition(" to ")
    if not to:
        raise refused(f"{value!r} was not understood.", _STRETCH)
    try:
        return Interval(instant(start), instant(end))
    except KernelError as error:
        raise refused(f"{value!r} ends before it begins.", _STRETCH) from error


def month(value: object) -> Month:
    """Read a month: 2026-03."""
    if isinstance(value, Month):
        return value
    try:
        return Month.parse(text_of(value, "a month, such as 2026-03"))
    except KernelError as error:
        raise refused(f"{value!r} is no month.", "a month, such as 2026-03") from error


OpenedAt = Annotated[datetime, Written(opened_at, "An instant, with its weekday or without", "", (_OPENED[-33:],))]
Stretch = Annotated[Interval, Written(stretch, "A stretch of time", "", ("2026-03-08T02:00Z to 2026-03-08T04:00Z",))]
MonthText = Annotated[Month, Written(month, "A month", r"\d{4}-\d\d", ("2026-03",))]


class JudgedPeriod(Part):
    """A month or quarter as it was judged, from which a right to end the contract may follow."""

    period: SpanText
    """The month, quarter or year."""
    missed: bool | None = None
    """Whether its target was missed."""
    uptime: Percent | None = None
    """Its uptime."""
    down: Duration | None = None
    """How long it was down and not excused."""
    longest_outage: Duration | None = None
    """How long its longest outage was."""
    outages: int = Field(default=0, ge=0)
    """How many outages it had."""
    replies: int = Field(default=0, ge=0)
    """How many replies were owed in it."""
    missed_replies: int = Field(default=0, ge=0)
    """How many of the replies that were owed in it were missed."""
    capped: bool = False
    """Whether its credits reached their cap."""


class GivenTimes(Part):
    """What an example gives about times; instants, or dates where only the day matters."""

    opened: OpenedAt | None = None
    """When a request was received; its weekday may stand beside it."""
    impact: Name | None = None
    """The impact of what is reported."""
    urgency: Name | None = None
    """The urgency of what is reported."""
    priority: Name | None = None
    """The severity of the request, where it is found already."""
    workaround: bool | None = None
    """Whether there is a workaround."""
    cause: Name | None = None
    """The cause of what is reported."""
    known: tuple[Name, ...] = ()
    """Further facts that hold."""
    waiting: tuple[Stretch, ...] = ()
    """When the customer's answer was awaited."""
    acknowledged: Instant | None = None
    """When the receipt was confirmed."""
    answered: Instant | None = None
    """When a person answered the request."""
    updated: Instant | None = None
    """When the request was reported on for the last time."""
    resolved: Instant | None = None
    """When the problem was solved."""
    acknowledged_after: Duration | None = None
    """Instead of the instant: how long after the receipt it was confirmed."""
    answered_after: Duration | None = None
    """Instead of the instant: how long after the receipt a person answered."""
    resolved_after: Duration | None = None
    """Instead of the instant: how long after the receipt the problem was solved."""
    incident_start: DayOrInstant | None = None
    """When the incident began."""
    incident_end: DayOrInstant | None = None
    """When the incident ended."""
    incident_day: Day | None = None
    """The day of an incident that began and ended on it."""
    month_end: Day | None = None
    """The last day of the month that is claimed."""
    quarter_end: Day | None = None
    """The last day of the quarter that is claimed."""
    cycle_end: Day | None = None
    """The last day of the billing cycle that is claimed."""
    period_end: Day | None = None
    """The last day of the period that is claimed, whatever it is."""
    reported: DayOrInstant | None = None
    """When the incident was reported."""
    ticket: DayOrInstant | None = None
    """When a ticket was opened for the incident."""
    ticket_closed: DayOrInstant | None = None
    """When that ticket was closed."""
    aware: DayOrInstant | None = None
    """When the customer became aware of the incident."""
    eligible: DayOrInstant | None = None
    """When the customer became eligible for credit."""
    notified: DayOrInstant | None = None
    """When the customer was notified."""
    published: DayOrInstant | None = None
    """When the period's figure was published."""
    invoiced: DayOrInstant | None = None
    """When the invoice was issued."""
    filed: DayOrInstant | None = None
    """When the claim was filed."""
    complete: DayOrInstant | None = None
    """When all information had been received."""
    decided: DayOrInstant | None = None
    """When the claim was decided."""
    approved: DayOrInstant | None = None
    """When the claim was granted."""
    report: Name | None = None
    """The report that is asked about."""
    month: MonthText | None = None
    """The month whose minutes are classed."""
    down_during: tuple[Stretch, ...] | None = None
    """When the service was down."""
    declared: Mapping[Name, tuple[Stretch, ...]] = Field(default_factory=dict)
    """What belongs to which category of excused time."""
    announced_during: tuple[Stretch, ...] = ()
    """What was announced in time."""
    announced: Instant | None = None
    """When a maintenance was announced."""
    starts: Instant | None = None
    """The announced start of the maintenance."""
    periods: tuple[JudgedPeriod, ...] = ()
    """Periods as they were judged, from which a right to end the contract may follow."""


class ExpectedTimes(Part):
    """What an example expects about times."""

    severity: Name | None = None
    """The severity that the request has."""
    priority: Name | None = None
    """The same: many agreements call the severity its priority."""
    response_due: Instant | None = None
    """The last instant at which a first reply is in time."""
    response_before: Instant | None = None
    """The first instant at which a first reply is late."""
    acknowledgement_due: Instant | None = None
    """The last instant at which the confirmation is in time."""
    update_due: Instant | None = None
    """The last instant at which the next update is in time."""
    resolution_due: Instant | None = None
    """The last instant at which the solution is in time."""
    resolution_before: Instant | None = None
    """The first instant at which the solution is late."""
    response_guide: Instant | None = None
    """The guide figure beside a best effort."""
    support_breach: bool | None = None
    """Whether an answer that is given came late."""
    claim_opens: Instant | None = None
    """From when a claim may be filed."""
    claim_deadline: Day | None = None
    """The last day on which a claim is in time."""
    claim_until: Instant | None = None
    """The first instant at which a claim is late."""
    claim_in_time: bool | None = None
    """Whether the claim, and the ticket before it, were in time."""
    claim_needed: bool | None = None
    """Whether credit is claimed at all."""
    ticket_deadline: Day | None = None
    """The last day on which the ticket before a claim is in time."""
    ticket_until: Instant | None = None
    """The last instant at which the ticket before a claim is in time."""
    decision_due: Day | None = None
    """The last day on which a claim is decided in time."""
    settlement_due: Day | None = None
    """The last day on which a claim is settled in time."""
    payment_due: Day | None = None
    """The last day on which a claim is paid in time."""
    report_due: Day | None = None
    """The last day on which the report is in time."""
    decision_until: Instant | None = None
    """The last instant at which a claim is decided in time."""
    settlement_until: Instant | None = None
    """The last instant at which a claim is settled in time."""
    payment_until: Instant | None = None
    """The last instant at which a claim is paid in time."""
    report_until: Instant | None = None
    """The last instant at which the report is in time."""
    report_owed: bool | None = None
    """Whether the report is owed at all."""
    down_minutes: int | None = Field(default=None, ge=0)
    """How many minutes are down and not excused."""
    excused_minutes: int | None = Field(default=None, ge=0)
    """How many down minutes are excused."""
    leaving_minutes: int | None = Field(default=None, ge=0)
    """How many minutes leave the total."""
    overrun_minutes: int | None = Field(default=None, ge=0)
    """How many minutes were over an allowance."""
    notice_met: bool | None = None
    """Whether a maintenance was announced in time."""
    announce_by: Instant | None = None
    """The last instant at which a maintenance is announced in time."""
    may_end: bool | None = None
    """Whether the customer may end the contract."""
    may_end_until: Day | None = None
    """Until when the last right to end the contract can be used."""


def dated(value: date | datetime | None) -> bool:
    """Tell whether only a day is given."""
    return value is not None and not isinstance(value, datetime)
