"""Which aggregates there are, and whose events are whose."""

from functools import cache

from django.apps import apps

from eventstore.aggregate import Aggregate
from eventstore.codec import SHAPES


@cache
def aggregates() -> tuple[type[Aggregate], ...]:
    """Return every concrete aggregate of the project, by table name."""
    found = [model for model in apps.get_models() if issubclass(model, Aggregate)]
    return tuple(sorted(found, key=lambda model: model._meta.db_table))


@cache
def owners() -> dict[str, type[Aggregate]]:
    """Map the name of each event type to the one aggregate that it belongs to.

    Errors: ValueError where two aggregates claim one event type.
    """
    found: dict[str, type[Aggregate]] = {}
    for model in aggregates():
        for event_type in model.evolutions:
            name = SHAPES[event_type].name
            if found.setdefault(name, model) is not model:
                raise ValueError(f"{name} belongs to {found[name].__name__} and {model.__name__}")
    return found
