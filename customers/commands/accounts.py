"""Writing accounts: open them, and say which tier they hold when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from customers import rules
from customers.errors import NumberTaken, UnknownAccount
from customers.events import AccountOpened
from customers.identity import account_id
from customers.models import Account, Profile
from customers.terms_of import TermsOnce, terms_at
from eventstore import Actor, begin, change, changes, command
from kernel.ids import AccountId


@dataclass(frozen=True, slots=True)
class Opening:
    """An account to open: its number and name, its agreement, and its tier from an instant on."""

    number: str
    name: str
    agreement: str
    tier: str | None
    from_at: datetime
    time_zone: str = "UTC"


@command
def open_account(opening: Opening, *, by: Actor, now: datetime) -> UUID:
    """Open an account under an agreement, with its first tier.

    Errors: NumberTaken, UnknownAgreement, UnknownTier, and those of its number, name and zone.
    """
    _check(opening, TermsOnce())
    account = account_id(opening.number)
    if Account.objects.filter(id=account).exists():
        raise NumberTaken(f"There is already an account {opening.number!r}.")
    with begin(Account, account, by=by, now=now) as row:
        _open(row, opening)
    Profile.objects.create(account=account, name=opening.name, time_zone=opening.time_zone)
    return account


@command
def open_accounts(openings: Sequence[Opening], *, by: Actor, now: datetime) -> None:
    """Open many accounts in one transaction: all of them or none; some thousand at the most.

    Errors: as for one account, and AlreadyExists where a number is taken.
    """
    terms = TermsOnce()
    for opening in openings:
        _check(opening, terms)
    with changes(by=by, now=now) as batch:
        for opening in openings:
            _open(batch.begin(Account, account_id(opening.number)), opening)
    Profile.objects.bulk_create(
        Profile(account=account_id(opening.number), name=opening.name, time_zone=opening.time_zone)
        for opening in openings
    )


@command
def set_tier(
    account: AccountId,
    tier: str,
    *,
    from_at: datetime,
    until_at: datetime | None = None,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> UUID:
    """Let an account hold a tier from an instant on; a tier held without end until then ends there.

    The tier must be in the terms in force at that instant (SEMANTICS 26). Errors: UnknownTier,
    HoldingBackward, HoldingsOverlap.
    """
    _require_account(account)
    with change(Account, account, by=by, now=now) as row:
        rules.require_tier(tier, terms_at(row.agreement, from_at).tiers)
        for event in rules.hold(row.holdings, tier, start=from_at, end=until_at, reason=reason):
            row.record(event)
    return account


@command
def end_tier(account: AccountId, *, at: datetime, reason: str, by: Actor, now: datetime) -> UUID:
    """End the tier that an account holds at an instant; ended at its start, it was never held.

    Errors: NoTierHeld.
    """
    _require_account(account)
    with change(Account, account, by=by, now=now) as row:
        for event in rules.end_holding(row.holdings, at=at, reason=reason):
            row.record(event)
    return account


def describe_account(account: AccountId, *, name: str, time_zone: str) -> None:
    """Call an account something else, or tell its time zone: plain data that decides nothing."""
    rules.require_name(name)
    rules.require_zone(time_zone)
    with transaction.atomic():
        _require_account(account)
        Profile.objects.update_or_create(account=account, defaults={"name": name, "time_zone": time_zone})


def _check(opening: Opening, known: TermsOnce) -> None:
    rules.require_number(opening.number)
    rules.require_name(opening.name)
    rules.require_zone(opening.time_zone)
    terms = known.at(opening.agreement, opening.from_at)
    if opening.tier is not None:
        rules.require_tier(opening.tier, terms.tiers)


def _open(row: Account, opening: Opening) -> None:
    row.record(AccountOpened(number=opening.number, agreement=opening.agreement))
    if opening.tier is not None:
        for event in rules.hold((), opening.tier, start=opening.from_at, end=None, reason="opened with it"):
            row.record(event)


def _require_account(account: UUID) -> None:
    if not Account.objects.filter(id=account).exists():
        raise UnknownAccount
