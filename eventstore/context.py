"""What surrounds a write: the command that is being carried out and what caused it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from eventstore.raw import savepoints


@dataclass(slots=True)
class Commanded:
    """A command id on its way into the log; `stream` is what its first append wrote.

    Only an append outside every savepoint stores it: what a savepoint takes
    back must not count as carried out.
    """

    id: UUID
    name: str
    digest: bytes
    returns: bool = True
    savepoints: tuple[str, ...] = ()
    stream: UUID | None = None

    def is_due(self) -> bool:
        """Tell whether the next append stores the command."""
        return self.stream is None and self.savepoints == savepoints()


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
