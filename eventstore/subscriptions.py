"""Subscriptions: handlers that see every sealed event once, in order.

The checkpoint moves in the transaction that does the work. A batch that fails
is rolled back and its events are handled one by one, each in a transaction of
its own; one that fails again and again is parked, shown to the operators, and
does not stop the rest.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, transaction

from eventstore.codec import SHAPES, Event
from eventstore.context import Cause, because_of
from eventstore.errors import ConcurrencyConflict
from eventstore.models import Parked
from eventstore.raw import execute
from eventstore.reading import Recorded, since
from kernel import clock

log = logging.getLogger(__name__)

T = TypeVar("T")
Handler = Callable[[Any, Recorded], None]
ATTEMPTS = 5
CONFLICT_ATTEMPTS = 50


@dataclass(frozen=True)
class Subscription:
    """A named reader of the log and what it does for each type of event.

    `batch` is how many events share a transaction: writing transactions are
    kept short, for a long one holds everybody's horizon.
    """

    name: str
    handlers: Mapping[type[Event], Handler]
    batch: int = 100
    window: int = 5_000
    types: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names = frozenset(SHAPES[kind].name for kind in self.handlers)
        object.__setattr__(self, "types", names)

    def handle(self, recorded: Recorded) -> None:
        """Call the handler of one event; what it records names the event as its cause."""
        kind = recorded.event_type
        assert kind is not None  # noqa: S101 — only known types are in `types`
        here = f"{recorded.stream}/{recorded.version}"
        with because_of(Cause(here, recorded.meta.get("correlation", here))):
            self.handlers[kind](recorded.event, recorded)


REGISTERED: dict[str, Subscription] = {}


def register(*subscriptions: Subscription) -> None:
    """Make subscriptions known to `manage.py log run`; config calls this at start."""
    REGISTERED.update({one.name: one for one in subscriptions})


def run(subscription: Subscription) -> int:
    """Handle the next window of events; return how many positions were passed, 0 at the end.

    Two processes may run the same subscription: a lock held per transaction and
    the checkpoint's conditional move let each event be handled once.
    """
    start = checkpoint(subscription)
    seen = list(since(start, most=subscription.window))
    if not seen:
        return 0
    wanted = [one for one in seen if one.type_name in subscription.types]
    done = start
    for at in range(0, len(wanted), subscription.batch):
        part = wanted[at : at + subscription.batch]
        if not _together(subscription, part, since=done):
            return 1
        done = _position(part[-1])
    end = _position(seen[-1])
    if end > done and not _together(subscription, [], since=done, until=end):
        return 1
    return len(seen)


def run_all(subscriptions: Sequence[Subscription]) -> int:
    """Handle everything sealed so far, in every subscription; return how many positions passed."""
    passed = 0
    while now_passed := sum(run(one) for one in subscriptions):
        passed += now_passed
    return passed


def retry(parked: Parked) -> None:
    """Handle a parked event again, and take it off the list if that succeeds."""
    subscription = REGISTERED[parked.subscription]
    (one,) = since(parked.position - 1, most=1)
    with transaction.atomic():
        subscription.handle(one)
        parked.delete()


def checkpoint(subscription: Subscription) -> int:
    """Return the position up to which everything is handled."""
    row = execute("SELECT position FROM checkpoints WHERE name = %s", (subscription.name,)).fetchone()
    return int(row[0]) if row else 0


def _together(subscription: Subscription, part: Sequence[Recorded], *, since: int, until: int | None = None) -> bool:
    """Handle some events and move the checkpoint in one transaction, or each in its own.

    Returns False where another process has moved the checkpoint meanwhile.
    """
    end = until or _position(part[-1])
    try:
        return _attempt(subscription, part, since, end)
    except Exception:
        if not part:
            raise
        log.info("%s: events up to %d are handled one by one", subscription.name, end)
    for one in part:
        if not _alone(subscription, one, since):
            return False
        since = _position(one)
    return True


def _attempt(subscription: Subscription, part: Sequence[Recorded], start: int, end: int) -> bool:
    with transaction.atomic():
        if not _held(subscription, start):
            return False
        for one in part:
            subscription.handle(one)
        _move(subscription, start, end)
    return True


def _alone(subscription: Subscription, one: Recorded, start: int) -> bool:
    """Handle one event, several times if need be; park it when it cannot be done."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return patiently(lambda: _attempt(subscription, [one], start, _position(one)))
        except (OperationalError, InterfaceError):
            raise  # the database is away: nothing is wrong with the event
        except Exception as error:
            log.warning("%s: event at %s failed", subscription.name, one.position, exc_info=True)
            failure, attempts = error, attempt
    return _park(subscription, one, start, f"{type(failure).__name__}: {failure}", attempts)


def patiently(work: Callable[[], T], *, attempts: int = CONFLICT_ATTEMPTS) -> T:
    """Run work again, in a fresh transaction and after a jitter, while others are faster."""
    for _ in range(attempts - 1):
        try:
            return work()
        except ConcurrencyConflict:
            time.sleep(random.uniform(0.001, 0.02))  # noqa: S311 — jitter, not a secret
    return work()


def _park(subscription: Subscription, one: Recorded, start: int, error: str, attempts: int) -> bool:
    with transaction.atomic():
        if not _held(subscription, start):
            return False
        Parked.objects.update_or_create(
            subscription=subscription.name,
            position=_position(one),
            defaults={
                "stream": one.stream,
                "version": one.version,
                "type": one.type_name,
                "error": error,
                "attempts": attempts,
                "parked_at": clock.now(),
            },
        )
        _move(subscription, start, _position(one))
    return True


def _held(subscription: Subscription, start: int) -> bool:
    """Take the subscription for this transaction; it takes no transaction id yet.

    Locking the checkpoint's row would: then an append to a stream that was
    written meanwhile would be refused as begun too early.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"makegood {subscription.name}",))
    return checkpoint(subscription) == start


def _move(subscription: Subscription, start: int, end: int) -> None:
    execute(
        "INSERT INTO checkpoints (name, position) VALUES (%s, %s)"
        " ON CONFLICT (name) DO UPDATE SET position = excluded.position"
        " WHERE checkpoints.position = %s",
        (subscription.name, end, start),
    )


def _position(recorded: Recorded) -> int:
    assert recorded.position is not None  # noqa: S101 — subscriptions read sealed events only
    return recorded.position
