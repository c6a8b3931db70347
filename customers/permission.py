"""Who may act for an account."""

from customers.errors import OwnerRequired, UnknownAccount
from customers.identity import person_of
from customers.models import Member, Role
from customers.queries import role_of
from eventstore import Actor
from kernel.ids import AccountId


def require_owner(account: AccountId, by: Actor) -> None:
    """Let owners of the account and the provider's own people pass.

    For somebody who does not belong to it the account does not exist. Errors: OwnerRequired,
    UnknownAccount.
    """
    if by.kind in {"operator", "system"}:
        return
    person = person_of(by) if by.kind == "customer" else None
    role = role_of(person, account) if person else None
    if role is None:
        raise UnknownAccount
    if role != Role.OWNER:
        raise OwnerRequired


def require_owner_still(account: AccountId, by: Actor) -> None:
    """Let the same pass, and keep a customer's access as it is until this transaction is over.

    For what ends with the access: else it could be made beside its end, and outlive it.
    """
    person = person_of(by) if by.kind == "customer" else None
    if person:
        Member.objects.select_for_update().filter(account=account, user=person, ended_at=None).first()
    require_owner(account, by)
