"""Commands: one transaction each, and carried out once per command id."""

import hashlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import transaction

from eventstore.codec import encode
from eventstore.context import COMMANDED, Commanded
from eventstore.errors import AlreadyCarriedOut, CommandIdReused
from eventstore.raw import execute

P = ParamSpec("P")
R = TypeVar("R", bound=UUID | None)

ONCE: ContextVar[UUID | None] = ContextVar("once", default=None)
LOOKUP = "SELECT digest, stream FROM commands WHERE id = %s"


@contextmanager
def once(command_id: UUID) -> Iterator[None]:
    """Carry out the one command called inside only if this id was not carried out before.

    A repeated command returns the id that the first one returned, whatever has
    become of the thing since. Errors: CommandIdReused for another command or
    other arguments under the same id.
    """
    token = ONCE.set(command_id)
    try:
        yield
    finally:
        ONCE.reset(token)


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function a command: atomic, and idempotent inside `once`.

    It returns the id of the stream that it wrote first, or None.
    """
    signature = inspect.signature(function)
    name = f"{function.__module__.partition('.')[0]}.{function.__name__}"

    @wraps(function)
    def carried_out(*args: P.args, **kwargs: P.kwargs) -> R:
        command_id = ONCE.get()
        if command_id is None:
            with transaction.atomic():
                return function(*args, **kwargs)
        intent = signature.bind(*args, **kwargs).arguments
        commanded = Commanded(command_id, name, _digest(name, intent))
        return _once(commanded, lambda: function(*args, **kwargs))

    return carried_out


def _digest(name: str, intent: dict[str, object]) -> bytes:
    """Digest the command's name and intent; `now` is no part of what was wanted."""
    wanted = {key: value for key, value in intent.items() if key != "now"}
    return hashlib.sha256(encode([name, wanted]).encode()).digest()


def _once(commanded: Commanded, carry_out: Callable[[], R]) -> R:
    if first := _first_outcome(commanded):
        return first  # type: ignore[return-value]
    doing, nested = COMMANDED.set(commanded), ONCE.set(None)
    try:
        with transaction.atomic():
            return carry_out()
    except AlreadyCarriedOut:
        return _first_outcome(commanded)  # type: ignore[return-value]
    finally:
        COMMANDED.reset(doing)
        ONCE.reset(nested)


def _first_outcome(commanded: Commanded) -> UUID | None:
    found = execute(LOOKUP, (commanded.id,)).fetchone()
    if found is None:
        return None
    digest, stream = found
    if bytes(digest) != commanded.digest:
        raise CommandIdReused
    return UUID(str(stream))
