"""Writing API keys: make one, which is shown once, and end it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from customers import rules
from customers.errors import KeyNameTaken, OwnerRequired, UnknownKey
from customers.identity import described, person_of
from customers.models import Account, ApiKey, User
from customers.permission import require_owner, require_owner_still
from customers.queries import account as account_view
from customers.secret_tokens import CUSTOMER_KEY, PROVIDER_KEY, new_key
from eventstore import Actor
from kernel.ids import AccountId, new_id

# The last use is kept to this grain: not every request is worth a write.
USE_GRAIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key: the only time that it is seen whole."""

    id: UUID
    key: str
    prefix: str


@transaction.atomic
def create_key(account: AccountId, name: str, *, by: Actor, now: datetime) -> IssuedKey:
    """Make a key for an account's programs. Errors: OwnerRequired, UnknownAccount, NameUnusable, KeyNameTaken.

    A form that is sent twice makes one key: the second could never be seen.
    """
    require_owner_still(account, by)
    account_view(account)
    Account.objects.select_for_update().only("id").get(id=account)
    if ApiKey.objects.filter(account=account, name=name, ended_at=None).exists():
        raise KeyNameTaken
    return _issue(account, name, kind=CUSTOMER_KEY, by=by, now=now)


@transaction.atomic
def create_provider_key(name: str, *, by: Actor, now: datetime) -> IssuedKey:
    """Make a key for the provider's own programs, such as billing. Errors: OwnerRequired, NameUnusable."""
    _require_provider(by)
    return _issue(None, name, kind=PROVIDER_KEY, by=by, now=now)


@transaction.atomic
def end_key(key: UUID, *, by: Actor, now: datetime) -> None:
    """End a key at once. Errors: UnknownKey, OwnerRequired."""
    row = ApiKey.objects.select_for_update().filter(id=key).first()
    if row is None:
        raise UnknownKey
    if row.account is None:
        _require_provider(by)
    else:
        require_owner(AccountId(row.account), by)
    if row.ended_at is None:
        row.ended_at, row.ended_by = now, described(by)
        row.save(update_fields=["ended_at", "ended_by"])


def note_use(key: UUID, *, now: datetime) -> None:
    """Note that a key was used, to the minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_GRAIN)
    ApiKey.objects.filter(stale, id=key).update(last_used_at=now)


def _issue(account: AccountId | None, name: str, *, kind: str, by: Actor, now: datetime) -> IssuedKey:
    rules.require_name(name)
    made = new_key(kind)
    row = ApiKey.objects.create(
        id=new_id(),
        account=account,
        name=name,
        prefix=made.prefix,
        key_hash=made.key_hash,
        created_by=described(by),
        person=_person(by),
        created_at=now,
    )
    return IssuedKey(row.id, made.key, made.prefix)


def _person(by: Actor) -> User | None:
    """The customer with whose access the key ends; an operator's key for an account is the account's."""
    person = person_of(by) if by.kind == "customer" else None
    return User.objects.filter(id=person).first() if person else None


def _require_provider(by: Actor) -> None:
    if by.kind not in {"operator", "system"}:
        raise OwnerRequired
