"""A wrong variable stops the program with its name, its value and the mend."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.environment import SettingMissing, SettingRefused

REFUSED = [
    (lambda: environment.choice("V", ("demo", "test"), "demo"), "live", "demo, test"),
    (lambda: environment.whole("V", 8000, least=1, most=65_535), "eighty", "from 1 to 65535"),
    (lambda: environment.whole("V", 8000, least=1, most=65_535), "70000", "from 1 to 65535"),
    (lambda: environment.whole("V", 8000, least=1, most=65_535), "²", "from 1 to 65535"),
    (lambda: environment.amount("V"), "1e3", "such as 250.00"),
    (lambda: environment.amount("V"), "250 USD", "such as 250.00"),
    (lambda: environment.switch("V", default="no"), "perhaps", "yes or no"),
    (lambda: environment.path("V", Path("/")), "data", "absolute path"),
    (lambda: environment.site("V", ""), "sla.example.com", "https://sla.example.com"),
    (lambda: environment.site("V", ""), "https://sla.example.com/portal", "https://sla.example.com"),
    (lambda: environment.site("V", ""), "http://sla.example.com", "in the clear"),
    (lambda: environment.database("V", "", options={}), "mysql://a@b/c", "postgresql://"),
    (lambda: environment.database("V", "", options={}), "postgresql://a@b", "name the database"),
    (lambda: environment.broker("V", ""), "amqp://a", "redis://"),
    (lambda: environment.mail("V", ""), "mail.example.com:25", "smtp+tls://"),
]


@pytest.mark.parametrize(("read", "value", "mend"), REFUSED, ids=[value for _, value, _ in REFUSED])
def test_what_can_not_be_used_is_named_with_its_mend(
    read: Callable[[], object], value: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("V", value)
    with pytest.raises(SettingRefused) as refusal:
        read()
    assert str(refusal.value).startswith("V=")
    assert mend in str(refusal.value)


@pytest.mark.parametrize(("value", "meant"), [("", None), (" ", None), ("0", Decimal(0)), ("2.50", Decimal("2.50"))])
def test_an_amount_is_exact_and_may_be_none(value: str, meant: Decimal | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("V", value)
    assert environment.amount("V") == meant


def test_a_refusal_never_shows_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("V", "postgresql://app:s3cret@db.example")
    with pytest.raises(SettingRefused) as refusal:
        environment.database("V", "", options={})
    assert "s3cret" not in str(refusal.value)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("V", raising=False)
    with pytest.raises(SettingMissing, match="V is not set"):
        environment.require("V")
    assert issubclass(SettingMissing, ImproperlyConfigured)


def test_a_database_address_says_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("V", "postgresql://app:p%40ss@db.example:6432/sla?sslmode=verify-full")
    found = environment.database("V", "", options={"lock_timeout": "5s"})
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("app", "p@ss", "db.example")
    assert (found["PORT"], found["NAME"]) == ("6432", "sla")
    assert found["OPTIONS"] == {
        "options": "-c lock_timeout=5s",
        "application_name": "makegood",
        "sslmode": "verify-full",
    }


def test_a_database_may_listen_on_a_socket_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("V", "postgresql://app@/sla?host=%2Frun%2Fsockets")
    found = environment.database("V", "", options={})
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("/run/sockets", "", "sla")


@pytest.mark.parametrize(
    ("address", "celery"),
    [
        ("redis://cache.example:6379/1", "redis://cache.example:6379/1"),
        ("unix:///run/redis.sock?db=0", "redis+socket:///run/redis.sock?virtual_host=0"),
    ],
)
def test_celery_has_a_way_of_its_own_to_name_a_socket(
    address: str, celery: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("V", address)
    assert environment.broker("V", "") == celery


@pytest.mark.parametrize(
    ("address", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://mail.example", 587, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtp://mail.example:2525", 2525, False, False),
    ],
)
def test_mail_leaves_by_one_address(
    address: str, port: int, starttls: bool, tls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("V", address)
    found = environment.mail("V", "")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, starttls, tls)


def test_the_word_of_a_running_installation_fills_in_what_is_missing_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = tmp_path / "environment"
    word.write_text("# by make demo\nV=from the file\nW=from the file\n", encoding="utf-8")
    monkeypatch.setenv("V", "said here")
    monkeypatch.setenv("W", "soon gone")
    monkeypatch.delenv("W")
    environment.read_file(word)
    assert (environment.text("V", ""), environment.text("W", "")) == ("said here", "from the file")
    monkeypatch.delenv("W")
