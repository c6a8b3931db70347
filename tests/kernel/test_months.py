"""A month's length is counted, not assumed (SEMANTICS 2)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import MonthMalformed
from kernel.intervals import instant_of
from kernel.months import Month

months = st.builds(Month, st.integers(1975, 2035), st.integers(1, 12))
zones = st.sampled_from(["UTC", "America/New_York", "Asia/Hong_Kong", "Asia/Kathmandu", "Pacific/Apia"]).map(ZoneInfo)


@pytest.mark.parametrize(
    ("month", "zone", "minutes"),
    [
        ("2026-03", "America/New_York", 44_580),  # 31 x 1,440 - 60
        ("2026-11", "America/New_York", 43_260),  # 30 x 1,440 + 60
        ("2028-02", "UTC", 41_760),  # 29 x 1,440
        ("2026-02", "UTC", 40_320),  # 28 x 1,440
        ("2026-10", "UTC", 44_640),  # 31 x 1,440
        ("2011-12", "Pacific/Apia", 43_200),  # 31 x 1,440 - 1,440: the 30th was left out
    ],
)
def test_the_minutes_of_a_month_are_counted(month: str, zone: str, minutes: int) -> None:
    assert Month.parse(month).minutes(ZoneInfo(zone)) == minutes


@given(months, zones)
def test_months_follow_each_other_without_gap(month: Month, zone: ZoneInfo) -> None:
    assert month.end(zone) == month.next().start(zone)
    assert month.next().previous() == month
    assert month < month.next()
    assert month.last_minute(zone) == month.next().first_minute(zone)
    assert month.interval(zone).start == instant_of(month.first_minute(zone))


@given(months, zones)
def test_a_month_holds_its_first_and_last_minute_only(month: Month, zone: ZoneInfo) -> None:
    first, last = month.first_minute(zone), month.last_minute(zone)
    assert Month.of(instant_of(first), zone) == Month.of(instant_of(last - 1), zone) == month
    assert Month.of(instant_of(first - 1), zone) == month.previous()
    assert Month.of(instant_of(last), zone) == month.next()


@given(months)
def test_what_is_written_can_be_read(month: Month) -> None:
    assert Month.parse(str(month)) == month


def test_a_month_knows_its_days() -> None:
    february = Month(2028, 2)
    assert (february.days, february.first_day, february.last_day) == (29, date(2028, 2, 1), date(2028, 2, 29))
    assert Month.of_date(date(2028, 2, 29)) == february


def test_the_last_month_of_all_ends_though_none_follows_it() -> None:
    assert Month(9998, 12).end(ZoneInfo("America/New_York")) == datetime(9999, 1, 1, 5, tzinfo=UTC)


def test_an_instant_is_in_the_month_of_the_zone() -> None:
    instant = datetime(2026, 10, 31, 20, tzinfo=UTC)
    assert Month.of(instant, UTC) == Month(2026, 10)
    assert Month.of(instant, ZoneInfo("Asia/Hong_Kong")) == Month(2026, 11)


@pytest.mark.parametrize(
    ("count", "reached"), [(0, "2026-10"), (3, "2027-01"), (-10, "2025-12"), (12, "2027-10"), (-22, "2024-12")]
)
def test_months_are_counted_over_years(count: int, reached: str) -> None:
    assert str(Month(2026, 10).plus(count)) == reached


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "0000-01", "9999-12", "", "\u0662026-10"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MonthMalformed):
        Month.parse(text)
