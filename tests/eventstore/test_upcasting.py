"""Old events are read for ever: each shape that an event ever had is kept as a sample."""

from pathlib import Path

import pytest

from eventstore.codec import SHAPES, UPCASTS, decode, decode_all
from eventstore.errors import UnreadableEvent
from kernel.money import Money
from tests.eventstore.shapes import PriceNamed
from tests.toys.events import ParcelScanned

SAMPLES = Path(__file__).parent / "samples"
OLD_SHAPES = [(shape.name, old) for shape in SHAPES.values() for old in range(1, shape.version)]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_every_shape_that_an_event_had_is_read_as_its_present_one(version: int) -> None:
    payload = (SAMPLES / f"tests.price_named.{version}.json").read_text()
    price = PriceNamed(price=Money.of("50.00", "USD"))
    assert decode("tests.price_named", version, payload) == price
    assert decode_all([f"tests.price_named {version}"] * 2, [payload] * 2) == [price, price]


@pytest.mark.parametrize(("name", "version"), OLD_SHAPES)
def test_every_old_shape_of_the_project_has_a_sample_that_can_be_read(name: str, version: int) -> None:
    payload = (SAMPLES / f"{name}.{version}.json").read_text()
    assert SHAPES[type(decode(name, version, payload))].name == name


def test_an_upcast_belongs_to_an_event() -> None:
    versions = {shape.name: shape.version for shape in SHAPES.values()}
    assert all(since < versions.get(name, 0) for name, since in UPCASTS)


@pytest.mark.parametrize(
    ("name", "version", "payload", "sentence"),
    [
        ("tests.never_heard_of", 1, "{}", "no event type is named 'tests.never_heard_of'"),
        ("tests.price_named", 4, "{}", "has version 4, this program knows 3"),
        ("tests.price_named", 0, "{}", "has no upcast from version 0"),
        ("tests.price_named", 3, "{}", "missing required field `price`"),
        ("tests.price_named", 3, '{"price":{"amount":"much","currency":"USD"}}', "Invalid decimal string"),
        ("tests.price_named", 3, "no text of ours", "malformed"),
    ],
)
def test_an_event_that_cannot_be_read_says_why(name: str, version: int, payload: str, sentence: str) -> None:
    with pytest.raises(UnreadableEvent, match=sentence):
        decode(name, version, payload)
    readable = SHAPES[ParcelScanned].write(ParcelScanned(place="Kowloon"))
    with pytest.raises(UnreadableEvent, match=sentence):
        decode_all(["toys.parcel_scanned 1", f"{name} {version}"], [readable, payload])
