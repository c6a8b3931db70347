"""What can not be said, or says nothing, is refused with its line, what was expected and how to mend it."""

from __future__ import annotations

import pytest

from agreements.terms import TermsMalformed, load
from tests.agreements.texts import SOUND, bent

AT = "    measure: uptime\n"
PERIOD = "    period: calendar_month\n"
ROW = "{below: 99.0%, pays: 25%}"
UNDECIDED = "unmatched_miss: undecided"


def faults(old: str, new: str) -> str:
    with pytest.raises(TermsMalformed) as refused:
        load(bent(old, new), file="agreement.yaml")
    return str(refused.value)


@pytest.mark.parametrize(
    ("down", "told"),
    [
        ("noticeably slower", "'noticeably slower' says nothing that can be measured."),
        ("degraded beyond thresholds", "says nothing that can be measured."),
        ("an outage of 5 minutes", "says nothing that can be measured."),
        ("{when: a failed minute, parts: some}", "'some' was not understood."),
        ("{when: []}", "expected: at least one"),
    ],
)
def test_a_condition_without_a_measure_is_refused(down: str, told: str) -> None:
    assert told in faults(AT, f"{AT}    down: {down}\n")


@pytest.mark.parametrize(
    ("pays", "told"),
    [
        ("a fair share", "'a fair share' was not understood."),
        ("10% or 50 EUR", "was not understood."),
        ("10% beyond the allowance", "pays once, so nothing is beyond anything."),
        ("5% per started 0 minutes", "counts steps of nothing."),
        ("10% of fee of the mouth", "'fee of the mouth' is no base."),
        ("10% of hosting", "There is no base `hosting`."),
        ("50 USD", "50 USD is not in EUR, the agreement's currency."),
        ("the fee for the time lost per unit", "counts no time."),
        ("5% per miss", "uptime counts no misses."),
        ("5% per 10 ms over the target", "can not be compared with uptime"),
    ],
)
def test_a_payment_that_has_no_one_meaning_is_refused(pays: str, told: str) -> None:
    assert told in faults(ROW, "{below: 99.0%, pays: " + pays + "}")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{below: 99.0%}", "A row pays in one way."),
        ("{below: 99.0%, pays: 5%, gives: a cake}", "A row pays in one way."),
        ("{below: 30 minutes, pays: 5%}", "30 minutes can not be compared with uptime."),
        ("{from: 5 minutes, below: 99%, pays: 5%}", "The bounds of the band have different units."),
        ("{below: 110%, pays: 5%}", "110% is more than the whole."),
        ("{below: 99, pays: 5%}", "mend: write 99%"),
    ],
)
def test_a_row_in_another_unit_is_refused(row: str, told: str) -> None:
    assert told in faults(ROW, row)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("{plus: {at_most: 99.5%}}", "Of uptime, more is better, so `at_most` can not be its target."),
        ("{plus: {at_least: 99.5%, above: 99%}}", "A target has one bound."),
        ("{plus: {negotiable: true}}", "A target has one bound."),
        ("{plus: 99.5 minutes}", "99.5 minutes can not be compared with uptime."),
        ("{plus: as good as our cloud provider's}", "was not understood."),
    ],
)
def test_a_target_that_can_not_be_compared_is_refused(target: str, told: str) -> None:
    assert told in faults("target: {plus: 99.5%}", f"target: {target}")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (AT, "    measure: quantity\n", "Nothing says which quantity is meant."),
        (AT, "    measure: slot_average\n", "Nothing says how long the slots are that are averaged."),
        (AT, f"{AT}    percentile: 95\n", "`percentile` says nothing beside `measure: uptime`."),
        (AT, f"{AT}    by: region\n", "There is no kind `region`."),
        (AT, f"{AT}    covers: {{tiers: [pluss]}}\n", "did you mean `plus`?"),
        (AT, f"{AT}    covers: {{only: {{region: [eu]}}}}\n", "There is no kind `region`."),
        (AT, f"{AT}    total: a month\n", "'a month' is no total."),
        (AT, f"{AT}    rounding: about right\n", "expected: a number of decimals"),
        (PERIOD, "    period: fortnight\n", "'fortnight' is no period."),
        (PERIOD, "    period: moth\n", "expected: one of calendar month, billing month"),
        (UNDECIDED, f"{UNDECIDED}\n      cap: a reasonable sum", "'a reasonable sum' was not understood."),
        (UNDECIDED, f"{UNDECIDED}\n      cap: 100 USD", "100 USD is not in EUR"),
        (UNDECIDED, f"{UNDECIDED}\n      minimum: 5 EUR", "expected: a least credit, such as at least 5 USD"),
        (UNDECIDED, f"{UNDECIDED}\n      tables: {{plus: [{{pays: 5%}}]}}", "A table stands in one place."),
        ("      of: usage of the month\n", "", "10% is paid, and nothing says of what."),
    ],
)
def test_pieces_that_do_not_fit_are_refused(old: str, new: str, told: str) -> None:
    assert told in faults(old, new)


def test_the_smallest_of_credits_of_different_kinds_is_refused() -> None:
    text = bent(ROW, "{below: 99.0%, pays: 3 days of service}").replace(UNDECIDED, "unmatched_miss: smallest_credit")
    with pytest.raises(TermsMalformed, match="The rows pay in different ways, so none is the smallest"):
        load(text)


def test_a_cap_in_days_needs_to_know_what_a_day_is_worth() -> None:
    text = SOUND.replace("      of: usage of the month\n", "").replace("pays: 10%", "pays: 10 EUR")
    text = text.replace("pays: 25%", "pays: 25 EUR").replace(UNDECIDED, f"{UNDECIDED}\n      cap: 3 days of service")
    with pytest.raises(TermsMalformed, match="3 days of service can not be compared with what the rows pay"):
        load(text)


def test_a_fault_tells_its_line() -> None:
    told = faults(ROW, "{below: 99.0%, pays: 50 USD}")
    assert told.startswith("agreement.yaml:22:32: commitments[0].credits.rows[1].pays: 50 USD is not in EUR")


def test_a_latency_written_short_is_told_how_to_be_at_most() -> None:
    text = bent(AT, "    measure: latency\n").split("    credits:")[0].replace("{plus: 99.5%}", "200 ms")
    with pytest.raises(TermsMalformed, match=r"mend: write \{at_most: 200 milliseconds\}"):
        load(text)


def test_a_cap_per_month_says_nothing_of_a_quarter() -> None:
    text = bent(PERIOD, "    period: quarter\n").replace(UNDECIDED, f"{UNDECIDED}\n      cap: 9 EUR per month")
    with pytest.raises(TermsMalformed, match="A cap per month says nothing of a calendar quarter"):
        load(text)


def test_a_target_of_nothing_is_not_missed_by_a_percent_of_it() -> None:
    text = bent(AT, "    measure: downtime\n").replace("{plus: 99.5%}", "{plus: {at_most: 0 minutes}}")
    text = text.replace("{from: 99.0%, below: 99.5%, pays: 10%}", "{above: 5%, pays: 10%}").replace(
        f"        - {ROW}\n", ""
    )
    with pytest.raises(TermsMalformed, match="can not be missed by a percent of it"):
        load(text.replace("      rows:", "      over: miss_in_percent\n      rows:"))
