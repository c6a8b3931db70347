"""What can go wrong between a command and the log, as errors that a person can read."""

from typing import ClassVar
from uuid import UUID


class DomainError(Exception):
    """This cannot be done."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    clause: str = ""
    number: int | None = None
    """Which one of several it is about, from 0; None where that is no question."""

    def __init__(self, sentence: str = "", *, clause: str = "", number: int | None = None) -> None:
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        self.clause = clause or self.clause
        self.number = number
        super().__init__(self.sentence)


class NotFound(DomainError):
    """There is no such thing."""

    status = 404
    code = "not_found"


class InvalidInput(DomainError):
    """The input cannot be used."""

    status = 422
    code = "invalid"


class ConcurrencyConflict(DomainError):
    """Somebody else changed this a moment ago. Look at it again, then decide."""

    code = "conflict"

    def __init__(self, stream: UUID, *, expected: int, actual: int) -> None:
        super().__init__(
            f"Somebody else changed this a moment ago (you saw version {expected}, "
            f"it is at version {actual}). Look at it again, then decide."
        )
        self.stream = stream
        self.expected = expected
        self.actual = actual


class BegunTooEarly(ConcurrencyConflict):
    """The transaction began before the event that it builds on: run it again in a fresh one."""

    code = "begun_too_early"


class AlreadyExists(ConcurrencyConflict):
    """This exists already."""

    code = "already_exists"


class TransitionRefused(DomainError):
    """The thing is not in a state that allows this."""

    code = "transition_refused"

    def __init__(self, *, noun: str, state: str, wish: str) -> None:
        super().__init__(f"A {noun} that is {state} cannot become {wish}.")
        self.state = state
        self.wish = wish


class CommandIdReused(DomainError):
    """This command id was used before for another request. Use a new one."""

    status = 422
    code = "command_id_reused"


class RowBehindLog(DomainError):
    """The row is not at the version that its history says. Run "manage.py verify"."""

    code = "row_behind_log"


class ForeignCluster(DomainError):
    """This log was written in another database cluster. Run "manage.py log adopt"."""

    code = "foreign_cluster"
    sqlstate: ClassVar[str] = "MG503"


class Rebuilding(DomainError):
    """Rows are being rebuilt. Try again once "manage.py replay" is done; if it was stopped, run it again."""

    code = "rebuilding"


class UnreadableEvent(DomainError):
    """An event in the log cannot be decoded by this version of the program."""

    code = "unreadable_event"


class AlreadyCarriedOut(Exception):
    """The command id was carried out by somebody else a moment ago."""
