"""Commands: one transaction each, and carried out once per command id."""

import hashlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import connection, transaction

from eventstore.codec import encode
from eventstore.context import COMMANDED, Commanded
from eventstore.errors import AlreadyCarriedOut, CommandIdReused, DomainError
from eventstore.instants import utc
from eventstore.private import Private
from eventstore.raw import one, savepoints, written
from eventstore.retrying import freshly

P = ParamSpec("P")
R = TypeVar("R", bound=UUID | None)

ONCE: ContextVar[UUID | None] = ContextVar("once", default=None)
LOOKUP = """
SELECT c.digest, CASE WHEN o.command IS NULL THEN c.stream ELSE o.result END
FROM commands c LEFT JOIN outcomes o ON o.command = c.id WHERE c.id = %s
"""
REMEMBER = "INSERT INTO commands (id, name, digest) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
RETURNED = "INSERT INTO outcomes (command, result) VALUES (%s, %s)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command that was carried out before returned."""

    result: UUID | None


@contextmanager
def once(command_id: UUID) -> Iterator[None]:
    """Carry out the one command called inside only if this id was not carried out before.

    A repeated command returns what the first one returned, whatever has become
    of the thing since. Errors: CommandIdReused for another command or other
    arguments under the same id.
    """
    token = ONCE.set(command_id)
    try:
        yield
    finally:
        ONCE.reset(token)


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function a command: atomic, and idempotent inside `once`.

    Outside of a transaction it is run again where its own was too old, or ended
    in a deadlock: it decides anew, so it does nothing but decide and record.
    """
    signature = inspect.signature(function)
    name = f"{function.__module__.partition('.')[0]}.{function.__name__}"
    returns = signature.return_annotation not in (None, "None")

    @wraps(function)
    def carried_out(*args: P.args, **kwargs: P.kwargs) -> R:
        command_id = ONCE.get()
        if command_id is None:
            return _fresh(lambda: _atomic(lambda: function(*args, **kwargs)))
        digest = _digest(name, signature.bind(*args, **kwargs).arguments)
        return _fresh(lambda: _once(Commanded(command_id, name, digest, returns), lambda: function(*args, **kwargs)))

    return carried_out


def _fresh(work: Callable[[], R]) -> R:
    """Run work again where only its transaction was at fault; inside another's that is its owner's to do."""
    return work() if connection.in_atomic_block else freshly(work)


def _atomic(work: Callable[[], R]) -> R:
    with transaction.atomic():
        return work()


def _once(commanded: Commanded, carry_out: Callable[[], R]) -> R:
    """Return the first outcome, or carry the command out; whoever was refused looks again.

    Another process may have carried it out since the first look: then what
    refused this one is the first one's own work.
    """
    if first := _first_outcome(commanded):
        return first.result  # type: ignore[return-value]
    try:
        return _atomic(lambda: _carried_out(commanded, carry_out))
    except (AlreadyCarriedOut, DomainError):
        if first := _first_outcome(commanded):
            return first.result  # type: ignore[return-value]
        raise


def _carried_out(commanded: Commanded, carry_out: Callable[[], R]) -> R:
    commanded.savepoints = savepoints()
    doing, nested = COMMANDED.set(commanded), ONCE.set(None)
    try:
        result = carry_out()
    finally:
        COMMANDED.reset(doing)
        ONCE.reset(nested)
    _remember(commanded, result)
    return result


def _remember(commanded: Commanded, result: UUID | None) -> None:
    """Store the command where no append did, and what it returned where that is not what it wrote first."""
    stored = commanded.stream is not None
    if not stored and not written(REMEMBER, (commanded.id, commanded.name, commanded.digest)):
        raise AlreadyCarriedOut(str(commanded.id))
    if commanded.returns and result != commanded.stream:
        written(RETURNED, (commanded.id, result))


def _first_outcome(commanded: Commanded) -> Outcome | None:
    found = one(LOOKUP, (commanded.id,))
    if found is None:
        return None
    digest, result = found
    if bytes(digest) != commanded.digest:
        raise CommandIdReused
    return Outcome(result if commanded.returns else None)


def _digest(name: str, intent: Mapping[str, object]) -> bytes:
    """Digest the command's name and intent; `now` is no part of what was wanted."""
    wanted = {key: _plainly(value) for key, value in intent.items() if key != "now"}
    return hashlib.sha256(encode([name, wanted]).encode()).digest()


def _plainly(value: Any) -> Any:
    """Write what is wanted so that the same wish reads the same: ciphertext and zones differ each time."""
    if isinstance(value, Private):
        return [value.subject, value.reveal()]
    if isinstance(value, tuple | list):
        return [_plainly(part) for part in value]
    if isinstance(value, Mapping):
        return {key: _plainly(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plainly(getattr(value, field.name)) for field in fields(value)}
    return utc(value)
