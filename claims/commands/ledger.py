"""The credit of accounts: posted, reserved for billing cycles, drawn by usage, reversed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Final
from uuid import UUID

from agreements.queries import terms_in_force
from claims.commands.claims.acting import require_operator, require_reason, retried
from claims.errors import NoSuchMonth
from claims.events.claim import CreditReversed
from claims.models.claim import Claim
from claims.models.ledger import CreditAccount
from claims.queries.periods import judging_terms
from claims.rules import ledger as rules
from claims.rules.identity import ledger_id
from claims.rules.ledger import Grant
from eventstore import SYSTEM, Actor, change, changes, command
from eventstore.changing import Batch
from kernel.money import Money
from kernel.months import Month

AT_ONCE: Final = 2_000
_FIRST: Final = UUID(int=0)
_NOTHING: Final = "^0[.0]* "


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What was posted of a grant now, all that stands of its claim with it, and the billing cycle."""

    amount: Money
    in_all: Money
    cycle: Month


def post(batch: Batch, grant: Grant, *, zone: tzinfo, now: datetime) -> Posted:
    """Post what is left of a grant under the month's cap.

    In the batch of the claim's own event: a credited claim and its entry are one transaction.
    """
    stream, cycle = ledger_id(grant.account), Month.of(now, zone)
    ledger = batch.load(CreditAccount, [stream]).get(stream)
    if ledger is not None:
        open_due_cycle(ledger, cycle, zone=zone)
    posted, zero = rules.posting(grant, ledger, cycle=cycle), Money.zero(grant.credit.currency)
    if posted is not None:
        ledger = ledger or batch.begin(CreditAccount, stream)
        ledger.record(posted)
    return Posted(
        amount=posted.amount if posted else zero,
        in_all=rules.standing_of(grant.claim, ledger) if ledger else zero,
        cycle=posted.cycle if posted else cycle,
    )


def open_due_cycle(ledger: CreditAccount, current: Month, *, zone: tzinfo) -> None:
    """Reserve the balance for the cycle that has begun since it was posted.

    Whoever changes the balance does this first, so that a credit posted after a cycle began
    is not reserved for it, however late the cycle is opened.
    """
    if (opened := rules.opening(ledger, current)) is not None:
        ledger.record(opened, occurred_at=opened.cycle.start(zone))


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
    behind = CreditAccount.objects.filter(agreement=agreement, opened_through__lt=cycle, id__gt=after)
    credited = behind.exclude(balance__regex=_NOTHING)
    return list(credited.order_by("id").values_list("id", flat=True)[:AT_ONCE])


def _open_part(ledgers: Sequence[UUID], cycle: Month, zone: tzinfo, by: Actor, now: datetime) -> int:
    with changes(by=by, now=now) as batch:
        rows = list(batch.load(CreditAccount, ledgers).values())
        before = [row.version for row in rows]
        for row in rows:
            open_due_cycle(row, cycle, zone=zone)
        return sum(row.version > old for row, old in zip(rows, before, strict=True))


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
    published = judging_terms(found.agreement, cycle) if found else None
    if published is None or set_at < cycle.end(published.terms.zone):
        return None
    zone = published.terms.zone
    with change(CreditAccount, ledger, by=by, now=now) as row:
        current = Month.of(now, zone)
        open_due_cycle(row, current, zone=zone)
        if (drawn := rules.drawing(row, cycle, usage, current=current)) is not None:
            row.record(drawn)
    return ledger


@command
def reverse_posting(account: UUID, posting: int, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Undo a credit that should not have been posted, by an entry of its own, and take it from its claim.

    Both in one transaction, as they were credited. Errors: NoSuchPosting, ReversedBefore,
    CreditSpent, ReasonMissing, NotFound.
    """
    require_operator(by)
    reason = require_reason(reason)
    ledger = ledger_id(account)
    with change(CreditAccount, ledger, by=by, now=now) as row:
        zone = _zone_of(row.agreement, row.opened_through)
        open_due_cycle(row, Month.of(now, zone), zone=zone)
        row.record(rules.reversal(row, posting, reason=reason, by=by.id))
        _take_from_claim(row, posting, reason=reason, by=by, now=now)
    return ledger


def _take_from_claim(ledger: CreditAccount, number: int, *, reason: str, by: Actor, now: datetime) -> None:
    posting = rules.posting_of(number, ledger)
    with change(Claim, posting.claim, by=by, now=now) as claim:
        claim.record(
            CreditReversed(
                posting=number,
                amount=posting.amount,
                posted_in_all=rules.standing_of(claim.id, ledger),
                reason=reason,
                reversed_by=by.id,
            )
        )


def _zone_of(agreement: str, month: Month) -> tzinfo:
    published = judging_terms(agreement, month)
    if published is None:
        raise NoSuchMonth
    return published.terms.zone
