"""Reading API keys, and finding whose a key is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customers.models import ApiKey
from customers.secret_tokens import matches, prefix_of
from kernel.ids import AccountId


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A live key of an account."""

    key: UUID
    account: AccountId
    name: str


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as its owners see it: never the key itself."""

    id: UUID
    name: str
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    ended_at: datetime | None


def account_for_key(key: str) -> KeyHolder | None:
    """Tell which account a key belongs to; None for a key that is wrong, ended or not a customer's."""
    row = _live(key)
    return KeyHolder(row.id, AccountId(row.account), row.name) if row and row.account else None


def program_for_key(key: str) -> UUID | None:
    """Tell which of the provider's own keys this is; None for any other."""
    row = _live(key)
    return row.id if row and row.account is None else None


def keys_of(account: UUID | None) -> list[KeyView]:
    """List an account's keys, or the provider's own: those in use first, then the ended ones."""
    rows = ApiKey.objects.filter(account=account).order_by("-created_at", "id")
    views = [KeyView(row.id, row.name, row.prefix, row.created_at, row.last_used_at, row.ended_at) for row in rows]
    return sorted(views, key=lambda view: view.ended_at is not None)


def _live(key: str) -> ApiKey | None:
    """Find a key by its prefix, then compare all of it; an unknown prefix takes as long."""
    row = ApiKey.objects.select_related("person").filter(prefix=prefix_of(key)).first()
    same = matches(key, row.key_hash if row else None)
    return row if row and same and row.ended_at is None and _has_access(row) else None


def _has_access(row: ApiKey) -> bool:
    """Whether the person with whose access the key ends may sign in, however that was taken away."""
    return row.person is None or row.person.is_active
