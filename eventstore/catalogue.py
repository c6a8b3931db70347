"""Which aggregates there are, and whose events are whose."""

from collections.abc import Iterator
from functools import cache

from django.apps import apps

from eventstore.aggregate import NEW, Aggregate
from eventstore.codec import SHAPES

ANY = "*"


@cache
def aggregates() -> tuple[type[Aggregate], ...]:
    """Return every concrete aggregate of the project, by table name."""
    found = [model for model in apps.get_models() if issubclass(model, Aggregate)]
    return tuple(sorted(found, key=lambda model: model._meta.db_table))


@cache
def owners() -> dict[str, type[Aggregate]]:
    """Map the name of each event type by which a stream begins to the one aggregate that it belongs to.

    What follows in a stream may be shared: aggregates with a common abstract base have events of it.
    Errors: ValueError where two aggregates begin with one event type.
    """
    found: dict[str, type[Aggregate]] = {}
    for model in aggregates():
        for name in _beginnings(model):
            if found.setdefault(name, model) is not model:
                raise ValueError(f"{name} begins a {found[name].__name__} and a {model.__name__}")
    return found


def _beginnings(model: type[Aggregate]) -> Iterator[str]:
    for evolution in model.evolutions.values():
        if NEW in evolution.sources or ANY in evolution.sources:
            yield SHAPES[evolution.event_type].name
