"""The way to the desk is the sign-in that everybody has: with the second factor, and with counted attempts."""

from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from customers.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase for Mira"
DESK_SIGN_IN = "/admin/login/"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> Iterator[None]:
    """Forget the attempts of other tests, and let those of this one concern no other."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def mira() -> User:
    return User.objects.create_superuser("mira@provider.example", PASSWORD, name="Mira")


def answer_to(client: Client, address: str, **form: str) -> str:
    """Send a form, and tell where that leads."""
    answer = client.post(address, form)
    assert answer.status_code == 302
    return str(answer["Location"])


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_an_operator_comes_from_a_page_of_the_desk_to_the_sign_in_and_back(client: Client, mira: User) -> None:
    page = client.get("/admin/claims/claim/?q=acme", follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/login/?")
    came_from = page.context["redirect_field_value"]
    back = answer_to(client, "/accounts/login/", login=mira.email, password=PASSWORD, next=came_from)
    landed = client.get(back, follow=True)
    assert landed.request["PATH_INFO"] == "/admin/claims/claim/"
    assert landed.request["QUERY_STRING"] == "q=acme"
    assert landed.status_code == 200


def test_an_operator_with_a_second_factor_is_asked_for_it_on_the_way_to_the_desk(client: Client, mira: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(mira, secret)
    came_from = client.get("/admin/", follow=True).context["redirect_field_value"]
    asked = answer_to(client, "/accounts/login/", login=mira.email, password=PASSWORD, next=came_from)
    assert asked == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.get(answer_to(client, asked, code=code), follow=True).request["PATH_INFO"] == "/admin/"
    assert is_in(client)


@pytest.mark.parametrize("second_factor", [True, False])
def test_the_desks_own_address_takes_no_password(client: Client, mira: User, second_factor: bool) -> None:
    if second_factor:
        TOTP.activate(mira, generate_totp_secret())
    to = answer_to(client, DESK_SIGN_IN, username=mira.email, password=PASSWORD, next="/admin/")
    assert to.startswith("/accounts/login/?")
    assert not is_in(client)


def test_an_operator_cannot_become_another_one_at_the_desks_own_address(client: Client, mira: User) -> None:
    jonas = User.objects.create_user("jonas@provider.example", PASSWORD, name="Jonas", is_staff=True)
    client.force_login(jonas, "django.contrib.auth.backends.ModelBackend")
    assert answer_to(client, DESK_SIGN_IN, username=mira.email, password=PASSWORD) == "/admin/"
    assert client.session["_auth_user_id"] == str(jonas.pk)


def test_after_five_wrong_passwords_the_right_one_does_not_open_the_desk(client: Client, mira: User) -> None:
    for password in ["a wrong password"] * 5 + [PASSWORD]:
        at = client.get("/admin/", follow=True).redirect_chain[-1][0]
        client.post(at, {"login": mira.email, "password": password})
    assert not is_in(client)


def test_the_way_back_leads_to_no_other_site(client: Client, mira: User) -> None:
    client.force_login(mira, "django.contrib.auth.backends.ModelBackend")
    assert client.get(DESK_SIGN_IN, {"next": "https://evil.example/"})["Location"] == "/admin/"
    assert client.get(DESK_SIGN_IN, {"next": "/admin/claims/claim/"})["Location"] == "/admin/claims/claim/"


def test_who_is_no_operator_is_told_so_and_how_to_sign_in_as_one(client: Client, mira: User) -> None:
    ada = User.objects.create_user("ada@acme.example", PASSWORD, name="Ada")
    client.force_login(ada, "django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/claims/claim/", follow=True)
    assert page.status_code == 403
    assert "You are signed in as <strong>ada@acme.example</strong>" in page.content.decode()
    again = client.get(answer_to(client, "/accounts/logout/", next=page.context["request"].get_full_path()))
    came_from = client.get(again["Location"]).context["redirect_field_value"]
    back = answer_to(client, "/accounts/login/", login=mira.email, password=PASSWORD, next=came_from)
    assert client.get(back, follow=True).request["PATH_INFO"] == "/admin/claims/claim/"
