"""Instants in JSON carry their offset, so that a time that comes twice is never taken for the other one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.api.fields import StretchShape
from kernel.intervals import Interval

ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"]
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
# From an hour before the clocks of New York and Berlin are set back to the hour after.
HOURS = [datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)]
AROUND = st.builds(lambda hour, minute: hour + timedelta(minutes=minute), st.sampled_from(HOURS), st.integers(0, 180))


def read(start: str, end: str) -> Any:
    shape = StretchShape(data={"start": start, "end": end})
    assert shape.is_valid(), shape.errors
    return shape.validated_data


@given(start=INSTANTS | AROUND, length=st.timedeltas(timedelta(microseconds=1), timedelta(days=30)))
def test_a_stretch_that_was_read_is_the_same_when_it_is_sent(start: datetime, length: timedelta) -> None:
    told = StretchShape(Interval(start, start + length)).data

    assert read(**told) == Interval(start, start + length)


@pytest.mark.parametrize("zone", ZONES)
@given(start=AROUND)
def test_it_may_be_sent_with_the_offset_of_any_zone(zone: str, start: datetime) -> None:
    here, end = ZoneInfo(zone), start + timedelta(minutes=30)

    assert read(start.astimezone(here).isoformat(), end.astimezone(here).isoformat()) == Interval(start, end)
