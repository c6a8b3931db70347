"""By when a claim is decided (SEMANTICS 18, 19): the days, the pauses, the warnings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from agreements.terms import Terms
from claims.events.claim import Settlement, SkippedDay
from kernel.business_time import BusinessCalendar
from kernel.dates import end_of
from kernel.intervals import Interval
from kernel.months import Month

ANSWER_WITHIN_DAYS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRule:
    """The agreement's answers: how many business days, paused or not, when to warn, what then."""

    calendar: BusinessCalendar
    within_days: int
    pause_for_evidence: bool
    warn_at: tuple[Fraction, ...]
    on_missed: str


def settlement_rule(terms: Terms) -> SettlementRule:
    """Take the answers out of terms under which something can be claimed."""
    claims = terms.claims
    if claims is None:
        raise LookupError(f"nothing can be claimed under {terms.agreement}")
    return SettlementRule(
        calendar=terms.calendar(),
        within_days=claims.settle_within,
        pause_for_evidence=claims.pause_for_evidence,
        warn_at=claims.warn_at,
        on_missed=claims.on_missed_deadline,
    )


def day_zero(received_at: datetime, month: Month, rule: SettlementRule) -> date:
    """Tell day 0: the later of the filing's date and the month's last day.

    Never the day on which the operator closed the month, or delay would pay.
    """
    return max(rule.calendar.day_of(received_at), month.last_day)


def settle(start: date, rule: SettlementRule, *, pauses: Iterable[Interval] = ()) -> Settlement:
    """Count the agreement's business days from day 0, which never counts.

    Due is the midnight that ends the last of them, in the calendar's zone: the first late
    instant. A business day is skipped if it lies wholly inside a pause.
    """
    due = rule.calendar.add_business_days(start, rule.within_days, pauses=tuple(pauses))
    how = due.explanation
    starts_at = end_of(start, rule.calendar.zone)
    return Settlement(
        day_zero=start,
        starts_at=starts_at,
        due_at=due.midnight,
        warn_at=warnings(starts_at, due.midnight, rule.warn_at),
        zone=str(rule.calendar.zone),
        counted=how.counted,
        skipped=tuple(SkippedDay(one.day, f"{one.reason}, {one.name}") for one in how.skipped),
    )


def warnings(starts_at: datetime, due_at: datetime, shares: Iterable[Fraction]) -> tuple[datetime, ...]:
    """Tell when to warn: at these shares of the elapsed time from start to due."""
    whole = due_at - starts_at
    return tuple(starts_at + whole * one.numerator // one.denominator for one in shares)


def moved(before: Settlement, due_at: datetime, shares: Iterable[Fraction]) -> Settlement:
    """Give the deadline that an operator set by name and reason; the counted days stay."""
    return replace(before, due_at=due_at, warn_at=warnings(before.starts_at, due_at, shares))


def never_before(computed: Settlement, moved_to: datetime | None, rule: SettlementRule) -> Settlement:
    """Keep what an operator moved: computing again does not take it back (SEMANTICS 24)."""
    if moved_to is None or moved_to <= computed.due_at:
        return computed
    return moved(computed, moved_to, rule.warn_at)


def from_here(settlement: Settlement, *, now: datetime) -> Settlement:
    """Leave out the warnings that have passed, but never all: a due that moves warns again."""
    ahead = tuple(one for one in settlement.warn_at if one > now)
    return replace(settlement, warn_at=ahead or settlement.warn_at[-1:])


def warned(settlement: Settlement, moment: datetime) -> Settlement:
    """Leave out the warning of this moment and those before it."""
    left = tuple(one for one in settlement.warn_at if one > moment)
    return replace(settlement, warn_at=left)


def answer_due(asked_at: datetime, rule: SettlementRule) -> datetime:
    """Tell until when an answer is waited for: the midnight after ten business days."""
    return rule.calendar.add_business_days(asked_at, ANSWER_WITHIN_DAYS).midnight


def pause(start: datetime, end: datetime) -> tuple[Interval, ...]:
    """Give the pause between a request and its answer; none where they are one instant."""
    return (Interval(start, end),) if start < end else ()
