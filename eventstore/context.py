"""What surrounds a write: the command that is being carried out and what caused it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(slots=True)
class Commanded:
    """A command id on its way to the first append, which carries it out once."""

    id: UUID
    name: str
    digest: bytes
    appended: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that a workflow is acting on: `causation` names it, `correlation` its root."""

    causation: str
    correlation: str


COMMANDED: ContextVar[Commanded | None] = ContextVar("commanded", default=None)
CAUSE: ContextVar[Cause | None] = ContextVar("cause", default=None)


@contextmanager
def because_of(cause: Cause) -> Iterator[None]:
    """Let every event recorded inside name this cause."""
    token = CAUSE.set(cause)
    try:
        yield
    finally:
        CAUSE.reset(token)
