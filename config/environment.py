"""Typed reading of the environment: a wrong value stops the program with a sentence that mends it."""

import os
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES: Final = frozenset({"1", "true", "yes", "on"})
NO: Final = frozenset({"0", "false", "no", "off"})
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingRefused(ImproperlyConfigured):
    """A variable of the environment has a value that Makegood cannot use."""

    def __init__(self, name: str, value: str, mend: str) -> None:
        super().__init__(f"{name}={value!r} cannot be used: {mend}")


class SettingMissing(ImproperlyConfigured):
    """A variable of the environment that this program needs is not set."""

    def __init__(self, name: str, mend: str) -> None:
        super().__init__(f"{name} is not set: {mend}")


def read_file(path: Path) -> None:
    """Take what is missing in the environment from a file of NAME=value lines, if there is one.

    The supervisor leaves such a file while it runs, so that `manage.py` finds the installation's servers.
    """
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, found, value = line.partition("=")
        if found and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def require(*wanted: str) -> None:
    """Stop a program that can't do without some variables, naming the first that is not set."""
    for name in wanted:
        if not os.environ.get(name):
            raise SettingMissing(name, "docs/operations.md says what it holds, make demo and make run set it")


def text(name: str, default: str) -> str:
    """Read a text as it stands."""
    return os.environ.get(name, default)


def choice(name: str, options: Sequence[str], default: str) -> str:
    """Read one of a few words."""
    value = text(name, default)
    if value not in options:
        raise SettingRefused(name, value, f"say one of {', '.join(options)}")
    return value


def whole(name: str, default: int, *, least: int, most: int) -> int:
    """Read a whole number between two bounds, both included."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise SettingRefused(name, value, f"say a whole number from {least} to {most}")
    return int(value)


def amount(name: str) -> Decimal | None:
    """Read an amount of money without its currency; not set or empty means none."""
    value = text(name, "").strip()
    if not value:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", value, re.ASCII) is None:
        raise SettingRefused(name, value, "say an amount, such as 250.00")
    return Decimal(value)


def switch(name: str, *, default: str) -> bool:
    """Read yes or no."""
    value = text(name, default).lower()
    if value not in YES | NO:
        raise SettingRefused(name, value, "say yes or no")
    return value in YES


def hosts(name: str, site_host: str) -> list[str]:
    """Read further names of the site, separated by commas; the host of its own address is always one."""
    own = LOOPBACK if site_host in LOOPBACK else {site_host}
    further = [part.strip() for part in text(name, "").split(",") if part.strip()]
    return sorted(bracketed(host) for host in {*own, *further})


def bracketed(host: str) -> str:
    """Write a host as it stands before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def path(name: str, default: Path) -> Path:
    """Read an absolute path."""
    value = Path(text(name, str(default))).expanduser()
    if not value.is_absolute():
        raise SettingRefused(name, str(value), "say an absolute path, beginning with /")
    return value


def site(name: str, default: str) -> str:
    """Read the address at which people reach the site: https, or plain http on this machine only."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise SettingRefused(name, value, "say the site's address, such as https://sla.example.com")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingRefused(name, value, "passwords would travel in the clear; say https, or http://127.0.0.1:PORT")
    return value


def database(name: str, default: str, *, options: Mapping[str, str]) -> dict[str, object]:
    """Read a postgresql:// address into Django's form; `options` are server settings of each connection.

    A unix socket is named as libpq does it: postgresql://login@/database?host=/directory.
    """
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingRefused(name, hide_password(value), "say postgresql://login:password@host:5432/database")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not parts.path.strip("/"):
        raise SettingRefused(name, hide_password(value), "name the database behind the last slash")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": query.pop("port", None) or str(parts.port or ""),
        "OPTIONS": {"options": server_options(options), "application_name": "makegood", **query},
    }


def server_options(options: Mapping[str, str]) -> str:
    """Write settings as the server takes them when a connection is opened."""
    return " ".join(f"-c {key}={value}" for key, value in options.items())


def hide_password(address: str) -> str:
    """Give an address that may be shown and logged."""
    password = urlsplit(address).password
    return address.replace(f":{password}@", ":…@") if password else address


def broker(name: str, default: str) -> str:
    """Read the Redis address and give it as Celery writes it (a unix:// socket has its own scheme there)."""
    value = text(name, default)
    scheme = urlsplit(value).scheme
    if scheme not in {"redis", "rediss", "unix", "memory"}:
        raise SettingRefused(name, hide_password(value), "say redis://host:6379/0, or unix:///path/to/socket")
    if scheme != "unix":
        return value
    return value.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")


def mail(name: str, default: str) -> dict[str, str | int | bool]:
    """Read where e-mail leaves: smtp://login:password@host:25, smtp+tls:// (STARTTLS) or smtps://."""
    value = text(name, default)
    parts = urlsplit(value)
    usual_port = {"smtp": 25, "smtp+tls": 587, "smtps": 465}.get(parts.scheme)
    if usual_port is None or not parts.hostname:
        raise SettingRefused(name, hide_password(value), "say smtp+tls://login:password@host:587")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or usual_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
