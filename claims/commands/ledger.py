"""The credit of accounts: posted, reserved for billing cycles, drawn by usage, reversed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Final
from uuid import UUID

from agreements.queries import terms_in_force
from agreements.terms import Terms
from claims.commands.claims.acting import require_operator, require_reason, retried
from claims.errors import (
    CreditSpent,
    NoSuchMonth,
    NoSuchPosting,
    ReversedBefore,
)
from claims.events.ledger import (
    CreditDrawn,
    CreditPosted,
    Cycle,
    CycleOpened,
    DrawAdjusted,
    Posting,
    PostingReversed,
)
from claims.models.claim import Claim
from claims.models.ledger import CreditAccount
from claims.queries.periods import judging_terms
from claims.rules import ledger as rules
from claims.rules.identity import ledger_id
from eventstore import SYSTEM, Actor, change, changes, command
from eventstore.changing import Batch
from kernel.money import Money
from kernel.months import Month

AT_ONCE: Final = 2_000
_FIRST: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Grant:
    """The credit that a statement version gives a claim, and the month's cap."""

    credit: Money
    cap: Money | None
    statement_version: int


def post(
    batch: Batch, claim: Claim, grant: Grant, *, terms: Terms, now: datetime
) -> tuple[Money, Month]:
    """Post what is left of a claim's credit under the month's cap; return it, and the cycle.

    In the batch of the claim's own event: a credited claim and its entry are one transaction.
    """
    ledger, zero = _ledger_of(batch, claim.account), Money.zero(grant.credit.currency)
    cycle = Month.of(now, terms.zone)
    earned = rules.earned_for(claim.month, ledger.earned, zero.currency)
    amount = rules.to_post(grant.credit, cap=grant.cap, earned=earned)
    if amount:
        open_due_cycles(ledger, cycle, zone=terms.zone)
        ledger.record(
            CreditPosted(
                account=claim.account,
                agreement=claim.agreement,
                claim=claim.id,
                month=claim.month,
                statement_version=grant.statement_version,
                amount=amount,
                cap=grant.cap,
                earned=earned + amount,
                balance=(ledger.balance or zero) + amount,
                cycle=cycle,
            )
        )
    return amount, cycle


def _ledger_of(batch: Batch, account: UUID) -> CreditAccount:
    ledger = ledger_id(account)
    return batch.load(CreditAccount, [ledger]).get(ledger) or batch.begin(CreditAccount, ledger)


def open_due_cycles(ledger: CreditAccount, current: Month, *, zone: tzinfo) -> None:
    """Reserve the balance for the cycles that have begun: what was posted before each began.

    Whoever changes the balance does this first, so that a credit posted after a cycle began
    is not reserved for it, however late the cycle is opened.
    """
    if ledger.version == 0:
        return
    for cycle in rules.cycles_to_open(ledger.opened_through, current):
        if ledger.balance:
            opened = CycleOpened(
                cycle=cycle,
                reserved=ledger.balance,
                balance=Money.zero(ledger.balance.currency),
            )
            ledger.record(opened, occurred_at=cycle.start(zone))


def open_cycles(agreement: str, *, by: Actor = SYSTEM, now: datetime) -> int:
    """Open the billing cycle that has begun for every account that has credit; may run twice.

    Returns how many accounts have a reserve now that had none.
    """
    published = terms_in_force(agreement, now)
    if published is None:
        return 0
    zone, opened, last = published.terms.zone, 0, _FIRST
    while part := _to_open(agreement, Month.of(now, zone), after=last):
        opened += retried(partial(_open_part, part, Month.of(now, zone), zone, by, now))
        last = part[-1]
    return opened


def _to_open(agreement: str, cycle: Month, *, after: UUID) -> list[UUID]:
    behind = CreditAccount.objects.filter(agreement=agreement, opened_through__lt=cycle)
    return list(behind.filter(id__gt=after).order_by("id").values_list("id", flat=True)[:AT_ONCE])


def _open_part(
    ledgers: Sequence[UUID], cycle: Month, zone: tzinfo, by: Actor, now: datetime
) -> int:
    with changes(by=by, now=now) as batch:
        rows = batch.load(CreditAccount, ledgers).values()
        before = {row.id: row.version for row in rows}
        for row in rows:
            open_due_cycles(row, cycle, zone=zone)
        return sum(row.version > before[row.id] for row in rows)


@command
def draw(
    account: UUID,
    cycle: Month,
    *,
    usage: Money,
    set_at: datetime,
    by: Actor = SYSTEM,
    now: datetime,
) -> UUID | None:
    """Let the cycle's bill take its part of the reserve, or set right what it took.

    The usage counts that is set after the cycle has ended. Nothing happens where it was set
    earlier, where nothing was reserved, or where the bill takes what it took.
    """
    ledger = ledger_id(account)
    found = CreditAccount.objects.filter(id=ledger).first()
    if found is None:
        return None
    zone = _zone_of(found, cycle)
    if set_at < cycle.end(zone):
        return None
    with change(CreditAccount, ledger, by=by, now=now) as row:
        open_due_cycles(row, Month.of(now, zone), zone=zone)
        reserve = rules.cycle_of(row.cycles, cycle)
        if reserve is not None and (event := _drawn(row, reserve, usage)):
            row.record(event)
    return ledger


def _zone_of(ledger: CreditAccount, cycle: Month) -> tzinfo:
    published = judging_terms(ledger.agreement, cycle)
    if published is None:
        raise NoSuchMonth
    return published.terms.zone


def _drawn(ledger: CreditAccount, cycle: Cycle, usage: Money) -> CreditDrawn | DrawAdjusted | None:
    """Say what the usage draws; None: what was drawn before."""
    if cycle.drawn is None:
        drawn = rules.draw(cycle.reserved, usage)
        returned = cycle.reserved - drawn
        return CreditDrawn(
            cycle=cycle.month,
            reserved=cycle.reserved,
            usage=usage,
            drawn=drawn,
            returned=returned,
            balance=ledger.balance + returned,
        )
    drawn = rules.drawn_after_change(cycle, usage=usage, balance=ledger.balance)
    if drawn == cycle.drawn:
        return None
    return DrawAdjusted(
        cycle=cycle.month,
        reserved=cycle.reserved,
        usage=usage,
        before=cycle.drawn,
        drawn=drawn,
        balance=ledger.balance + cycle.drawn - drawn,
    )


@command
def reverse_posting(account: UUID, posting: int, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Undo a credit that should not have been posted, by an entry of its own.

    Errors: NoSuchPosting, ReversedBefore, CreditSpent, ReasonMissing.
    """
    require_operator(by)
    reason = require_reason(reason)
    ledger = ledger_id(account)
    with change(CreditAccount, ledger, by=by, now=now) as row:
        posted = next((one for one in row.postings if one.number == posting), None)
        if posted is None:
            raise NoSuchPosting
        if posting in row.reversals:
            raise ReversedBefore
        zone = _zone_of(row, posted.month)
        open_due_cycles(row, Month.of(now, zone), zone=zone)
        if row.balance < posted.amount:
            raise CreditSpent
        row.record(_reversal(row, posted, reason, by))
    return ledger


def _reversal(ledger: CreditAccount, posted: Posting, reason: str, by: Actor) -> PostingReversed:
    earned = rules.earned_for(posted.month, ledger.earned, posted.amount.currency)
    return PostingReversed(
        posting=posted.number,
        month=posted.month,
        amount=posted.amount,
        earned=earned - posted.amount,
        balance=ledger.balance - posted.amount,
        reason=reason,
        reversed_by=by.id,
    )
