"""Reading people: the members of an account, the accounts of a person, invitations, operators."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customers.errors import InvitationUnknown
from customers.models import Account, ApiKey, Invitation, Member, Role, User
from customers.queries.accounts import AccountView, account
from customers.secret_tokens import hashed
from kernel.ids import AccountId


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to write to; the role is empty for operators."""

    mail: str
    name: str
    user_id: UUID
    role: str = ""


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as its account's owners, or the person with its link, see it."""

    id: UUID
    account: AccountId
    email: str
    role: str
    invited_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None
    has_sign_in: bool


def members_of(account: UUID) -> list[Person]:
    """List the people of an account who can sign in, by address."""
    rows = Member.objects.filter(account=account, ended_at=None, user__is_active=True)
    found = rows.order_by("user__email").values_list("user__email", "user__name", "user_id", "role")
    return [Person(mail, name, user_id, role) for mail, name, user_id, role in found]


def accounts_of_user(user: UUID) -> list[AccountView]:
    """List the accounts that a person belongs to, by number."""
    ids = list(Member.objects.filter(user=user, ended_at=None).values_list("account", flat=True))
    ordered = Account.objects.filter(id__in=ids).order_by("number", "id").values_list("id", flat=True)
    return [account(one) for one in ordered]


def role_of(user: UUID, account: UUID) -> Role | None:
    """Tell a person's role in an account; None for somebody who does not belong to it."""
    row = Member.objects.filter(user=user, account=account, ended_at=None, user__is_active=True).first()
    return Role(row.role) if row else None


def operators() -> list[Person]:
    """List the provider's people who can sign in, by address."""
    rows = User.objects.filter(is_staff=True, is_active=True).order_by("email")
    return [Person(mail, name, id_) for mail, name, id_ in rows.values_list("email", "name", "id")]


def invitation_for(token: str) -> InvitationView:
    """Give the invitation whose link has this token. Errors: InvitationUnknown."""
    row = Invitation.objects.filter(token_hash=hashed(token)).first()
    if row is None:
        raise InvitationUnknown
    return _view(row)


def invitations_of(account: UUID) -> list[InvitationView]:
    """List an account's invitations that wait for an answer, the newest first."""
    rows = Invitation.objects.filter(account=account, accepted_at=None, withdrawn_at=None)
    return [_view(row) for row in rows.order_by("-invited_at", "id")]


def name_of_actor(kind: str, id_: str) -> str:
    """Name who acted, for people to read; names are in no event."""
    if kind == "system":
        return "Makegood"
    try:
        known = UUID(id_)
    except ValueError:
        return id_
    if kind in {"operator", "customer"}:
        return User.objects.filter(id=known).values_list("name", flat=True).first() or id_
    return f"API key {ApiKey.objects.filter(id=known).first() or id_}"


def _view(row: Invitation) -> InvitationView:
    return InvitationView(
        id=row.id,
        account=AccountId(row.account),
        email=row.email,
        role=row.role,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
        has_sign_in=User.objects.filter(email=row.email).exists(),
    )
