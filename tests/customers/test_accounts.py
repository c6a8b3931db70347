"""Accounts: opened under an agreement, with tiers of its terms, and read as other rooms need them."""

from datetime import UTC, datetime

import pytest

from customers import commands, queries
from customers.commands import Opening
from customers.errors import (
    NameUnusable,
    NumberTaken,
    NumberUnusable,
    UnknownAccount,
    UnknownAgreement,
    UnknownTier,
    ZoneUnknown,
)
from customers.events import AccountOpened, Holding, TierEnded, TierHeld
from eventstore import AlreadyExists, history, once
from kernel.ids import derived, new_id
from tests.customers.conftest import MONDAY, SPRING, opening
from tests.personas import ACME, MIRA, RIVAL

JULY = datetime(2026, 7, 1, tzinfo=UTC)


def told(account: object) -> list[object]:
    return [recorded.event for recorded in history(account)]  # type: ignore[arg-type]


def test_an_account_is_opened_with_its_first_tier(apicheap: str) -> None:
    assert commands.open_account(opening("acme"), by=MIRA, now=SPRING) == ACME
    assert told(ACME) == [
        AccountOpened(number="acme", agreement="apicheap"),
        TierHeld(tier="pro", from_at=SPRING, until_at=None, reason="opened with it"),
    ]
    view = queries.account(ACME)
    assert (view.number, view.name, view.agreement, view.time_zone) == ("acme", "Acme", "apicheap", "Europe/London")
    assert view.tier_at(MONDAY) == "pro"


def test_an_account_may_be_opened_without_a_tier(apicheap: str) -> None:
    commands.open_account(opening(tier=None), by=MIRA, now=SPRING)
    assert queries.holdings(ACME) == ()


def test_a_number_names_one_account(accounts: None) -> None:
    with pytest.raises(NumberTaken, match="already an account 'acme'"):
        commands.open_account(opening("acme"), by=MIRA, now=MONDAY)


def test_a_repeated_command_returns_the_account_that_it_opened(apicheap: str) -> None:
    command_id = new_id()
    for _ in range(2):
        with once(command_id):
            assert commands.open_account(opening("acme"), by=MIRA, now=SPRING) == ACME
    assert len(told(ACME)) == 2


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (Opening("", "Acme", "apicheap", "pro", SPRING), NumberUnusable),
        (Opening(" acme", "Acme", "apicheap", "pro", SPRING), NumberUnusable),
        (Opening("acme\n", "Acme", "apicheap", "pro", SPRING), NumberUnusable),
        (Opening("a" * 61, "Acme", "apicheap", "pro", SPRING), NumberUnusable),
        (Opening("acme", " ", "apicheap", "pro", SPRING), NameUnusable),
        (Opening("acme", "Acme\nBcc: all", "apicheap", "pro", SPRING), NameUnusable),
        (Opening("acme", "Acme", "apicheap", "pro", SPRING, "Mars/Olympus"), ZoneUnknown),
        (Opening("acme", "Acme", "apicheap", "pro", SPRING, "../etc/passwd"), ZoneUnknown),
        (Opening("acme", "Acme", "apicheap", "gold", SPRING), UnknownTier),
        (Opening("acme", "Acme", "no such agreement", "pro", SPRING), UnknownAgreement),
    ],
)
def test_an_opening_that_can_not_be_is_refused(apicheap: str, wrong: Opening, error: type[Exception]) -> None:
    with pytest.raises(error):
        commands.open_account(wrong, by=MIRA, now=SPRING)


def test_a_tier_may_be_held_before_the_agreement_takes_effect(apicheap: str) -> None:
    commands.open_account(opening(from_at=datetime(2026, 1, 1, tzinfo=UTC)), by=MIRA, now=SPRING)
    assert queries.account(ACME).tier_at(datetime(2026, 1, 1, tzinfo=UTC)) == "pro"


def test_a_change_of_tier_is_one_command_with_two_events(accounts: None) -> None:
    commands.set_tier(ACME, "enterprise", from_at=JULY, reason="signed", by=MIRA, now=MONDAY)
    assert told(ACME)[2:] == [
        TierEnded(tier="pro", from_at=SPRING, ended_at=JULY, reason="signed"),
        TierHeld(tier="enterprise", from_at=JULY, until_at=None, reason="signed"),
    ]
    assert queries.holdings(ACME) == (Holding("pro", SPRING, JULY), Holding("enterprise", JULY))


def test_the_same_tier_again_records_nothing(accounts: None) -> None:
    commands.set_tier(ACME, "pro", from_at=JULY, by=MIRA, now=MONDAY)
    assert len(told(ACME)) == 2


def test_a_tier_of_another_agreement_is_refused(accounts: None) -> None:
    with pytest.raises(UnknownTier):
        commands.set_tier(ACME, "professional", from_at=JULY, by=MIRA, now=MONDAY)


def test_a_tier_ends_by_name_of_its_reason(accounts: None) -> None:
    commands.end_tier(ACME, at=JULY, reason="left", by=MIRA, now=MONDAY)
    assert queries.holdings(ACME) == (Holding("pro", SPRING, JULY),)
    assert queries.account(ACME).tier_at(JULY) is None


def test_what_an_account_is_called_is_plain_data(accounts: None) -> None:
    commands.describe_account(ACME, name="Acme & Sons", time_zone="Asia/Tokyo")
    view = queries.account(ACME)
    assert (view.name, view.time_zone) == ("Acme & Sons", "Asia/Tokyo")
    assert queries.names_of([ACME, RIVAL]) == {ACME: "Acme & Sons", RIVAL: "Rival"}
    assert len(told(ACME)) == 2


def test_an_account_that_is_not_there_is_not_found(apicheap: str) -> None:
    nobody = derived("account", "nobody")
    with pytest.raises(UnknownAccount):
        queries.account(nobody)
    with pytest.raises(UnknownAccount, match="no account 'nobody'"):
        queries.account_by_number("nobody")
    with pytest.raises(UnknownAccount):
        commands.set_tier(nobody, "pro", from_at=JULY, by=MIRA, now=MONDAY)  # type: ignore[arg-type]


def test_accounts_under_an_agreement_come_in_chunks_each_once(apicheap: str) -> None:
    numbers = {f"account-{number:03}" for number in range(25)}
    commands.open_accounts([opening(number) for number in sorted(numbers)], by=MIRA, now=SPRING)
    chunks = list(queries.accounts_under("apicheap", chunk=10))
    assert [len(chunk) for chunk in chunks] == [10, 10, 5]
    assert sorted(one.number for chunk in chunks for one in chunk) == sorted(numbers)
    assert {one.holdings for chunk in chunks for one in chunk} == {(Holding("pro", SPRING),)}
    assert list(queries.accounts_under("apisec")) == []


def test_many_accounts_are_opened_together_or_not_at_all(accounts: None) -> None:
    with pytest.raises(AlreadyExists):
        commands.open_accounts([opening("newcomer"), opening("acme")], by=MIRA, now=MONDAY)
