"""Asks at the terminal for the first operator of an empty installation."""

import getpass
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from config.services.installation import CannotStart

NOBODY_YET: Final = 3
REFUSED: Final = 4


def ask() -> dict[str, str]:
    """Give the answers as the variables that `manage.py first_operator` reads."""
    if not sys.stdin.isatty():
        raise CannotStart(
            "there is no operator yet: set MAKEGOOD_OPERATOR_EMAIL and MAKEGOOD_OPERATOR_PASSWORD,"
            " or start in a terminal"
        )
    with _interruptible():
        sys.stdout.write("The first operator of this installation, who decides claims and invites others:\n")
        return {
            "MAKEGOOD_OPERATOR_EMAIL": input("  e-mail address: ").strip(),
            "MAKEGOOD_OPERATOR_PASSWORD": _password(),
        }


def _password() -> str:
    """Ask until the same is said twice: nobody sees what they type, and a slip would lock the only operator out."""
    while (password := getpass.getpass("  password: ")) != getpass.getpass("  the same again: "):
        sys.stdout.write("  The two differ.\n")
    return password


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a signal end the waiting for an answer, which Python would take up again after our own handlers."""
    before = {number: signal.signal(number, _give_up) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except (KeyboardInterrupt, EOFError):
        raise CannotStart("stopped before there was an operator") from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _give_up(*_: object) -> None:
    raise KeyboardInterrupt
