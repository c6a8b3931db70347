"""Invitations are mails to strangers: the owners of an account send so many in a day."""

from datetime import datetime, timedelta

import pytest

from customers import commands
from customers.errors import InvitedMany, InvitedOften
from customers.identity import as_customer
from customers.models import Role
from customers.post import InvitationLetter
from tests.customers.conftest import MONDAY, person
from tests.personas import ACME, MIRA, RIVAL

pytestmark = pytest.mark.usefixtures("accounts")
Letters = list[InvitationLetter]
BOB = "bob@example.com"


def test_an_owner_invites_an_address_three_times_in_a_day_and_no_more(letters: Letters) -> None:
    ada = person("Ada", ACME)

    def invite_bob(now: datetime) -> None:
        commands.invite(ACME, BOB, Role.MEMBER, by=as_customer(ada), now=now)

    for _ in range(3):
        invite_bob(MONDAY)
    with pytest.raises(InvitedOften):
        invite_bob(MONDAY + timedelta(days=1, microseconds=-1))
    assert len(letters) == 3
    commands.invite(ACME, "carl@example.com", Role.MEMBER, by=as_customer(ada), now=MONDAY)


def test_a_day_later_an_owner_may_invite_the_address_again(letters: Letters) -> None:
    ada = person("Ada", ACME)
    for now in [MONDAY] * 3 + [MONDAY + timedelta(days=1)]:
        commands.invite(ACME, BOB, Role.MEMBER, by=as_customer(ada), now=now)
    assert len(letters) == 4


def test_taking_invitations_back_leaves_no_room_for_more(letters: Letters) -> None:
    ada = person("Ada", ACME)
    for _ in range(3):
        commands.invite(ACME, BOB, Role.MEMBER, by=as_customer(ada), now=MONDAY)
        commands.withdraw_invitation(letters[-1].id, by=as_customer(ada), now=MONDAY)
    with pytest.raises(InvitedOften):
        commands.invite(ACME, BOB, Role.MEMBER, by=as_customer(ada), now=MONDAY)


def test_the_owners_of_an_account_send_fifty_invitations_in_a_day_between_them(letters: Letters) -> None:
    owners = [as_customer(person("Ada", ACME)), as_customer(person("Eve", ACME))]
    for number in range(50):
        commands.invite(ACME, f"{number}@x.example", Role.MEMBER, by=owners[number % 2], now=MONDAY)
    for owner in owners:
        with pytest.raises(InvitedMany):
            commands.invite(ACME, "51@x.example", Role.MEMBER, by=owner, now=MONDAY)
    commands.invite(RIVAL, "51@x.example", Role.MEMBER, by=as_customer(person("Rex", RIVAL)), now=MONDAY)


def test_operators_invite_as_often_as_they_like(letters: Letters) -> None:
    for _ in range(4):
        commands.invite(ACME, BOB, Role.MEMBER, by=MIRA, now=MONDAY)
    assert len(letters) == 4
