"""The ids of accounts and usage, and who acts when a person or a program does."""

from uuid import UUID

from customers.models import User
from eventstore import Actor
from kernel.ids import AccountId, derived
from kernel.months import Month


def account_id(number: str) -> AccountId:
    """Name the account with this number."""
    return AccountId(derived("account", number))


def usage_id(account: UUID, month: Month) -> UUID:
    """Name the usage of an account in a month."""
    return derived("usage", account, month)


def as_customer(user: User) -> Actor:
    """A person who acts for an account that they belong to."""
    return Actor("customer", str(user.pk))


def as_operator(user: User) -> Actor:
    """A person who acts for the provider, at the desk."""
    return Actor("operator", str(user.pk))


def as_program(key: UUID) -> Actor:
    """A program that acts by an API key."""
    return Actor("program", str(key))


def person_of(actor: Actor) -> UUID | None:
    """Give the person's id of an actor; None for programs and the system."""
    if actor.kind not in {"customer", "operator"}:
        return None
    try:
        return UUID(actor.id)
    except ValueError:
        return None


def described(actor: Actor) -> str:
    """Write an actor down in a plain row: kind and id, never a name."""
    return f"{actor.kind} {actor.id}"
