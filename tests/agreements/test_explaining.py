"""An explanation is a tree of plain data: walked, told as text, and given to other programs whole."""

from __future__ import annotations

import json

from agreements.explaining import Step, as_data, find, from_data, lines, walk

TARGET = Step(
    rule="Target",
    inputs=(("uptime", "99%"), ("target", "99.5%")),
    clause="§2.1",
    result="missed",
    sentence="99% is less than 99.5%.",
)
CREDIT = Step(rule="Credit", result="10 USD", sentence="10% of 100 USD is 10 USD.", steps=(TARGET,))


def test_a_tree_is_walked_from_the_decision_to_what_it_rests_on() -> None:
    assert [step.rule for step in walk(CREDIT)] == ["Credit", "Target"]
    assert find(CREDIT, "Target") is TARGET
    assert find(CREDIT, "Cap") is None


def test_a_tree_survives_the_way_through_json() -> None:
    assert from_data(json.loads(json.dumps(as_data(CREDIT)))) == CREDIT


def test_a_tree_is_told_line_by_line() -> None:
    assert list(lines(CREDIT)) == [
        "Credit: 10 % of 100 USD is 10 USD.",
        "  Target: 99 % is less than 99.5 %. (§2.1)",
    ]
