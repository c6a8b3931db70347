"""What can happen to an account: it opens, holds tiers for a time, and uses the service."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from eventstore import Event, event
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True, slots=True)
class Holding:
    """A tier held from an instant until another, or until further notice."""

    tier: str
    start: datetime
    end: datetime | None = None

    def held_at(self, instant: datetime) -> bool:
        """Tell whether the tier is held at this instant (the end is exclusive)."""
        return self.start <= instant and (self.end is None or instant < self.end)


@event("customers.account_opened")
class AccountOpened(Event):
    """A customer has an account under an agreement; the number is what the provider calls it."""

    number: str
    agreement: str


@event("customers.tier_held")
class TierHeld(Event):
    """The account holds a tier of its agreement for a stretch of time."""

    tier: str
    from_at: datetime
    until_at: datetime | None
    reason: str


@event("customers.tier_ended")
class TierEnded(Event):
    """The tier held since `from_at` ends at `ended_at`; ended at its own start, it was never held."""

    tier: str
    from_at: datetime
    ended_at: datetime
    reason: str


@event("customers.usage_set")
class UsageSet(Event):
    """The account's gross metered charges of a month are known, or are known better (SEMANTICS 13).

    `month_over` tells whether the month had ended: the first such event draws the cycle's credit.
    """

    account: UUID
    agreement: str
    month: Month
    amount: Money
    reason: str
    month_over: bool
