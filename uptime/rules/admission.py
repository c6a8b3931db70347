"""What may be proposed, approved or corrected (SEMANTICS 4, 6, 7, 8, 10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from agreements.terms import Terms
from kernel.intervals import Interval, instant_of, minute_of
from uptime.errors import (
    CategoryNotExcused,
    CausesUnnamed,
    ConfinedToNobody,
    EmergencyUnfounded,
    MonitorMalformed,
    MonitorUnknown,
    NeverAnnounced,
    NoticeWithoutDuration,
    NotWholeMinutes,
    NotYetPast,
    ReasonMissing,
    SecondPersonRequired,
    ServiceUnnamed,
)
from uptime.events import Acceptance, Act, Announcement, Category, Channel, Emergency, Finding, Monitor, Scope

_HIGHEST_STATUS = 999


def require_reason(reason: str) -> str:
    """Refuse an act that says no reason; give the reason without spaces around it."""
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def require_second_person(proposed_by: str, approved_by: str) -> None:
    """Refuse approval by the person who proposed."""
    if proposed_by == approved_by:
        raise SecondPersonRequired


def require_sound_monitor(monitor: Monitor) -> None:
    """Refuse a monitor that cannot be read."""
    gap = monitor.max_gap_seconds
    statuses_are_sound = all(0 <= status <= _HIGHEST_STATUS for status in monitor.failing_statuses)
    gap_is_sound = gap is None or gap >= 0
    if not (is_name(monitor.name) and gap_is_sound and statuses_are_sound):
        raise MonitorMalformed


def require_service_name(name: str) -> None:
    """Refuse a service without a name."""
    if not is_name(name):
        raise ServiceUnnamed


def is_name(text: str) -> bool:
    """Whether a text can be printed and seen."""
    return bool(text.strip()) and text.isprintable()


def require_known_monitors(names: Iterable[str], known: Collection[str]) -> None:
    """Refuse a name that no monitor of the service has."""
    for name in names:
        if name not in known:
            raise MonitorUnknown(f"The service has no monitor {name!r}. It has: {', '.join(sorted(known)) or 'none'}.")


def announced(
    start: datetime,
    end: datetime | None,
    *,
    at: datetime,
    channel: Channel,
    act: Act = "window",
    accepted: Sequence[Acceptance] = (),
) -> Announcement:
    """Write a notice down; one that tells no end, and so no duration, is refused."""
    if end is None:
        raise NoticeWithoutDuration
    return Announcement(
        stretch=Interval(start, end), announced_at=at, channel=channel, act=act, accepted=tuple(accepted)
    )


def require_proposable(
    terms: Terms,
    *,
    category: Category,
    intervals: Sequence[Interval],
    scope: Scope,
    announcements: Sequence[Announcement] = (),
    emergency: Emergency | None = None,
) -> None:
    """Refuse a proposal that could not excuse anything, or that lacks what its category needs."""
    clause = terms.clause("excused", category.value) or terms.clause("excused")
    if terms.excused(category) is None:
        raise CategoryNotExcused(clause=clause)
    if category is Category.CUSTOMER_ACTION and not scope.accounts:
        raise CausesUnnamed(clause=clause)
    if category is Category.PLANNED and not announcements:
        raise NeverAnnounced(clause=clause)
    if category is Category.EMERGENCY:
        _require_emergency(terms, emergency, start=min(interval.start for interval in intervals))


def _require_emergency(terms: Terms, record: Emergency | None, *, start: datetime) -> None:
    """Ask for each fact that the agreement wants on record (APIsec: all of them)."""
    agreed = terms.maintenance.emergency
    clause = terms.clause("maintenance", "emergency")
    missing = [_FACTS[fact] for fact in agreed.excuse_needs if not _is_recorded(fact, record, agreed.conditions, start)]
    if missing:
        raise EmergencyUnfounded(f"The record of the emergency lacks {', '.join(missing)}.", clause=clause)


_FACTS = {
    "condition": "the condition that called for it",
    "several_customers": "more than one affected customer",
    "urgency": "the reason for urgency",
    "notice_given": "the notice given before its start, or why there was none",
}


def _is_recorded(fact: str, record: Emergency | None, conditions: Collection[str], start: datetime) -> bool:
    if record is None:
        return False
    if fact == "condition":
        return record.condition in conditions if conditions else bool(record.condition)
    if fact == "several_customers":
        return record.customers_affected > 1
    if fact == "urgency":
        return bool(record.urgency.strip())
    in_time = record.notice_given_at is not None and record.notice_given_at < start
    return in_time or bool(record.why_no_notice.strip())


def require_correctable(finding: Finding, stretch: Interval, accounts: Collection[object], *, now: datetime) -> None:
    """Refuse a correction of parts of minutes, of time to come, or one confined to nobody."""
    if any(instant_of(minute_of(instant)) != instant for instant in (stretch.start, stretch.end)):
        raise NotWholeMinutes
    if stretch.end > now:
        raise NotYetPast
    if finding is Finding.CONFINED and not accounts:
        raise ConfinedToNobody
