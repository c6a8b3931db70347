"""Sign-ins at the desk: a changed address is the only one, and who may not sign in has no keys either."""

import re
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client

from customers import commands, queries
from customers.errors import AddressTaken, AddressUnusable
from customers.identity import as_customer, as_operator
from customers.models import ApiKey, Role, User
from customers.post import InvitationLetter
from notices.models import Mail
from tests.customers.conftest import MONDAY, PASSWORD, person
from tests.personas import ACME, MIRA

pytestmark = pytest.mark.usefixtures("accounts")
Letters = list[InvitationLetter]
OLD, NEW = "ada@old.example", "ada@new.example"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def ada(letters: Letters) -> User:
    """Ada, who joined by an invitation to her old address."""
    return User.objects.get(pk=joined(OLD, letters))


def joined(email: str, letters: Letters) -> UUID:
    commands.invite(ACME, email, Role.OWNER, by=MIRA, now=MONDAY)
    return commands.accept_as_newcomer(letters[-1].token, name="Ada", password=PASSWORD, now=MONDAY)


@pytest.fixture
def desk(client: Client, accounts: None) -> Client:
    """The desk as a superuser has it."""
    client.force_login(User.objects.create_superuser("mira@provider.example", PASSWORD, name="Mira"))
    return client


def page_of(person: User) -> str:
    return f"/admin/customers/user/{person.pk}/change/"


def sends(desk: Client, person: User, **fields: str) -> Any:
    """Send the form of a person's page at the desk; a box that is not named stays empty."""
    return desk.post(page_of(person), {"name": "Ada", "email": person.email, **fields})


def signs_in(email: str) -> bool:
    browser = Client()
    browser.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return "_auth_user_id" in browser.session


def is_signed_in(browser: Client) -> bool:
    """Tell whether the browser is let in to a page that is for people with a sign-in only."""
    return browser.get("/accounts/password/change/").status_code == 200


def reset_link(email: str) -> str | None:
    """Ask for a new password, and give the link that was mailed to the address."""
    Mail.objects.all().delete()
    Client().post("/accounts/password/reset/", {"email": email})
    found = [re.search(r"/accounts/password/reset/key/\S+", one.text) for one in Mail.objects.filter(recipient=email)]
    return next((link[0] for link in found if link), None)


def opens(link: str) -> bool:
    return "password1" in Client().get(link, follow=True).content.decode()


def test_with_an_address_that_an_operator_changed_nobody_signs_in_any_more(desk: Client, ada: User) -> None:
    assert sends(desk, ada, email=NEW, is_active="on").status_code == 302
    assert not signs_in(OLD)
    assert signs_in(NEW)


def test_a_new_password_is_mailed_to_the_new_address_and_not_to_the_one_before(desk: Client, ada: User) -> None:
    sends(desk, ada, email=NEW, is_active="on")
    assert reset_link(OLD) is None
    link = reset_link(NEW)
    assert link is not None
    assert opens(link)


def test_a_link_for_a_new_password_ends_with_the_address_that_it_was_mailed_to(desk: Client, ada: User) -> None:
    link = reset_link(OLD)
    assert link is not None
    assert opens(link)
    sends(desk, ada, email=NEW, is_active="on")
    assert not opens(link)


def test_sessions_end_with_the_address(desk: Client, ada: User) -> None:
    elsewhere = Client()
    elsewhere.login(email=OLD, password=PASSWORD)
    sends(desk, ada, email=NEW, is_active="on")
    assert not is_signed_in(elsewhere)


def test_a_change_of_the_name_ends_no_session(desk: Client, ada: User) -> None:
    elsewhere = Client()
    elsewhere.login(email=OLD, password=PASSWORD)
    sends(desk, ada, name="Ada Acme", is_active="on")
    assert is_signed_in(elsewhere)
    ada.refresh_from_db()
    assert ada.name == "Ada Acme"


def test_a_freed_address_can_be_invited_for_somebody_else(desk: Client, ada: User, letters: Letters) -> None:
    sends(desk, ada, email=NEW, is_active="on")
    other = joined(OLD, letters)
    assert [one.mail for one in queries.members_of(ACME)] == [NEW, OLD]
    assert signs_in(OLD)
    assert other != ada.pk


def test_an_address_is_one_persons_in_whatever_letters(desk: Client, ada: User) -> None:
    User.objects.create_user("bob@example.com", PASSWORD, name="Bob")
    page = sends(desk, ada, email="Bob@Example.com", is_active="on")
    assert "already exists" in page.content.decode()
    with pytest.raises(AddressTaken):
        commands.change_address(ada.pk, "Bob@Example.com")
    with pytest.raises(AddressUnusable):
        commands.change_address(ada.pk, "nobody")
    assert signs_in(OLD)


def test_the_same_address_in_other_letters_changes_nothing(ada: User) -> None:
    before = ada.session_stamp
    commands.change_address(ada.pk, " Ada@OLD.example ")
    ada.refresh_from_db()
    assert ada.session_stamp == before


def test_addresses_that_were_changed_before_this_rule_are_forgotten_at_the_upgrade(ada: User) -> None:
    other = User.objects.create_user("bob@example.com", PASSWORD, name="Bob")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    User.objects.filter(pk=ada.pk).update(email=NEW)
    assert signs_in(OLD)
    upgrade = import_module("customers.migrations.0004_one_address_each")
    upgrade.forget_former_addresses(apps, SimpleNamespace(connection=connection))
    assert not signs_in(OLD)
    assert signs_in(NEW)
    assert User.objects.get(pk=ada.pk).session_stamp != ada.session_stamp
    assert User.objects.get(pk=other.pk).session_stamp == other.session_stamp


def is_answered(key: str) -> bool:
    """Tell whether a program that has this key is answered."""
    return Client().get("/api/v1/account", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_who_may_not_sign_in_any_more_is_out_at_once_with_sessions_and_keys(desk: Client, ada: User) -> None:
    key = commands.create_key(ACME, "Ada's export", by=as_customer(ada), now=MONDAY).key
    elsewhere = Client()
    elsewhere.login(email=OLD, password=PASSWORD)
    assert is_answered(key)
    sends(desk, ada)
    assert not is_answered(key)
    assert not is_signed_in(elsewhere)
    assert not signs_in(OLD)
    [row] = ApiKey.objects.all()
    assert row.ended_by.startswith("operator ")


def test_neither_keys_nor_sessions_come_back_with_the_sign_in(desk: Client, ada: User) -> None:
    key = commands.create_key(ACME, "Ada's export", by=as_customer(ada), now=MONDAY).key
    elsewhere = Client()
    elsewhere.login(email=OLD, password=PASSWORD)
    sends(desk, ada)
    sends(desk, ada, is_active="on")
    assert not is_answered(key)
    assert not is_signed_in(elsewhere)
    assert signs_in(OLD)


def test_the_keys_of_others_and_those_that_an_operator_made_for_the_account_stay(desk: Client, ada: User) -> None:
    bob = person("Bob", ACME)
    keys = [commands.create_key(ACME, f"for {by.id}", by=by, now=MONDAY).key for by in (MIRA, as_customer(bob))]
    sends(desk, ada)
    assert all(is_answered(key) for key in keys)


def test_a_key_opens_nothing_however_its_person_lost_the_sign_in(ada: User) -> None:
    key = commands.create_key(ACME, "Ada's export", by=as_customer(ada), now=MONDAY).key
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert not is_answered(key)


def test_invitations_that_a_person_sent_end_with_the_sign_in_for_operators_too(
    desk: Client, ada: User, letters: Letters
) -> None:
    jonas = User.objects.create_user("jonas@provider.example", PASSWORD, name="Jonas", is_staff=True)
    commands.invite(ACME, "ada2@x.example", Role.OWNER, by=as_customer(ada), now=MONDAY)
    commands.invite(ACME, "jonas2@x.example", Role.OWNER, by=as_operator(jonas), now=MONDAY)
    for person_ in (ada, jonas):
        assert sends(desk, person_).status_code == 302
    assert queries.invitations_of(ACME) == []
