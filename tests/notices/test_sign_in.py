"""Signing in: nobody without an invitation, and its mails leave by the outbox like every other."""

import re

import pytest
from django.core import mail as sent_directly
from django.test import Client
from django.urls import reverse

from customers.models import User
from notices.models import Mail

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase for Ada"
NEW_PASSWORD = "another pass phrase for Ada"


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada@acme.example", PASSWORD, name="Ada")


def test_nobody_signs_up_uninvited(client: Client) -> None:
    form = {"email": "eve@acme.example", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), form)):
        assert b"password1" not in answer.content
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["ada@acme.example", "ADA@acme.Example"])
def test_people_sign_in_with_their_address(client: Client, ada: User, address: str) -> None:
    answer = client.post(reverse("account_login"), {"login": address, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_wrong_password_lets_nobody_in(client: Client, ada: User) -> None:
    client.post(reverse("account_login"), {"login": ada.email, "password": "wrong"})
    assert "_auth_user_id" not in client.session


def test_a_new_password_is_asked_for_by_a_mail_in_the_outbox_and_ends_other_sessions(client: Client, ada: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("account_reset_password"), {"email": ada.email})
    queued = Mail.objects.get()
    assert (queued.recipient, queued.kind, queued.secret) == (ada.email, "sign_in", True)
    assert sent_directly.outbox == []
    link = re.search(r"https?://\S+?(/accounts/password/reset/key/\S+)", queued.text)
    assert link is not None
    page = client.get(link[1], follow=True)
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(page.redirect_chain[-1][0], form)
    ada.refresh_from_db()
    assert ada.check_password(NEW_PASSWORD)
    elsewhere.get(reverse("account_login"))
    assert "_auth_user_id" not in elsewhere.session


def test_an_address_that_nobody_has_is_answered_alike(client: Client, ada: User) -> None:
    answers = [
        client.post(reverse("account_reset_password"), {"email": address})
        for address in (ada.email, "eve@acme.example")
    ]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]
