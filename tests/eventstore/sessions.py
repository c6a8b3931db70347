"""Sessions of their own on the database, so that a test says which transaction does what, and when."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, transaction

from eventstore.raw import one
from tests.waiting import eventually

T = TypeVar("T")


@dataclass(frozen=True)
class Session:
    """A connection in a thread of its own; what it does, it does in the order that it was told."""

    thread: ThreadPoolExecutor

    def start(self, work: Callable[[], T]) -> "Future[T]":
        """Let it begin something that may have to wait for another session."""
        return self.thread.submit(work)

    def do(self, work: Callable[[], T]) -> T:
        """Let it do something, and give the result or the error."""
        return self.start(work).result(30)

    def takes_an_id(self) -> int:
        """Let its transaction take its id, as whatever writes or locks a row does."""
        return self.do(lambda: int((one("SELECT pg_current_xact_id()::text::bigint") or (0,))[0]))

    @property
    def backend(self) -> int:
        """Its server process."""
        return self.do(lambda: int((one("SELECT pg_backend_pid()") or (0,))[0]))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep a transaction open in it; an error inside rolls it back, as leaving with one does."""
        atomic = transaction.atomic()
        self.do(atomic.__enter__)
        try:
            yield
        except BaseException as error:
            said = error
            self.do(lambda: atomic.__exit__(type(said), said, said.__traceback__))
            raise
        self.do(lambda: atomic.__exit__(None, None, None))


@contextmanager
def session() -> Iterator[Session]:
    """Open one session; a test that needs several opens several."""
    with ThreadPoolExecutor(1) as thread:
        opened = Session(thread)
        try:
            yield opened
        finally:
            opened.do(lambda: connection.close())


def wait_for_lock(backend: int) -> None:
    """Wait until a server process waits for another session's lock."""
    eventually(lambda: one("SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'", (backend,)))
