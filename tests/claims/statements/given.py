"""A month of apicheap with its accounts, usage and measurement, given in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from agreements.commands import publish
from claims.commands import closing, periods
from claims.events.finding import ExclusionUsed, Source
from claims.measuring import Group, MeasuredMonth, Undecided
from claims.models.entitlement import Entitlement
from claims.models.period import Period
from claims.models.statement import Statement
from claims.rules.identity import entitlement_id, period_id, statement_id
from customers.commands.accounts import Opening, open_account, set_tier
from customers.commands.usage import set_usage
from kernel.ids import AccountId, derived
from kernel.minutes import MonthMinutes
from kernel.months import Month
from tests.claims.statements.scenes import OCTOBER, ZONE, at, dollars, month_of, terms_text
from tests.personas import MIRA


@dataclass
class Scene:
    """What is so in a test: months as they stand measured, and short ways to act."""

    months: dict[Month, MeasuredMonth] = field(default_factory=dict)
    before: dict[Month, MeasuredMonth] = field(default_factory=dict)

    def provide(self, agreement: str, month: Month, now: datetime) -> MeasuredMonth:
        """Give a month as the test says that it stands measured; all up where it says nothing."""
        return self.months.get(month) or self._said(month, Group(minutes=month_of(month=month)))

    def provide_before(self, _instant: datetime, agreement: str, month: Month, now: datetime) -> MeasuredMonth:
        """Give a month as it stood measured before what the test said last."""
        return self.before.get(month) or self.provide(agreement, month, now)

    def measured(
        self,
        minutes: MonthMinutes,
        *,
        month: Month = OCTOBER,
        named: Mapping[AccountId, MonthMinutes] | None = None,
        exclusions: tuple[ExclusionUsed, ...] = (),
        undecided: tuple[Undecided, ...] = (),
    ) -> None:
        """Say how a month stands measured, for everybody and for accounts by name."""
        self.before[month] = self.provide("apicheap", month, month.end(ZONE))
        groups: dict[UUID, Group] = {account: Group(minutes=own) for account, own in (named or {}).items()}
        everybody = Group(minutes=minutes, exclusions=exclusions)
        self.months[month] = self._said(month, everybody, named=groups, undecided=undecided)

    def _said(
        self,
        month: Month,
        everybody: Group,
        *,
        named: Mapping[UUID, Group] | None = None,
        undecided: tuple[Undecided, ...] = (),
    ) -> MeasuredMonth:
        return MeasuredMonth(
            agreement="apicheap",
            month=month,
            reference=str(derived("measurement", month, everybody, named)),
            everybody=everybody,
            named=named or {},
            sources=(Source(service="api", monitor="api.apicheap.net", checks=44_640, digest="d" * 64),),
            undecided=undecided,
        )

    def terms(self, *changes: tuple[str, str]) -> None:
        """Publish apicheap's terms, with pieces of the text replaced."""
        publish(terms_text(*changes), by=MIRA, now=at("2026-03-30T09:00Z"))

    def account(
        self,
        number: str = "acme",
        tier: str = "pro",
        *,
        start: str = "2026-04-01T00:00Z",
        usage: str | None = None,
        month: Month = OCTOBER,
    ) -> AccountId:
        """Open an account that holds a tier, and set its usage of the month."""
        opening = Opening(number=number, name=number.title(), agreement="apicheap", tier=tier, from_at=at(start))
        account = AccountId(open_account(opening, by=MIRA, now=at(start)))
        if usage is not None:
            self.uses(account, usage, month=month)
        return account

    def uses(self, account: AccountId, amount: str, *, month: Month = OCTOBER, now: str = "2026-11-02T00:00Z") -> None:
        """Set an account's usage of the month."""
        set_usage(account, month, dollars(amount), reason="metered", by=MIRA, now=at(now))

    def holds(self, account: AccountId, tier: str, start: str) -> None:
        """Let an account hold another tier from an instant on."""
        set_tier(account, tier, from_at=at(start), reason="changed", by=MIRA, now=at(start))

    def opens(self, now: str = "2026-10-01T00:00Z", *, month: Month = OCTOBER) -> UUID:
        """Open the month's period."""
        return periods.open_period("apicheap", month, now=at(now))

    def closes(self, now: str = "2026-11-02T00:00Z", *, month: Month = OCTOBER) -> str:
        """Close the month as far as that goes, and tell its state."""
        return closing.close_month("apicheap", month, now=at(now))

    def period(self, month: Month = OCTOBER) -> Period:
        """Read the month's row."""
        return Period.objects.get(id=period_id("apicheap", month))

    def statement(self, account: AccountId, month: Month = OCTOBER) -> Statement:
        """Read an account's statement."""
        return Statement.objects.get(id=statement_id(account, "apicheap", month))

    def entitlement(self, account: AccountId, number: int = 1, month: Month = OCTOBER) -> Entitlement:
        """Read an account's entitlement."""
        return Entitlement.objects.get(id=entitlement_id(account, "apicheap", month, number))
