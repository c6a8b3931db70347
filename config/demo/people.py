"""Who is in the demo: operators, customers of every tier, and how they sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress

from customers.commands import Opening, create_key, open_account
from customers.identity import account_id
from customers.models import Member, Role, User
from customers.queries import account_by_number
from eventstore import Actor
from eventstore.errors import DomainError
from kernel.ids import AccountId

PASSWORD = "makegood-demo"  # noqa: S105 — the demo's, printed at its start
AGREEMENT = "apicheap"


@dataclass(frozen=True, slots=True)
class Customer:
    """An account of the demo with one person, and what it spends in a usual month."""

    number: str
    name: str
    tier: str
    person: str
    email: str
    spends: str

    @property
    def id(self) -> AccountId:
        """The account's id."""
        return account_id(self.number)


HOBBY = Customer("C-1001", "Hobby Horse", "free", "Ida Holm", "ida@hobby.example", "0.00")
STUDENT = Customer("C-1002", "Student Project 7", "free", "Teo Marsh", "teo@student.example", "0.00")
BIRCH = Customer("C-2001", "Birch & Co", "basic", "Nora Birch", "nora@birch.example", "120.00")
CEDAR = Customer("C-2002", "Cedar Press", "basic", "Liv Cedar", "liv@cedar.example", "89.90")
ACME = Customer("C-3001", "Acme Robotics", "pro", "Ada Acme", "ada@acme.example", "200.00")
DELTA = Customer("C-3002", "Delta Analytics", "pro", "Dev Delta", "dev@delta.example", "1840.25")
EMBER = Customer("C-3003", "Ember Labs", "pro", "Eli Ember", "eli@ember.example", "642.10")
COBALT = Customer("C-4001", "Cobalt Bank", "enterprise", "Cora Cobalt", "cora@cobalt.example", "12400.00")
FJORD = Customer("C-4002", "Fjord Shipping", "enterprise", "Finn Fjord", "finn@fjord.example", "8350.40")

CUSTOMERS = (HOBBY, STUDENT, BIRCH, CEDAR, ACME, DELTA, EMBER, COBALT, FJORD)
OPERATORS = (("Mira Vale", "mira@makegood.example"), ("Jonas Reed", "jonas@makegood.example"))
SIGN_INS = (ACME, BIRCH, COBALT)


def hire(now: datetime) -> dict[str, Actor]:
    """Let the operators sign in; give each as an actor by first name."""
    actors = {}
    for name, email in OPERATORS:
        user = User.objects.filter(email=email).first() or _person(name, email, now, superuser=True)
        actors[name.partition(" ")[0].lower()] = Actor("operator", str(user.pk))
    return actors


def open_for(customer: Customer, *, since: datetime, by: Actor, now: datetime) -> None:
    """Open the customer's account with its person, if it is not open yet."""
    opening = Opening(customer.number, customer.name, AGREEMENT, customer.tier, since)
    try:
        account_by_number(customer.number)
    except DomainError:
        open_account(opening, by=by, now=now)
    user = User.objects.filter(email=customer.email).first() or _person(customer.person, customer.email, now)
    Member.objects.get_or_create(account=customer.id, user=user, defaults={"role": Role.OWNER, "joined_at": now})


def actor_of(customer: Customer) -> Actor:
    """Give the customer's person as an actor."""
    return Actor("customer", str(User.objects.get(email=customer.email).pk))


def _person(name: str, email: str, now: datetime, *, superuser: bool = False) -> User:
    create = User.objects.create_superuser if superuser else User.objects.create_user
    user: User = create(email=email, password=PASSWORD, name=name, joined_at=now)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def key_for(customer: Customer, *, now: datetime) -> str:
    """Make a key for the customer's programs; it is seen this once."""
    return create_key(customer.id, "Try the API", by=actor_of(customer), now=now).key


def sign_ins(key: str) -> str:
    """Write down who can sign in, and Acme's key for programs, for the terminal."""
    lines = [f"  sign in   password {PASSWORD}"]
    lines += [f"            {email} ({name}, operator)" for name, email in OPERATORS]
    lines += [f"            {one.email} ({one.person}, {one.name}, {one.tier})" for one in SIGN_INS]
    lines.append(f"  API key   {key} ({ACME.name})")
    return "\n".join(lines) + "\n"
