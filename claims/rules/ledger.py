"""What may be posted, reserved and drawn (SEMANTICS 13, 15)."""

from __future__ import annotations

from collections.abc import Iterable

from claims.events.ledger import Cycle, Earned
from kernel.money import Money
from kernel.months import Month


def to_post(credit: Money, *, cap: Money | None, earned: Money) -> Money:
    """Give the part of a credit that is still to be posted: never beyond the month's cap.

    $50 under a cap of $100 with $20 posted before gives $30; with $60 posted, nothing.
    """
    most = credit if cap is None else min(credit, cap)
    return max(Money.zero(credit.currency), most - earned)


def cycles_to_open(opened_through: Month, current: Month) -> tuple[Month, ...]:
    """List the cycles that have begun and are not opened yet, oldest first."""
    months: list[Month] = []
    month = opened_through.next()
    while month <= current:
        months.append(month)
        month = month.next()
    return tuple(months)


def draw(reserved: Money, usage: Money) -> Money:
    """Give what the bill takes of a cycle's reserve: the smaller of reserve and usage."""
    return min(reserved, max(usage, Money.zero(usage.currency)))


def drawn_after_change(cycle: Cycle, *, usage: Money, balance: Money) -> Money:
    """Give what the cycle's bill takes after its usage changed.

    It is the smaller of reserve and usage, as at the draw; what is added comes out of the
    balance of today, which it never overdraws.
    """
    before = cycle.drawn or Money.zero(cycle.reserved.currency)
    return min(draw(cycle.reserved, usage), before + balance)


def earned_for(month: Month, earned: Iterable[Earned], currency: str) -> Money:
    """Tell what was credited for the month of service so far."""
    found = (one.amount for one in earned if one.month == month)
    return next(found, Money.zero(currency))


def cycle_of(cycles: Iterable[Cycle], month: Month) -> Cycle | None:
    """Find a billing cycle of the account."""
    return next((one for one in cycles if one.month == month), None)
