"""A monitor's minutes from its checks (SEMANTICS 3)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.intervals import EPOCH, Ranges, minute_of
from tests.uptime import plainly
from uptime.events import Quorum
from uptime.rules.checks import Check, Minutes, MonitorRule, minutes_of, oldest_needed

FIVE_MINUTES = timedelta(minutes=5)
DAY_AND_TWO_HOURS = timedelta(hours=26)
TEN = datetime(2026, 10, 5, 10, tzinfo=UTC)
START = minute_of(TEN)


def fails(status: int) -> bool:
    return status == 0 or status >= 500


def rule(quorum: Quorum = Quorum.ALL, max_gap: timedelta = FIVE_MINUTES) -> MonitorRule:
    return MonitorRule(fails=fails, quorum=quorum, max_gap=max_gap)


def check(clock: str, status: int) -> Check:
    """A check on 5 October 2026 at HH:MM:SS."""
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    at = datetime(2026, 10, 5, hours, minutes, seconds, tzinfo=UTC)
    return (at - EPOCH) // timedelta(microseconds=1), status


def clock(minutes: Ranges) -> list[str]:
    """The stretches as HH:MM of their first and last minute, inclusive."""
    day = minute_of(datetime(2026, 10, 5, tzinfo=UTC))
    return [" to ".join(f"{(m - day) // 60:02d}:{(m - day) % 60:02d}" for m in (a, b - 1)) for a, b in minutes]


def judged(*checks: Check, quorum: Quorum = Quorum.ALL, max_gap: timedelta = FIVE_MINUTES, length: int = 30) -> Minutes:
    return minutes_of(checks, rule=rule(quorum, max_gap), first=START, last=START + length)


def test_down_from_0615_to_0730_inclusive_is_76_minutes() -> None:
    checks = [check("06:10:20", 200), check("06:15:03", 0), check("07:31:25", 200)]
    first = minute_of(datetime(2026, 10, 5, 6, 10, tzinfo=UTC))
    minutes = minutes_of(checks, rule=rule(max_gap=DAY_AND_TWO_HOURS), first=first, last=first + 120)
    assert clock(minutes.down) == ["06:15 to 07:30"]
    assert minutes.down.total == 76
    assert not minutes.unknown


def test_one_success_makes_the_minute_up_and_that_is_what_is_carried() -> None:
    minutes = judged(check("10:00:10", 200), check("10:00:40", 502), length=5)
    assert minutes == Minutes()


def test_a_failed_minute_is_carried_until_a_check_says_otherwise() -> None:
    minutes = judged(check("10:00:10", 502), check("10:03:00", 200), length=6)
    assert clock(minutes.down) == ["10:00 to 10:02"]


@pytest.mark.parametrize(
    ("last_check", "known_until"),
    [
        ("10:00:00", "10:05"),  # 10:05:00 is exactly 5 minutes later: still carried
        ("10:00:01", "10:05"),  # 10:05:00 is 4 m 59 s later, 10:06:00 is 5 m 59 s later
        ("10:00:59", "10:05"),  # 10:05:00 is 4 m 1 s later, 10:06:00 is 5 m 1 s later
    ],
)
def test_the_gap_runs_from_the_last_check_to_the_start_of_the_minute(last_check: str, known_until: str) -> None:
    minutes = judged(check(last_check, 0), length=10)
    assert clock(minutes.down) == [f"10:00 to {known_until}"]
    assert clock(minutes.unknown) == ["10:06 to 10:09"]


def test_the_gap_is_counted_from_the_last_of_the_minutes_checks() -> None:
    # With a gap of 4 m 30 s: from 10:00:20 to 10:05:00 are 4 m 40 s, from 10:00:40 4 m 20 s.
    gap = timedelta(minutes=4, seconds=30)
    early = judged(check("10:00:20", 0), max_gap=gap, length=10)
    late = judged(check("10:00:20", 0), check("10:00:40", 0), max_gap=gap, length=10)
    assert clock(early.down) == ["10:00 to 10:04"]
    assert clock(late.down) == ["10:00 to 10:05"]


def test_everything_before_the_first_check_is_unknown() -> None:
    minutes = judged(check("10:04:00", 200), length=6)
    assert clock(minutes.unknown) == ["10:00 to 10:03"]


def test_without_any_check_every_minute_is_unknown() -> None:
    assert judged(length=10).unknown.total == 10


def test_after_a_gap_the_state_begins_anew() -> None:
    minutes = judged(check("10:00:00", 0), check("10:10:00", 0), check("10:12:00", 200), length=15)
    assert clock(minutes.down) == ["10:00 to 10:05", "10:10 to 10:11"]
    assert clock(minutes.unknown) == ["10:06 to 10:09"]


def test_a_gap_shorter_than_a_minute_still_leaves_the_checks_own_minute() -> None:
    minutes = judged(check("10:00:10", 0), max_gap=timedelta(seconds=20), length=3)
    assert clock(minutes.down) == ["10:00 to 10:00"]


@pytest.mark.parametrize(
    ("failed", "checks", "down_by"),
    [
        (0, 2, ""),
        (1, 2, "any"),  # a tie is no majority
        (2, 3, "any majority"),
        (1, 3, "any"),
        (3, 3, "any majority all"),
    ],
)
def test_quorum_says_how_many_probes_must_fail(failed: int, checks: int, down_by: str) -> None:
    probes = [check("10:00:05", 0)] * failed + [check("10:00:05", 200)] * (checks - failed)
    for quorum in Quorum:
        minutes = judged(*probes, quorum=quorum, length=1)
        assert bool(minutes.down) == (quorum.value in down_by.split())


def test_a_check_of_the_month_before_is_carried_into_the_month() -> None:
    month = minute_of(datetime(2026, 11, 1, tzinfo=UTC))
    before = check("10:00:00", 0)[0] + 26 * 24 * 3_600_000_000 + 13 * 3_600_000_000  # 31 October, 23:00
    minutes = minutes_of([(before, 0)], rule=rule(max_gap=timedelta(hours=2)), first=month, last=month + 120)
    assert minutes.down == Ranges.of((month, month + 61))  # 00:00 to 01:00 inclusive
    assert minutes.unknown == Ranges.of((month + 61, month + 120))


def test_the_checks_that_can_still_decide_begin_one_gap_before_the_start_of_their_minute() -> None:
    assert oldest_needed(START, FIVE_MINUTES) == START - 5
    assert oldest_needed(START, timedelta(minutes=4, seconds=30)) == START - 5
    assert oldest_needed(START, timedelta(0)) == START


CHECKS = st.lists(
    st.tuples(st.integers(START * 60_000_000, (START + 40) * 60_000_000 - 1), st.sampled_from([200, 404, 0, 503])),
    max_size=25,
)


@given(checks=CHECKS, gap=st.integers(0, 700).map(lambda seconds: timedelta(seconds=seconds)))
def test_the_minutes_are_those_of_the_rule_read_minute_by_minute(checks: list[Check], gap: timedelta) -> None:
    minutes = minutes_of(checks, rule=rule(max_gap=gap), first=START, last=START + 50)
    plain = [plainly.state_of(minute, checks, fails, gap) for minute in range(START, START + 50)]
    fast = [
        "down" if minute in minutes.down else "unknown" if minute in minutes.unknown else "up"
        for minute in range(START, START + 50)
    ]
    assert fast == plain


@given(checks=CHECKS, order=st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(checks: list[Check], order: Random) -> None:
    shuffled = list(checks)
    order.shuffle(shuffled)
    assert judged(*shuffled) == judged(*checks)


@given(checks=CHECKS, cut=st.integers(1, 39))
def test_a_month_measured_in_two_parts_is_the_month(checks: list[Check], cut: int) -> None:
    whole = minutes_of(checks, rule=rule(), first=START, last=START + 40)
    middle = START + cut
    needed = [c for c in checks if c[0] >= oldest_needed(middle, FIVE_MINUTES) * 60_000_000]
    left = minutes_of(checks, rule=rule(), first=START, last=middle)
    right = minutes_of(needed, rule=rule(), first=middle, last=START + 40)
    assert left.down | right.down == whole.down
    assert left.unknown | right.unknown == whole.unknown


def test_a_month_of_43200_checks_takes_well_under_100_milliseconds() -> None:
    checks = [((START + n) * 60_000_000 + 20_000_000, 503 if n % 7 == 0 else 200) for n in range(43_200)]
    times = []
    for _ in range(5):
        began = time.process_time()
        minutes = minutes_of(checks, rule=rule(), first=START, last=START + 43_200)
        times.append(time.process_time() - began)
    assert minutes.down.total == 6_172  # 43,200 / 7 = 6,171.4: minutes 0, 7, … 43,197
    assert min(times) < 0.1
