"""What happens to an account's entitlement to claim credit for a month (SEMANTICS 16, 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from eventstore import Event, event
from kernel.ids import AccountId, ClaimId
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The figures that made the month payable, as they stood when they were told.

    Before the month closes `uptime` is the best that it can still reach.
    """

    tier: str
    target: Fraction
    uptime: Fraction
    percent: Fraction
    credit: Money | None
    down_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The end of the filing window: `until` is exclusive, `last_day` the last day in time.

    `day_zero` is the date that the days are counted from. `by` says which rule set the bound:
    "incident", "publication", "known" (the days after the miss was first told), "claimed_times",
    or "told" (an earlier filing was answered with it, on the date `day_zero`).
    """

    day_zero: date
    last_day: date
    until: datetime
    by: str


@event("claims.entitlement_opened")
class EntitlementOpened(Event):
    """The account may claim: its month missed the target and a row pays.

    `cause` is "certain_miss", "statement", "correction" or "later_outage". No `bound`: an
    outage is still open. `remind_at` are the reminders that lie ahead.
    """

    account: AccountId
    agreement: str
    month: Month
    number: int
    terms_version: int
    cause: str
    due: Due
    bound: Bound | None
    remind_at: tuple[datetime, ...]
    opened_on: date
    opened_at: datetime
    override: int | None = None


@event("claims.entitlement_bound_moved")
class EntitlementBoundMoved(Event):
    """The filing window ends later than was told, or its end is unknown while an outage is open."""

    bound: Bound | None
    remind_at: tuple[datetime, ...]
    due: Due
    reason: str
    moved_at: datetime


@event("claims.entitlement_reminded")
class EntitlementReminded(Event):
    """The account was due to be told how little of the filing window is left."""

    moment: datetime
    remind_at: tuple[datetime, ...]


@event("claims.entitlement_lapsed")
class EntitlementLapsed(Event):
    """The filing window ended unused; it happened at the bound."""

    lapsed_at: datetime


@event("claims.entitlement_used")
class EntitlementUsed(Event):
    """A claim was filed for the month, or the rejection of one was appealed; `filed_at` is the receipt of that."""

    claim_id: ClaimId
    filed_at: datetime


@event("claims.entitlement_restored")
class EntitlementRestored(Event):
    """The claim that used it was withdrawn within the bound: it may be filed again."""

    remind_at: tuple[datetime, ...]
    restored_at: datetime


@event("claims.entitlement_ended")
class EntitlementEnded(Event):
    """The month pays nothing after all, and nobody had used the entitlement."""

    code: str
    reason: str
    ended_at: datetime
