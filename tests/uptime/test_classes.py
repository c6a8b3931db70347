"""Each minute of an account's month has exactly one class (SEMANTICS 4, 5, 8, 9)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.terms.excusing import Treatment
from kernel.intervals import EMPTY, Ranges
from kernel.percent import shown_down
from tests.uptime.months import AS_UP, OUTAGE, WINDOW, T, excuse, measured, monitor, month, totals
from uptime.rules.checks import MICROSECONDS_IN_MINUTE, Minutes
from uptime.rules.combining import Member, ServiceRule
from uptime.rules.corrections import Change
from uptime.rules.excusing import Excuse

# A window of 120 minutes; 60 minutes down, the first 20 of them inside it.
MAINTENANCE = (1_000, 1_120)
DOWN = Ranges.of((1_100, 1_160))


@pytest.mark.parametrize(
    ("treatment", "uptime", "shown"),
    [
        (WINDOW, Fraction(T - 120 - 40, T - 120), "99.9071"),  # 43,040 / 43,080
        (OUTAGE, Fraction(T - 20 - 40, T - 20), "99.9073"),  # 43,140 / 43,180
        (AS_UP, Fraction(T - 40, T), "99.9074"),  # 43,160 / 43,200
    ],
)
def test_the_three_treatments_of_one_window(treatment: Treatment, uptime: Fraction, shown: str) -> None:
    minutes = month(monitor(down=DOWN), excuse(treatment, MAINTENANCE))
    assert minutes.uptime == uptime
    assert shown_down(uptime, 4) == shown
    assert uptime != Fraction(T - 60, T)  # nothing excused: 99.8611 %
    assert uptime != Fraction(T - 120 - 60, T - 120 + 20)  # subtracted twice


def test_a_window_leaves_the_total_whatever_was_measured_in_it() -> None:
    assert totals(month(monitor(down=DOWN), excuse(WINDOW, MAINTENANCE))) == {
        "window": 120,
        "down": 40,
        "up": T - 160,
    }


def test_only_the_down_minutes_of_an_excused_outage_leave_the_total() -> None:
    assert totals(month(monitor(down=DOWN), excuse(OUTAGE, MAINTENANCE))) == {
        "excused_leaving": 20,
        "down": 40,
        "up": T - 60,
    }


def test_downtime_that_counts_as_up_stays_in_the_total_and_is_shown_apart() -> None:
    assert totals(month(monitor(down=DOWN), excuse(AS_UP, MAINTENANCE))) == {
        "excused_as_up": 20,
        "down": 40,
        "up": T - 60,
    }


def test_the_first_class_that_applies_is_the_only_one() -> None:
    # Minutes 0-99 down, 100-199 unknown, then up. Of the down: 0-49 in a window, 25-74 in an excused
    # outage, 50-99 counting as up. The window reaches over the unknown 100-149.
    web = monitor(down=Ranges.of((0, 100)), unknown=Ranges.of((100, 200)))
    minutes = month(web, excuse(WINDOW, (0, 50), (100, 150)), excuse(OUTAGE, (25, 75)), excuse(AS_UP, (50, 95)))
    assert minutes.window == Ranges.of((0, 50), (100, 150))
    assert minutes.unknown == Ranges.of((150, 200))
    assert minutes.excused_leaving == Ranges.of((50, 75))
    assert minutes.excused_as_up == Ranges.of((75, 95))
    assert minutes.down == Ranges.of((95, 100))


def test_unknown_minutes_are_excused_by_nothing_but_a_window() -> None:
    web = monitor(unknown=Ranges.of((0, 10)))
    minutes = month(web, excuse(OUTAGE, (0, 10)), excuse(AS_UP, (0, 10)))
    assert minutes.unknown == Ranges.of((0, 10))


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        ((10, 0), (12, 0), Ranges.of((10, 12))),
        ((10, 1), (12, 0), Ranges.of((11, 12))),  # a microsecond late: minute 10 is begun
        ((10, 0), (12, 59_999_999), Ranges.of((10, 12))),  # a microsecond short: minute 12 is not over
        ((10, 1), (11, 59_999_999), EMPTY),
    ],
)
def test_a_minute_is_excused_only_if_it_lies_wholly_inside(
    start: tuple[int, int], end: tuple[int, int], whole: Ranges
) -> None:
    exact = Ranges.of(
        (start[0] * MICROSECONDS_IN_MINUTE + start[1], end[0] * MICROSECONDS_IN_MINUTE + end[1]),
    )
    stretch = Excuse(treatment=AS_UP, stretches=exact)
    assert month(monitor(down=Ranges.of((0, 60))), stretch).excused_as_up == whole


def test_two_stretches_that_meet_inside_a_minute_leave_it_whole() -> None:
    half = 10 * MICROSECONDS_IN_MINUTE + 30_000_000
    before = Excuse(treatment=AS_UP, stretches=Ranges.of((0, half)))
    after = Excuse(treatment=AS_UP, stretches=Ranges.of((half, 20 * MICROSECONDS_IN_MINUTE)))
    assert month(monitor(down=Ranges.of((0, 60))), before, after).excused_as_up == Ranges.of((0, 20))


def test_unknown_minutes_leave_the_total_where_nothing_else_is_said() -> None:
    minutes = month(monitor(down=Ranges.of((0, 432)), unknown=Ranges.of((1_000, 1_100))))
    assert minutes.uptime == Fraction(T - 100 - 432, T - 100)
    assert minutes.unmeasured == Ranges.of((1_000, 1_100))


def test_unknown_minutes_that_count_as_up_are_still_shown() -> None:
    minutes = month(monitor(unknown=Ranges.of((0, 100))), no_data="up")
    assert minutes.uptime == 1
    assert minutes.unmeasured.total == 100
    assert totals(minutes) == {"up": T}


def test_unknown_minutes_that_count_as_down_can_be_excused_and_date_a_claim() -> None:
    web = monitor(unknown=Ranges.of((100, 160)))
    minutes = month(web, excuse(AS_UP, (100, 120)), no_data="down")
    assert minutes.down == Ranges.of((120, 160))
    assert minutes.excused_as_up == Ranges.of((100, 120))
    assert minutes.unmeasured == Ranges.of((100, 160))
    assert [outage.last_unexcused for outage in minutes.outages] == [159]


def test_a_month_with_no_counted_minute_has_no_uptime() -> None:
    assert month(monitor(unknown=Ranges.of((0, T)))).uptime is None
    assert month(monitor(), excuse(WINDOW, (0, T))).uptime is None


@pytest.mark.parametrize(("down", "meets"), [(432, True), (433, False)])
def test_432_minutes_of_43200_are_exactly_99_percent(down: int, meets: bool) -> None:
    uptime = month(monitor(down=Ranges.of((0, down)))).uptime
    assert uptime is not None
    assert (uptime >= Fraction(99, 100)) == meets


# Exclusions of components act before the monitors are combined.

BOTH_DOWN = (monitor("web", down=Ranges.of((0, 30))), monitor("api", down=Ranges.of((20, 50))))


def test_a_minute_is_excused_only_if_it_would_not_be_down_with_the_component_left_out() -> None:
    minutes = month(measured(*BOTH_DOWN), excuse(AS_UP, (0, 60), monitors=["web"]))
    assert minutes.excused_as_up == Ranges.of((0, 20))
    assert minutes.down == Ranges.of((20, 50))  # api was down in these too


def test_two_components_excluded_at_once_are_both_left_out() -> None:
    web, api = excuse(AS_UP, (0, 60), monitors=["web"]), excuse(AS_UP, (0, 60), monitors=["api"])
    assert month(measured(*BOTH_DOWN), web, api).excused_as_up == Ranges.of((0, 50))


def test_what_only_two_exclusions_together_excuse_takes_the_first_class_of_theirs() -> None:
    web, api = excuse(OUTAGE, (0, 60), monitors=["web"]), excuse(AS_UP, (0, 60), monitors=["api"])
    minutes = month(measured(*BOTH_DOWN), web, api)
    assert minutes.excused_leaving == Ranges.of((0, 30))  # 0-19 by web alone, 20-29 by both
    assert minutes.excused_as_up == Ranges.of((30, 50))  # by api alone


def test_a_window_of_one_component_excuses_its_downtime_and_leaves_the_other_minutes_in_the_total() -> None:
    minutes = month(measured(*BOTH_DOWN), excuse(WINDOW, (0, 60), monitors=["web"]))
    assert totals(minutes) == {"excused_leaving": 20, "down": 30, "up": T - 50}


def test_a_window_of_all_components_is_a_window_of_the_service() -> None:
    minutes = month(measured(*BOTH_DOWN), excuse(WINDOW, (0, 60), monitors=["web", "api"]))
    assert totals(minutes) == {"window": 60, "up": T - 60}


def test_a_window_of_all_components_of_that_time_is_a_window_of_the_service() -> None:
    web, later = monitor("web"), monitor("later", present=Ranges.of((40, T)))
    minutes = month(measured(web, later), excuse(WINDOW, (0, 60), monitors=["web"]))
    assert minutes.window == Ranges.of((0, 40))


def test_a_share_is_of_the_components_that_remain() -> None:
    # Half of 4 must be down. a and b are down; with a left out 1 of 3 is: 1 < 1 1/2.
    members = [monitor(name, down=Ranges.of((0, 10)) if name in "ab" else EMPTY) for name in "abcd"]
    half = measured(*members, rule=ServiceRule("share", Fraction(1, 2)))
    assert month(half).down == Ranges.of((0, 10))
    assert month(half, excuse(AS_UP, (0, 10), monitors=["a"])).excused_as_up == Ranges.of((0, 10))


def test_where_all_must_be_down_leaving_one_out_does_not_make_the_rest_up() -> None:
    both = measured(monitor("a", down=Ranges.of((0, 10))), monitor("b", down=Ranges.of((0, 10))))
    both = measured(*both.members, rule=ServiceRule("all_down"))
    assert month(both, excuse(AS_UP, (0, 10), monitors=["a"])).down == Ranges.of((0, 10))


def test_a_component_that_did_not_belong_to_the_service_excuses_nothing() -> None:
    gone = monitor("gone", present=EMPTY)
    nobody = measured(gone, monitor("web", present=Ranges.of((10, T))))
    minutes = month(nobody, excuse(AS_UP, (0, 10), monitors=["gone"]), no_data="down")
    assert minutes.down == Ranges.of((0, 10))


def test_missing_data_that_counts_as_down_is_excused_like_downtime_of_its_component() -> None:
    members = (monitor("web", unknown=Ranges.of((0, 10))), monitor("api", unknown=Ranges.of((5, 10))))
    minutes = month(measured(*members), excuse(AS_UP, (0, 10), monitors=["web"]), no_data="down")
    assert minutes.excused_as_up == Ranges.of((0, 5))
    assert minutes.down == Ranges.of((5, 10))


def test_a_corrected_monitor_is_corrected_before_the_monitors_are_combined() -> None:
    false_alarm = Change("up", Ranges.of((0, 30)), "web")
    assert month(measured(*BOTH_DOWN), changes=[false_alarm]).down == Ranges.of((20, 50))


def test_downtime_found_for_the_service_is_no_downtime_of_a_component() -> None:
    found = Change("down", Ranges.of((100, 110)))
    minutes = month(measured(*BOTH_DOWN), excuse(AS_UP, (0, 200), monitors=["web", "api"]), changes=[found])
    assert minutes.excused_as_up == Ranges.of((0, 50))
    assert minutes.down == Ranges.of((100, 110))


def test_unknown_time_that_was_found_up_is_counted_and_no_longer_unmeasured() -> None:
    minutes = month(monitor(unknown=Ranges.of((0, 100))), changes=[Change("up", Ranges.of((0, 60)))])
    assert minutes.unknown == minutes.unmeasured == Ranges.of((60, 100))


STRETCHES = st.lists(st.tuples(st.integers(-20, 120), st.integers(-20, 120)), max_size=3)
MEMBERS = st.lists(st.tuples(STRETCHES, STRETCHES), min_size=1, max_size=3)
EXCUSES = st.lists(
    st.tuples(st.sampled_from([WINDOW, OUTAGE, AS_UP]), STRETCHES, st.sets(st.sampled_from(["0", "1", "2"]))),
    max_size=4,
)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["up", "down", "down_to_up"]), STRETCHES.map(Ranges), st.sampled_from([None, "0", "1"])),
    max_size=3,
)
NO_DATA = st.sampled_from(["up", "down", "leaves_total"])


def members_of(drawn: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]) -> list[Member]:
    made = []
    for number, (down, unknown) in enumerate(drawn):
        minutes = Minutes(Ranges(down), Ranges(unknown) - Ranges(down))
        made.append(Member(str(number), minutes, Ranges.of((0, T))))
    return made


@given(MEMBERS, EXCUSES, CHANGES, NO_DATA)
def test_the_classes_sum_to_the_month(
    members: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]],
    excuses: list[tuple[Treatment, list[tuple[int, int]], set[str]]],
    changes: list[tuple[str, Ranges, str | None]],
    no_data: str,
) -> None:
    minutes = month(
        measured(*members_of(members)),
        *(excuse(treatment, *stretches, monitors=sorted(monitors)) for treatment, stretches, monitors in excuses),
        changes=[Change(*change) for change in changes],  # type: ignore[arg-type]
        no_data=no_data,
    )
    assert sum(totals(minutes).values()) == T
    assert minutes.counted == minutes.good + minutes.down.total
    together = Ranges.union(outage.unexcused for outage in minutes.outages)
    assert together == minutes.down
    assert together.total == sum(outage.unexcused.total for outage in minutes.outages)


@given(MEMBERS, EXCUSES)
def test_excusing_more_never_adds_downtime(
    members: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]],
    excuses: list[tuple[Treatment, list[tuple[int, int]], set[str]]],
) -> None:
    service = measured(*members_of(members))
    made = [excuse(treatment, *stretches, monitors=sorted(names)) for treatment, stretches, names in excuses]
    assert month(service, *made).down <= month(service, *made[:-1]).down
