"""A service's minutes from those of its monitors (SEMANTICS 4)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.intervals import EMPTY, Ranges
from tests.uptime import plainly
from uptime.rules.checks import Minutes
from uptime.rules.combining import Combined, Member, ServiceRule, combined

ANY_DOWN = ServiceRule("any_down")
ALL_DOWN = ServiceRule("all_down")
HOUR = Ranges.of((0, 60))


def share(numerator: int, denominator: int) -> ServiceRule:
    return ServiceRule("share", Fraction(numerator, denominator))


def monitor(name: str, *, down: Ranges = EMPTY, unknown: Ranges = EMPTY, present: Ranges = HOUR) -> Member:
    return Member(name, Minutes(down, unknown), present)


def hour(*members: Member, rule: ServiceRule = ANY_DOWN) -> Combined:
    return combined(members, rule=rule, first=0, last=60)


@pytest.mark.parametrize(
    ("rule", "down", "unknown", "monitors", "state"),
    [
        (ANY_DOWN, 1, 2, 3, "down"),
        (ANY_DOWN, 0, 1, 3, "unknown"),
        (ANY_DOWN, 0, 0, 3, "up"),
        (ALL_DOWN, 2, 0, 3, "up"),
        (ALL_DOWN, 2, 1, 3, "unknown"),
        (ALL_DOWN, 3, 0, 3, "down"),
        (ALL_DOWN, 1, 1, 3, "up"),  # one is up
        (share(1, 2), 2, 0, 4, "down"),  # 2 ≥ 1/2 · 4
        (share(1, 2), 2, 0, 5, "up"),  # 2 < 2 1/2
        (share(1, 2), 2, 1, 5, "unknown"),  # 2 + 1 ≥ 2 1/2
        (share(2, 3), 2, 0, 3, "down"),  # 2 ≥ 2/3 · 3 exactly; as floats 2/3 · 3 could be more
        (share(1, 100), 0, 0, 3, "up"),
        (share(1, 1), 3, 0, 3, "down"),
        (ANY_DOWN, 0, 0, 0, "unwatched"),
        (share(1, 2), 0, 0, 0, "unwatched"),  # 0 ≥ 1/2 · 0 holds, and yet nobody saw anything
    ],
)
def test_the_rule_reads_one_minute(rule: ServiceRule, down: int, unknown: int, monitors: int, state: str) -> None:
    assert rule.state(down, unknown, monitors) == state


def test_overlapping_outages_of_two_monitors_are_a_union_and_never_a_sum() -> None:
    web = monitor("web", down=Ranges.of((10, 20)))
    api = monitor("api", down=Ranges.of((15, 25)))
    assert hour(web, api).down == Ranges.of((10, 25))  # 15 minutes, not 10 + 10


def test_touching_outages_are_one() -> None:
    found = hour(monitor("web", down=Ranges.of((10, 20))), monitor("api", down=Ranges.of((20, 30))))
    assert found.down.pairs == ((10, 30),)


def test_a_down_monitor_outweighs_an_unknown_one_where_one_is_enough() -> None:
    found = hour(monitor("web", unknown=HOUR), monitor("api", down=Ranges.of((5, 9))))
    assert found.down == Ranges.of((5, 9))
    assert found.unknown == HOUR - Ranges.of((5, 9))


def test_a_monitor_counts_only_while_it_belongs_to_the_service() -> None:
    old = monitor("old", down=Ranges.of((0, 60)), present=Ranges.of((0, 30)))
    new = monitor("new", present=Ranges.of((30, 60)))
    assert hour(old, new).down == Ranges.of((0, 30))


def test_minutes_without_any_monitor_are_told_apart() -> None:
    assert hour(monitor("web", present=Ranges.of((0, 50)))).unwatched == Ranges.of((50, 60))


STRETCHES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4).map(Ranges)
RULES = st.sampled_from([("any_down", 1, 1), ("all_down", 1, 1), ("share", 1, 2), ("share", 2, 3)])


@given(measured=st.lists(st.tuples(STRETCHES, STRETCHES), min_size=1, max_size=4), rule=RULES)
def test_every_minute_is_what_the_words_of_the_rule_say(
    measured: list[tuple[Ranges, Ranges]], rule: tuple[str, int, int]
) -> None:
    kind, numerator, denominator = rule
    members = [monitor(str(n), down=down, unknown=unknown - down) for n, (down, unknown) in enumerate(measured)]
    found = hour(*members, rule=ServiceRule(kind, Fraction(numerator, denominator)))  # type: ignore[arg-type]
    for minute in range(60):
        states = ["down" if minute in d else "unknown" if minute in u else "up" for d, u in measured]
        fast = "down" if minute in found.down else "unknown" if minute in found.unknown else "up"
        assert fast == plainly.service_state(states, kind, numerator, denominator)
