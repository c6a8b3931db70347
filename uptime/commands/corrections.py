"""Corrections: a later finding about a stretch, beside what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from eventstore import Actor, begin, command
from kernel.ids import ServiceId, new_id
from kernel.intervals import Interval
from uptime.events import CorrectionRecorded, Finding
from uptime.models import Correction
from uptime.queries.services import service_of
from uptime.rules.admission import require_correctable, require_known_monitors, require_reason


@command
def correct(
    service_id: ServiceId | UUID,
    finding: Finding,
    stretch: Interval,
    *,
    reason: str,
    evidence: str = "",
    accounts: Sequence[UUID] = (),
    monitor: str | None = None,
    correction_id: UUID | None = None,
    by: Actor,
    now: datetime,
) -> UUID:
    """Record that a stretch of whole minutes was not as measured; it takes part from now on.

    Up and down hold for the named accounts, or for everybody if none is named; a confined outage
    counts for the named accounts only. Errors: NotWholeMinutes, NotYetPast, ConfinedToNobody,
    MonitorUnknown, ReasonMissing.
    """
    require_correctable(finding, stretch, accounts, now=now)
    service = service_of(service_id)
    require_known_monitors([monitor] if monitor else [], {known.name for known in service.monitors})
    stream = correction_id or new_id()
    with begin(Correction, stream, by=by, now=now) as correction:
        correction.record(
            CorrectionRecorded(
                service=service.id,
                finding=finding,
                stretch=stretch,
                accounts=tuple(sorted(set(accounts))),
                monitor=monitor,
                reason=require_reason(reason),
                evidence=evidence,
                corrected_by=by.id,
                corrected_at=now,
            )
        )
    return stream
