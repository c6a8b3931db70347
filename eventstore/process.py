"""The log process: the sealer and every subscription, each in a thread with its own connection."""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from django.db import InterfaceError, OperationalError, connection

from eventstore.errors import Rebuilding
from eventstore.reading import last_position
from eventstore.sealing import seal
from eventstore.subscriptions import Subscription, run

log = logging.getLogger(__name__)

BUSY_SECONDS = 0.012
IDLE_SECONDS = 0.020
BUSY_FOR_SECONDS = 1.0
POLL_SECONDS = 1.0
AWAY_SECONDS = 1.0
REBUILDING_SECONDS = 2.0


class LogProcess:
    """Seals and subscribes until it is stopped.

    Several may run at once. The wake-up between the threads is a nudge; every
    subscription looks by itself once a second.
    """

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        self.subscriptions = subscriptions
        self.stopped = threading.Event()
        self.nudges = {one.name: threading.Event() for one in subscriptions}
        self.failure: Exception | None = None

    def run(self) -> None:
        """Work until `stop`, or until one thread fails: a process that seals nothing must not look alive.

        Errors: ForeignCluster, which only an operator can mend; whatever else ended a thread.
        """
        threads = [threading.Thread(target=self._lasting, args=(self._seal,), name="sealer")]
        threads += [
            threading.Thread(target=self._lasting, args=(self._follow, one), name=one.name)
            for one in self.subscriptions
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failure:
            raise self.failure

    def stop(self) -> None:
        """Let every thread finish its batch and end."""
        self.stopped.set()
        for nudge in self.nudges.values():
            nudge.set()

    def _lasting(self, work: Callable[..., None], *of: Subscription) -> None:
        """Run a thread's work again whenever the database was away."""
        while not self.stopped.is_set():
            try:
                work(*of)
            except (OperationalError, InterfaceError) as error:
                log.warning("the database is away or too slow, trying again: %s", error)
                self.stopped.wait(AWAY_SECONDS)
            except Rebuilding as error:
                log.warning("%s", error)
                self.stopped.wait(REBUILDING_SECONDS)
            except Exception as error:  # noqa: BLE001 — `run` raises it again
                self.failure = self.failure or error
                self.stop()
            finally:
                connection.close()

    def _seal(self) -> None:
        known, busy_until = -1, 0.0
        while not self.stopped.is_set():
            seal()
            newest = last_position()  # another process may have sealed, too
            if newest != known:
                known, busy_until = newest, time.monotonic() + BUSY_FOR_SECONDS
                for nudge in self.nudges.values():
                    nudge.set()
            busy = time.monotonic() < busy_until
            self.stopped.wait(BUSY_SECONDS if busy else IDLE_SECONDS)

    def _follow(self, subscription: Subscription) -> None:
        nudge = self.nudges[subscription.name]
        while not self.stopped.is_set():
            nudge.clear()
            if not run(subscription, stopped=self.stopped.is_set):
                nudge.wait(POLL_SECONDS)
