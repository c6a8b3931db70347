"""Writing people: invite them, let them in, change their role, and end their access at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from customers import post, rules
from customers.commands.sign_ins import end_sessions, note_only_address, usable_address, waiting, withdraw_sent_by
from customers.errors import (
    AlreadyMember,
    InvitationUnknown,
    LastOwner,
    NotAMember,
    NotYourInvitation,
    PasswordWeak,
    SignInFirst,
)
from customers.identity import described
from customers.models import ApiKey, Invitation, Member, Role, User
from customers.permission import require_owner, require_owner_still
from customers.queries import account as account_view
from customers.queries import name_of_actor
from customers.secret_tokens import hashed, new_token
from eventstore import Actor
from kernel.ids import AccountId, new_id


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was mailed; the token is in the mail only."""

    id: UUID
    email: str
    expires_at: datetime


def invite(account: AccountId, email: str, role: Role, *, by: Actor, now: datetime) -> Invited:
    """Ask somebody to join an account: a mail with a link that works once, for seven days.

    A new invitation to the same address takes the place of one that waits. Errors: OwnerRequired,
    UnknownAccount, AddressUnusable, AlreadyMember; for customers InvitedOften and InvitedMany.
    """
    try:
        return _invite(account, email, role, by=by, now=now)
    except IntegrityError:  # another invitation to the address was made this moment: it is taken back
        return _invite(account, email, role, by=by, now=now)


@transaction.atomic
def _invite(account: AccountId, email: str, role: Role, *, by: Actor, now: datetime) -> Invited:
    require_owner_still(account, by)
    view = account_view(account)
    address = usable_address(email)
    if Member.objects.filter(account=account, user__email=address, ended_at=None).exists():
        raise AlreadyMember(f"{address} belongs to the account already.")
    if by.kind == "customer":
        _require_few_before(account, address, now=now)
    waiting().filter(account=account, email=address).update(withdrawn_at=now)
    token = new_token()
    invitation = Invitation.objects.create(
        id=new_id(),
        account=account,
        email=address,
        role=Role(role),
        token_hash=hashed(token),
        invited_by=described(by),
        invited_at=now,
        expires_at=now + rules.INVITATION_LASTS,
    )
    letter = post.InvitationLetter(
        id=invitation.id,
        account=account,
        account_name=view.name,
        agreement=view.agreement,
        email=address,
        role=invitation.role,
        inviter=name_of_actor(by.kind, by.id),
        token=token,
        expires_at=invitation.expires_at,
    )
    post.send(letter, now=now)
    return Invited(invitation.id, address, invitation.expires_at)


@transaction.atomic
def withdraw_invitation(invitation: UUID, *, by: Actor, now: datetime) -> None:
    """Take an invitation back; its link works no more. Errors: OwnerRequired, InvitationUnknown."""
    row = Invitation.objects.select_for_update().filter(id=invitation).first()
    if row is None:
        raise InvitationUnknown
    require_owner(AccountId(row.account), by)
    if row.accepted_at is None and row.withdrawn_at is None:
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])


@transaction.atomic
def accept_as_newcomer(token: str, *, name: str, password: str, now: datetime) -> UUID:
    """Make a sign-in for the invited address and join the account; return the person's id.

    The link proves the address. Errors: SignInFirst where the address has a sign-in, PasswordWeak,
    NameUnusable, and those of the invitation.
    """
    invitation = _acceptable(token, now=now)
    if User.objects.filter(email=invitation.email).exists():
        raise SignInFirst
    rules.require_name(name)
    _require_strong(password, User(email=invitation.email, name=name))
    person = _new_person(invitation.email, name, password, now=now)
    _join(invitation, person, now=now)
    return person.id


@transaction.atomic
def accept_as(token: str, *, person: UUID, now: datetime) -> None:
    """Join an account with the sign-in that one has.

    Errors: NotYourInvitation where it is for another address, and those of the invitation.
    """
    invitation = _acceptable(token, now=now)
    user = User.objects.get(id=person)
    if user.email != invitation.email:
        raise NotYourInvitation
    _join(invitation, user, now=now)


@transaction.atomic
def change_role(account: AccountId, person: UUID, role: Role, *, by: Actor, now: datetime) -> None:
    """Make a member an owner, or an owner a member, whose waiting invitations are withdrawn: members send none.

    Errors: OwnerRequired, NotAMember, LastOwner.
    """
    require_owner(account, by)
    member = _member(account, person)
    if member.role == Role.OWNER and role != Role.OWNER:
        _require_other_owner(member, by)
        withdraw_sent_by(person, waiting().filter(account=account), now=now)
    member.role = Role(role)
    member.save(update_fields=["role"])


@transaction.atomic
def remove_member(account: AccountId, person: UUID, *, by: Actor, now: datetime) -> None:
    """End a person's access to an account, and with it their sessions and their keys of it, at once.

    The invitations to it that they sent, and any to themselves, are withdrawn. People may remove
    themselves. Errors: OwnerRequired, NotAMember, LastOwner.
    """
    if by != Actor("customer", str(person)):
        require_owner(account, by)
    member = _member(account, person)
    if member.role == Role.OWNER:
        _require_other_owner(member, by)
    member.ended_at, member.ended_by = now, described(by)
    member.save(update_fields=["ended_at", "ended_by"])
    ApiKey.objects.filter(account=account, person=person, ended_at=None).update(ended_at=now, ended_by=described(by))
    withdraw_sent_by(person, waiting().filter(account=account), now=now)
    waiting().filter(account=account, email=member.user.email).update(withdrawn_at=now)
    end_sessions(person)


def _require_few_before(account: AccountId, address: str, *, now: datetime) -> None:
    lately = Invitation.objects.filter(account=account, invited_at__gt=now - rules.INVITATIONS_COUNT_FOR)
    rules.require_few_invitations(to_address=lately.filter(email=address).count(), of_account=lately.count())


def _require_strong(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise PasswordWeak(" ".join(error.messages)) from error


def _new_person(email: str, name: str, password: str, *, now: datetime) -> User:
    try:
        with transaction.atomic():
            person = User.objects.create_user(email, password, name=name, joined_at=now)
    except IntegrityError as error:  # another invitation to the address was accepted this moment
        raise SignInFirst from error
    note_only_address(person)
    return person


def _acceptable(token: str, *, now: datetime) -> Invitation:
    row = Invitation.objects.select_for_update().filter(token_hash=hashed(token)).first()
    if row is None:
        raise InvitationUnknown
    rules.require_acceptable(
        accepted_at=row.accepted_at, withdrawn_at=row.withdrawn_at, expires_at=row.expires_at, now=now
    )
    return row


def _join(invitation: Invitation, person: User, *, now: datetime) -> None:
    if Member.objects.filter(account=invitation.account, user=person, ended_at=None).exists():
        raise AlreadyMember
    Member.objects.create(account=invitation.account, user=person, role=invitation.role, joined_at=now)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])


def _member(account: UUID, person: UUID) -> Member:
    """Give a member; all of the account are held, in one order, so that two never wait for each other."""
    members = Member.objects.select_for_update().filter(account=account, ended_at=None).order_by("id")
    row = next((one for one in members if one.user_id == person), None)
    if row is None:
        raise NotAMember
    return row


def _require_other_owner(member: Member, by: Actor) -> None:
    """Customers keep an owner among them; an operator may leave an account without one."""
    owners = Member.objects.filter(account=member.account, ended_at=None, role=Role.OWNER)
    if by.kind == "customer" and owners.count() == 1:
        raise LastOwner
