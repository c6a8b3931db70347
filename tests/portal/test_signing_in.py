"""Signing in: also where Redis is away, which only counts attempts; and anew, where it ran out over a form."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache, caches
from django.test import Client
from redis.exceptions import RedisError

from claims.models.claim import Claim
from config.services.redis import Server
from tests.portal.visitors import PASSWORD, Visitor, text_of

SIGN_IN = "/accounts/login/"


def attempt(password: str) -> int:
    return Client().post(SIGN_IN, {"login": "ada@example.com", "password": password}).status_code


def cached_at(settings: LazySettings, url: str) -> None:
    """Keep what is cached as production does."""
    settings.CACHES = {"default": {"BACKEND": "config.cache.Cache", "LOCATION": url, "OPTIONS": {"socket_timeout": 5}}}


def test_redis_may_be_away_while_people_sign_in(ada: Visitor, settings: LazySettings, tmp_path: Path) -> None:
    cached_at(settings, f"unix://{tmp_path}/nobody.sock")
    assert attempt("a wrong password") == 200
    assert attempt(PASSWORD) == 302
    assert Client().post("/accounts/password/reset/", {"email": "ada@example.com"}).status_code == 302


def test_what_needs_redis_is_told_that_it_is_away(settings: LazySettings, tmp_path: Path) -> None:
    cached_at(settings, f"unix://{tmp_path}/nobody.sock")
    with pytest.raises(RedisError):
        cache.get("report")


def test_attempts_are_counted_where_redis_is_there(ada: Visitor, settings: LazySettings, redis_server: Server) -> None:
    redis_server.flush()
    cached_at(settings, redis_server.url)
    for _ in range(6):
        attempt("a wrong password")
    assert attempt(PASSWORD) != 302
    caches["default"].close()


def sign_in(browser: Client, page: str) -> Any:
    """Fill in the page that asks to sign in, with the hidden address that it leads to."""
    asked = browser.get(page).content.decode()
    hidden = re.search(r'name="next" value="([^"]+)"', asked)
    assert hidden, asked
    given = {"login": "ada@example.com", "password": PASSWORD, "next": html.unescape(hidden[1])}
    return browser.post(SIGN_IN, given, follow=True)


def test_who_has_to_sign_in_anew_while_they_file_is_told_on_the_form_that_nothing_was_sent(ada: Visitor) -> None:
    browser, form = Client(), ada.address("months/2026-10/claim/")
    asked = browser.post(form, {"times": "2026-10-20 10:00 to 11:00", "words": "Our checkout failed."})

    back = sign_in(browser, asked["Location"])

    assert back.request["PATH_INFO"] == form
    assert "Nothing was sent: your sign-in had run out. Please fill in the form again." in text_of(back)
    assert not Claim.objects.exists()
    assert "Nothing was sent" not in text_of(browser.get(form))
    assert back.request["QUERY_STRING"] == "", "a reload does not tell it again"


def test_who_opens_a_form_by_signing_in_is_told_nothing_of_the_kind(ada: Visitor) -> None:
    browser = Client()
    asked = browser.get(ada.address("months/2026-10/claim/"))

    assert "Nothing was sent" not in text_of(sign_in(browser, asked["Location"]))


def test_who_has_to_sign_in_anew_while_they_withdraw_is_told_once_on_the_claims_page(ada: Visitor) -> None:
    browser, claim = Client(), ada.filed()
    asked = browser.post(ada.address(f"claims/{claim}/withdraw/"), {"sure": "on"})

    back = sign_in(browser, asked["Location"])

    assert back.request["PATH_INFO"] == ada.address(f"claims/{claim}/")
    assert text_of(back).count("Nothing was sent") == 1
