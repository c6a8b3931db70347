"""People come in by invitation and go out at once; keys are shown once."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from customers import commands as customers
from customers import queries
from customers.models import ApiKey, Invitation, Role, User
from customers.post import InvitationLetter
from tests.claims import october
from tests.personas import MIRA, RIVAL
from tests.portal.conftest import SetClock, visitor
from tests.portal.visitors import PASSWORD, Visitor, text_of

NEW = "new@acme.example"


@pytest.fixture
def link(ada: Visitor, letters: list[InvitationLetter]) -> str:
    """The link in the invitation that Ada sent."""
    return invited(ada, NEW, letters)


def invited(owner: Visitor, email: str, letters: list[InvitationLetter]) -> str:
    owner.post("people/invite/", email=email, role="member")
    return f"/invitation/{letters[-1].token}/"


def join(client: Client, link: str, **fields: Any) -> Any:
    return client.post(link, {"name": "Nina New", "password": PASSWORD, **fields}, follow=True)


def test_an_owner_invites_and_sees_who_has_not_answered(ada: Visitor, link: str) -> None:
    assert f"{NEW} as member, until 16 November 2026" in ada.read("people/")


@pytest.mark.parametrize(
    ("email", "told"),
    [
        ("ada@example.com", "belongs to the account already"),
        ("nobody", "Enter a valid email address."),
        (f"{'x' * 250}@x.example", "at most 254 characters"),
    ],
)
def test_an_invitation_that_cannot_be_is_an_error_of_the_form(ada: Visitor, email: str, told: str) -> None:
    response = ada.post("people/invite/", email=email, role="member")

    assert response.status_code == 422
    assert told in text_of(response)


def test_a_fourth_mail_to_one_address_is_an_error_of_the_form(ada: Visitor, letters: list[InvitationLetter]) -> None:
    answers = [ada.post("people/invite/", email=NEW, role="member") for _ in range(4)]

    assert [one.status_code for one in answers] == [302, 302, 302, 422]
    assert "This address was invited three times within a day." in text_of(answers[-1])
    assert len(letters) == 3


def test_a_newcomer_joins_and_is_signed_in(ada: Visitor, link: str) -> None:
    client = Client()
    assert "Join Acme" in text_of(client.get(link))

    response = join(client, link)

    assert response.redirect_chain[-1][0] == ada.address()
    assert queries.role_of(User.objects.get(email=NEW).pk, ada.account) == Role.MEMBER
    assert Client().login(email=NEW, password=PASSWORD)


def test_a_weak_password_is_refused_and_the_invitation_still_works(link: str) -> None:
    weak = join(Client(), link, password="password")

    assert weak.status_code == 422
    assert "too common" in text_of(weak)
    assert "Nina New" in weak.content.decode()
    assert join(Client(), link).status_code == 200


def test_who_has_a_sign_in_signs_in_to_join(rex: Visitor, ada: Visitor, letters: list[InvitationLetter]) -> None:
    link = invited(ada, rex.user.email, letters)
    assert f"/accounts/login/?next={link}" in Client().get(link).content.decode()

    response = rex.client.post(link, follow=True)

    assert response.redirect_chain[-1][0] == ada.address()
    assert "Acme" in text_of(rex.client.get("/"))
    assert "Rival" in text_of(rex.client.get("/"))


def test_an_invitation_for_another_address_is_not_taken(
    rex: Visitor, ada: Visitor, max_: Visitor, letters: list[InvitationLetter]
) -> None:
    link = invited(rex, max_.user.email, letters)

    shown = text_of(ada.client.get(link))
    assert "This invitation is for max@example.com , and you are signed in as ada@example.com" in shown
    assert "somebody else's address" in text_of(ada.client.post(link))
    assert queries.role_of(ada.user.pk, RIVAL) is None


def test_an_invitation_works_once(link: str) -> None:
    join(Client(), link)

    again = Client().get(link)
    assert again.status_code == 410
    assert "This invitation has been used" in text_of(again)


def test_an_invitation_ends_after_seven_days(link: str, set_clock: SetClock) -> None:
    set_clock(october.MONDAY_9TH + timedelta(days=7, minutes=1))

    assert Client().get(link).status_code == 410
    assert join(Client(), link).status_code in (410, 422)
    assert not User.objects.filter(email=NEW).exists()


def test_an_invitation_is_taken_back(ada: Visitor, link: str) -> None:
    ada.post(f"invitations/{Invitation.objects.get().id}/withdraw/")

    assert Client().get(link).status_code == 410


def test_a_link_that_nobody_sent_is_not_there(ada: Visitor) -> None:
    assert ada.client.get("/invitation/guessed/").status_code == 404


def test_a_removed_member_is_out_at_their_next_click(ada: Visitor, max_: Visitor) -> None:
    assert max_.get().status_code == 200

    ada.post(f"people/{max_.user.pk}/remove/")

    assert max_.get()["Location"].startswith("/accounts/login/")
    assert Client().login(email=max_.user.email, password=PASSWORD), "their sign-in stays, without the account"
    assert "Max" not in ada.read("people/")


def test_the_last_owner_stays(ada: Visitor) -> None:
    response = ada.client.post(ada.address(f"people/{ada.user.pk}/remove/"), follow=True)

    assert "An account keeps an owner." in text_of(response)
    assert ada.get().status_code == 200


def test_an_owner_makes_a_member_an_owner_and_back(ada: Visitor, max_: Visitor) -> None:
    ada.post(f"people/{max_.user.pk}/role/", role="owner")
    assert queries.role_of(max_.user.pk, ada.account) == Role.OWNER

    ada.post(f"people/{max_.user.pk}/role/", role="member")
    assert queries.role_of(max_.user.pk, ada.account) == Role.MEMBER


def test_a_key_is_shown_once_and_kept_by_no_cache(ada: Visitor) -> None:
    response = ada.post("keys/create/", name="Nightly export")

    (key,) = re.findall(r"mgc_\w+?_[\w-]+", response.content.decode())
    assert "no-store" in response["Cache-Control"]
    assert queries.account_for_key(key)
    assert key not in ada.get("people/").content.decode()


def test_an_ended_key_opens_nothing(ada: Visitor) -> None:
    ada.post("keys/create/", name="Nightly export")
    key = ApiKey.objects.get()

    ada.post(f"keys/{key.id}/end/")

    assert ApiKey.objects.get().ended_at is not None
    assert "ended" in ada.read("people/")


def test_the_keys_of_a_removed_person_end_with_them(ada: Visitor, october_closed: None) -> None:
    olga = visitor("Olga", ada.account, Role.OWNER)
    olga.post("keys/create/", name="Olga's export")

    ada.post(f"people/{olga.user.pk}/remove/")

    assert ApiKey.objects.get().ended_at is not None


def test_a_key_of_another_account_is_not_ended(ada: Visitor, rex: Visitor) -> None:
    issued = customers.create_key(RIVAL, "theirs", by=MIRA, now=october.MONDAY_9TH)

    assert ada.post(f"keys/{issued.id}/end/").status_code == 404
    assert ada.post(f"invitations/{UUID(int=1)}/withdraw/").status_code == 404
    assert ApiKey.objects.get(id=issued.id).ended_at is None
