"""Accounts and usage are what their events say: replayed, every row comes out as it stands."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from agreements import commands as agreements
from customers import commands
from customers.models import Account, Usage
from eventstore import Aggregate, history
from kernel.money import Money
from kernel.months import Month
from tests.customers.conftest import MONDAY, SPRING, TERMS, opening
from tests.personas import ACME, MIRA

JULY, AUGUST = (datetime(2026, month, 1, tzinfo=UTC) for month in (7, 8))


def a_year_of_acme() -> None:
    commands.set_tier(ACME, "enterprise", from_at=JULY, by=MIRA, now=SPRING)
    commands.end_tier(ACME, at=AUGUST, reason="left", by=MIRA, now=SPRING)
    commands.set_tier(ACME, "basic", from_at=MONDAY, by=MIRA, now=MONDAY)
    commands.end_tier(ACME, at=MONDAY, reason="a slip", by=MIRA, now=MONDAY)
    for amount in ("200.00", "0.00", "210.50"):
        commands.set_usage(ACME, Month(2026, 10), Money.of(amount, "USD"), by=MIRA, now=MONDAY)


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize("model", [Account, Usage])
def test_a_row_is_the_fold_of_its_events(model: type[Aggregate]) -> None:
    a_year_of_acme()
    rows = list(model._default_manager.order_by("id"))
    assert rows
    for row in rows:
        folded = model.fold(row.id, [recorded.event for recorded in history(row.id)])
        for field in model._meta.concrete_fields:
            assert getattr(folded, field.attname) == getattr(row, field.attname), field.attname


@pytest.mark.usefixtures("database")
def test_the_whole_log_verifies_and_an_amount_edited_behind_it_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    agreements.publish(TERMS.read_text(encoding="utf-8"), by=MIRA, now=SPRING)
    commands.open_account(opening("acme"), by=MIRA, now=SPRING)
    commands.open_accounts([opening("rival")], by=MIRA, now=SPRING)
    a_year_of_acme()
    call_command("verify")
    assert "every hash, seal and row is as recorded" in capsys.readouterr().out
    Usage.objects.filter(account=ACME).update(amount=Money.of("1.00", "USD"))
    with pytest.raises(SystemExit):
        call_command("verify")
    assert "amount" in capsys.readouterr().out
