"""API keys: shown once, kept as a hash, for one account, and ended at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import commands, queries, secret_tokens
from customers.errors import KeyNameTaken, NameUnusable, OwnerRequired, UnknownAccount, UnknownKey
from customers.identity import as_customer
from customers.models import ApiKey, Role
from kernel.ids import new_id
from tests.customers.conftest import MONDAY, person
from tests.personas import ACME, MIRA

pytestmark = pytest.mark.usefixtures("accounts")


def test_a_key_opens_its_account_and_is_in_no_table() -> None:
    issued = commands.create_key(ACME, "billing sync", by=MIRA, now=MONDAY)
    holder = queries.account_for_key(issued.key)
    assert holder is not None
    assert (holder.account, holder.key, holder.name) == (ACME, issued.id, "billing sync")
    assert issued.key.startswith(issued.prefix)
    secret = issued.key.removeprefix(issued.prefix)
    assert secret not in str(vars(ApiKey.objects.get()))


def test_a_name_is_free_again_once_its_key_has_ended() -> None:
    first = commands.create_key(ACME, "billing sync", by=MIRA, now=MONDAY)
    with pytest.raises(KeyNameTaken):
        commands.create_key(ACME, "billing sync", by=MIRA, now=MONDAY)
    commands.end_key(first.id, by=MIRA, now=MONDAY)
    assert commands.create_key(ACME, "billing sync", by=MIRA, now=MONDAY).id != first.id


@pytest.mark.parametrize(
    "spoil", [lambda key: key[:-1], lambda key: key + "x", lambda key: key.swapcase(), lambda _: ""]
)
def test_a_key_that_is_not_quite_right_opens_nothing(spoil: Callable[[str], str]) -> None:
    issued = commands.create_key(ACME, "key", by=MIRA, now=MONDAY)
    assert queries.account_for_key(spoil(issued.key)) is None


def test_the_prefix_alone_opens_nothing() -> None:
    issued = commands.create_key(ACME, "key", by=MIRA, now=MONDAY)
    assert queries.account_for_key(issued.prefix) is None
    assert queries.account_for_key(f"{issued.prefix}_") is None


def test_what_a_program_did_is_told_by_the_name_of_its_key() -> None:
    issued = commands.create_key(ACME, "billing sync", by=MIRA, now=MONDAY)
    assert queries.name_of_actor("program", str(issued.id)) == f"API key billing sync ({issued.prefix}…)"
    unknown = str(new_id())
    assert queries.name_of_actor("program", unknown) == f"API key {unknown}"


def test_an_ended_key_opens_nothing() -> None:
    issued = commands.create_key(ACME, "key", by=MIRA, now=MONDAY)
    commands.end_key(issued.id, by=MIRA, now=MONDAY)
    assert queries.account_for_key(issued.key) is None
    assert queries.keys_of(ACME)[0].ended_at == MONDAY


def test_ending_a_key_again_changes_nothing() -> None:
    issued = commands.create_key(ACME, "key", by=MIRA, now=MONDAY)
    for day in range(2):
        commands.end_key(issued.id, by=MIRA, now=MONDAY + timedelta(days=day))
    assert queries.keys_of(ACME)[0].ended_at == MONDAY


def test_the_providers_key_opens_no_account_and_a_customers_key_is_no_providers() -> None:
    ours = commands.create_provider_key("billing", by=MIRA, now=MONDAY)
    acmes = commands.create_key(ACME, "key", by=MIRA, now=MONDAY)
    assert queries.program_for_key(ours.key) == ours.id
    assert queries.account_for_key(ours.key) is None
    assert queries.program_for_key(acmes.key) is None


def test_a_customer_makes_no_key_of_the_provider() -> None:
    ada = person("Ada", ACME)
    with pytest.raises(OwnerRequired):
        commands.create_provider_key("billing", by=as_customer(ada), now=MONDAY)
    ours = commands.create_provider_key("billing", by=MIRA, now=MONDAY)
    with pytest.raises(OwnerRequired):
        commands.end_key(ours.id, by=as_customer(ada), now=MONDAY)


def test_only_owners_end_an_accounts_keys() -> None:
    issued = commands.create_key(ACME, "key", by=MIRA, now=MONDAY)
    with pytest.raises(OwnerRequired):
        commands.end_key(issued.id, by=as_customer(person("Bob", ACME, Role.MEMBER)), now=MONDAY)
    commands.end_key(issued.id, by=as_customer(person("Ada", ACME)), now=MONDAY)


def test_a_key_needs_a_name_and_an_account() -> None:
    with pytest.raises(NameUnusable):
        commands.create_key(ACME, "", by=MIRA, now=MONDAY)
    with pytest.raises(UnknownAccount):
        commands.create_key(new_id(), "key", by=MIRA, now=MONDAY)  # type: ignore[arg-type]
    with pytest.raises(UnknownKey):
        commands.end_key(new_id(), by=MIRA, now=MONDAY)


def test_the_last_use_of_a_key_is_kept_to_the_minute() -> None:
    issued = commands.create_key(ACME, "key", by=MIRA, now=MONDAY)
    assert queries.keys_of(ACME)[0].last_used_at is None
    for seconds in (0, 59, 60):
        commands.note_use(issued.id, now=MONDAY + timedelta(seconds=seconds))
    assert queries.keys_of(ACME)[0].last_used_at == MONDAY + timedelta(seconds=60)
    commands.note_use(issued.id, now=MONDAY + timedelta(seconds=90))
    assert queries.keys_of(ACME)[0].last_used_at == MONDAY + timedelta(seconds=60)


def test_keys_in_use_are_listed_before_ended_ones() -> None:
    names = ("first", "second", "third")
    issued = [
        commands.create_key(ACME, name, by=MIRA, now=MONDAY + timedelta(hours=at)) for at, name in enumerate(names)
    ]
    commands.end_key(issued[2].id, by=MIRA, now=MONDAY + timedelta(days=1))
    assert [one.name for one in queries.keys_of(ACME)] == ["second", "first", "third"]


@given(st.text(max_size=80))
def test_a_text_that_is_no_key_has_no_hash_that_matches(text: str) -> None:
    assert not secret_tokens.matches(text, None)
    made = secret_tokens.new_key(secret_tokens.CUSTOMER_KEY)
    assert secret_tokens.prefix_of(made.key) == made.prefix
    assert secret_tokens.matches(text, made.key_hash) == (text == made.key)
