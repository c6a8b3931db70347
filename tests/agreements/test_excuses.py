"""What is excused: categories of one's own, fixed windows, allowances, quick repair."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agreements.allowances import admitted
from agreements.excuses import Classes, Observed, classes
from agreements.explaining import lines
from agreements.fixed_windows import windows_between
from agreements.noticing import announce_by
from agreements.terms import Terms, TermsMalformed, load
from agreements.terms.excusing import Allowance, FixedWindow, NotElapsed
from kernel.intervals import EMPTY, Ranges, minute_of
from tests.agreements.texts import SOUND

MARCH, APRIL = (minute_of(datetime(2026, month, 1, tzinfo=UTC)) for month in (3, 4))
MINUTES = APRIL - MARCH


def with_excuses(written: str, *, zone: str = "UTC") -> Terms:
    return load(SOUND.replace("time_zone: Europe/London\ncurrency", f"time_zone: {zone}\ncurrency") + written)


def on(day: int, hour: int = 0, minute: int = 0) -> int:
    """Number a minute of March 2026, in UTC."""
    return minute_of(datetime(2026, 3, day, hour, minute, tzinfo=UTC))


def judged(terms: Terms, *, down: Ranges, declared: dict[str, Ranges] | None = None, **more: object) -> Classes:
    tier = str(more.pop("tier")) if "tier" in more else None
    observed = Observed(first=MARCH, last=APRIL, down=down, declared=declared or {}, **more)  # type: ignore[arg-type]
    return classes(terms, observed, tier=tier)


# SEMANTICS 9: T = 44,640; a window of 120 minutes, 60 minutes down of which 20 inside it.
WINDOW = Ranges.of((on(10, 2), on(10, 4)))
DOWN = Ranges.of((on(10, 3, 40), on(10, 4, 40)))


@pytest.mark.parametrize(
    ("treatment", "uptime"),
    [
        ("window_leaves_total", Fraction(MINUTES - 120 - 40, MINUTES - 120)),
        ("outage_leaves_total", Fraction(MINUTES - 20 - 40, MINUTES - 20)),
        ("counts_as_up", Fraction(MINUTES - 40, MINUTES)),
        ("counts_as_down", Fraction(MINUTES - 60, MINUTES)),
    ],
)
def test_each_treatment_takes_the_minutes_out_in_its_own_way(treatment: str, uptime: Fraction) -> None:
    terms = with_excuses(f"excused: {{planned_maintenance: {treatment}}}\n")
    assert judged(terms, down=DOWN, declared={"planned_maintenance": WINDOW}).uptime == uptime


def test_an_agreement_has_categories_of_its_own() -> None:
    terms = with_excuses("excused: {volcano: {treatment: counts_as_up, means: Eruptions}}\n")
    found = judged(terms, down=DOWN, declared={"volcano": DOWN})
    assert (found.down, found.excused_up, found.uptime) == (EMPTY, DOWN, Fraction(1))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{planed_maintenance: counts_as_up}", "mend: write `planned_maintenance`"),
        ("{volcano: counts_as_up}", "Nothing says what belongs to `volcano`."),
        ("{network: {treatment: counts_as_down, allowance: {per_month: 1 hour}}}", "excuses nothing, and yet"),
        ("{network: {treatment: counts_as_up, allowance: {per_month: 30 seconds}}}", "no whole number of minutes"),
        ("{network: {treatment: counts_as_up, allowance: {plux: {per_month: 1 hour}}}}", "There is no tier `plux`."),
        ("{quick: {treatment: counts_as_up, repaired_within: 5 minutes, shorter_than: 5 minutes}}", "several lengths"),
    ],
)
def test_an_excuse_that_says_too_little_or_too_much_is_refused(written: str, told: str) -> None:
    with pytest.raises(TermsMalformed) as refused:
        with_excuses(f"excused: {written}\n")
    assert told in str(refused.value)


def test_a_category_may_excuse_single_tiers_only() -> None:
    terms = with_excuses("excused: {ddos: {treatment: counts_as_up, tiers: [plus]}}\n")
    assert judged(terms, down=DOWN, declared={"ddos": DOWN}, tier="plus").down == EMPTY
    assert judged(terms, down=DOWN, declared={"ddos": DOWN}).down == DOWN


# Fixed windows

SUNDAYS = """\
excused:
  planned_maintenance: {treatment: outage_leaves_total, windows: [{hours: {sunday: "02:00-06:00"}}]}
"""


def test_what_is_down_inside_a_fixed_window_is_excused() -> None:
    down = Ranges.of((on(8, 5, 30), on(8, 6, 30)), (on(10, 3), on(10, 4)))  # Sunday 8 and Tuesday 10 March
    assert judged(with_excuses(SUNDAYS), down=down).down == Ranges.of((on(8, 6), on(8, 6, 30)), (on(10, 3), on(10, 4)))


def test_a_fixed_window_may_have_to_be_announced_too() -> None:
    terms = with_excuses(SUNDAYS.replace('06:00"}}', '06:00"}, announced: true}'))
    down = Ranges.of((on(8, 3), on(8, 4)))
    assert judged(terms, down=down).down == down
    assert judged(terms, down=down, announced=Ranges.of((on(8, 3, 30), on(8, 7)))).down.total == 30


@pytest.mark.parametrize(
    ("weeks", "days"), [(("first",), [1]), (("second", "last"), [8, 29]), ((), [1, 8, 15, 22, 29])]
)
def test_a_window_is_held_every_week_or_in_some_of_a_month(weeks: tuple[str, ...], days: list[int]) -> None:
    window = FixedWindow.model_validate({"hours": {"sunday": "02:00-06:00"}, "weeks": weeks})
    held = windows_between(window, MARCH, APRIL, zone=UTC)
    assert list(held) == [(on(day, 2), on(day, 6)) for day in days]


def test_a_window_over_midnight_and_over_a_change_of_the_clock() -> None:
    night = FixedWindow.model_validate({"hours": {"saturday": "22:00-04:00"}, "time_zone": "Europe/London"})
    held = windows_between(night, on(28), on(30), zone=UTC)  # clocks go forward on Sunday 29 March at 01:00
    assert list(held) == [(on(28, 22), on(29, 3))]


# Allowances

ALLOWANCES = """\
excused:
  planned_maintenance:
    treatment: outage_leaves_total
    allowance:
      every_tier: {per_week: 2 hours, per_month: 4 hours, per_quarter: 5 hours}
      plus: {per_month: 1 hour}
"""


def hours(*days: int, length: int = 2) -> Ranges:
    """Give maintenance of some hours from midnight of days in March."""
    return Ranges((on(day), on(day, length)) for day in days)


@pytest.mark.parametrize(
    ("maintenance", "over"),
    [
        (hours(2), 0),  # 2 h in the first week
        (hours(2, 3), 120),  # 4 h in one week, 2 h of them over
        (hours(2, 9), 0),  # 2 h in each of two weeks: 4 h
        (hours(2, 9, 16), 120),  # and 2 h in a third: over the month
        (Ranges.of((on(2), on(2, 3))), 60),  # 3 h at once
    ],
)
def test_what_is_over_an_allowance_of_week_or_month_counts_as_down(maintenance: Ranges, over: int) -> None:
    found = judged(with_excuses(ALLOWANCES), down=maintenance, declared={"planned_maintenance": maintenance})
    assert found.down.total == over
    assert found.leaving.total == maintenance.total - over


def test_the_quarter_remembers_the_months_before() -> None:
    february = Ranges.of(
        (minute_of(datetime(2026, 2, 3, tzinfo=UTC)), minute_of(datetime(2026, 2, 3, 2, tzinfo=UTC))),
        (minute_of(datetime(2026, 2, 10, tzinfo=UTC)), minute_of(datetime(2026, 2, 10, 2, tzinfo=UTC))),
    )
    used = february | hours(3, length=2)
    found = judged(with_excuses(ALLOWANCES), down=used, declared={"planned_maintenance": used})
    assert found.down == Ranges.of((on(3, 1), on(3, 2)))  # 4 h in February, 1 h of 5 left


def test_unused_time_of_a_week_is_lost() -> None:
    used = Ranges.of((on(16), on(16, 3)))  # the weeks of 2 and 9 March had none
    found = judged(with_excuses(ALLOWANCES), down=used, declared={"planned_maintenance": used})
    assert found.down.total == 60


def test_an_allowance_of_a_tier_stands_in_place_of_that_for_all() -> None:
    used = hours(2)
    found = judged(with_excuses(ALLOWANCES), down=used, declared={"planned_maintenance": used}, tier="plus")
    assert found.down.total == 60
    told = "\n".join(lines(found.step))
    assert "60 minutes of planned maintenance leave the total. 60 minutes are over its allowance" in told


def test_maintenance_that_did_no_harm_uses_an_allowance_up_unless_only_downtime_counts() -> None:
    quiet, down = hours(2), Ranges.of((on(3), on(3, 1)))
    declared = {"planned_maintenance": quiet | down}
    assert judged(with_excuses(ALLOWANCES), down=down, declared=declared).down == down
    downtime = ALLOWANCES.replace("    allowance:", "    allowance_counts: downtime\n    allowance:")
    assert judged(with_excuses(downtime), down=down, declared=declared).down == EMPTY


def test_two_categories_may_share_an_allowance() -> None:
    shared = "  emergency_maintenance: {treatment: outage_leaves_total, allowance_with: planned_maintenance}\n"
    terms = with_excuses(ALLOWANCES + shared)
    planned, emergency = Ranges.of((on(2), on(2, 1, 30))), Ranges.of((on(3), on(3, 1)))
    declared = {"planned_maintenance": planned, "emergency_maintenance": emergency}
    found = judged(terms, down=planned | emergency, declared=declared)
    assert found.down == Ranges.of((on(3, 0, 30), on(3, 1)))  # 2 hours a week, together
    with pytest.raises(TermsMalformed, match="There is no category with an allowance `network`"):
        with_excuses(ALLOWANCES + shared.replace("allowance_with: planned_maintenance", "allowance_with: network"))


def test_a_stretch_and_the_number_of_stretches_may_be_limited() -> None:
    allowance = Allowance.model_validate({"each": "1 hour", "times_per_month": 2})
    used = Ranges.of((on(2), on(2, 2)), (on(3), on(3, 1)), (on(4), on(4, 1)))
    assert list(admitted(used, allowance, zone=UTC)) == [(on(2), on(2, 1)), (on(3), on(3, 1))]


STRETCHES = some.lists(some.tuples(some.integers(0, 40_000), some.integers(1, 900)), max_size=12)


@given(STRETCHES)
def test_no_limit_is_ever_exceeded_and_nothing_is_admitted_that_was_not_asked(stretches: list[tuple[int, int]]) -> None:
    used = Ranges((MARCH + start, MARCH + start + length) for start, length in stretches)
    allowance = Allowance.model_validate({"per_week": "2 hours", "per_month": "5 hours"})
    within = admitted(used, allowance, zone=UTC)
    assert within <= used
    assert within.clip(MARCH, APRIL).total <= 300
    for day in range(2, 31, 7):  # 2 March 2026 is a Monday
        assert within.clip(on(day), on(day) + 7 * 24 * 60).total <= 120


# Quick repair


@pytest.mark.parametrize(
    ("rule", "left"),
    [("repaired_within: 15 minutes", 16), ("shorter_than: 15 minutes", 31), ("first_of_each: 10 minutes", 11)],
)
def test_short_outages_are_excused(rule: str, left: int) -> None:
    terms = with_excuses(f"excused: {{quick_repair: {{treatment: counts_as_up, {rule}}}}}\n")
    down = Ranges.of((on(5), on(5, 0, 15)), (on(6), on(6, 0, 16)))
    assert judged(terms, down=down).down.total == left


def test_an_outage_over_the_months_end_is_as_long_as_it_was() -> None:
    terms = with_excuses("excused: {quick_repair: {treatment: counts_as_up, repaired_within: 15 minutes}}\n")
    whole = Ranges.of((MARCH - 10, MARCH + 10))
    assert judged(terms, down=whole).down.total == 10


@given(STRETCHES, STRETCHES)
def test_the_classes_sum_to_the_period(down: list[tuple[int, int]], maintenance: list[tuple[int, int]]) -> None:
    first, second = (
        Ranges((MARCH + start, MARCH + start + length) for start, length in part) for part in (down, maintenance)
    )
    terms = with_excuses(ALLOWANCES + "  network: counts_as_up\n")
    found = judged(terms, down=first, declared={"planned_maintenance": second, "network": second})
    assert not found.leaving & found.down
    assert not found.excused_up & (found.down | found.leaving)
    assert found.counted + found.leaving.total == found.total == MINUTES


# Notice


def noticed(written: str, starts_at: datetime) -> datetime:
    return announce_by(with_excuses(f"maintenance: {{planned: {{notice: {written}}}}}\n"), starts_at).at


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("48 hours", datetime(2026, 3, 28, 2, tzinfo=UTC)),
        ("7 days", datetime(2026, 3, 23, 2, tzinfo=UTC)),
        # Monday 30 March is the fifth business day after Monday 23; London's midnight is UTC's until the 29th
        ("5 business days", datetime(2026, 3, 24, tzinfo=UTC) - timedelta(microseconds=1)),
    ],
)
def test_maintenance_is_announced_hours_days_or_business_days_ahead(written: str, last: datetime) -> None:
    assert noticed(written, datetime(2026, 3, 30, 2, tzinfo=UTC)) == last


def test_days_ahead_keep_the_time_of_day_over_a_change_of_the_clock() -> None:
    terms = with_excuses("maintenance: {planned: {notice: 2 days}}\n", zone="Europe/London")
    start = datetime(2026, 3, 30, 1, tzinfo=UTC)  # 02:00 in summer
    assert announce_by(terms, start).at == datetime(2026, 3, 28, 2, tzinfo=UTC)


def test_a_notice_in_days_is_not_taken_for_hours() -> None:
    with pytest.raises(NotElapsed):
        assert with_excuses("maintenance: {planned: {notice: 7 days}}\n").planned_notice
    with pytest.raises(TermsMalformed, match="is no time ahead of something"):
        with_excuses("maintenance: {planned: {notice: end of the month}}\n")


def test_quick_repairs_may_be_excused_so_often_only() -> None:
    rule = "{treatment: counts_as_up, repaired_within: 15 minutes, allowance: {times_per_month: 1}}"
    down = Ranges.of((on(5), on(5, 0, 15)), (on(6), on(6, 0, 14)))
    left = judged(with_excuses(f"excused: {{quick_repair: {rule}}}\n"), down=down).down
    assert left == Ranges.of((on(6), on(6, 0, 14)))
