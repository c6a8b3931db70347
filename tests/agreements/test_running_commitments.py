"""Commitments that months can not be run by are checked and judged, and not published."""

from __future__ import annotations

import pytest

from agreements.running_commitments import commitments_beyond
from agreements.terms import load
from agreements.terms.problems import written
from tests.agreements.texts import APICHEAP, APISEC, SOUND, bent

AT = "    measure: uptime\n"
ROW = "{below: 99.0%, pays: 25%}"
UNDECIDED = "unmatched_miss: undecided"


def beyond(text: str) -> list[str]:
    return [written(path) for path, _ in commitments_beyond(load(text))]


@pytest.mark.parametrize("text", [APICHEAP, APISEC, SOUND], ids=["apicheap", "apisec", "sound"])
def test_what_is_shipped_is_carried_out(text: str) -> None:
    assert beyond(text) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("period: calendar_month", "period: quarter", "commitments[0].period"),
        (AT, AT + "    down: an outage longer than 5 minutes\n", "commitments[0].down"),
        (AT, AT + "    total: 730 hours\n", "commitments[0].total"),
        (AT, AT + "    rounding: 2 decimals\n", "commitments[0].rounding"),
        (AT, AT + "    covers: {good_standing: true}\n", "commitments[0].covers"),
        ("{plus: 99.5%}", "{plus: {above: 99.5%}}", "commitments[0].target.plus.above"),
        ("of: usage of the month", "of: fee of the month", "commitments[0].credits.of"),
        (ROW, "{below: 99.0%, pays: 3 days of service}", "commitments[0].credits.rows[1]"),
        (ROW, "{below: 99.0%, gives: a cake}", "commitments[0].credits.rows[1]"),
        (UNDECIDED, f"{UNDECIDED}\n      form: refund", "commitments[0].credits.form"),
        (UNDECIDED, f"{UNDECIDED}\n      paid_for: any_row", "commitments[0].credits.paid_for"),
        (UNDECIDED, f"{UNDECIDED}\n      cap: 100 EUR per incident", "commitments[0].credits.cap"),
        ("claims:\n", "credits_together: {cap: 9 EUR}\nclaims:\n", "credits_together.cap"),
        (
            "claims:\n",
            "  - {name: speed, measure: latency, period: calendar_month, target: {plus: {below: 9 ms}}}\nclaims:\n",
            "commitments[1]",
        ),
    ],
)
def test_what_no_month_can_be_run_by_is_named(old: str, new: str, path: str) -> None:
    assert beyond(bent(old, new)) == [path]


@pytest.mark.parametrize(
    "more",
    [
        "cap: 100 EUR",
        "cap: [50% of usage of the month, 100 EUR per month]",
        "minimum: at least 5 EUR",
        "rows_are: thresholds",
    ],
)
def test_caps_minimums_and_thresholds_are_run(more: str) -> None:
    assert beyond(bent(UNDECIDED, f"{UNDECIDED}\n      {more}")) == []
