"""Which function wakes the owners of a kind of deadline; config fills this at start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Moment = Literal["warning", "due"]


@dataclass(frozen=True, slots=True)
class Wake:
    """An owner whose moment has come; `at` is the instant that its deadline asked for."""

    owner: UUID
    moment: Moment
    at: datetime


Handler = Callable[[Sequence[Wake], datetime], None]

HANDLERS: dict[str, Handler] = {}


class UnknownKind(LookupError):
    """Nobody registered a handler for this kind of deadline."""


def register(kind: str, handler: Handler) -> None:
    """Send deadlines of this kind to `handler(wakes, now)`, where `now` is when they were noticed.

    The handler calls a command that decides again, for one owner or for many at once, and may be
    called twice. Where it fails for many, it is called for each of them alone.
    """
    HANDLERS[kind] = handler


def handler_of(kind: str) -> Handler:
    """Return who is woken. Errors: UnknownKind, which holds the deadline back and shows it."""
    if kind not in HANDLERS:
        raise UnknownKind(f"nobody is woken by deadlines of kind {kind!r}")
    return HANDLERS[kind]
