"""Two at once, on real connections: each gets an answer, and the account keeps an owner."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from types import ModuleType
from typing import Any

import pytest
from django.db import connections

from agreements import commands as agreements
from agreements.queries import forget
from customers import commands, queries
from customers.commands import keys, people
from customers.errors import CustomersError, LastOwner
from customers.identity import as_customer
from customers.models import Invitation, Role
from customers.post import InvitationLetter
from tests.customers.conftest import MONDAY, SPRING, TERMS, opening, person
from tests.personas import ACME, MIRA

Work = Callable[[], object]


@pytest.fixture(autouse=True)
def _acme(database: object) -> Iterator[None]:
    forget()
    agreements.publish(TERMS.read_text(encoding="utf-8"), by=MIRA, now=SPRING)
    commands.open_account(opening("acme"), by=MIRA, now=SPRING)
    yield
    forget()


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do these, each on a connection of its own; give what they come to, or how they were refused."""

    def alone(work: Callable[[], object]) -> object:
        try:
            return work()
        except CustomersError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(alone, works))


def meeting_before(monkeypatch: pytest.MonkeyPatch, name: str, module: ModuleType = people) -> None:
    """Let two meet before this step, where nothing holds one of them up until then."""
    ready, step = Barrier(2), getattr(module, name)

    def met(*args: Any, **kwargs: Any) -> Any:
        with suppress(BrokenBarrierError):
            ready.wait(timeout=1)
        return step(*args, **kwargs)

    monkeypatch.setattr(module, name, met)


def during(monkeypatch: pytest.MonkeyPatch, name: str, module: ModuleType, work: Callable[[], object]) -> Work:
    """Give work that is to be done beside another: it begins at this step, which goes on once it is over or held up."""
    begun, done, step = Event(), Event(), getattr(module, name)

    def slow(*args: Any, **kwargs: Any) -> Any:
        begun.set()
        done.wait(timeout=1)
        return step(*args, **kwargs)

    def beside() -> None:
        assert begun.wait(timeout=10)
        work()
        done.set()

    monkeypatch.setattr(module, name, slow)
    return beside


def test_of_two_owners_who_remove_each_other_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, rex = person("Ada", ACME, Role.OWNER), person("Rex", ACME, Role.OWNER)
    meeting_before(monkeypatch, "_require_other_owner")
    outcomes = at_once(
        lambda: people.remove_member(ACME, rex.pk, by=as_customer(ada), now=MONDAY),
        lambda: people.remove_member(ACME, ada.pk, by=as_customer(rex), now=MONDAY),
    )
    assert [type(one) for one in outcomes if one is not None] == [LastOwner]
    assert len(queries.members_of(ACME)) == 1


def test_two_clicks_on_an_invitation_leave_one_that_is_good(
    monkeypatch: pytest.MonkeyPatch, letters: list[InvitationLetter]
) -> None:
    meeting_before(monkeypatch, "new_token")
    outcomes = at_once(*[lambda: people.invite(ACME, "bob@example.com", Role.MEMBER, by=MIRA, now=MONDAY)] * 2)
    assert [type(one) for one in outcomes] == [people.Invited] * 2
    (good,) = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    assert good.id in {letter.id for letter in letters}


def test_a_key_that_is_asked_for_twice_at_once_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting_before(monkeypatch, "account_view", keys)
    made = at_once(*[lambda: commands.create_key(ACME, "billing sync", by=MIRA, now=MONDAY)] * 2)
    assert sorted(type(one).__name__ for one in made) == ["IssuedKey", "KeyNameTaken"]


def test_a_key_that_is_made_beside_the_removal_of_its_maker_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    person("Ada", ACME)
    bob = person("Bob", ACME)
    remove = during(monkeypatch, "_issue", keys, lambda: people.remove_member(ACME, bob.pk, by=MIRA, now=MONDAY))
    made, _ = at_once(lambda: commands.create_key(ACME, "Bob's", by=as_customer(bob), now=MONDAY), remove)
    assert isinstance(made, keys.IssuedKey)
    assert queries.account_for_key(made.key) is None


def test_an_invitation_that_is_sent_beside_the_removal_of_its_sender_is_withdrawn_with_them(
    monkeypatch: pytest.MonkeyPatch, letters: list[InvitationLetter]
) -> None:
    person("Ada", ACME)
    eve = person("Eve", ACME)
    remove = during(monkeypatch, "new_token", people, lambda: people.remove_member(ACME, eve.pk, by=MIRA, now=MONDAY))
    at_once(lambda: people.invite(ACME, "eve2@x.example", Role.OWNER, by=as_customer(eve), now=MONDAY), remove)
    [invitation] = Invitation.objects.all()
    assert invitation.withdrawn_at == MONDAY


def test_ten_clicks_at_once_send_an_address_three_invitations(letters: list[InvitationLetter]) -> None:
    ada = person("Ada", ACME)
    at_once(*[lambda: people.invite(ACME, "bob@example.com", Role.MEMBER, by=as_customer(ada), now=MONDAY)] * 10)
    assert len(letters) == 3
