"""Signing in where Redis is away: PostgreSQL knows who somebody is, the cache only counts their attempts."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache, caches
from django.test import Client
from redis.exceptions import RedisError

from config.services.redis import Server
from tests.portal.visitors import PASSWORD, Visitor

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
