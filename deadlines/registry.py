"""Which function wakes the owners of a kind of deadline; config fills this at start."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import UUID

Moment = Literal["warning", "due"]
Handler = Callable[[UUID, str, Moment, datetime, datetime], None]

HANDLERS: dict[str, Handler] = {}


class UnknownKind(LookupError):
    """Nobody registered a handler for this kind of deadline."""


def register(kind: str, handler: Handler) -> None:
    """Send deadlines of this kind to `handler(owner, kind, moment, at, now)`.

    `at` is the instant that the deadline asked for, `now` when it was noticed.
    The handler calls a command that decides again, and may be called twice.
    """
    HANDLERS[kind] = handler


def handler_of(kind: str) -> Handler:
    """Return who is woken. Errors: UnknownKind, which holds the deadline back and shows it."""
    if kind not in HANDLERS:
        raise UnknownKind(f"nobody is woken by deadlines of kind {kind!r}")
    return HANDLERS[kind]
