"""Events to canonical text and back: the vocabulary of the log and its old shapes.

Canonical means: keys sorted, no white space, Decimal, Fraction, UUID and
instants as strings, instants in UTC. The same event always gives the same text,
on every version of PostgreSQL, because the text is what is hashed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar, dataclass_transform

import msgspec

from eventstore.errors import InvalidInput, UnreadableEvent
from eventstore.instants import instants_in, utc
from kernel.intervals import Ranges

Plain = dict[str, Any]
Text = str | bytes | msgspec.Raw
Upcast = Callable[[Plain], Plain]

# JSON writes NUL like this; the same letters after a second backslash are only letters.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Subclasses are frozen dataclasses in the past tense."""


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Shape:
    """How one event type is named, read and written."""

    name: str
    version: int
    read: Callable[[Text], Event]
    instants: bool

    def write(self, event: Event) -> str:
        """Return the canonical text of an event.

        Errors: InvalidInput for a text that cannot be stored, ValueError for an
        instant without a zone.
        """
        return encode(utc(event) if self.instants else event)


SHAPES: dict[type[Event], Shape] = {}
TYPES: dict[str, type[Event]] = {}
UPCASTS: dict[tuple[str, int], Upcast] = {}
PRESENT: dict[tuple[str, int], Callable[[Text], Event]] = {}


def to_plain(value: object) -> object:
    """Write the kinds of value that JSON and msgspec do not know."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Ranges):
        return list(value)
    raise TypeError(f"an event cannot hold a {type(value).__name__}: {value!r}")


def from_plain(kind: type, value: Any) -> object:
    """Read them back."""
    if kind is Fraction:
        over, _, under = value.partition("/")  # five times as fast as Fraction's own reading of text
        return Fraction(int(over), int(under or 1))
    if kind is Ranges:
        return Ranges.of(*((start, end) for start, end in value))
    raise TypeError(f"an event cannot hold a {kind.__name__}")


_encoder = msgspec.json.Encoder(enc_hook=to_plain, order="sorted", decimal_format="string")


def encode(value: object) -> str:
    """Return the canonical JSON text of a value that events may hold.

    Errors: InvalidInput for a text that PostgreSQL cannot store.
    """
    try:
        text = _encoder.encode(value).decode()
    except UnicodeEncodeError:
        raise InvalidInput("a text holds half a character, which cannot be stored: write it again") from None
    if "\\u0000" in text and _NUL.search(text):
        raise InvalidInput("a text holds a NUL character, which cannot be stored: remove it")
    return text


def reader(kind: Any) -> Callable[[Text], Any]:
    """Return the strict decoder of one type, made once."""
    return msgspec.json.Decoder(kind, dec_hook=from_plain).decode


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str, *, version: int = 1) -> Callable[[type[E]], type[E]]:
    """Make a class an event of the log under a stable name, in its present shape's version.

    Errors: ValueError for a name that is taken, TypeError for a field that holds floats.
    """

    def register(cls: type[E]) -> type[E]:
        made = cls if "__dataclass_fields__" in vars(cls) else dataclass(frozen=True, kw_only=True)(cls)
        if _place(TYPES.get(name, made)) != _place(made):
            raise ValueError(f"two event types are named {name!r}")
        shape = Shape(name=name, version=version, read=reader(made), instants=instants_in(made))
        SHAPES[made], TYPES[name], PRESENT[name, version] = shape, made, shape.read
        return made

    return register


def _place(cls: type) -> tuple[str, str]:
    return cls.__module__, cls.__qualname__


def upcasts(name: str, *, since: int) -> Callable[[Upcast], Upcast]:
    """Register the function that turns version `since` of an event's fields into the next."""

    def register(function: Upcast) -> Upcast:
        UPCASTS[name, since] = function
        return function

    return register


def decode(name: str, version: int, payload: Text) -> Event:
    """Read an event of any shape that it ever had.

    Errors: UnreadableEvent for an unknown type, a newer shape, or fields that do not fit.
    """
    try:
        if read := PRESENT.get((name, version)):
            return read(payload)
        return _read_old(name, version, payload)
    except msgspec.MsgspecError as error:
        raise UnreadableEvent(f"event {name!r} version {version}: {error}") from error


def decode_all(shapes: Sequence[str], payloads: Sequence[Text]) -> list[Event]:
    """Read events of these shapes, each a type's name and its version, "claims.filed 1". Errors: as `decode`."""
    try:
        return [_readers[shape](payload) for shape, payload in zip(shapes, payloads, strict=True)]
    except msgspec.MsgspecError:  # which of them it was is told on the second way
        return [decode(*_named(shape), payload) for shape, payload in zip(shapes, payloads, strict=True)]


class _Readers(dict[str, Callable[[Text], Event]]):
    """What reads an event, by its shape; one that is not of the present is looked for anew each time."""

    def __missing__(self, shape: str) -> Callable[[Text], Event]:
        name, version = _named(shape)
        if (name, version) not in PRESENT:
            return partial(decode, name, version)
        self[shape] = PRESENT[name, version]
        return self[shape]


def _named(shape: str) -> tuple[str, int]:
    name, _, version = shape.partition(" ")
    return name, int(version)


_readers = _Readers()


def _read_old(name: str, version: int, payload: Text) -> Event:
    if name not in TYPES:
        raise UnreadableEvent(f"no event type is named {name!r}")
    shape = SHAPES[TYPES[name]]
    return shape.read(_encoder.encode(_brought_up(name, version, shape.version, payload)))


def _brought_up(name: str, version: int, wanted: int, payload: Text) -> Plain:
    if version > wanted:
        raise UnreadableEvent(f"event {name!r} has version {version}, this program knows {wanted}")
    fields: Plain = msgspec.json.decode(payload)
    for old in range(version, wanted):
        if (name, old) not in UPCASTS:
            raise UnreadableEvent(f"event {name!r} has no upcast from version {old}")
        fields = UPCASTS[name, old](fields)
    return fields


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(instant: datetime) -> int:
    """Return an aware instant as whole microseconds since 1970, exactly."""
    elapsed = instant - EPOCH
    return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds


def instant_of(micros: int) -> datetime:
    """Return the instant of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)
