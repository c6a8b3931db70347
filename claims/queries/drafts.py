"""What a draft of the terms would have paid for a month that is closed (SEMANTICS 25)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from agreements.terms import Terms
from claims.events.statement import Figures
from claims.models.finding import Finding
from claims.models.statement import Statement
from claims.rules.statement import Assessor
from customers import queries as customers
from kernel.ids import AccountId
from kernel.minutes import MonthMinutes
from kernel.money import Money
from kernel.months import Month

DRAFT = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedAccount:
    """One account's month as it was stated, and as the draft would have judged it."""

    account: UUID
    stated: Figures
    drafted: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedMonth:
    """What a month cost, what it would have cost, and for how many accounts that differs.

    Amounts leave out the accounts whose usage is not known; those are counted.
    """

    month: Month
    accounts: int
    different: int
    awaiting_usage: int
    stated: Money
    drafted: Money


def run_draft(draft: Terms, agreement: str, month: Month) -> DraftedMonth:
    """Run a draft over the statements of a closed month and sum up what it would have paid.

    The minutes are those that were stated: what the draft would have measured or excused
    differently is not judged anew.
    """
    nothing = Money.zero(draft.currency)
    accounts = different = awaiting = 0
    stated = drafted = nothing
    for one in drafted_accounts(draft, agreement, month):
        before, after = one.stated.credit or nothing, one.drafted.credit or nothing
        accounts += 1
        different += (one.stated.percent, before) != (one.drafted.percent, after)
        awaiting += one.drafted.percent is not None and one.drafted.base is None
        stated, drafted = stated + before, drafted + after
    return DraftedMonth(
        month=month,
        accounts=accounts,
        different=different,
        awaiting_usage=awaiting,
        stated=stated,
        drafted=drafted,
    )


def drafted_accounts(draft: Terms, agreement: str, month: Month) -> Iterator[DraftedAccount]:
    """Judge every statement of the month by the draft, account by account."""
    assessor = Assessor(terms=draft, terms_version=DRAFT)
    found = Finding.objects.filter(agreement=agreement, month=month).order_by("id")
    minutes: dict[UUID, MonthMinutes] = {row.id: row.minutes for row in found}
    usage = customers.usage_for(agreement, month)
    rows = Statement.objects.filter(agreement=agreement, month=month).order_by("account")
    for account, figures in rows.values_list("account", "figures").iterator():
        base = figures.base if figures.base is not None else usage.get(AccountId(account))
        drafted = assessor.assess(minutes[figures.finding], finding=figures.finding, held=figures.tiers, base=base)
        yield DraftedAccount(account=account, stated=figures, drafted=drafted)
