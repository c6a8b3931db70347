"""What may happen to an account, its usage and its people: decisions on plain values."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from customers.errors import (
    CurrencyDiffers,
    HoldingBackward,
    HoldingsOverlap,
    InvitationExpired,
    InvitationUsed,
    InvitationWithdrawn,
    InvitedMany,
    InvitedOften,
    MonthNotBegun,
    NameUnusable,
    NoTierHeld,
    NumberUnusable,
    UnknownTier,
    UsageNegative,
    UsageTooFine,
    UsageTooLarge,
    ZoneUnknown,
)
from customers.events import Holding, TierEnded, TierHeld
from kernel.money import Money
from kernel.months import Month

INVITATION_LASTS: Final = timedelta(days=7)
# What an account's own people may have mailed to strangers in a day, as the errors say.
INVITATIONS_COUNT_FOR: Final = timedelta(days=1)
INVITATIONS_TO_AN_ADDRESS: Final = 3
INVITATIONS_OF_AN_ACCOUNT: Final = 50
LONGEST_NUMBER: Final = 60
LONGEST_NAME: Final = 150
LONGEST_ADDRESS: Final = 254  # RFC 5321, 4.5.3.1.3: 256 with the angle brackets
LARGEST_USAGE: Final = Decimal(10) ** 12


def require_number(number: str) -> None:
    """Refuse an account number that could not be typed back."""
    if not 1 <= len(number) <= LONGEST_NUMBER or number != number.strip() or not number.isprintable():
        raise NumberUnusable


def require_name(name: str) -> None:
    """Refuse a name that is empty or would break a line of a mail."""
    if not 1 <= len(name) <= LONGEST_NAME or not name.strip() or not name.isprintable():
        raise NameUnusable


def require_zone(name: str) -> None:
    """Refuse a zone that nobody knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ZoneUnknown from error


def require_tier(tier: str, tiers: Iterable[str]) -> None:
    """Refuse a tier that the agreement does not have."""
    known = tuple(tiers)
    if tier not in known:
        raise UnknownTier(f"The agreement has no tier {tier!r}; it has {', '.join(known)}.")


def hold(
    holdings: Sequence[Holding], tier: str, *, start: datetime, end: datetime | None, reason: str
) -> tuple[TierHeld | TierEnded, ...]:
    """Decide what happens when an account takes a tier from an instant on.

    A holding without an end that began earlier ends there: that is an ordinary change of tier.
    Nothing happens where the tier is held throughout already. Holdings never overlap.
    """
    if end is not None and end <= start:
        raise HoldingBackward
    if any(_covers(held, tier, start, end) for held in holdings):
        return ()
    before = next((held for held in holdings if held.end is None and held.start < start), None)
    if meeting := [held for held in holdings if held is not before and _meet(held, start, end)]:
        raise HoldingsOverlap(f"The account holds {_told(meeting[0])}. End that first; it holds one tier at a time.")
    taken = TierHeld(tier=tier, from_at=start, until_at=end, reason=reason)
    if before is None:
        return (taken,)
    return (TierEnded(tier=before.tier, from_at=before.start, ended_at=start, reason=reason), taken)


def end_holding(holdings: Sequence[Holding], *, at: datetime, reason: str) -> tuple[TierEnded, ...]:
    """Decide what happens when an account's tier ends at an instant.

    Nothing happens where it ended then already; ended at its own start, it was never held.
    """
    held = next((one for one in holdings if one.held_at(at)), None)
    if held is not None:
        return (TierEnded(tier=held.tier, from_at=held.start, ended_at=at, reason=reason),)
    if any(one.end == at for one in holdings):
        return ()
    raise NoTierHeld


def _covers(held: Holding, tier: str, start: datetime, end: datetime | None) -> bool:
    lasts = held.end is None or (end is not None and end <= held.end)
    return held.tier == tier and held.start <= start and lasts


def _meet(held: Holding, start: datetime, end: datetime | None) -> bool:
    return (end is None or held.start < end) and (held.end is None or start < held.end)


def _told(held: Holding) -> str:
    until = f" until {held.end:%Y-%m-%d %H:%M}" if held.end else " until further notice"
    return f"{held.tier} from {held.start:%Y-%m-%d %H:%M}{until} (UTC)"


def require_usage(amount: Money, *, currency: str) -> None:
    """Refuse an amount that cannot be a month's gross metered charges (SEMANTICS 13)."""
    if amount.currency != currency:
        raise CurrencyDiffers(f"Usage is in the currency of the agreement: {currency}, not {amount.currency}.")
    if amount.amount < 0:
        raise UsageNegative
    if not amount.is_whole:
        raise UsageTooFine
    if amount.amount >= LARGEST_USAGE:
        raise UsageTooLarge


def require_begun(month: Month, *, zone: ZoneInfo, now: datetime) -> None:
    """Refuse usage of a month of the future: it is a slip."""
    if now < month.start(zone):
        raise MonthNotBegun(f"The month {month} has not begun.")


def require_few_invitations(*, to_address: int, of_account: int) -> None:
    """Refuse one more invitation than an account may send to an address, or at all, in a day."""
    if to_address >= INVITATIONS_TO_AN_ADDRESS:
        raise InvitedOften
    if of_account >= INVITATIONS_OF_AN_ACCOUNT:
        raise InvitedMany


def require_acceptable(
    *, accepted_at: datetime | None, withdrawn_at: datetime | None, expires_at: datetime, now: datetime
) -> None:
    """Refuse an invitation that was used, withdrawn or left too long."""
    if accepted_at is not None:
        raise InvitationUsed
    if withdrawn_at is not None:
        raise InvitationWithdrawn
    if now >= expires_at:
        raise InvitationExpired


class KnownUsage(Protocol):
    """A month's usage as it is known; version 0 is not known at all."""

    version: int
    amount: Money
    month_over: bool


def says_something(known: KnownUsage, amount: Money, *, month_over: bool) -> bool:
    """Whether setting the amount says anything new.

    The same amount does, once the month is over: it is final then, and the cycle's credit is
    drawn by it (SEMANTICS 15).
    """
    return not known.version or known.amount != amount or (month_over and not known.month_over)
