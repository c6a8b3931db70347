"""The holidays of the two calendars that we ship, against the lists their governments published."""

from datetime import date

import pytest

from kernel.business_time.holiday_lists import public_holidays

# The general holidays of Hong Kong (Cap. 149) for 2026, Sundays aside, as gazetted.
HONG_KONG_2026 = (
    "2026-01-01 2026-02-17 2026-02-18 2026-02-19 2026-04-03 2026-04-04 2026-04-06 2026-04-07 2026-05-01 2026-05-25 "
    "2026-06-19 2026-07-01 2026-09-26 2026-10-01 2026-10-19 2026-12-25 2026-12-26"
)
# The federal holidays of the United States for 2026: 4 July is a Saturday, observed on the Friday.
UNITED_STATES_2026 = (
    "2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-07-04 2026-09-07 2026-10-12 2026-11-11 "
    "2026-11-26 2026-12-25"
)


@pytest.mark.parametrize(("country", "published"), [("HK", HONG_KONG_2026), ("US", UNITED_STATES_2026)])
def test_the_list_is_the_published_one(country: str, published: str) -> None:
    assert list(public_holidays(country, [2026])) == [date.fromisoformat(day) for day in published.split()]


def test_holidays_have_their_english_names() -> None:
    assert public_holidays("HK", [2026])[date(2026, 4, 6)] == "The day following Ching Ming Festival"
    assert public_holidays("US", [2026])[date(2026, 11, 26)] == "Thanksgiving Day"


def test_a_subdivision_has_its_own_list() -> None:
    second_of_january = date(2026, 1, 2)
    assert second_of_january in public_holidays("GB-SCT", [2026])
    assert second_of_january not in public_holidays("GB-ENG", [2026])


def test_several_years_are_one_list_in_order() -> None:
    listed = list(public_holidays("US", range(2027, 2025, -1)))
    assert listed == sorted(listed)
    assert {day.year for day in listed} == {2026, 2027}
