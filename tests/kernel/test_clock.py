"""The clock: real time, moved only where settings allow it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kernel import clock
from kernel.errors import ClockOffsetMalformed, ClockRefused


@pytest.fixture(autouse=True)
def settings_that_refuse() -> Iterator[None]:
    was_allowed = clock.moving_is_allowed()
    clock.forbid_moving()
    yield
    if was_allowed:
        clock.allow_moving()
    else:
        clock.forbid_moving()


def test_the_time_is_aware_and_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.VARIABLE, raising=False)
    before = datetime.now(UTC)  # noqa: TID251
    told = clock.now()
    assert before <= told <= datetime.now(UTC)  # noqa: TID251
    assert told.utcoffset() == timedelta(0)


def test_a_moved_clock_is_refused_unless_settings_allow_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.VARIABLE, "+40d")
    with pytest.raises(ClockRefused):
        clock.now()


def test_settings_may_allow_a_moved_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.VARIABLE, "+40d")
    clock.allow_moving()
    expected = datetime.now(UTC) + timedelta(days=40)  # noqa: TID251
    assert timedelta(0) <= clock.now() - expected < timedelta(minutes=1)
    assert clock.offset() == timedelta(days=40)


def test_the_clock_may_be_moved_again_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.allow_moving()
    monkeypatch.setenv(clock.VARIABLE, "+1d")
    assert clock.offset() == timedelta(days=1)
    monkeypatch.setenv(clock.VARIABLE, "-2h")
    assert clock.offset() == timedelta(hours=-2)


@pytest.mark.parametrize("written", ["", None])
def test_an_unmoved_clock_needs_no_leave(monkeypatch: pytest.MonkeyPatch, written: str | None) -> None:
    if written is None:
        monkeypatch.delenv(clock.VARIABLE, raising=False)
    else:
        monkeypatch.setenv(clock.VARIABLE, written)
    assert clock.offset() == timedelta(0)


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("+40d", timedelta(days=40)),
        ("+3h", timedelta(hours=3)),
        ("-1d12h", -timedelta(days=1, hours=12)),
        ("+1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("-90s", timedelta(seconds=-90)),
    ],
)
def test_an_offset_is_a_signed_duration(written: str, moved: timedelta) -> None:
    assert clock.parse_offset(written) == moved


@pytest.mark.parametrize("written", ["40d", "+", "+d", "+1h1d", "+1.5h", "2026-12-01", "+40d ", "+٤d"])
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(ClockOffsetMalformed):
        clock.parse_offset(written)
