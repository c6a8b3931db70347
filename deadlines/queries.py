"""What other apps and edges may ask about deadlines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deadlines.models import Deadline


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """An open deadline as plain data; instants are aware UTC."""

    owner: UUID
    kind: str
    due_at: datetime
    late_from: datetime
    next_at: datetime
    held_until: datetime | None
    attempts: int


def open_for(owners: Iterable[UUID]) -> dict[UUID, list[OpenDeadline]]:
    """Return the open deadlines of these things, the soonest first."""
    found: dict[UUID, list[OpenDeadline]] = {}
    for row in Deadline.objects.filter(owner__in=list(owners)).order_by("late_from", "id"):
        found.setdefault(row.owner, []).append(_plain(row))
    return found


def next_due(owner: UUID) -> OpenDeadline | None:
    """Return the soonest open deadline of a thing, or None."""
    return next(iter(open_for([owner]).get(owner, [])), None)


def held() -> list[OpenDeadline]:
    """Return the deadlines whose owners could not be woken, for the operators."""
    rows = Deadline.objects.filter(attempts__gt=0).order_by("next_at", "id")
    return [_plain(row) for row in rows]


def _plain(row: Deadline) -> OpenDeadline:
    return OpenDeadline(
        owner=row.owner,
        kind=row.kind,
        due_at=row.due_at,
        late_from=row.late_from,
        next_at=row.next_at,
        held_until=row.held_until,
        attempts=row.attempts,
    )
