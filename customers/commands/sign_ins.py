"""Writing sign-ins: give a person another address, and let them sign in no more."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from customers import rules
from customers.errors import AddressTaken, AddressUnusable
from customers.identity import described
from customers.models import ApiKey, Invitation, Member, User
from customers.models.people import new_stamp
from eventstore import Actor


@transaction.atomic
def change_address(person: UUID, email: str) -> None:
    """Let a person sign in with another address, and with the one before no more.

    Their sessions end, and so do links for a new password that were mailed before. Nothing happens
    where it is their address already. Errors: AddressUnusable, AddressTaken.
    """
    user = User.objects.select_for_update(no_key=True).get(id=person)
    address = usable_address(email)
    if user.email == address:
        return
    if User.objects.filter(email=address).exists():
        raise AddressTaken
    user.email, user.session_stamp = address, new_stamp()
    user.save(update_fields=["email", "session_stamp"])
    note_only_address(user)


def note_only_address(user: User) -> None:
    """Tell allauth a person's one address, which it looks up before ours: what it knew otherwise is over."""
    EmailAddress.objects.filter(Q(user=user) | Q(email=user.email)).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


@transaction.atomic
def end_sign_in(person: UUID, *, by: Actor, now: datetime) -> None:
    """Let a person sign in no more: their sessions and the keys that they made for accounts end at once.

    Invitations that they sent are withdrawn. Neither comes back where the person may sign in again.
    """
    hold_access(person)
    User.objects.filter(id=person).update(is_active=False, session_stamp=new_stamp())
    ApiKey.objects.filter(person=person, ended_at=None).update(ended_at=now, ended_by=described(by))
    withdraw_sent_by(person, waiting(), now=now)


def hold_access(person: UUID) -> None:
    """Wait for what the person makes at this moment by their access (permission.require_owner_still)."""
    list(Member.objects.select_for_update().filter(user=person, ended_at=None).order_by("id").values_list("id"))


def waiting() -> QuerySet[Invitation]:
    """Give the invitations that wait for an answer."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


def withdraw_sent_by(person: UUID, invitations: QuerySet[Invitation], *, now: datetime) -> None:
    """Withdraw those that a person sent, for a customer or for the provider: else they let in whom they liked later."""
    senders = [described(Actor(kind, str(person))) for kind in ("customer", "operator")]
    invitations.filter(invited_by__in=senders).update(withdrawn_at=now)


def end_sessions(person: UUID) -> None:
    """End every session of a person: each is refused at its next request, wherever it is kept."""
    User.objects.filter(id=person).update(session_stamp=new_stamp())


def usable_address(email: str) -> str:
    """Write an address in small letters: one address is one person. Errors: AddressUnusable."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise AddressUnusable(f"{email!r} is not a mail address.") from error
    if len(address) > rules.LONGEST_ADDRESS:
        raise AddressUnusable(f"A mail address has up to {rules.LONGEST_ADDRESS} characters.")
    return address
