"""Production is the default and safe; demo and test say so."""

import os
import subprocess
import sys

import pytest

from tests.processes import PROJECT

PRODUCTION = {
    "MAKEGOOD_URL": "https://sla.example.com",
    "SECRET_KEY": "k" * 30 + "0123456789" * 4,
    "DATABASE_URL": "postgresql://makegood_app@db.example/makegood",
    "DATABASE_OWNER_URL": "postgresql://makegood_owner@db.example/makegood",
    "REDIS_URL": "redis://redis.example/0",
}


def manage(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "MAKEGOOD_DATA": "/nowhere", "PYTHONWARNINGS": "error", **extra}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_passes_every_check() -> None:
    found = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert found.returncode == 0, found.stderr


def test_an_incomplete_installation_is_told_what_is_missing() -> None:
    found = manage("check", "--deploy")
    assert found.returncode != 0
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        assert f"{name} is not set." in found.stderr


def test_one_login_for_everything_is_warned_of() -> None:
    found = manage("check", "--deploy", **{**PRODUCTION, "DATABASE_OWNER_URL": PRODUCTION["DATABASE_URL"]})
    assert "makegood.W001" in found.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [("MAKEGOOD_CLOCK", "+40d"), ("MAKEGOOD_ENV", "staging"), ("MAKEGOOD_URL", "http://a.example")],
)
def test_production_refuses_what_is_unsafe(variable: str, value: str) -> None:
    found = manage("check", **{**PRODUCTION, variable: value})
    assert found.returncode != 0
    assert f"{variable}={value!r} cannot be used" in found.stderr


@pytest.mark.parametrize(
    ("url", "further", "host"),
    [
        ("https://sla.example.com", "", "sla.example.com"),
        ("https://sla.example.com", "www.example.com", "sla.example.com"),
        ("https://sla.example.com", "www.example.com, sla.example.org", "sla.example.org"),
        ("https://[2001:db8::7]", "www.example.com", "[2001:db8::7]"),
        ("http://127.0.0.1:8000", "www.example.com", "localhost:8000"),
        ("http://[::1]:8000", "", "[::1]:8000"),
    ],
)
def test_the_site_answers_under_its_own_address_and_under_every_further_name(url: str, further: str, host: str) -> None:
    asked = f"from django.test import RequestFactory; print(RequestFactory().get('/', HTTP_HOST='{host}').get_host())"
    found = manage("shell", "-c", asked, **{**PRODUCTION, "MAKEGOOD_URL": url, "MAKEGOOD_HOSTS": further})
    assert found.stdout.splitlines()[-1:] == [host], found.stderr


def test_a_site_on_an_ipv6_address_has_a_sender_that_mail_can_name() -> None:
    asked = (
        "from django.conf import settings; from django.core.mail.message import sanitize_address;"
        " print(sanitize_address(settings.DEFAULT_FROM_EMAIL, 'utf-8'))"
    )
    found = manage("shell", "-c", asked, **{**PRODUCTION, "MAKEGOOD_URL": "http://[::1]:8000"})
    assert found.stdout.splitlines()[-1:] == ["makegood@localhost"], found.stderr


def test_no_other_name_is_answered() -> None:
    asked = "from django.test import RequestFactory; RequestFactory().get('/', HTTP_HOST='a.example').get_host()"
    assert "DisallowedHost" in manage("shell", "-c", asked, **PRODUCTION).stderr


def test_commands_that_need_no_servers_need_no_environment() -> None:
    assert manage("check").returncode == 0


def test_a_command_without_a_database_says_which_variable_is_missing() -> None:
    assert "DATABASE_URL-is-not-set" in manage("log", "status").stderr
