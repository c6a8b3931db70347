"""Exclusions: proposed by one person, decided by another, revoked where they were wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from agreements.terms import Terms
from eventstore import Actor, begin, change, command
from kernel.ids import ServiceId, new_id
from kernel.intervals import Interval
from uptime.errors import NoPlannedWindow, NoTermsInForce, NothingToExclude
from uptime.events import (
    Announcement,
    CalledOff,
    Category,
    Emergency,
    ExclusionApproved,
    ExclusionProposed,
    ExclusionRejected,
    ExclusionRevoked,
    Scope,
    WindowCalledOff,
    WindowCompleted,
)
from uptime.models import Exclusion
from uptime.queries.agreed import months_touched, terms_of_month
from uptime.queries.services import service_of
from uptime.rules.admission import (
    require_known_monitors,
    require_proposable,
    require_reason,
    require_second_person,
)
from uptime.rules.notice import standing

EVERYTHING = Scope()


@command
def propose(
    service_id: ServiceId | UUID,
    category: Category,
    intervals: Sequence[Interval],
    *,
    reason: str,
    evidence: str = "",
    scope: Scope = EVERYTHING,
    emergency: Emergency | None = None,
    exclusion_id: UUID | None = None,
    by: Actor,
    now: datetime,
) -> UUID:
    """Ask that time be excused; planned maintenance by `propose_window`, which needs its announcement.

    Errors: CategoryNotExcused, CausesUnnamed, EmergencyUnfounded, NeverAnnounced, MonitorUnknown,
    ReasonMissing, NothingToExclude, NoTermsInForce.
    """
    ordered = tuple(sorted(intervals, key=lambda interval: interval.start))
    event = ExclusionProposed(
        service=service_id,
        category=category,
        intervals=ordered,
        starts_at=_start(ordered),
        ends_at=_end(ordered),
        scope=scope,
        reason=require_reason(reason),
        evidence=evidence,
        announcements=(),
        emergency=emergency,
        proposed_by=by.id,
        proposed_at=now,
    )
    return _propose(event, exclusion_id or new_id(), by=by, now=now)


@command
def propose_window(
    service_id: ServiceId | UUID,
    announcements: Sequence[Announcement],
    *,
    reason: str,
    evidence: str = "",
    scope: Scope = EVERYTHING,
    exclusion_id: UUID | None = None,
    by: Actor,
    now: datetime,
) -> UUID:
    """Ask that a planned window be excused, with all that was announced of it.

    Whether the notice was in time is judged where the month is read, for each account. Errors: as
    `propose`.
    """
    stretches = {announcement.stretch for announcement in standing(announcements)}
    ordered = tuple(sorted(stretches, key=lambda stretch: (stretch.start, stretch.end)))
    event = ExclusionProposed(
        service=service_id,
        category=Category.PLANNED,
        intervals=ordered,
        starts_at=_start(ordered),
        ends_at=_end(ordered),
        scope=scope,
        reason=require_reason(reason),
        evidence=evidence,
        announcements=tuple(announcements),
        emergency=None,
        proposed_by=by.id,
        proposed_at=now,
    )
    return _propose(event, exclusion_id or new_id(), by=by, now=now)


def _propose(event: ExclusionProposed, stream: UUID, *, by: Actor, now: datetime) -> UUID:
    service = service_of(event.service)
    require_known_monitors(event.scope.monitors, {monitor.name for monitor in service.monitors})
    require_proposable(
        _terms(service.agreement, event.starts_at, event.ends_at),
        category=event.category,
        intervals=event.intervals,
        scope=event.scope,
        announcements=event.announcements,
        emergency=event.emergency,
    )
    with begin(Exclusion, stream, by=by, now=now) as exclusion:
        exclusion.record(event)
    return stream


def _start(intervals: Sequence[Interval]) -> datetime:
    if not intervals:
        raise NothingToExclude
    return min(interval.start for interval in intervals)


def _end(intervals: Sequence[Interval]) -> datetime:
    return max(interval.end for interval in intervals)


def _terms(agreement: str, starts_at: datetime, ends_at: datetime) -> Terms:
    for month in months_touched(agreement, starts_at, ends_at):
        if published := terms_of_month(agreement, month):
            return published.terms
    raise NoTermsInForce


@command
def approve(exclusion_id: UUID, *, reason: str = "", by: Actor, now: datetime) -> UUID:
    """Let the time be excused. Errors: SecondPersonRequired, TransitionRefused."""
    with change(Exclusion, exclusion_id, by=by, now=now) as exclusion:
        require_second_person(exclusion.proposed_by, by.id)
        exclusion.record(ExclusionApproved(approved_by=by.id, approved_at=now, reason=reason.strip()))
    return exclusion_id


@command
def reject(exclusion_id: UUID, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Refuse the proposal. Errors: ReasonMissing, TransitionRefused."""
    with change(Exclusion, exclusion_id, by=by, now=now) as exclusion:
        exclusion.record(ExclusionRejected(rejected_by=by.id, rejected_at=now, reason=require_reason(reason)))
    return exclusion_id


@command
def revoke(exclusion_id: UUID, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Let an approved exclusion excuse nothing any more. Errors: ReasonMissing, TransitionRefused."""
    with change(Exclusion, exclusion_id, by=by, now=now) as exclusion:
        exclusion.record(ExclusionRevoked(revoked_by=by.id, revoked_at=now, reason=require_reason(reason)))
    return exclusion_id


@command
def complete_window(exclusion_id: UUID, *, completed_at: datetime, by: Actor, now: datetime) -> UUID:
    """Tell when a planned window's work was done. Errors: NoPlannedWindow, TransitionRefused."""
    with change(Exclusion, exclusion_id, by=by, now=now) as exclusion:
        _require_window(exclusion)
        if exclusion.completed_at != completed_at:
            exclusion.record(WindowCompleted(completed_at=completed_at), occurred_at=completed_at)
    return exclusion_id


@command
def call_off_window(exclusion_id: UUID, *, how: CalledOff, reason: str, by: Actor, now: datetime) -> UUID:
    """Tell that a planned window did not take place. Errors: NoPlannedWindow, ReasonMissing."""
    with change(Exclusion, exclusion_id, by=by, now=now) as exclusion:
        _require_window(exclusion)
        if exclusion.called_off != how:
            exclusion.record(WindowCalledOff(how=how, reason=require_reason(reason)))
    return exclusion_id


def _require_window(exclusion: Exclusion) -> None:
    if exclusion.category != Category.PLANNED:
        raise NoPlannedWindow
