"""Exclusions and corrections of a service, as the rules take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from eventstore import NotFound
from kernel.intervals import Interval
from uptime.events import CalledOff, Category, Finding
from uptime.models import Correction, Exclusion, Service
from uptime.models.exclusion import State
from uptime.rules import corrections, excusing
from uptime.rules.notice import Window
from uptime.rules.stretches import of_intervals


@dataclass(frozen=True, slots=True)
class UndecidedExclusion:
    """An exclusion that waits for a second person."""

    id: UUID
    service: str
    category: str
    starts_at: datetime
    ends_at: datetime
    reason: str


def undecided() -> list[UndecidedExclusion]:
    """List every exclusion that nobody has decided, the oldest time first."""
    rows = list(Exclusion.objects.filter(state=State.PROPOSED).order_by("starts_at", "id"))
    services = {one.id: str(one) for one in Service.objects.filter(id__in={row.service for row in rows})}
    return [
        UndecidedExclusion(row.id, services[row.service], row.category, row.starts_at, row.ends_at, row.reason)
        for row in rows
    ]


def exclusion(exclusion_id: UUID) -> Exclusion:
    """Find an exclusion. Errors: NotFound."""
    found = Exclusion.objects.filter(id=exclusion_id).first()
    if found is None:
        raise NotFound("There is no such exclusion.")
    return found


def approved(service: UUID, start: datetime, end: datetime) -> list[Exclusion]:
    """Give the approved exclusions that touch the time, in order of their start."""
    return _touching(service, start, end, State.APPROVED)


def approved_before(instant: datetime, service: UUID, start: datetime, end: datetime) -> list[Exclusion]:
    """Give those that touch the time and were not revoked before the instant: of today's, and since revoked."""
    revoked = _touching(service, start, end, State.REVOKED)
    still = [row for row in revoked if row.revoked_at is not None and row.revoked_at >= instant]
    return sorted([*approved(service, start, end), *still], key=lambda row: (row.starts_at, row.id))


def proposed(service: UUID, start: datetime, end: datetime) -> list[Exclusion]:
    """Give the exclusions of the time that nobody has decided."""
    return _touching(service, start, end, State.PROPOSED)


def _touching(service: UUID, start: datetime, end: datetime, state: State) -> list[Exclusion]:
    rows = Exclusion.objects.filter(service=service, state=state, starts_at__lt=end, ends_at__gt=start)
    return list(rows.order_by("starts_at", "id"))


def corrections_of(service: UUID) -> list[Correction]:
    """Give all corrections of a service in the order in which they were made."""
    return list(Correction.objects.filter(service=service).order_by("corrected_at", "id"))


def corrections_before(instant: datetime, service: UUID) -> list[Correction]:
    """Give those that were made before the instant."""
    return [row for row in corrections_of(service) if row.corrected_at < instant]


def correction_exists(correction_id: UUID) -> bool:
    """Whether a correction of this id was recorded."""
    return Correction.objects.filter(id=correction_id).exists()


def correction_rule(row: Correction) -> corrections.Correction:
    """Read a correction as the rules take it."""
    return corrections.Correction(
        finding=Finding(row.finding),
        minutes=Interval(row.starts_at, row.ends_at).minutes_inside(),
        accounts=frozenset(row.accounts),
        monitor=row.monitor,
    )


def exclusion_rule(row: Exclusion) -> excusing.Exclusion:
    """Read an exclusion as the rules take it."""
    category = Category(row.category)
    if category is not Category.PLANNED:
        return excusing.Exclusion(category=category, scope=row.scope, stretches=of_intervals(row.intervals))
    called_off: CalledOff | None = row.called_off  # type: ignore[assignment]
    window = Window(announcements=row.announcements, completed_at=row.completed_at, called_off=called_off)
    return excusing.Exclusion(category=category, scope=row.scope, window=window)
