"""Years are compiled when they are asked for, once, and what they say never changes."""

from zoneinfo import ZoneInfo

from kernel.business_time.schedule import Schedule
from kernel.business_time.timeline import microseconds_of
from kernel.business_time.years import Years
from tests.kernel.business_time.cases import NINE_TO_FIVE, at

SUMMER = microseconds_of(at("2026-07-01T12:00"))


def years() -> Years:
    return Years(ZoneInfo("Europe/Berlin"), Schedule.parse(NINE_TO_FIVE))


def test_only_the_year_that_was_asked_for_is_compiled() -> None:
    line = years().covering(SUMMER, SUMMER)
    assert (line.first_year, line.last_year) == (2026, 2026)


def test_two_who_ask_for_the_same_next_year_get_the_same() -> None:
    known = years()
    both_had = known.covering(SUMMER, SUMMER)
    assert known.opening_after(both_had) is known.opening_after(both_had)
    assert known.opening_before(both_had) is known.opening_before(both_had)


def test_a_position_means_the_same_after_years_were_added_on_either_side() -> None:
    known = years()
    before = known.covering(SUMMER, SUMMER).position(SUMMER)
    known.covering(microseconds_of(at("2020-01-01T12:00")), microseconds_of(at("2030-01-01T12:00")))
    line = known.covering(SUMMER, SUMMER)
    assert (line.first_year, line.last_year) == (2019, 2030)
    assert line.position(SUMMER) == before


def test_the_first_of_january_needs_the_year_before_for_the_night_that_may_end_on_it() -> None:
    new_year = microseconds_of(at("2026-01-01T12:00"))
    assert years().covering(new_year, new_year).first_year == 2025
