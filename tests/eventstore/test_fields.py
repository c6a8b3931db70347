"""The columns of rows hold what events hold, exactly, and give it back."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.state import ModelState, ProjectState

from eventstore import fields
from eventstore.errors import InvalidInput
from eventstore.private import Private
from kernel.intervals import Ranges
from kernel.money import Money
from kernel.months import Month
from tests.eventstore.parcels import PARCEL, SENT, TOMORROW
from tests.given import given_in_log
from tests.personas import ACME
from tests.toys.models import Parcel


@dataclass(frozen=True)
class Held:
    """A value of several parts."""

    tier: str
    since: datetime | None
    share: Fraction


HELD = (Held("pro", TOMORROW, Fraction(1, 3)), Held("basic", None, Fraction(1)))
VALUES: list[tuple[Any, Any, str]] = [
    (fields.MoneyField(), Money.of("50", "USD"), "50.00 USD"),
    (fields.MoneyField(), Money(Decimal("-0.125"), "KWD"), "-0.125 KWD"),
    (fields.FractionField(), Fraction(199, 200), "199/200"),
    (fields.FractionField(), Fraction(1), "1"),
    (fields.MonthField(), Month(2026, 10), "2026-10"),
    (fields.RangesField(), Ranges.of((1, 5), (9, 12)), "[[1,5],[9,12]]"),
    (fields.PrivateField(), Private(ACME, "token"), f'{{"subject":"{ACME}","token":"token"}}'),
    (
        fields.EventJSONField(tuple[Held, ...]),
        HELD,
        '[{"share":"1/3","since":"2026-11-23T12:00:00Z","tier":"pro"},{"share":"1/1","since":null,"tier":"basic"}]',
    ),
    (fields.EventJSONField(tuple[str, ...]), (), "[]"),
]
KINDS = [type(value).__name__ for _, value, _ in VALUES]


@pytest.mark.parametrize(("field", "value", "text"), VALUES, ids=KINDS)
def test_a_value_is_stored_as_text_and_comes_back(field: Any, value: object, text: str) -> None:
    assert field.get_prep_value(value) == text
    assert field.from_db_value(text, None, connection) == value


@pytest.mark.parametrize(("field", "value", "text"), VALUES, ids=KINDS)
def test_nothing_is_nothing(field: Any, value: object, text: str) -> None:
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None, None, connection) is None


@pytest.mark.parametrize(("field", "value", "text"), VALUES, ids=KINDS)
def test_a_copy_of_a_field_reads_as_the_field_does(field: Any, value: object, text: str) -> None:
    """Django copies the fields of abstract models."""
    assert deepcopy(field).from_db_value(text, None, connection) == value


@pytest.mark.parametrize(("field", "value", "text"), VALUES, ids=KINDS)
def test_a_migration_needs_no_code_of_the_apps(field: Any, value: object, text: str) -> None:
    """The type of what a JSON column holds may move or change: the column stays text."""
    _, path, args, kwargs = field.deconstruct()
    assert path == f"eventstore.fields.{type(field).__name__}"
    assert (args, kwargs.keys() - {"max_length"}) == ([], set())


def test_a_changed_type_of_what_a_column_holds_is_no_migration() -> None:
    def state_with(field: models.Field[Any, Any]) -> ProjectState:
        state = ProjectState()
        state.add_model(ModelState("toys", "Thing", [("id", models.IntegerField(primary_key=True)), ("held", field)]))
        return state

    before, after = (state_with(fields.EventJSONField(kind)) for kind in (tuple[str, ...], tuple[Held, ...]))
    assert not MigrationAutodetector(before, after).changes(MigrationGraph())


@pytest.mark.usefixtures("database")
def test_rows_are_found_by_their_values() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    assert Parcel.objects.get(fee=SENT.fee).id == PARCEL
    assert Parcel.objects.get(fee=str(SENT.fee)).id == PARCEL
    assert Parcel.objects.get(places=()).id == PARCEL
    assert not Parcel.objects.filter(fee=Money.of("1", "EUR")).exists()


@pytest.mark.usefixtures("database")
def test_a_nul_is_refused_in_a_json_column() -> None:
    with pytest.raises(InvalidInput, match="NUL"):
        Parcel.objects.filter(places=("a\0b",)).exists()


def test_a_private_text_does_not_show_itself() -> None:
    assert str(Private(ACME, "token")) == f"{Private(ACME, 'token')}" == "(private)"
