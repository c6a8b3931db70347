"""October 2026 under apicheap's terms, made by the real commands: Acme is Pro and was down for 45 hours.

45 h = 2,700 of 44,640 minutes: uptime 93.95 %, which pays a quarter; of $200 that is $50, the cap $100. The outage
ended on 22 October: day 30 is Saturday 21 November, which rolls to Monday, so that the bound is the 24th at midnight.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from agreements import commands as agreements
from claims import measuring
from claims.commands import closing, periods
from claims.commands.claims.file import Received, file_claim
from claims.measuring import Group, MeasuredMonth
from customers import commands as customers
from customers.commands import Opening
from customers.identity import account_id
from kernel.intervals import EMPTY, Interval, Ranges, minute_of
from kernel.minutes import MonthMinutes
from kernel.money import Money
from kernel.months import Month
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.statements.scenes import month_of, terms_text
from tests.personas import ACME, ACMES_BUYER, MIRA

AGREEMENT: Final = "apicheap"
SPRING: Final = at("2026-04-01T00:00Z")
NOVEMBER_2ND: Final = at("2026-11-02T01:00Z")
MONDAY_9TH: Final = at("2026-11-09T10:00Z")
TUESDAY_10TH: Final = at("2026-11-10T10:00Z")
BOUND: Final = at("2026-11-24T00:00Z")
OUTAGE: Final = Interval(at("2026-10-20T10:00Z"), at("2026-10-22T07:00Z"))
OUTAGE_MINUTES: Final = Ranges.of((minute_of(OUTAGE.start), minute_of(OUTAGE.end)))
NOTHING_DOWN: Final = EMPTY


@contextmanager
def measured_by(**months: MonthMinutes) -> Iterator[None]:
    """Let claims learn these minutes, by month as in `m2026_10`, for everybody; other months were up."""

    def provider(agreement: str, month: Month, _now: datetime) -> MeasuredMonth:
        minutes = months.get(f"m{month}".replace("-", "_"), month_of(month=month))
        return MeasuredMonth(agreement=agreement, month=month, reference="test", everybody=Group(minutes=minutes))

    before = list(measuring._PROVIDERS)
    measuring.register(provider)
    yield
    measuring._PROVIDERS[:] = before


def publish(*changes: tuple[str, str]) -> None:
    """Publish apicheap's terms, with pieces of the text replaced."""
    agreements.publish(terms_text(*changes), by=MIRA, now=SPRING)


def open_accounts(**tiers: str) -> None:
    """Open accounts under apicheap with the tier that they hold since April."""
    for number, tier in tiers.items():
        opening = Opening(number=number, name=number.title(), agreement=AGREEMENT, tier=tier, from_at=SPRING)
        customers.open_account(opening, by=MIRA, now=SPRING)


def use(amount: str, *, account: UUID = ACME, month: Month = OCTOBER, now: datetime = NOVEMBER_2ND) -> Money:
    """Set an account's usage of a month."""
    customers.set_usage(account, month, dollars(amount), by=MIRA, now=now)  # type: ignore[arg-type]
    return dollars(amount)


def close(month: Month = OCTOBER, *, now: datetime = NOVEMBER_2ND) -> None:
    """Open the months that have begun, and close one; it closes at once or the test is wrong."""
    periods.open_periods(now=now)
    assert closing.close_month(AGREEMENT, month, now=now) == "closed"


def sent(month: Month = OCTOBER, **told: Any) -> Received:
    """Write down what a customer sends: the outage's times, unless told otherwise."""
    return Received(**{"month": month, "times": (OUTAGE,), **told})


def filed(received: Received | None = None, *, account: UUID = ACME, now: datetime = MONDAY_9TH) -> UUID:
    """File a claim and give what it is answered with."""
    return file_claim(account, received or sent(), by=ACMES_BUYER, now=now)


def account_of(number: str) -> UUID:
    """Name the account with this number."""
    return account_id(number)
