"""Usage of a month: set by an event, changed by another, never overwritten, in the agreement's currency."""

from datetime import UTC, datetime

import pytest

from customers import commands, queries
from customers.errors import CurrencyDiffers, MonthNotBegun, UnknownAccount, UsageNegative, UsageTooFine, UsageTooLarge
from customers.events import UsageSet
from customers.identity import usage_id
from eventstore import history
from kernel.ids import AccountId, derived
from kernel.money import Money
from kernel.months import Month
from tests.customers.conftest import MONDAY
from tests.personas import ACME, JONAS, MIRA, RIVAL

OCTOBER = Month(2026, 10)
SEPTEMBER = Month(2026, 9)
TWO_HUNDRED = Money.of("200.00", "USD")
pytestmark = pytest.mark.usefixtures("accounts")


def set_usage(amount: Money, month: Month = OCTOBER, account: AccountId = ACME, reason: str = "") -> None:
    commands.set_usage(account, month, amount, reason=reason, by=MIRA, now=MONDAY)


def month_over() -> bool:
    return OCTOBER.end(UTC) <= MONDAY


def told(account: AccountId, month: Month) -> list[object]:
    return [recorded.event for recorded in history(usage_id(account, month))]


def test_usage_is_not_known_until_it_is_set() -> None:
    assert queries.usage_of(ACME, OCTOBER) is None
    set_usage(TWO_HUNDRED)
    assert queries.usage_of(ACME, OCTOBER) == TWO_HUNDRED


def test_no_usage_is_an_amount_too() -> None:
    set_usage(Money.zero("USD"))
    assert queries.usage_of(ACME, OCTOBER) == Money.zero("USD")


def test_setting_the_same_amount_again_records_nothing() -> None:
    set_usage(TWO_HUNDRED)
    set_usage(Money.of("200", "USD"), reason="again")
    assert told(ACME, OCTOBER) == [
        UsageSet(
            account=ACME, agreement="apicheap", month=OCTOBER, amount=TWO_HUNDRED, reason="", month_over=month_over()
        )
    ]


def test_the_same_amount_once_the_month_is_over_is_final_and_recorded() -> None:
    """A flat fee set on the 15th and confirmed on the 2nd must still draw the cycle's credit."""
    for now in (
        datetime(2026, 10, 15, tzinfo=UTC),
        datetime(2026, 11, 2, tzinfo=UTC),
        datetime(2026, 11, 3, tzinfo=UTC),
    ):
        commands.set_usage(ACME, OCTOBER, TWO_HUNDRED, by=MIRA, now=now)
    assert [one.month_over for one in told(ACME, OCTOBER) if isinstance(one, UsageSet)] == [False, True]


def test_changed_usage_keeps_what_it_was() -> None:
    set_usage(TWO_HUNDRED, reason="metered")
    commands.set_usage(ACME, OCTOBER, Money.of("210.50", "USD"), reason="late records", by=JONAS, now=MONDAY)
    shown = [(one.amount, one.reason, one.set_by) for one in queries.usage_history(ACME, OCTOBER)]
    assert shown == [
        (TWO_HUNDRED, "metered", "operator mira"),
        (Money.of("210.50", "USD"), "late records", "operator jonas"),
    ]
    assert queries.usage_of(ACME, OCTOBER) == Money.of("210.50", "USD")


def test_months_and_accounts_are_apart() -> None:
    set_usage(TWO_HUNDRED)
    set_usage(Money.of("1.00", "USD"), month=SEPTEMBER)
    set_usage(Money.of("2.00", "USD"), account=RIVAL)
    assert queries.usages_of(ACME) == {OCTOBER: TWO_HUNDRED, SEPTEMBER: Money.of("1.00", "USD")}
    assert queries.usage_for("apicheap", OCTOBER) == {ACME: TWO_HUNDRED, RIVAL: Money.of("2.00", "USD")}
    assert queries.usage_for("apisec", OCTOBER) == {}


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        (Money.of("200.00", "EUR"), CurrencyDiffers),
        (Money.of("-0.01", "USD"), UsageNegative),
        (Money.of("0.001", "USD"), UsageTooFine),
        (Money.of("1000000000000", "USD"), UsageTooLarge),
    ],
    ids=str,
)
def test_an_amount_that_can_not_be_usage_is_refused(amount: Money, error: type[Exception]) -> None:
    with pytest.raises(error):
        set_usage(amount)
    assert told(ACME, OCTOBER) == []


def test_usage_of_a_month_that_has_not_begun_is_a_slip() -> None:
    set_usage(TWO_HUNDRED, month=Month(2026, 11))
    with pytest.raises(MonthNotBegun, match="2026-12 has not begun"):
        set_usage(TWO_HUNDRED, month=Month(2026, 12))
    commands.set_usage(ACME, Month(2026, 12), TWO_HUNDRED, by=MIRA, now=datetime(2026, 12, 1, tzinfo=UTC))


def test_usage_of_an_account_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownAccount):
        set_usage(TWO_HUNDRED, account=AccountId(derived("account", "nobody")))
