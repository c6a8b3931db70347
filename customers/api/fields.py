"""How the kinds of value are written in JSON: instants with Z, amounts as strings, shares exactly."""

import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Final

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.errors import KernelError
from kernel.intervals import Interval, Ranges, instant_of
from kernel.money import Money
from kernel.months import Month
from kernel.percent import shown_down
from kernel.shown import UPTIME_PLACES

# Years that anybody can mean: each of their months has one before it and one after it, in every zone.
MONTH: Final = r"[12][0-9]{3}-(0[1-9]|1[0-2])"
# No NUL, which no text of the database can hold; where something must be said, not only spaces.
ANY_TEXT: Final = r"^[^\u0000]*$"
SOME_TEXT: Final = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"


def instant_text(instant: datetime) -> str:
    """Write an instant: 2026-10-20T10:00:00Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def money_shown(money: Money) -> dict[str, str]:
    """Write an amount: {"amount": "50.00", "currency": "USD"}."""
    return {"amount": f"{money.amount:f}", "currency": money.currency}


def fraction_shown(share: Fraction) -> dict[str, Any]:
    """Write a share exactly, and as a percentage that is rounded down, to be shown."""
    return {
        "numerator": share.numerator,
        "denominator": share.denominator,
        "percent": shown_down(share, UPTIME_PLACES),
    }


@extend_schema_field({"type": "string", "format": "date-time", "description": "An instant with its offset."})
class InstantField(serializers.DateTimeField):
    """An instant: 2026-10-20T10:00:00Z."""

    def to_internal_value(self, value: Any) -> datetime:
        """Read it; a time without an offset is no instant."""
        try:
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is None:
                raise serializers.ValidationError("This time does not say its offset from UTC.")
            return instant.astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            self.fail("invalid", format="2026-10-20T10:00:00Z")

    def to_representation(self, value: Any) -> str:
        """Write it in UTC."""
        return instant_text(value)


@extend_schema_field({"type": "string", "format": "date-time"})
class MinuteField(serializers.Field[int, Any, str, Any]):
    """The instant at which a numbered minute begins."""

    def to_representation(self, value: int) -> str:
        """Write it in UTC."""
        return instant_text(instant_of(value))


class TextField(serializers.CharField):
    """A text; a number is none, so that nobody finds theirs written otherwise than they sent it."""

    def to_internal_value(self, data: Any) -> str:
        """Take a string only."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TextDescribed(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Tells OpenAPI which texts are taken."""

    target_class = TextField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:  # noqa: ARG002
        """Describe the longest text, and whether it may be empty."""
        field: TextField = self.target
        longest = {} if field.max_length is None else {"maxLength": field.max_length}
        return {"type": "string", "pattern": ANY_TEXT if field.allow_blank else SOME_TEXT, **longest}


@extend_schema_field({"type": "string", "pattern": f"^{MONTH}$", "examples": ["2026-10"]})
class MonthField(serializers.CharField):
    """A calendar month: 2026-10."""

    def to_internal_value(self, data: Any) -> Any:
        """Read it."""
        if not isinstance(data, str) or re.fullmatch(MONTH, data) is None:
            raise serializers.ValidationError("This is not a month.")
        return Month.parse(data)

    def to_representation(self, value: Any) -> str:
        """Write it."""
        return str(value)


@extend_schema_field(
    {
        "type": "object",
        "description": "An exact amount; the digits are a string.",
        "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}},
        "required": ["amount", "currency"],
        "additionalProperties": False,
    }
)
class MoneyField(serializers.Field[Money, Any, dict[str, str], Any]):
    """An amount with its currency."""

    def to_representation(self, value: Money) -> dict[str, str]:
        """Write it."""
        return money_shown(value)


@extend_schema_field(
    {
        "type": "object",
        "description": "An exact share; `percent` is rounded down, to be shown.",
        "properties": {
            "numerator": {"type": "integer"},
            "denominator": {"type": "integer"},
            "percent": {"type": "string"},
        },
        "required": ["numerator", "denominator", "percent"],
        "additionalProperties": False,
    }
)
class FractionField(serializers.Field[Fraction, Any, dict[str, Any], Any]):
    """An exact share."""

    def to_representation(self, value: Fraction) -> dict[str, Any]:
        """Write it."""
        return fraction_shown(value)


@extend_schema_field({"type": "integer"})
class TotalField(serializers.Field[Ranges, Any, int, Any]):
    """How many minutes a set has."""

    def to_representation(self, value: Ranges) -> int:
        """Count them."""
        return value.total


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,30}(\.[0-9]{1,9})?$", "examples": ["1234.50"]})
class DigitsField(serializers.RegexField):
    """An amount as digits in a string, never as a number that a program may have rounded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^-?[0-9]{1,30}(\.[0-9]{1,9})?$", **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Take a string only."""
        if not isinstance(data, str):
            raise serializers.ValidationError("This is not a string of digits.")
        return super().to_internal_value(data)


class StretchShape(serializers.Serializer[Any]):
    """A stretch of time: start in, end out."""

    start = InstantField(help_text="An instant with its offset, such as 2026-10-20T10:00:00Z.")
    end = InstantField(help_text="A later instant with its offset, such as 2026-10-22T07:00:00Z.")

    def validate(self, attrs: Any) -> Any:
        """Make it one value."""
        try:
            return Interval(attrs["start"], attrs["end"])
        except KernelError as error:
            raise serializers.ValidationError({"end": "The stretch ends before it starts."}) from error
