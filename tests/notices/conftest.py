"""Mail that goes over a real wire, and a clock that a test moves."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from kernel import clock


@pytest.fixture
def mail_leaves_by(settings: Settings) -> Callable[[int], None]:
    """Give a function that lets mail leave by the server on a port of this machine."""

    def use(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = port
        settings.EMAIL_TIMEOUT = 0.5

    return use


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that moves the clock by an offset from the real time."""

    def move(offset: str) -> None:
        monkeypatch.setenv(clock.VARIABLE, offset)

    return move
