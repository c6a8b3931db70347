"""September and October 2026 of apicheap, measured from real checks: down for a day in each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from customers import commands as customers
from customers.commands import Opening
from eventstore import SYSTEM
from kernel.ids import AccountId, ServiceId
from kernel.money import Money
from kernel.months import Month
from tests.claims.statements.scenes import terms_text
from tests.personas import JONAS, MIRA
from tests.uptime import given
from uptime import commands as uptime
from workflows.whatif.report import Cell, MonthTold, Report, TierOfMonth
from workflows.whatif.running import Taker, Watch, asked, run

SEPTEMBER: Final = Month(2026, 9)
OCTOBER: Final = Month(2026, 10)
NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
SPRING: Final = datetime(2026, 4, 1, tzinfo=UTC)
DAY: Final = timedelta(days=1)
# A target of 99.95 % for Pro instead of 99.5 %, and the smallest credit where no row pays.
STRICT: Final = (
    ("pro: {at_least: 99.5%, maximum_downtime: ~3.6 hours}", "pro: {at_least: 99.95%}"),
    ("unmatched_miss: nothing", "unmatched_miss: smallest_credit"),
)


def draft(*changes: tuple[str, str]) -> str:
    """Give apicheap's text with pieces replaced."""
    return terms_text(*changes)


def observed(*months: Month, minutes: int = 1440) -> ServiceId:
    """Publish apicheap and measure these months: each was down from its 20th, 00:00, for so long."""
    given.published()
    service = given.service("web")
    for month in months:
        start = month.start(UTC) + 19 * DAY
        end = start + timedelta(minutes=minutes)
        up = [one for one in given.daily(month) if not start <= one[0] < end]
        given.checked(service, *up, (start, 503), (end, 200))
    uptime.measure_all(service, list(months), by=SYSTEM, now=NOW)
    return service


def account(number: str, tier: str, *, start: datetime = SPRING) -> AccountId:
    """Open an account that holds a tier."""
    opening = Opening(number=number, name=f"{number.title()} Ltd", agreement="apicheap", tier=tier, from_at=start)
    return AccountId(customers.open_account(opening, by=MIRA, now=SPRING))


def uses(account: AccountId, amount: str, *months: Month) -> None:
    """Set the usage of these months."""
    for month in months:
        customers.set_usage(account, month, Money.of(amount, "USD"), by=JONAS, now=NOW)


def told(
    text: str, *, since: Month = OCTOBER, until: Month = OCTOBER, watch: Watch | None = None, taker: Taker | None = None
) -> Report:
    """Run a draft over these months."""
    return run(asked(text, since=since, until=until), now=NOW, watch=watch, taker=taker)


def month_of(report: Report, month: Month = OCTOBER) -> MonthTold:
    """Find a month of the report."""
    (found,) = (one for one in report.months if one.month == month)
    return found


def tier_of(tiers: Iterable[TierOfMonth], tier: str) -> TierOfMonth:
    """Find a tier of a month, or of all."""
    (found,) = (one for one in tiers if one.tier == tier)
    return found


def credits_of(cell: Cell) -> tuple[str, str]:
    """Give what is paid by today's terms and by the draft."""
    return str(cell.today.credit.amount), str(cell.draft.credit.amount)
