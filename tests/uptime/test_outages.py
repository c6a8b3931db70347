"""Outages of a month with their true starts and ends (SEMANTICS 4, 6, 16)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes, Outage
from tests.uptime.months import AS_UP, T, excuse, measured, monitor, month
from uptime.rules.corrections import Change


def outages(minutes: MonthMinutes) -> list[tuple[int, int | None]]:
    return [(outage.start_minute, outage.end_minute) for outage in minutes.outages]


def over_the_month_end(*excused: tuple[int, int]) -> Outage:
    """An outage of 100 minutes, the last 40 of them in the next month."""
    service = measured(monitor(down=Ranges.of((T - 60, T + 40))), last=2 * T)
    (outage,) = month(service, excuse(AS_UP, *excused)).outages
    return outage


def test_an_outage_across_the_months_end_has_its_true_end_and_the_months_own_minutes() -> None:
    outage = over_the_month_end()
    assert (outage.start_minute, outage.end_minute) == (T - 60, T + 40)
    assert outage.unexcused.total == 60
    assert outage.last_unexcused == T + 39


def test_an_outage_across_the_months_start_has_its_true_start() -> None:
    service = measured(monitor(down=Ranges.of((-30, 20))), first=-T)
    minutes = month(service)
    assert outages(minutes) == [(-30, 20)]
    assert minutes.down == Ranges.of((0, 20))


@pytest.mark.parametrize(
    ("excused", "last_unexcused"),
    [
        ((T + 30, T + 40), T + 29),
        ((T, T + 40), T - 1),
        ((T - 10, T + 40), T - 11),
        ((T - 60, T + 40), None),
    ],
)
def test_the_last_unexcused_minute_may_lie_before_the_outages_end(
    excused: tuple[int, int], last_unexcused: int | None
) -> None:
    outage = over_the_month_end(excused)
    assert outage.last_unexcused == last_unexcused
    assert outage.end_minute == T + 40


def test_an_outage_whose_minutes_of_the_month_are_all_excused_is_not_claimable_in_it() -> None:
    outage = over_the_month_end((T - 60, T))
    assert not outage.is_claimable
    assert outage.last_unexcused == T + 39


def test_an_outage_that_is_down_until_now_is_open() -> None:
    service = replace(measured(monitor(down=Ranges.of((10, 20), (900, 1_000))), last=1_000), open_at=1_000)
    assert outages(month(service)) == [(10, 20), (900, None)]


def test_an_outage_that_went_on_until_a_past_moment_is_over() -> None:
    service = measured(monitor(down=Ranges.of((900, 1_000))))
    assert outages(month(service)) == [(900, 1_000)]


def test_an_outage_ends_when_the_state_becomes_unknown() -> None:
    service = measured(monitor(down=Ranges.of((10, 20), (30, 40)), unknown=Ranges.of((20, 30))))
    assert outages(month(service)) == [(10, 20), (30, 40)]


def test_where_missing_data_counts_as_down_it_joins_the_outage() -> None:
    service = measured(monitor(down=Ranges.of((10, 20), (30, 40)), unknown=Ranges.of((20, 30))))
    assert outages(month(service, no_data="down")) == [(10, 40)]


def test_excused_minutes_do_not_split_an_outage() -> None:
    minutes = month(monitor(down=Ranges.of((10, 40))), excuse(AS_UP, (20, 30)))
    assert outages(minutes) == [(10, 40)]
    assert minutes.outages[0].unexcused == Ranges.of((10, 20), (30, 40))


def test_outages_of_two_monitors_that_overlap_or_touch_are_one() -> None:
    web, api = monitor("web", down=Ranges.of((10, 20), (30, 35))), monitor("api", down=Ranges.of((15, 30)))
    assert outages(month(measured(web, api))) == [(10, 35)]


def test_an_outage_that_was_found_to_be_none_is_gone() -> None:
    minutes = month(monitor(down=Ranges.of((10, 20), (30, 40))), changes=[Change("up", Ranges.of((10, 20)))])
    assert outages(minutes) == [(30, 40)]
