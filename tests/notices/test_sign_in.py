"""Signing in: nobody without an invitation, and its mails leave by the outbox like every other."""

import re

import pytest
from django.core import mail as sent_directly
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from customers.models import User
from notices.models import Mail

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase for Ada"
NEW_PASSWORD = "another pass phrase for Ada"


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    cache.clear()


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


def test_nobody_has_us_write_to_an_address_that_nobody_has(client: Client, ada: User) -> None:
    client.post(reverse("account_reset_password"), {"email": "stranger@elsewhere.example"})
    assert not Mail.objects.exists()


def test_the_mail_for_a_new_password_names_the_site_and_leaves_nothing_blank(client: Client, ada: User) -> None:
    client.post(reverse("account_reset_password"), {"email": ada.email})
    mail = Mail.objects.get()
    assert mail.subject == "[Makegood] Password Reset Email"
    assert "Hello from Makegood!" in mail.text
    assert "Thank you for using Makegood!\nhttp://127.0.0.1:8000" in mail.text


@pytest.mark.parametrize("named", ["sla.example.com:6666", "sla.example.com"])
def test_a_link_for_a_new_password_leads_to_the_sites_own_address_whatever_the_request_named(
    client: Client, ada: User, settings: Settings, named: str
) -> None:
    settings.MAKEGOOD_URL = "https://sla.example.com"
    settings.ALLOWED_HOSTS = ["sla.example.com"]
    client.post(reverse("account_reset_password"), {"email": ada.email}, headers={"Host": named})
    mail = Mail.objects.get()
    assert "https://sla.example.com/accounts/password/reset/key/" in mail.text
    for written in (mail.subject, mail.text, mail.html):
        assert "6666" not in written
        assert "http://" not in written


@pytest.mark.parametrize(("length", "told"), [(254, False), (255, True), (263, True)])
def test_an_address_that_is_longer_than_any_can_be_is_refused_by_the_form(
    client: Client, length: int, told: bool
) -> None:
    address = "x" * (length - len("@acme.example")) + "@acme.example"
    answer = client.post(reverse("account_reset_password"), {"email": address})
    assert answer.status_code == (200 if told else 302)
    assert ("at most 254 characters" in answer.content.decode()) is told
    assert client.post(reverse("account_login"), {"login": address, "password": PASSWORD}).status_code == 200
