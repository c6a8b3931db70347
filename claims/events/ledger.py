"""What happens to an account's credit: earned, reserved for a cycle, drawn, set right."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from eventstore import Event, event
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True, slots=True)
class Cycle:
    """One billing cycle of an account; usage and draw are None until the usage is known."""

    month: Month
    reserved: Money
    usage: Money | None = None
    drawn: Money | None = None


@dataclass(frozen=True, slots=True)
class Earned:
    """What was credited for one month of service, all claims and differences together."""

    month: Month
    amount: Money


@dataclass(frozen=True, slots=True)
class Posting:
    """One credit as it was posted: its number is its version in the ledger's stream."""

    number: int
    claim: UUID
    month: Month
    amount: Money


def reserved_for(posted_in: Month) -> Month:
    """Name the billing cycle that sets a credit aside: the one after that in which it was posted (SEMANTICS 15)."""
    return posted_in.next()


@event("claims.credit_posted")
class CreditPosted(Event):
    """A claim's credit reached the account that earned it, and only that account.

    `earned` and `balance` are what it leads to: all credit of the month, and what can be drawn.
    `cycle` is the one in which it was posted.
    """

    account: UUID
    agreement: str
    claim: UUID
    month: Month
    statement_version: int
    amount: Money
    cap: Money | None
    earned: Money
    balance: Money
    cycle: Month

    @property
    def applies_to(self) -> Month:
        """The billing cycle whose bill it is set aside for."""
        return reserved_for(self.cycle)


@event("claims.cycle_opened")
class CycleOpened(Event):
    """A billing cycle began, and the balance then posted was reserved for it.

    `through` is the cycle of today: those in between found nothing left to reserve.
    """

    cycle: Month
    reserved: Money
    balance: Money
    through: Month


@event("claims.credit_drawn")
class CreditDrawn(Event):
    """The cycle's usage was known: the bill took its part of the reserve, the rest went back.

    What went back is reserved for the cycle after `through`, that of today.
    """

    cycle: Month
    reserved: Money
    usage: Money
    drawn: Money
    returned: Money
    balance: Money
    through: Month


@event("claims.draw_adjusted")
class DrawAdjusted(Event):
    """The cycle's usage changed after the draw; the difference is an entry of its own."""

    cycle: Month
    reserved: Money
    usage: Money
    before: Money
    drawn: Money
    balance: Money
    through: Month


@event("claims.posting_reversed")
class PostingReversed(Event):
    """An operator undid a credit that should not have been posted; both entries stay."""

    posting: int
    month: Month
    amount: Money
    earned: Money
    balance: Money
    reason: str
    reversed_by: str
