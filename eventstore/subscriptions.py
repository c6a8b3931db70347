"""Subscriptions: handlers that see every sealed event once, in order.

The checkpoint moves in the transaction that does the work. A batch that fails
is rolled back and its events are handled one by one, each in a transaction of
its own; one that fails again and again is parked, shown to the operators, and
does not stop the rest.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from eventstore.codec import SHAPES, Event
from eventstore.context import Cause, because_of
from eventstore.errors import Rebuilding
from eventstore.models import Parked
from eventstore.raw import one, written
from eventstore.reading import Recorded, last_position, since
from eventstore.retrying import concerns_everything
from eventstore.retrying import patiently as patiently
from kernel import clock

log = logging.getLogger(__name__)

Handler = Callable[[Any, Recorded], None]
ATTEMPTS = 5
MOVE = """
INSERT INTO checkpoints (name, position) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE checkpoints.position = %s
"""


@dataclass(frozen=True)
class Subscription:
    """A named reader of the log and what it does for each type of event.

    `batch` is how many events share a transaction: writing transactions are
    kept short, for a long one holds everybody's horizon. `window` is how many
    positions are looked through at once for the types that it handles.
    `around` is entered for each transaction, inside of it: what the handlers
    share, such as rows that are written together at the end.
    """

    name: str
    handlers: Mapping[type[Event], Handler]
    batch: int = 100
    window: int = 5_000
    around: Callable[[], AbstractContextManager[None]] = nullcontext
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


@dataclass(frozen=True, slots=True)
class Part:
    """What one transaction handles: the wanted events after one position, up to another."""

    since: int
    until: int
    events: Sequence[Recorded]

    def singly(self) -> "Iterator[Part]":
        """Give each event a part of its own; the last one ends where this part ends."""
        reached = self.since
        for event in self.events:
            end = self.until if event is self.events[-1] else _position(event)
            yield Part(reached, end, [event])
            reached = end


def run(subscription: Subscription, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Handle the next window of events; return how many positions were looked at, 0 at the end.

    Two processes may run the same subscription: a lock held per transaction and
    the checkpoint's conditional move let each event be handled once.
    """
    start = checkpoint(subscription)
    end = min(last_position(), start + subscription.window)
    if end <= start:
        return 0
    for part in _parts(subscription, start, end):
        if stopped() or not _together(subscription, part):
            break
    return end - start


def _parts(subscription: Subscription, start: int, end: int) -> Iterator[Part]:
    wanted = list(since(start, until=end, types=subscription.types))
    for at in range(0, len(wanted) or 1, subscription.batch):
        events = wanted[at : at + subscription.batch]
        is_last = at + subscription.batch >= len(wanted)
        until = end if is_last else _position(events[-1])
        yield Part(start, until, events)
        start = until


def run_all(subscriptions: Sequence[Subscription]) -> int:
    """Handle everything sealed so far, in every subscription; return how many positions passed."""
    passed = 0
    while now_passed := sum(run(one) for one in subscriptions):
        passed += now_passed
    return passed


def retry(parked: Parked) -> None:
    """Handle a parked event again, and take it off the list if that succeeds.

    Errors: those of the handler, which are noted on the parked event.
    """
    subscription = REGISTERED[parked.subscription]
    (event,) = since(parked.position - 1, until=parked.position)
    try:
        patiently(lambda: _retried(subscription, parked, event))
    except Exception as error:
        written("UPDATE parked_events SET error = %s, attempts = attempts + 1 WHERE id = %s", (_said(error), parked.pk))
        raise


def _retried(subscription: Subscription, parked: Parked, event: Recorded) -> None:
    with transaction.atomic():
        _lock(subscription)
        _require_rows()
        if Parked.objects.filter(pk=parked.pk).exists():
            with subscription.around():
                subscription.handle(event)
            Parked.objects.filter(pk=parked.pk).delete()


def checkpoint(subscription: Subscription) -> int:
    """Return the position up to which everything is handled."""
    row = one("SELECT position FROM checkpoints WHERE name = %s", (subscription.name,))
    return int(row[0]) if row else 0


def _together(subscription: Subscription, part: Part) -> bool:
    """Handle a part and move the checkpoint in one transaction, or each of its events in its own.

    Returns False where another process has moved the checkpoint meanwhile.
    """
    try:
        return _attempt(subscription, part)
    except Exception as error:
        if concerns_everything(error) or not part.events:
            raise
        log.info("%s: events up to %d are handled one by one", subscription.name, part.until, exc_info=True)
    return all(_alone(subscription, single) for single in part.singly())


def _attempt(subscription: Subscription, part: Part) -> bool:
    with transaction.atomic():
        if not _held(subscription, part.since):
            return False
        with subscription.around():
            for event in part.events:
                subscription.handle(event)
        return _moved(subscription, part)


def _alone(subscription: Subscription, part: Part) -> bool:
    """Handle one event, several times if need be; park it when it cannot be done.

    Nothing is wrong with an event whose database is away, or rebuilt, or another's:
    that is raised, and tried again from the checkpoint. A conflict is tried so often that one which
    is left is no accident any more.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return patiently(lambda: _attempt(subscription, part))
        except Exception as error:
            if concerns_everything(error):
                raise
            log.warning("%s: event at %s failed", subscription.name, part.until, exc_info=True)
            said, attempts = _said(error), attempt
    return _park(subscription, part, said, attempts)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\x00", "")


def _park(subscription: Subscription, part: Part, error: str, attempts: int) -> bool:
    (event,) = part.events
    with transaction.atomic():
        if not _held(subscription, part.since):
            return False
        Parked.objects.update_or_create(
            subscription=subscription.name,
            position=_position(event),
            defaults={
                "stream": event.stream,
                "version": event.version,
                "type": event.type_name,
                "error": error,
                "attempts": attempts,
                "parked_at": clock.now(),
            },
        )
        return _moved(subscription, part)


def _held(subscription: Subscription, start: int) -> bool:
    """Take the subscription for this transaction; tell whether it is still where it was. Errors: Rebuilding."""
    _lock(subscription)
    _require_rows()
    return checkpoint(subscription) == start


def _require_rows() -> None:
    """Refuse to handle anything while rows are missing because a replay goes on, or was stopped. Errors: Rebuilding."""
    if one("SELECT 1 FROM replays LIMIT 1"):
        raise Rebuilding


def _lock(subscription: Subscription) -> None:
    """Let one process at a time work for a subscription, without taking a transaction id yet.

    Locking the checkpoint's row would take one: then an append to a stream that
    was written meanwhile would be refused as begun too early.
    """
    one("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"makegood {subscription.name}",))


def _moved(subscription: Subscription, part: Part) -> bool:
    """Move the checkpoint; where somebody else did, undo this transaction's work."""
    moved = written(MOVE, (subscription.name, part.until, part.since)) == 1
    if not moved:
        transaction.set_rollback(True)
    return moved


def _position(recorded: Recorded) -> int:
    assert recorded.position is not None  # noqa: S101 — subscriptions read sealed events only
    return recorded.position
