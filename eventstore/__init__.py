"""The append-only log: append, aggregates, subscriptions, replay, verification.

The names below are the room's public face. They load when first asked for,
so that an app's `events.py` and `rules.py` can use them without Django.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eventstore.actors import SYSTEM as SYSTEM
    from eventstore.actors import Actor as Actor
    from eventstore.aggregate import Aggregate as Aggregate
    from eventstore.aggregate import evolves as evolves
    from eventstore.changing import begin as begin
    from eventstore.changing import change as change
    from eventstore.changing import changes as changes
    from eventstore.changing import seen as seen
    from eventstore.codec import Event as Event
    from eventstore.codec import event as event
    from eventstore.codec import upcasts as upcasts
    from eventstore.commanding import command as command
    from eventstore.commanding import once as once
    from eventstore.errors import AlreadyExists as AlreadyExists
    from eventstore.errors import CommandIdReused as CommandIdReused
    from eventstore.errors import ConcurrencyConflict as ConcurrencyConflict
    from eventstore.errors import DomainError as DomainError
    from eventstore.errors import NotFound as NotFound
    from eventstore.errors import TransitionRefused as TransitionRefused
    from eventstore.private import ERASED as ERASED
    from eventstore.private import Private as Private
    from eventstore.reading import Recorded as Recorded
    from eventstore.reading import history as history
    from eventstore.subscriptions import Subscription as Subscription
    from eventstore.tables import load as load

HOMES = {
    "SYSTEM": "actors",
    "Actor": "actors",
    "Aggregate": "aggregate",
    "evolves": "aggregate",
    "begin": "changing",
    "change": "changing",
    "changes": "changing",
    "seen": "changing",
    "Event": "codec",
    "event": "codec",
    "upcasts": "codec",
    "command": "commanding",
    "once": "commanding",
    "AlreadyExists": "errors",
    "CommandIdReused": "errors",
    "ConcurrencyConflict": "errors",
    "DomainError": "errors",
    "NotFound": "errors",
    "TransitionRefused": "errors",
    "ERASED": "private",
    "Private": "private",
    "Recorded": "reading",
    "history": "reading",
    "Subscription": "subscriptions",
    "load": "tables",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module that it lives in."""
    if name not in HOMES:
        raise AttributeError(f"module 'eventstore' has no attribute {name!r}")
    return getattr(import_module(f"eventstore.{HOMES[name]}"), name)
