"""Aggregates: one row, one state machine, and how each event changes it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Protocol, Self, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.base import ModelState
from django_fsm import TransitionNotAllowed, transition

from eventstore.appending import Staged
from eventstore.codec import Event
from eventstore.errors import TransitionRefused, UnreadableEvent

NEW = "new"
A = TypeVar("A", bound="Aggregate")
M = TypeVar("M", bound=models.Model)
E = TypeVar("E", bound=Event)
Body = Callable[[A, E], None]


@dataclass(frozen=True, slots=True)
class Evolution:
    """What one event type does to one aggregate: the checked method, the bare body, the target."""

    event_type: type[Event]
    method: Callable[[Any, Event], None]
    body: Callable[[Any, Event], None]
    sources: tuple[str, ...]
    target: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """An aggregate after a change, with the events that were recorded on it."""

    row: "Aggregate"
    before: int
    events: tuple[Staged, ...]


class NotOpen(RuntimeError):
    """An event was recorded where nobody would write it."""


class Kept(Protocol):
    """Rows of another table that follow from a stream and are written with its events.

    `owner` is the table's field that holds the stream's id, `compared` the
    fields that verification compares; the primary key is derived. One that can
    tell cheaply what its rows follow from has a method `sketch(row)` as well:
    where an event leaves that as it was, nothing is written. One whose rows the
    application may only add says `only_grows = True` (`eventstore.letting_go`).
    """

    @property
    def model(self) -> type[models.Model]:
        """The table's model."""

    @property
    def owner(self) -> str:
        """The name of the field that holds the stream's id."""

    @property
    def compared(self) -> tuple[str, ...]:
        """The names of the fields that follow from the stream."""

    def write(self, changed: Sequence[Changed]) -> None:
        """Bring the table up to date, in the transaction of the events."""

    def expected(self, row: "Aggregate", events: Sequence[Staged], /) -> list[models.Model]:
        """Return the rows that follow from a whole stream; for replay and verification."""


class Aggregate(models.Model):
    """A thing with a history: its row is the fold of the events in its stream."""

    id = models.UUIDField(primary_key=True, editable=False)
    version = models.PositiveIntegerField(editable=False)

    evolutions: ClassVar[dict[type[Event], Evolution]] = {}
    keeps: ClassVar[tuple[Kept, ...]] = ()
    state: str

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        found = [made for value in vars(cls).values() if (made := getattr(value, "evolution", None))]
        own = {one.event_type: one for one in found}
        if len(own) != len(found):
            raise TypeError(f"{cls.__name__} has two methods for one type of event")
        cls.evolutions = {**cls.evolutions, **own}

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @classmethod
    def unborn(cls, stream: UUID) -> Self:
        """Return the thing before its first event."""
        return made_of(cls, {**_defaults(cls), "id": stream, "version": 0}, adding=True)

    @classmethod
    def fold(cls, stream: UUID, events: Iterable[Event]) -> Self:
        """Return the thing after these events, applied without asking the state machine."""
        row = cls.unborn(stream)
        row.apply(*events)
        return row

    def apply(self, *events: Event) -> None:
        """Apply events of the past, in order: the body copies an event's fields, the target becomes the state.

        Errors: UnreadableEvent for an event of another kind of thing.
        """
        values, evolutions = self.__dict__, self.evolutions
        for version, event in enumerate(events, self.version + 1):
            evolution = evolutions.get(type(event))
            if evolution is None:
                raise UnreadableEvent(f"{type(event).__name__} is no event of a {self._meta.verbose_name}")
            evolution.body(self, event)
            if evolution.target is not None:
                values["state"] = evolution.target
            values["version"] = version

    def open(self, *, now: datetime) -> None:
        """Let events be recorded from here on; `eventstore.change` does this."""
        self.__dict__["_staged"] = []
        self.__dict__["_now"] = now
        self.__dict__["_sketches"] = self.sketches() if self.version else ()

    def record(self, event: Event, *, occurred_at: datetime | None = None) -> None:
        """Ask the state machine, apply the event, and stage it for the log.

        Errors: TransitionRefused names the state and the wish; NotOpen outside of
        `begin`, `change` and `changes`.
        """
        staged: list[Staged] | None = self.__dict__.get("_staged")
        if staged is None:
            raise NotOpen(f"{self} is not open: events are recorded inside begin, change or changes only")
        evolution = self.evolutions[type(event)]
        try:
            evolution.method(self, event)
        except TransitionNotAllowed as refused:
            raise TransitionRefused(
                noun=str(self._meta.verbose_name), state=self.state, wish=evolution.target or evolution.method.__name__
            ) from refused
        instant = occurred_at or self.__dict__["_now"]
        staged.append(Staged(self.id, self.version, event, instant))
        self.version += 1

    def sketches(self) -> tuple[object, ...]:
        """Return what each kept table's rows follow from; None where a table cannot tell."""
        return tuple(sketch(self) if (sketch := getattr(kept, "sketch", None)) else None for kept in self.keeps)

    def outgrown(self) -> list[Kept]:
        """Return the kept tables that may have to be written, given what was recorded since `open`."""
        before = self.__dict__["_sketches"]
        if not before:
            return list(self.keeps)
        pairs = zip(self.keeps, before, self.sketches(), strict=True)
        return [kept for kept, was, is_ in pairs if was is None or was != is_]

    def take_staged(self) -> tuple[Staged, ...]:
        """Hand over what was recorded since `open`; nothing can be recorded after that."""
        return tuple(self.__dict__.pop("_staged"))


_constants: dict[type[Aggregate], dict[str, Any]] = {}
_factories: dict[type[Aggregate], list[tuple[str, Callable[[], Any]]]] = {}
UNCHANGING = (str, int, tuple, Decimal, UUID, date, type(None))


def _defaults(model: type[Aggregate]) -> dict[str, Any]:
    """Return the fields' defaults; what cannot change is asked for once."""
    if model not in _constants:
        fields = model._meta.concrete_fields
        values = {field.attname: field.get_default() for field in fields}
        _constants[model] = {name: value for name, value in values.items() if isinstance(value, UNCHANGING)}
        _factories[model] = [
            (field.attname, field.get_default) for field in fields if field.attname not in _constants[model]
        ]
    return _constants[model] | {name: make() for name, make in _factories[model]}


def made_of(model: type[M], values: dict[str, Any], *, adding: bool = False) -> M:
    """Make a row of these values, past Django's constructor, which takes most of the time of a load."""
    row, state = model.__new__(model), ModelState()
    state.adding, state.db = adding, None if adding else DEFAULT_DB_ALIAS
    row.__dict__.update(values, _state=state)
    return row


def evolves(
    event_type: type[E], *, source: str | Sequence[str], target: str | None
) -> Callable[[Body[A, E]], Body[A, E]]:
    """Make a method the one transition that an event type brings about.

    `source` is a state, several, or "*"; `target` None keeps the state. The
    method's body only copies fields from the event: replay calls it unasked.
    """
    sources = (str(source),) if isinstance(source, str) else tuple(str(one) for one in source)
    end = None if target is None else str(target)

    def decorate(body: Body[A, E]) -> Body[A, E]:
        method = transition(field="state", source=list(sources), target=end)(body)
        method.evolution = Evolution(
            event_type=event_type,
            method=method,
            body=cast("Callable[[Any, Event], None]", body),
            sources=sources,
            target=end,
        )
        return cast("Body[A, E]", method)

    return decorate
