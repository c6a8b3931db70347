"""Reading the usage of months."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from customers.events import UsageSet
from customers.identity import usage_id
from customers.models import Usage
from eventstore import history
from kernel.ids import AccountId
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True, slots=True)
class UsageView:
    """The usage of one month as it was set at one time."""

    month: Month
    amount: Money
    reason: str
    set_at: datetime
    set_by: str


def usage_of(account: UUID, month: Month) -> Money | None:
    """Give an account's usage of a month; None while it is not known."""
    row = Usage.objects.filter(id=usage_id(account, month)).only("amount").first()
    return row.amount if row else None


def usage_for(agreement: str, month: Month, accounts: Sequence[UUID] | None = None) -> dict[AccountId, Money]:
    """Give the usage of a month for every account under the agreement, or of these, whose usage is known."""
    rows = Usage.objects.filter(agreement=agreement, month=month).order_by("account")
    if accounts is not None:
        rows = rows.filter(account__in=accounts)
    found = cast("Iterable[tuple[UUID, Money]]", rows.values_list("account", "amount"))
    return {AccountId(account): amount for account, amount in found}


def usages_of(account: UUID) -> dict[Month, Money]:
    """Give an account's usage of each month that is known, the newest month first."""
    rows = Usage.objects.filter(account=account).order_by("-month")
    return dict(cast("Iterable[tuple[Month, Money]]", rows.values_list("month", "amount")))


def usage_history(account: UUID, month: Month) -> list[UsageView]:
    """Give each amount that was ever set for the month, the first one first."""
    return [
        UsageView(month, recorded.event.amount, recorded.event.reason, recorded.occurred_at, recorded.actor)
        for recorded in history(usage_id(account, month))
        if isinstance(recorded.event, UsageSet)
    ]
