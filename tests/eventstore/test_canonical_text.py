"""One event has one text, whatever wrote it; the text is what is hashed and what is read again."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as some

from eventstore import Event, event
from eventstore.chains import event_hash
from eventstore.codec import SHAPES, TYPES, decode, encode
from eventstore.errors import InvalidInput
from kernel.intervals import Interval
from tests.eventstore.shapes import EVERYTHING, EVERYTHING_WRITTEN, EverythingHappened

SHAPE = SHAPES[EverythingHappened]
META = '{"actor":{}}'
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def test_an_event_has_this_text() -> None:
    assert SHAPE.write(EVERYTHING) == EVERYTHING_WRITTEN


def test_the_text_gives_the_event_back() -> None:
    assert decode("tests.everything_happened", 1, EVERYTHING_WRITTEN) == EVERYTHING


@for_all(text=some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"])), count=some.integers())
def test_any_text_and_number_comes_back(text: str, count: int) -> None:
    written = replace(EVERYTHING, text=text, count=count)
    assert decode("tests.everything_happened", 1, SHAPE.write(written)) == written


def test_an_instant_is_written_in_utc_whatever_zone_it_came_in() -> None:
    at, start = EVERYTHING.at, EVERYTHING.stretches[0].start
    for zone in (HONG_KONG, timezone(timedelta(hours=-5, minutes=-30)), ZoneInfo("UTC")):
        moved = Interval(start.astimezone(zone), EVERYTHING.stretches[0].end)
        assert SHAPE.write(replace(EVERYTHING, at=at.astimezone(zone), stretches=(moved,))) == EVERYTHING_WRITTEN


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        SHAPE.write(replace(EVERYTHING, at=datetime(2026, 10, 1)))  # noqa: DTZ001


def test_a_number_that_is_never_exact_is_refused_when_the_event_is_declared() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Measured(Event):
        parts: tuple[dict[str, float | None], ...]

    with pytest.raises(TypeError, match="float"):
        event("tests.measured")(Measured)
    assert "tests.measured" not in TYPES


def test_a_name_belongs_to_one_event() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Impostor(Event):
        text: str

    with pytest.raises(ValueError, match="two event types are named"):
        event("tests.everything_happened")(Impostor)


def test_a_nul_is_refused_before_it_reaches_the_log() -> None:
    with pytest.raises(InvalidInput, match="NUL"):
        SHAPE.write(replace(EVERYTHING, text="a\0b"))


def test_the_letters_of_a_nul_are_only_letters() -> None:
    written = replace(EVERYTHING, text="a\\u0000b")
    assert decode("tests.everything_happened", 1, SHAPE.write(written)) == written


def test_half_a_character_is_refused() -> None:
    with pytest.raises(InvalidInput, match="half a character"):
        SHAPE.write(replace(EVERYTHING, text="\ud83d"))


def test_what_an_event_cannot_hold_is_named() -> None:
    with pytest.raises(TypeError, match="cannot hold a complex"):
        encode(1 + 2j)


def test_a_hash_is_the_one_that_was_published() -> None:
    at = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
    row = (EVERYTHING.account, 1, "tests.everything_happened", 1, EVERYTHING_WRITTEN, at, META, at, b"")
    first = event_hash(b"", row)
    assert first.hex() == "bc53e2257f7ca7bc3a6b77849590cfa418549f307e386778a8a6618d72ebb408"
    assert event_hash(first, (row[0], 2, *row[2:])).hex() == (
        "3f5eee672b39989ea8ab26872039b6c116aec0d23d1f4d6ff04b0d4820f59b66"
    )
