"""Instants in events are written in UTC, whatever zone they came in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import inspect

NONE = timedelta(0)

# The fields of a dataclass that hold instants, at any depth; filled as event types are declared.
HOLDING: dict[type, tuple[str, ...]] = {}


def instants_in(kind: type) -> bool:
    """Tell whether a type holds instants at any depth. Errors: TypeError where it holds floats."""
    found = _parts(inspect.type_info(kind))
    if inspect.FloatType in found:
        raise TypeError(f"{kind.__name__} holds a float, which is never exact: use Decimal or Fraction")
    return inspect.DateTimeType in found


def _parts(info: Any) -> set[type]:
    """Collect the kinds of type that one type is made of."""
    if isinstance(info, inspect.DataclassType):
        return _parts_of_fields(info)
    inner = [getattr(info, name, None) for name in ("item_type", "key_type", "value_type")]
    inner += getattr(info, "types", None) or getattr(info, "item_types", None) or ()
    return {type(info)}.union(*(_parts(one) for one in inner if one is not None))


def _parts_of_fields(info: inspect.DataclassType) -> set[type]:
    if info.cls in HOLDING and not HOLDING[info.cls]:
        return set()
    HOLDING[info.cls] = ()  # a type that holds itself ends here
    parts = {field.name: _parts(field.type) for field in info.fields}
    HOLDING[info.cls] = tuple(name for name, found in parts.items() if inspect.DateTimeType in found)
    return {inspect.DataclassType}.union(*parts.values())


def utc(value: Any) -> Any:
    """Return a value with every instant in it in UTC. Errors: ValueError for one without a zone."""
    if isinstance(value, datetime):
        return _in_utc(value)
    if names := HOLDING.get(type(value)):
        moved = {name: made for name in names if (made := utc(was := getattr(value, name))) is not was}
        return replace(value, **moved) if moved else value
    if isinstance(value, tuple | list):
        return tuple(map(utc, value)) if any(utc(one) is not one for one in value) else value
    if isinstance(value, dict):
        return {key: utc(one) for key, one in value.items()}
    return value


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone: an instant in an event must have one")
    return instant.astimezone(UTC) if instant.utcoffset() != NONE else instant
