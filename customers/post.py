"""How invitations reach people: this room writes no mail, so config says who carries it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.ids import AccountId


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """What the carrier needs to write an invitation; the token is in no table."""

    id: UUID
    account: AccountId
    account_name: str
    agreement: str
    email: str
    role: str
    inviter: str
    token: str
    expires_at: datetime


Carrier = Callable[[InvitationLetter, datetime], None]


class NoCarrier(LookupError):
    """Nobody carries invitations: config registers who does."""


_carriers: list[Carrier] = []


def register(carrier: Carrier) -> None:
    """Let this function carry invitations: it is given the letter and the time now."""
    _carriers[:] = [carrier]


def send(letter: InvitationLetter, *, now: datetime) -> None:
    """Hand a letter over, in the caller's transaction."""
    if not _carriers:
        raise NoCarrier
    _carriers[0](letter, now)
