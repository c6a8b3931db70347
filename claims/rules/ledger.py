"""What is posted, reserved, drawn and reversed (SEMANTICS 13, 15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from claims.errors import CreditSpent, NoSuchPosting, ReversedBefore
from claims.events.ledger import (
    CreditDrawn,
    CreditPosted,
    Cycle,
    CycleOpened,
    DrawAdjusted,
    Earned,
    Posting,
    PostingReversed,
    reserved_for,
)
from kernel.money import Money
from kernel.months import Month


class Ledger(Protocol):
    """An account's credit as it stands; before the first credit there is no balance."""

    @property
    def balance(self) -> Money:
        """What can be reserved."""
        ...

    @property
    def opened_through(self) -> Month:
        """The cycle in which the balance last changed: it is reserved for a later one."""
        ...

    @property
    def earned(self) -> tuple[Earned, ...]:
        """What was credited for each month."""
        ...

    @property
    def cycles(self) -> tuple[Cycle, ...]:
        """The cycles with a reserve."""
        ...

    @property
    def postings(self) -> tuple[Posting, ...]:
        """Every credit that was posted."""
        ...

    @property
    def reversals(self) -> tuple[int, ...]:
        """The numbers of those that were reversed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The credit that a statement version gives a claim, and the month's cap.

    `before` is the credit that an earlier version gave it and that was posted, if one was: it is
    posted once, also where that was undone.
    """

    account: UUID
    agreement: str
    claim: UUID
    month: Month
    credit: Money
    cap: Money | None
    statement_version: int
    before: Money | None = None


def to_post(credit: Money, *, cap: Money | None, earned: Money, before: Money | None = None) -> Money:
    """Give the part of a credit that is still to be posted: never beyond the month's cap.

    $50 under a cap of $100 with $20 posted before gives $30; with $60 posted, nothing. A credit
    that became $100 from $50 gives $50, though the $50 were undone and nothing is posted now.
    """
    zero = Money.zero(credit.currency)
    most = credit if cap is None else min(credit, cap)
    return max(zero, min(most - earned, credit - (before or zero)))


def posting(grant: Grant, ledger: Ledger | None, *, cycle: Month) -> CreditPosted | None:
    """Post what is left of a grant in this cycle; None where nothing is left.

    Where a later cycle is open already (another worker's clock is ahead, or another version's
    zone), it is posted in that one: a cycle is opened once.
    """
    zero = Money.zero(grant.credit.currency)
    earned = earned_for(grant.month, ledger.earned, zero.currency) if ledger else zero
    amount = to_post(grant.credit, cap=grant.cap, earned=earned, before=grant.before)
    if not amount:
        return None
    return CreditPosted(
        account=grant.account,
        agreement=grant.agreement,
        claim=grant.claim,
        month=grant.month,
        statement_version=grant.statement_version,
        amount=amount,
        cap=grant.cap,
        earned=earned + amount,
        balance=(ledger.balance if ledger else zero) + amount,
        cycle=max(cycle, ledger.opened_through) if ledger else cycle,
    )


def opening(ledger: Ledger, current: Month) -> CycleOpened | None:
    """Reserve the balance for the first cycle that has begun since it was posted.

    One takes all of it, so that the cycles after it find nothing until some of it returns.
    None where no cycle has begun, or there is nothing to reserve.
    """
    cycle = reserved_for(ledger.opened_through)
    if cycle > current or not ledger.balance:
        return None
    zero = Money.zero(ledger.balance.currency)
    return CycleOpened(cycle=cycle, reserved=ledger.balance, balance=zero, through=current)


def drawing(ledger: Ledger, cycle: Month, usage: Money, *, current: Month) -> CreditDrawn | DrawAdjusted | None:
    """Say what a cycle's usage takes of its reserve, or changes in what it took.

    None where nothing was reserved, or nothing changes.
    """
    reserve = cycle_of(ledger.cycles, cycle)
    if reserve is None:
        return None
    if reserve.drawn is None:
        return _first_draw(ledger, reserve, usage, current)
    drawn = _drawn_after_change(reserve, reserve.drawn, usage=usage, balance=ledger.balance)
    if drawn == reserve.drawn:
        return None
    return DrawAdjusted(
        cycle=cycle,
        reserved=reserve.reserved,
        usage=usage,
        before=reserve.drawn,
        drawn=drawn,
        balance=ledger.balance + reserve.drawn - drawn,
        through=max(current, ledger.opened_through),
    )


def _first_draw(ledger: Ledger, reserve: Cycle, usage: Money, current: Month) -> CreditDrawn:
    drawn = smaller(reserve.reserved, usage)
    returned = reserve.reserved - drawn
    return CreditDrawn(
        cycle=reserve.month,
        reserved=reserve.reserved,
        usage=usage,
        drawn=drawn,
        returned=returned,
        balance=ledger.balance + returned,
        through=max(current, ledger.opened_through),
    )


def _drawn_after_change(reserve: Cycle, before: Money, *, usage: Money, balance: Money) -> Money:
    """Give the smaller of reserve and usage; what is added never overdraws today's balance."""
    return min(smaller(reserve.reserved, usage), before + balance)


def smaller(reserved: Money, usage: Money) -> Money:
    """Give the smaller of reserve and usage: what a bill takes."""
    return min(reserved, max(usage, Money.zero(usage.currency)))


def reversal(ledger: Ledger, number: int, *, reason: str, by: str) -> PostingReversed:
    """Undo a posted credit that is still in the balance.

    Errors: NoSuchPosting, ReversedBefore, CreditSpent.
    """
    posted = posting_of(number, ledger)
    if number in ledger.reversals:
        raise ReversedBefore
    if ledger.balance < posted.amount:
        raise CreditSpent
    earned = earned_for(posted.month, ledger.earned, posted.amount.currency)
    return PostingReversed(
        posting=number,
        month=posted.month,
        amount=posted.amount,
        earned=earned - posted.amount,
        balance=ledger.balance - posted.amount,
        reason=reason,
        reversed_by=by,
    )


def posting_of(number: int, ledger: Ledger) -> Posting:
    """Find a credit that was posted by its number. Errors: NoSuchPosting."""
    found = next((one for one in ledger.postings if one.number == number), None)
    if found is None:
        raise NoSuchPosting
    return found


def standing_of(claim: UUID, ledger: Ledger) -> Money:
    """Tell what was posted for a claim and stands: what was undone is left out."""
    posted = (one for one in ledger.postings if one.claim == claim and one.number not in ledger.reversals)
    return sum((one.amount for one in posted), start=Money.zero(ledger.balance.currency))


def earned_for(month: Month, earned: Iterable[Earned], currency: str) -> Money:
    """Tell what was credited for the month of service so far."""
    found = (one.amount for one in earned if one.month == month)
    return next(found, Money.zero(currency))


def cycle_of(cycles: Iterable[Cycle], month: Month) -> Cycle | None:
    """Find a billing cycle of the account."""
    return next((one for one in cycles if one.month == month), None)
