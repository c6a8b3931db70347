"""The lifecycle of every aggregate, drawn from its code: docs/lifecycles.md is made from this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import getdoc

from eventstore.aggregate import NEW, Aggregate, Evolution
from eventstore.catalogue import ANY, aggregates

HEAD = """# Lifecycles

Every aggregate is a state machine whose transitions are its events. This page is made from the
code by `manage.py lifecycles > docs/lifecycles.md`, and a test fails where it is not current.
A transition that is not listed is refused.
"""


def document(models_of: Iterable[type[Aggregate]] | None = None) -> str:
    """Write the lifecycles of these aggregates, or of all, as one Markdown page."""
    listed = aggregates() if models_of is None else models_of
    by_name = sorted(listed, key=lambda model: model.__name__)
    return "\n".join([HEAD, *(chapter(model) for model in by_name)])


def chapter(model: type[Aggregate]) -> str:
    """Write one aggregate: what it is, its diagram, and each event with where it leads."""
    return "\n".join([f"## {model.__name__}", "", _first_line(model), "", *_diagram(model), "", *_table(model), ""])


def transitions(model: type[Aggregate]) -> Iterator[tuple[str, str, str]]:
    """Give every allowed (state, event, next state), in the order of the code."""
    for evolution in model.evolutions.values():
        for source in _sources(model, evolution):
            yield source, evolution.event_type.__name__, evolution.target or source


def states(model: type[Aggregate]) -> tuple[str, ...]:
    """Give the states of an aggregate, the one before its first event first."""
    column = next(field for field in model._meta.concrete_fields if field.name == "state")
    return tuple(str(value) for value, _ in column.flatchoices)


def _sources(model: type[Aggregate], evolution: Evolution) -> tuple[str, ...]:
    if ANY in evolution.sources:
        return tuple(state for state in states(model) if state != NEW)
    return tuple(state for state in states(model) if state in evolution.sources)


def _diagram(model: type[Aggregate]) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for source, event, target in transitions(model):
        if source != target:
            yield f"    {'[*]' if source == NEW else source} --> {target}: {event}"
    yield "```"


def _table(model: type[Aggregate]) -> Iterator[str]:
    yield "| event | from | to | what happened |"
    yield "|---|---|---|---|"
    for evolution in model.evolutions.values():
        sources = ", ".join(_sources(model, evolution))
        target = evolution.target or "(the same)"
        yield f"| {evolution.event_type.__name__} | {sources} | {target} | {_first_line(evolution.event_type)} |"


def _first_line(thing: type) -> str:
    return (getdoc(thing) or "").partition("\n")[0]
