"""When an answer is due: the promised time laid onto the business calendar."""

from __future__ import annotations

from datetime import datetime

from agreements.terms import Terms
from agreements.terms.supporting import Clock, Promise


def answer_by(terms: Terms, promise: Promise, *, received: datetime) -> datetime | None:
    """Give the last instant at which an answer is in time; None for best effort.

    Hours are elapsed, business hours are worked (or, where the terms say so, all hours of
    business days), and business days end at the close of the last one's last window.
    """
    if promise.clock is Clock.NONE:
        return None
    if promise.clock is Clock.ELAPSED:
        return received + promise.time
    calendar = terms.calendar()
    if promise.clock is Clock.BUSINESS_DAYS:
        return calendar.add_business_days(received, promise.days).closes_at
    worked = terms.support is None or terms.support.business_hours_mean == "worked"
    open_hours = calendar if worked else calendar.in_whole_days()
    return open_hours.add_worked(received, promise.time).at
