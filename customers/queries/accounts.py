"""Reading accounts and the tiers that they held."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from django.db import connection

from customers.errors import UnknownAccount
from customers.events import Holding
from customers.identity import account_id
from customers.models import Account, Profile
from eventstore import load
from kernel.ids import AccountId

CHUNK: Final = 2_000
FIRST_HELD = """
SELECT min((held ->> 'start')::timestamptz)
FROM customers_account, jsonb_array_elements(holdings::jsonb) AS held WHERE agreement = %s
"""


@dataclass(frozen=True, slots=True)
class AccountHoldings:
    """An account as the month's close needs it."""

    id: AccountId
    number: str
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as people see it."""

    id: AccountId
    number: str
    agreement: str
    name: str
    time_zone: str
    holdings: tuple[Holding, ...]

    def tier_at(self, instant: datetime) -> str | None:
        """Tell the tier that is held at an instant, if any."""
        return next((held.tier for held in self.holdings if held.held_at(instant)), None)


def account(account: UUID) -> AccountView:
    """Give an account. Errors: UnknownAccount."""
    row = load(Account, account)
    if row is None:
        raise UnknownAccount
    profile = load(Profile, account) or Profile(account=account, name=row.number)
    return AccountView(AccountId(row.id), row.number, row.agreement, profile.name, profile.time_zone, row.holdings)


def account_by_number(number: str) -> AccountView:
    """Give the account with this number. Errors: UnknownAccount."""
    try:
        return account(account_id(number))
    except UnknownAccount:
        raise UnknownAccount(f"There is no account {number!r}.") from None


def accounts_under(agreement: str, *, chunk: int = CHUNK) -> Iterator[list[AccountHoldings]]:
    """Give every account under an agreement, ordered by id, some thousand at a time."""
    rows = Account.objects.filter(agreement=agreement).order_by("id")
    values = list(rows.values_list("id", "number", "holdings")[:chunk])
    while values:
        yield [AccountHoldings(AccountId(id_), number, held) for id_, number, held in values]
        values = list(rows.filter(id__gt=values[-1][0]).values_list("id", "number", "holdings")[:chunk])


def holders(accounts: Sequence[UUID]) -> list[AccountHoldings]:
    """Give these accounts with the tiers that they held, ordered by id."""
    rows = Account.objects.filter(id__in=accounts).order_by("id").values_list("id", "number", "holdings")
    return [AccountHoldings(AccountId(id_), number, held) for id_, number, held in rows]


def holdings(account: UUID) -> tuple[Holding, ...]:
    """Give the tiers that an account held and holds, in order. Errors: UnknownAccount."""
    row = Account.objects.filter(id=account).only("holdings").first()
    if row is None:
        raise UnknownAccount
    return cast("tuple[Holding, ...]", row.holdings)


def first_held(agreement: str) -> datetime | None:
    """Tell when an account under the agreement first held a tier; None while none ever did."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_HELD, [agreement])
        row = cursor.fetchone()
    return row[0] if row else None


def names_of(accounts: Iterable[UUID]) -> dict[UUID, str]:
    """Give the names of these accounts, for lists."""
    return dict(Profile.objects.filter(account__in=list(accounts)).values_list("account", "name"))


def accounts_like(text: str) -> list[UUID]:
    """Find the accounts that have this text in their name or number, for a search."""
    named = Profile.objects.filter(name__icontains=text).values_list("account", flat=True)
    numbered = Account.objects.filter(number__icontains=text).values_list("id", flat=True)
    return sorted({*named, *numbered})
