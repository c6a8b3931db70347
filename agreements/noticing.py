"""By when a planned maintenance is announced (SEMANTICS 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from agreements.explaining import Step
from agreements.terms import Terms
from agreements.terms.limits import Reach, Within
from kernel import shown
from kernel.dates import DAY, end_of, local_instant

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """The last instant at which an announcement is in time, and how it was found."""

    at: datetime
    step: Step


def announce_by(terms: Terms, starts_at: datetime) -> Ahead:
    """Tell until when a maintenance is announced that starts at the instant.

    Hours are elapsed. Days go back to the same time of day, in the agreement's zone. Business days
    lie between the two: the day of the announcement never counts, and the start is on the last of
    them or later. Without a notice, it is announced before it starts.
    """
    ahead = terms.maintenance.planned.ahead
    at = starts_at - INSTANT if ahead is None else _back(terms, ahead, starts_at)
    told, start = shown.instant(at, terms.zone), shown.instant(starts_at, terms.zone)
    wanted = f"{ahead} ahead" if ahead else "before it starts"
    step = Step(
        rule="Notice",
        result=told,
        sentence=f"A maintenance that starts at {start} is announced {wanted}: by {told}.",
        inputs=(("notice", str(ahead or "none")), ("start", start)),
        clause=terms.clause("maintenance", "planned", "notice"),
    )
    return Ahead(at=at, step=step)


def _back(terms: Terms, ahead: Within, starts_at: datetime) -> datetime:
    if ahead.reach is Reach.ELAPSED:
        return starts_at - ahead.time
    if ahead.reach is Reach.BUSINESS_DAYS:
        calendar = terms.calendar()
        last = calendar.add_business_days(calendar.day_of(starts_at) + DAY, -ahead.amount).day - DAY
        return end_of(last, calendar.zone) - INSTANT
    local = starts_at.astimezone(terms.zone).replace(tzinfo=None)
    return local_instant(local - ahead.amount * DAY, terms.zone)
