"""Cases that agreements of unseen kinds brought up: each rule that was said or computed wrongly."""

from __future__ import annotations

from fractions import Fraction

import pytest

from agreements.examples import failures
from agreements.explaining import find
from agreements.judging import Outcome, judge_period, judge_together
from agreements.judging.facts import Facts
from agreements.terms import TermsMalformed, load
from agreements.terms.values import percent
from tests.agreements.kinds import UPTIME, holds, steps, text
from tests.agreements.texts import document

OUTAGES = """
measure: downtime
period: outage
credits:
  of: fee of the month
  paid_for: any_row
  rows: [{pays: 1 day of service per started 15 minutes}]
  cap: 1 month of service per month
  form: extension
"""


@pytest.mark.parametrize(
    ("given", "service"),
    [
        ("outages: [15 minutes]", "1 day"),
        ("outages: [901 seconds]", "2 days"),
        ("outages: [405 minutes]", "27 days"),  # the shortest month has room for it
        ("outages: [9 hours], period: 2027-02", "28 days"),
        ("outages: [9 hours], period: 2028-02", "29 days"),
        ("outages: [9 hours], period: 2027-05", "31 days"),
        ("outages: [9 hours], period: 2027-05, credited_before: {month: 30 days}", "1 day"),
        ("outages: [9 hours], period: 2027-05, credited_before: {month: 5 weeks}", "0 days"),
    ],
)
def test_a_month_of_service_is_as_many_days_as_the_month(given: str, service: str) -> None:
    holds(OUTAGES, given, f"service: {service}")


def test_what_was_credited_before_is_told_beside_the_cap() -> None:
    told = steps(OUTAGES, "outages: [9 hours], period: 2027-05, credited_before: {month: 20 days}")
    assert [step.sentence for step in told if step.rule == "Cap"] == [
        (
            "At most 1 month of service per month, of which 20 days of service were credited before; "
            "36 days of service are cut to 11 days of service."
        )
    ]


@pytest.mark.parametrize("name", ["month", "period"])
def test_what_was_credited_in_the_period_counts_under_either_of_its_names(name: str) -> None:
    rule = f"{UPTIME}target: 99%\ncredits: {{of: fee of the month, rows: [{{pays: 20%}}], cap: 25 USD}}"
    holds(rule, f"uptime: 98%, fee: 100 USD, credited_before: {{{name}: 10 USD}}", "credit: 15 USD")


def test_outages_that_do_not_count_are_not_paid_for() -> None:
    rule = f"{UPTIME}down: {{when: an outage of at least 5 minutes, only_reported: true}}\ntarget: 100%\n"
    rule += "credits: {rows: [{pays: 3 USD per outage}], paid_for: any_row}"
    outages = "length: 30 days, outages: [4 minutes, 5 minutes, 6 minutes]"
    holds(rule, outages, "credit: 6 USD, down_minutes: 11")
    holds(rule, f"{outages}, customer_reported: false", "credit: 0 USD")


@pytest.mark.parametrize(
    ("value", "pays"),
    [("100 Mbit/s", "0%"), ("99.9 Mbit/s", "2%"), ("90 Mbit/s", "2%"), ("89.9 Mbit/s", "4%"), ("49 Mbit/s", "12%")],
)
def test_steps_of_a_plain_number_below_the_target(value: str, pays: str) -> None:
    rule = "measure: capacity\nperiod: calendar_month\ntarget: 100 Mbit/s\n"
    rule += "credits: {of: fee of the month, rows: [{pays: 2% per started 10 Mbit/s below the target}]}"
    holds(rule, f"value: {value}", f"pays: {pays}")


def test_the_fee_of_the_table_is_also_one_of_two_that_a_cap_compares() -> None:
    rule = f"{UPTIME}target: 99%\ncredits: {{of: recurring charge, rows: [{{pays: 50%}}], "
    rule += "cap: 40% of the lesser of recurring charge and order}"
    holds(rule, "uptime: 98%, fee: 100 USD, fees: {order: 300 USD}", "credit: 40 USD")


TWO = f"""{UPTIME}target: 99.9%
credits: {{of: fee of the month, rows: [{{from: 99%, below: 99.5%, pays: 10%}}], unmatched_miss: undecided}}
"""
SECOND = """
  - name: other
    measure: uptime
    period: calendar_month
    target: 99.9%
    credits: {of: fee of the month, rows: [{from: 99%, below: 99.5%, pays: 20%}]}
"""


def together(rule: str, *uptimes: str) -> Outcome:
    terms = load(text(TWO, "uptime: 100%", "missed: false", f"{SECOND}credits_together: {rule}\n"))
    facts = [Facts(tier="pro", uptime=percent(uptime)) for uptime in uptimes]
    judged = [judge_period(terms, fact, commitment=name) for fact, name in zip(facts, ("it", "other"), strict=True)]
    return judge_together(terms, judged, Facts()).code


@pytest.mark.parametrize("rule", ["add_up", "larger_counts", "first_counts"])
def test_what_the_terms_leave_open_of_one_commitment_is_open_of_all(rule: str) -> None:
    assert together(f"{{credits: {rule}}}", "99.7%", "99.2%") is Outcome.UNDECIDED


def test_commitments_that_pay_nothing_were_not_met_for_that() -> None:
    assert together("{credits: add_up}", "99.95%", "99.7%") is Outcome.UNMATCHED_MISS
    assert together("{credits: add_up}", "99.95%", "99.95%") is Outcome.MET


def test_the_cap_of_all_holds_of_service_time_too() -> None:
    rule = TWO.replace("pays: 10%", "pays: 6 days of service")
    more = f"{SECOND.replace('pays: 20%', 'pays: 9 days of service')}credits_together: {{cap: 10 days of service}}\n"
    terms = load(text(rule, "uptime: 100%", "missed: false", more))
    facts = Facts(tier="pro", uptime=percent("99.2%"))
    whole = judge_together(terms, [judge_period(terms, facts, commitment=name) for name in ("it", "other")], facts)
    assert whole.service == (Fraction(10), "day")
    assert find(whole.explanation, "Cap") is not None


def test_the_minutes_that_excuses_leave_are_judged_as_the_commitment_judges() -> None:
    rule = "measure: uptime\nperiod: calendar_month\ntotal: 500 hours\nrounding: 1 decimal\ntarget: 99.7%\n"
    rule += "credits: {of: fee of the month, over: downtime, rows: [{above: 1 hour, pays: 10%}]}"
    given = 'month: 2027-03, down_during: ["2027-03-02T00:00Z to 2027-03-02T02:00Z"]'
    holds(rule, given, "uptime: 99.6%, missed: true, pays: 10%, down_minutes: 120")


CAPACITY = """
measure: capacity
period: calendar_month
target: 8 kW
credits: {of: fee of the month, rows: [{pays: 2%}], cap: 5 USD}
"""
LATENCY = "measure: latency\nperiod: calendar_month\ntarget: {at_most: 200 ms}\n"


@pytest.mark.parametrize(
    ("rule", "given", "told"),
    [
        (CAPACITY, "value: 7400 W", "7400 W can not be compared with 8 kW"),
        (CAPACITY, "value: 7 hours", "7 hours can not be compared with 8 kW"),
        (LATENCY, "value: 600", "600 can not be compared with 200 milliseconds"),
        (LATENCY, "value: 60%", "60% can not be compared with 200 milliseconds"),
        (LATENCY, "uptime: 99%", "`uptime` says nothing of `it`, which measures latency"),
        (f"{UPTIME}target: 99%", "value: 98%", "`value` says nothing of `it`, which measures uptime"),
        (f"{UPTIME}target: 99%", "down: 3, outages: [3 minutes]", "one of them is enough"),
        (
            f"{UPTIME}target: 99%",
            "minutes: 1000, uptime: 99%, down: 11",
            "11 minutes down of 1,000 minutes are not 99 %",
        ),
        (
            CAPACITY,
            "value: 7 kW, credited_before: {invoice: 3 USD}",
            "no cap counts what was credited before per invoice",
        ),
        (
            f"{UPTIME}covers: {{minimum_size: {{memory: 4 GB}}}}\ntarget: 99%",
            "uptime: 98%, size: {memory: 512 MB}",
            "512 MB",
        ),
    ],
)
def test_what_an_example_gives_in_vain_fails_it(rule: str, given: str, told: str) -> None:
    (failure,) = failures(document(text(rule, given, "missed: true")))
    assert told in str(failure)


@pytest.mark.parametrize(
    "credits_", ["rows: [{below: 7000 W, pays: 2%}]", "rows: [{pays: 2% per 100 W below the target}]"]
)
def test_numbers_in_different_units_are_not_compared(credits_: str) -> None:
    with pytest.raises(TermsMalformed, match="are in different units, which are not converted"):
        load(text(CAPACITY.replace("rows: [{pays: 2%}]", credits_), "value: 7 kW", "missed: true"))
    load(text(CAPACITY.replace("rows: [{pays: 2%}]", credits_.replace("W", "kW")), "value: 7 kW", "missed: true"))


def test_a_cap_may_be_written_as_a_part() -> None:
    rule = (
        f"{UPTIME}target: 99%\ncredits: {{of: fee of the month, rows: [{{pays: 90%}}], cap: 1/3 of fee of the month}}"
    )
    holds(rule, "uptime: 98%, fee: 100 USD", "credit: 33.33 USD")


def test_time_down_that_is_given_beside_the_uptime_finds_its_row() -> None:
    rule = (
        f"{UPTIME}target: 99%\ncredits: {{of: fee of the month, over: downtime, rows: [{{above: 8 hours, pays: 9%}}]}}"
    )
    holds(rule, "uptime: 98%, down: 9 hours", "pays: 9%")


LASTING = f"{UPTIME}down: an error rate above 5% for at least 10 consecutive minutes\ntarget: 99%"


@pytest.mark.parametrize(
    ("given", "down"),
    [
        ("error_rate: 6%, lasted: 10 minutes", True),
        ("error_rate: 6%, lasted: 599 seconds", False),
        ("error_rate: 5%, lasted: 2 hours", False),
        ("error_rate: 5%", False),
        ("requests: 100, failed: 6, lasted: 11 minutes", True),
    ],
)
def test_errors_that_must_go_on_for_a_time(given: str, down: bool) -> None:
    holds(LASTING, given, f"down: {str(down).lower()}")


def test_how_long_errors_went_on_must_be_known() -> None:
    (failure,) = failures(document(text(LASTING, "error_rate: 6%", "down: true")))
    assert "a figure that tells whether it is down" in str(failure)


def test_of_outages_those_count_that_go_on_for_so_long() -> None:
    holds(LASTING, "minutes: 43200, outages: [8 minutes, 10 minutes, 1 hours]", "down_minutes: 70")
    more = LASTING.replace("at least 10 consecutive", "more than 10")
    holds(more, "minutes: 43200, outages: [10 minutes, 11 minutes]", "down_minutes: 11")


def test_an_outage_is_no_answer_in_time() -> None:
    rule = f"{UPTIME}down: no answer within 5 seconds\ntarget: 99%"
    holds(rule, "minutes: 43200, outages: [9 minutes]", "down_minutes: 9")
    rule = rule.replace("5 seconds", "5 seconds for more than 1 minute")
    holds(rule, "minutes: 43200, outages: [60 seconds, 120 seconds]", "down_minutes: 2")
    holds(rule, "took: 6 seconds, lasted: 61 seconds", "down: true")
    holds(rule, "took: 6 seconds, lasted: 60 seconds", "down: false")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("uptime: 98%, which: {region: mars}", "there is no region `mars`"),
        ("uptime: 98%, which: {reigon: eu}", "there is no kind `reigon`"),
        ("uptime: 98%, lacks: [tow_zones]", "there is no set-up `tow_zones`"),
        ("uptime: 98%, size: {node: 3}", "there is no size `node`"),
    ],
)
def test_a_name_that_the_terms_do_not_know_fails_the_example(given: str, told: str) -> None:
    covers = "covers: {set_up: {two_zones: in two zones}, minimum_size: {nodes: 3}}"
    (failure,) = failures(document(text(f"{UPTIME}{covers}\ntarget: 99%", given, "missed: true")))
    assert told in str(failure)


QUARTERLY = """
  - name: quarterly
    measure: uptime
    period: calendar_quarter
    target: 99.9%
"""


@pytest.mark.parametrize(("given", "day"), [("", "2027-03-30"), ("commitment: quarterly, ", "2027-04-30")])
def test_the_period_that_ends_is_that_of_the_commitment(given: str, day: str) -> None:
    written = text(f"{UPTIME}target: 99%", f'{given}incident_day: "2027-02-03"', f'claim_deadline: "{day}"', QUARTERLY)
    limit = "claims: {file_within: 30 days, counted_from: period_end}"
    assert failures(document(written.replace("claims: {file_within: no limit}", limit))) == []
