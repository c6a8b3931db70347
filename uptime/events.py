"""What can happen to measurement: the vocabulary of monitors, months, exclusions and corrections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from eventstore import Event, event
from kernel.intervals import Interval, Ranges
from kernel.months import Month

Channel = Literal["mail", "page"]
Act = Literal["window", "added_stretch", "moved_window"]
CalledOff = Literal["cancelled", "never_started"]


class Category(StrEnum):
    """Why time may be excused; which of these excuse, the agreement says (SEMANTICS 7)."""

    PLANNED = "planned_maintenance"
    EMERGENCY = "emergency_maintenance"
    THIRD_PARTY = "third_party"
    FORCE_MAJEURE = "force_majeure"
    CUSTOMER_ACTION = "customer_action"
    NETWORK = "network"
    DDOS = "ddos"


class Quorum(StrEnum):
    """How many of a minute's checks must fail for the minute to be down."""

    ALL = "all"
    MAJORITY = "majority"
    ANY = "any"


class Finding(StrEnum):
    """What a correction says of its stretch."""

    UP = "up"
    DOWN = "down"
    CONFINED = "confined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """One thing that watches a service; what is not said here is as the agreement says.

    `failing_statuses` fail although the agreement counts them as success: for a monitor that is
    known to send valid requests. It belongs to the service from `from_at` until `until_at`; without
    the former from its first check or its addition (rules.membership).
    """

    name: str
    max_gap_seconds: int | None = None
    quorum: Quorum | None = None
    failing_statuses: tuple[int, ...] = ()
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorMonth:
    """One monitor's minutes of a month; those of its membership that are in neither set were up.

    `checks` is how many were made in it; `digest` the SHA-256 of those that it was measured from,
    which are these and the ones before it that could still be carried into it.
    """

    monitor: str
    present: Ranges
    down: Ranges
    unknown: Ranges
    checks: int
    digest: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What and whom an exclusion covers: named monitors or the whole service, named accounts or all."""

    monitors: tuple[str, ...] = ()
    accounts: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An account's mail server took the notice at this instant."""

    account: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One publication of a planned stretch: when, by which channel, and to whom.

    `act` says what it told: the window itself, a stretch added to it, or that the window was
    moved, which takes back every stretch announced before. For a mail the acceptances are what
    counts; `announced_at` is when the sending began.
    """

    stretch: Interval
    announced_at: datetime
    channel: Channel
    act: Act = "window"
    accepted: tuple[Acceptance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """The record that emergency maintenance needs before it can excuse anything (SEMANTICS 7)."""

    condition: str
    customers_affected: int
    urgency: str
    notice_given_at: datetime | None = None
    why_no_notice: str = ""


@event("uptime.service_defined")
class ServiceDefined(Event):
    """A service of an agreement is measured from now on."""

    agreement: str
    name: str


@event("uptime.monitor_added")
class MonitorAdded(Event):
    """A monitor watches the service."""

    monitor: Monitor


@event("uptime.monitor_rule_set")
class MonitorRuleSet(Event):
    """A monitor's checks are judged differently, in every month that is measured after this."""

    monitor: Monitor
    reason: str


@event("uptime.monitor_retired")
class MonitorRetired(Event):
    """A monitor no longer belongs to the service from an instant on."""

    monitor: Monitor
    reason: str


@event("uptime.month_measured")
class MonthMeasured(Event):
    """A service's month was measured from its checks, as if none came after.

    `judged_by` is the agreement's rule in words; `first` and `last` are minute numbers, the last
    exclusive. Recorded only when it differs from what was measured before.
    """

    service: UUID
    agreement: str
    name: str
    month: Month
    first: int
    last: int
    terms_version: int
    judged_by: str
    monitors: tuple[MonitorMonth, ...]


@event("uptime.exclusion_proposed")
class ExclusionProposed(Event):
    """Somebody wants time to be excused; it excuses nothing until a second person approves it.

    A planned window has its announcements, and its intervals are their stretches.
    """

    service: UUID
    category: Category
    intervals: tuple[Interval, ...]
    starts_at: datetime
    ends_at: datetime
    scope: Scope
    reason: str
    evidence: str
    announcements: tuple[Announcement, ...]
    emergency: Emergency | None
    proposed_by: str
    proposed_at: datetime


@event("uptime.exclusion_approved")
class ExclusionApproved(Event):
    """A second person found that the time is excused."""

    approved_by: str
    approved_at: datetime
    reason: str


@event("uptime.exclusion_rejected")
class ExclusionRejected(Event):
    """The proposal was refused; the time stays what it was."""

    rejected_by: str
    rejected_at: datetime
    reason: str


@event("uptime.exclusion_revoked")
class ExclusionRevoked(Event):
    """An approved exclusion was found wrong: it excuses nothing, in any month."""

    revoked_by: str
    revoked_at: datetime
    reason: str


@event("uptime.window_completed")
class WindowCompleted(Event):
    """The work of a planned window was done at this instant."""

    completed_at: datetime


@event("uptime.window_called_off")
class WindowCalledOff(Event):
    """A planned window was cancelled, or its work never started."""

    how: CalledOff
    reason: str


@event("uptime.correction_recorded")
class CorrectionRecorded(Event):
    """An operator found that a stretch was not as measured; the measurement itself stays (SEMANTICS 6).

    Up and down hold for the named accounts, or for everybody if none is named; a confined outage
    counts for the named accounts only.
    """

    service: UUID
    finding: Finding
    stretch: Interval
    accounts: tuple[UUID, ...]
    monitor: str | None
    reason: str
    evidence: str
    corrected_by: str
    corrected_at: datetime
