"""Columns for the kinds of value that events hold."""

from fractions import Fraction
from typing import Any

from django.db import models

from eventstore.codec import encode, reader
from eventstore.private import Private
from kernel.intervals import Ranges
from kernel.money import Money
from kernel.months import Month


class MoneyField(models.CharField):  # type: ignore[type-arg]
    """Money as text, "50.00 USD": an amount never loses its currency or a digit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 40, **kwargs})

    def from_db_value(self, value: str | None, *_: object) -> Money | None:
        return None if value is None else Money.parse(value)

    def get_prep_value(self, value: Money | str | None) -> str | None:
        return None if value is None else str(value)

    def to_python(self, value: Money | str | None) -> Money | None:
        return Money.parse(value) if isinstance(value, str) else value


class FractionField(models.CharField):  # type: ignore[type-arg]
    """An exact share as text, "199/200"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 80, **kwargs})

    def from_db_value(self, value: str | None, *_: object) -> Fraction | None:
        return None if value is None else Fraction(value)

    def get_prep_value(self, value: Fraction | str | None) -> str | None:
        return None if value is None else str(value)

    def to_python(self, value: Fraction | str | None) -> Fraction | None:
        return Fraction(value) if isinstance(value, str) else value


class MonthField(models.CharField):  # type: ignore[type-arg]
    """A calendar month as text, "2026-10", which also sorts in time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 7, **kwargs})

    def from_db_value(self, value: str | None, *_: object) -> Month | None:
        return None if value is None else Month.parse(value)

    def get_prep_value(self, value: Month | str | None) -> str | None:
        return None if value is None else str(value)

    def to_python(self, value: Month | str | None) -> Month | None:
        return Month.parse(value) if isinstance(value, str) else value


class EventJSONField(models.Field):  # type: ignore[type-arg]
    """Any value that an event may hold, of one declared type, as its canonical JSON text.

    `kind` is the type expression, for instance `tuple[Holding, ...]`.
    """

    def __init__(self, kind: Any = None, *args: Any, **kwargs: Any) -> None:
        self.kind = kind
        self.read = reader(kind) if kind is not None else None
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        return super().deconstruct()

    def db_type(self, connection: Any) -> str:
        return "text"

    def from_db_value(self, value: str | None, *_: object) -> object:
        return value if value is None or self.read is None else self.read(value)

    def get_prep_value(self, value: object) -> str | None:
        if type(value) is tuple and not value:  # what most rows hold
            return "[]"
        return None if value is None else encode(value)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""


class RangesField(EventJSONField):
    """Ranges of minutes as JSON pairs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(Ranges, *args, **kwargs)


class PrivateField(EventJSONField):
    """Erasable text as its token; reading the row does not decrypt, `.reveal()` does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(Private, *args, **kwargs)
