"""What commitments of many kinds pay: each way of measuring, bounding and paying, with its arithmetic."""

from __future__ import annotations

import textwrap

import pytest

from agreements.examples import carried_out, failures
from agreements.explaining import Step, walk
from tests.agreements.texts import document

HEAD = """\
format: 1
agreement: kinds
title: An agreement of many kinds
document_date: 2027-01-01
in_force_from: 2027-01-01
time_zone: UTC
currency: USD
contacts: {legal_name: Kinds Ltd}
tiers: {basic: {title: Basic}, pro: {title: Pro}}
services: {api: {title: API}}
varies_by:
  region: {eu: Europe, us: United States}
bases: {hosting_fee: what is charged for hosting}
claims: {file_within: no limit}
commitments:
"""
UPTIME = "measure: uptime\nperiod: calendar_month\n"


def text(commitment: str, given: str, expect: str, more: str = "") -> str:
    body = textwrap.indent("name: it\n" + textwrap.dedent(commitment).strip(), "    ")
    example = f"examples:\n  - {{name: case, given: {{{given}}}, expect: {{{expect}}}}}\n"
    return f"{HEAD}  -{body[3:]}\n{more}{example}"


def holds(commitment: str, given: str, expect: str, more: str = "") -> None:
    read = document(text(commitment, given, expect, more))
    assert [str(failure) for failure in failures(read)] == []


def steps(commitment: str, given: str) -> list[Step]:
    read = document(text(commitment, given, "missed: true"))
    found = carried_out(read.terms, read.terms.examples[0].given)
    return [step for root in found.steps for step in walk(root)]


MINUTES_DOWN = """
measure: uptime
period: calendar_month
target: 99.9%
credits:
  of: fee of the month
  over: downtime
  rows:
    - {above: 30 minutes, up_to: 60 minutes, pays: 5%}
    - {above: 60 minutes, up_to: 4 hours, pays: 10%}
    - {above: 4 hours, pays: 25%}
"""


@pytest.mark.parametrize(
    ("down", "expect"),
    [
        ("43", "pays: 0%, missed: false"),  # 43.2 minutes are allowed in 43,200
        ("60", "pays: 5%, credit: 5 USD"),
        ("61", "pays: 10%, row: above 60 minutes up to 240 minutes"),
        ("240", "pays: 10%"),
        ("241", "pays: 25%"),
    ],
)
def test_bands_may_be_over_minutes_down(down: str, expect: str) -> None:
    holds(MINUTES_DOWN, f"minutes: 43200, down: {down}, fee: 100 USD", expect)


BY_REGION = """
measure: uptime
period: calendar_month
by: region
target: {eu: 99.9%, us: 99.5%}
credits:
  of: fee of the month
  tables:
    eu: [{from: 99%, below: 99.9%, pays: 10%}, {below: 99%, pays: 30%}]
    us: [{below: 99.5%, pays: 5%}]
"""


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ("which: {region: eu}, uptime: 99.6%", "target: 99.9%, pays: 10%"),
        ("which: {region: us}, uptime: 99.6%", "target: 99.5%, pays: 0%"),
        ("which: {region: us}, uptime: 99.4%", "pays: 5%"),
        ("which: {region: [eu, us]}, uptime: 99.4%", "target: 99.5%, pays: 5%"),  # a mix takes the lowest
    ],
)
def test_targets_and_tables_may_differ_by_region(given: str, expect: str) -> None:
    holds(BY_REGION, given, expect)


THRESHOLDS = """
measure: uptime
period: calendar_month
target: 99.9%
credits:
  of: fee of the month
  rows_are: thresholds
  rows: [{below: 99.9%, pays: 10%}, {below: 99%, pays: 25%}, {below: 95%, pays: 15%}]
"""


@pytest.mark.parametrize(("uptime", "pays"), [("99.5%", "10%"), ("99%", "10%"), ("98.9%", "25%"), ("94%", "15%")])
def test_of_thresholds_the_deepest_that_is_passed_counts(uptime: str, pays: str) -> None:
    holds(THRESHOLDS, f"uptime: {uptime}", f"pays: {pays}")


OVERSHOT = """
measure: latency
what: latency of API calls
percentile: 95
period: calendar_month
target: {at_most: 100 ms}
credits:
  of: fee of the month
  over: miss_in_percent
  rows: [{above: 0%, up_to: 10%, pays: 5%}, {above: 10%, up_to: 100%, pays: 10%}, {above: 100%, pays: 50%}]
"""


@pytest.mark.parametrize(
    ("value", "expect"),
    [
        ("100 ms", "missed: false, pays: 0%"),
        ("110 ms", "missed: true, pays: 5%"),
        ("0.2 seconds", "pays: 10%, value: 200 ms"),
        ("301 ms", "pays: 50%"),
    ],
)
def test_bands_may_be_over_how_far_a_target_was_overshot(value: str, expect: str) -> None:
    holds(OVERSHOT, f"value: {value}", expect)


LOSS = """
measure: loss
what: packet loss
period: calendar_month
target: {at_most: 0.1%}
credits:
  of: fee of the service
  rows: [{above: 0.1%, up_to: 1%, pays: 5%}, {above: 1%, pays: 10%}]
"""


def test_loss_is_promised_to_be_at_most_a_share() -> None:
    holds(LOSS, "value: 0.1%", "missed: false")
    holds(LOSS, "value: 0.5%, fee: 10 USD", "missed: true, pays: 5%, credit: 0.50 USD")
    holds(LOSS, "value: 1.01%", "pays: 10%")


DELAY = """
measure: latency
what: round trip delay
period: calendar_month
rounding: 1 decimal
target: {at_most: 45 ms}
credits: {of: recurring charge, over: miss, rows: [{up_to: 10 ms, pays: 5%}, {above: 10 ms, pays: 10%}]}
"""


def test_a_time_is_rounded_in_the_unit_that_the_file_writes() -> None:
    holds(DELAY, "value: 45.04 ms", "missed: false, value: 45 ms")
    holds(DELAY, "value: 45.05 ms", "missed: true, value: 45.1 ms, pays: 5%")
    holds(DELAY, "value: 0.0551 seconds, fee: 90 USD", "credit: 9 USD")


QUALITY = """
measure: quality
what: mean opinion score
period: calendar_month
target: {at_least: 4.0}
credits: {of: fee of the service, rows: [{from: 3.5, below: 4.0, pays: 5%}, {below: 3.5, pays: 20%}]}
"""


def test_a_score_is_compared_as_a_number() -> None:
    holds(QUALITY, "value: 3.5", "pays: 5%")
    holds(QUALITY, "value: 3.49", "pays: 20%")
    holds(QUALITY, "value: 4.0", "missed: false")


def by_step(pays: str, extra: str = "") -> str:
    return f"""
measure: uptime
period: calendar_month
target: 99.9%
credits:
  of: fee of the month
  rows: [{{pays: {pays}}}]
{textwrap.indent(extra, "  ")}
"""


@pytest.mark.parametrize(
    ("pays", "down", "expect"),
    [
        # 95 minutes are 3 full and 4 started half hours, 3.1666 of them
        ("5% per started 30 minutes of downtime", "95", "pays: 20%"),
        ("5% per full 30 minutes of downtime", "95", "pays: 15%"),
        ("5% per nearest 30 minutes", "95", "pays: 15%"),
        ("5% per nearest 30 minutes", "105", "pays: 20%"),  # 3.5 rounds up
        ("6% per hour", "95", "pays: 9.5%"),
        ("1 day of service per started hour", "95", "service: 2 days"),
        ("10 USD per started hour", "95", "credit: 20 USD"),
        ("10 USD per hour", "95", "credit: 15.83 USD"),  # 15.8333
        # 43,200 minutes at 99.9% allow 43.2, so 51.8 are beyond
        ("5% per started 30 minutes beyond the allowance", "95", "pays: 10%"),
        ("5% per full 30 minutes beyond 60 minutes", "95", "pays: 5%"),
        # 95 of 43,200 minutes of 432 USD are 0.95 USD
        ("the fee for the time lost", "95", "credit: 0.95 USD"),
        ("10 times the fee for the time lost", "95", "credit: 9.50 USD"),
        ("the fee for the time lost beyond the allowance", "95", "credit: 0.52 USD"),  # 51.8 minutes
        ("the fee for the time lost per started hour", "95", "credit: 1.20 USD"),  # 120 minutes
        ("1/30 per full hour", "95", "credit: 14.40 USD"),
        # 99.9% less 99.78009...% are 0.1199...%: one full and two started tenths of a percent
        ("5% per full 0.1% below the target", "95", "pays: 5%"),
        ("5% per started 0.1% below the target", "95", "pays: 10%"),
    ],
)
def test_a_row_may_pay_by_steps_and_for_the_time_lost(pays: str, down: str, expect: str) -> None:
    holds(by_step(pays), f"minutes: 43200, down: {down}, fee: 432 USD", expect)


def test_a_sum_is_paid_per_unit_and_per_outage() -> None:
    holds(by_step("2 USD per unit"), "uptime: 99%, units: 7", "credit: 14 USD")
    given = "minutes: 43200, outages: [40 minutes, 30 minutes]"
    holds(by_step("3 USD per outage"), given, "credit: 6 USD, down_minutes: 70")


def test_a_benefit_is_told_in_words_and_counted() -> None:
    table = by_step("nothing").replace("pays: nothing", "gives: 500 page views per started hour")
    holds(
        table,
        "minutes: 43200, down: 95",
        'benefit: "1,000 page views"',
    )
    plain = by_step("nothing").replace("pays: nothing", "gives: a consultation")
    holds(plain, "uptime: 99%", "benefit: a consultation")


def test_the_share_of_time_lost_may_be_rounded_before_it_multiplies() -> None:
    # 95 of 43,200 minutes are 0.2199% and, rounded up to a percent's tenth, 0.3%: 1.296 USD
    table = by_step("the fee for the time lost", "multiplier_rounding: 1 decimal up")
    holds(table, "minutes: 43200, down: 95, fee: 432 USD", "credit: 1.30 USD")


def test_rows_of_one_table_may_pay_in_different_ways() -> None:
    table = """
measure: uptime
period: calendar_month
target: 99.9%
credits:
  of: fee of the month
  rows:
    - {from: 99%, below: 99.9%, pays: 3 days of service}
    - {from: 95%, below: 99%, pays: 10%}
    - {from: 90%, below: 95%, pays: 50 USD}
    - {below: 90%, pays: 100% of hosting_fee}
  form: extension
"""
    holds(table, "uptime: 99.5%, term_end: 2027-01-31", "service: 3 days, new_term_end: 2027-02-03")
    holds(table, "uptime: 98%, fee: 200 USD", "credit: 20 USD")
    holds(table, "uptime: 94%", "credit: 50 USD")
    holds(table, "uptime: 12%, fees: {hosting_fee: 31 USD}", "credit: 31 USD, pays: 100%")


REPAIR = """
measure: repair_time
period: case
target: {at_most: 4 hours}
credits: {rows: [{pays: 50 USD per started hour late}], cap: 200 USD per incident}
"""


@pytest.mark.parametrize(
    ("value", "expect"),
    [("4 hours", "missed: false"), ("250 minutes", "credit: 50 USD"), ("9 hours", "credit: 200 USD")],
)
def test_a_repair_is_paid_by_the_hour_late(value: str, expect: str) -> None:
    holds(REPAIR, f"value: {value}", expect)


def capped(cap: str) -> str:
    return by_step("50%", f"cap: {cap}")


@pytest.mark.parametrize(
    ("cap", "given", "credit"),
    [
        ("none", "fee: 100 USD", "50 USD"),
        ("30% of fee of the month", "fee: 100 USD", "30 USD"),
        ("30% of the fee of the month", "fee: 0.09 USD", "0.02 USD"),  # 0.027 is rounded down
        ("10 USD", "fee: 100 USD", "10 USD"),
        ("[40% of fee of the month, 30 USD per incident]", "fee: 100 USD", "30 USD"),
        ("30 USD per twelve months", "fee: 100 USD, credited_before: {twelve months: 25 USD}", "5 USD"),
        ("30 USD per invoice", "fee: 100 USD, credited_before: {invoice: 31 USD}", "0 USD"),
        ("10% of order", "fee: 100 USD, fees: {order: 450 USD}", "45 USD"),
        ("100% of fees of the 30 days before", "fee: 100 USD, fees: {fees of the 30 days before: 20 USD}", "20 USD"),
        ("3 days of service", "fee: 300 USD, length: 30 days", "30 USD"),
        ("1 month of service", "fee: 300 USD", "150 USD"),
        ("20% of fee of the month without vouchers", "fees: {fee of the month: 100 USD, vouchers: 60 USD}", "8 USD"),
    ],
)
def test_a_cap_is_a_share_of_a_base_service_time_or_a_sum(cap: str, given: str, credit: str) -> None:
    holds(capped(cap), f"uptime: 99%, {given}", f"pays: 50%, credit: {credit}")


def test_service_time_is_capped_by_service_time_and_by_what_it_is_worth() -> None:
    table = by_step("2 weeks of service", "form: extension\ncap: 7 days of service")
    holds(table, "uptime: 99%", "service: 1 week")
    table = by_step("10 days of service", "form: extension\ncap: 5 days of service per month")
    holds(table, "uptime: 99%", "service: 5 days")
    table = by_step("10 days of service", "form: extension\ncap: 10% of fee of the month")
    holds(table, "uptime: 99%, length: 30 days, fee: 300 USD", "service: 3 days")


def test_the_base_may_be_the_greater_of_two() -> None:
    table = by_step("10%").replace("of: fee of the month", "of: the greater of fee of the month and usage of the month")
    holds(table, "uptime: 99%, usage: 30 USD, fees: {fee of the month: 20 USD}", "credit: 3 USD")
    holds(table, "uptime: 99%, usage: 30 USD", "outcome: awaiting_usage, pays: 10%")


@pytest.mark.parametrize(
    ("minimum", "credit"), [("at least 5 USD", "5 USD"), ("above 5 USD", "0 USD"), ("at least 5.01 USD", "0 USD")]
)
def test_less_than_the_minimum_is_not_paid_out(minimum: str, credit: str) -> None:
    holds(by_step("5%", f"minimum: {minimum}"), "uptime: 99%, fee: 100 USD", f"pays: 5%, credit: {credit}")


@pytest.mark.parametrize(
    ("rounding", "uptime", "missed"),
    [("2 decimals", "99.895%", "false"), ("2 decimals", "99.8949%", "true"), ("2 decimals down", "99.899%", "true")],
)
def test_uptime_is_rounded_before_it_is_compared_where_the_terms_say_so(
    rounding: str, uptime: str, missed: str
) -> None:
    holds(UPTIME + f"target: 99.9%\nrounding: {rounding}", f"uptime: {uptime}", f"missed: {missed}")


@pytest.mark.parametrize(
    ("total", "given", "uptime"),
    [
        ("minutes of the period", "period: 2028-02, down: 4176", "90%"),  # 41,760 minutes
        ("30 days", "period: 2027-01, down: 4320", "90%"),
        ("720 hours", "down: 4320", "90%"),
        ("730 hours", "down: 4380", "90%"),
        ("the time it existed", "length: 30 days, existed: 10 days, down: 1440", "90%"),
        ("minutes pooled over resources", "length: 30 days, resources: 4, down: 17280", "90%"),
    ],
)
def test_downtime_is_a_share_of_the_total_that_the_terms_name(total: str, given: str, uptime: str) -> None:
    holds(UPTIME + f"target: 99.9%\ntotal: {total}", given, f"uptime: {uptime}")


def test_a_total_that_is_not_known_is_no_matter_where_every_length_gives_the_same() -> None:
    holds(THRESHOLDS, "down: 10 hours", "missed: true, pays: 25%")
    (failure,) = failures(document(text(THRESHOLDS, "down: 44", "missed: true")))
    assert str(failure.found) == "not told by what is given: it needs how long the month is"


@pytest.mark.parametrize(
    ("down", "outages", "minutes"),
    [
        ("an outage of at least 5 minutes", "[5 minutes, 299 seconds]", "5"),
        ("an outage longer than 5 minutes", "[5 minutes, 6 minutes]", "6"),
        ("an outage longer than 30 seconds", "[30 seconds, 60 seconds]", "1"),
        ("{when: a failed minute, partial_minutes: do_not_count}", "[59 seconds, 150 seconds]", "2"),
        (
            "{when: a failed minute, partial_minutes: do_not_count}",
            '["2027-01-05T10:00:30Z to 2027-01-05T10:02:30Z"]',
            "1",
        ),
    ],
)
def test_short_outages_and_partial_minutes_do_not_count(down: str, outages: str, minutes: str) -> None:
    rule = UPTIME + f"down: {down}\ntarget: 99.9%"
    holds(rule, f"length: 30 days, outages: {outages}", f"down_minutes: {minutes}")


@pytest.mark.parametrize(
    ("down", "given", "expect"),
    [
        ("a minute with an error rate above 5%", "requests: 100, failed: 5", "false"),
        ("a minute with an error rate above 5%", "requests: 100, failed: 6", "true"),
        ("a minute with an error rate of at least 5%", "requests: 100, failed: 5", "true"),
        ("a minute with an error rate above 5% and at least 100 requests", "requests: 99, failed: 99", "false"),
        ("a minute with an error rate above 5%", "requests: 0", "false"),
        ("5 minutes with an error rate above 1%", "error_rate: 2%", "true"),
        ("an answer slower than 2 seconds", "status: 200, took: 2 seconds", "false"),
        ("an answer that takes at least 2 seconds", "took: 2 seconds", "true"),
        ("no answer within 2 seconds", "took: 2 seconds", "false"),
        ("an outage of at least 5 consecutive minutes", "lasted: 5 minutes", "true"),
        ("an outage of at least 5 consecutive minutes", "lasted: 299 seconds", "false"),
        ("a minute in which all requests fail", "requests: 3, failed: 3", "true"),
        ("{parts: all}", "parts: 3, parts_failing: 2", "false"),
        ("{parts: at least 2}", "parts: 3, parts_failing: 2", "true"),
        ("{parts: more than 25%}", "parts: 4, parts_failing: 1", "false"),
        ("{parts: at least 25%}", "parts: 4, parts_failing: 1", "true"),
        ("{parts: any}", "parts: 4, parts_failing: 1", "true"),
    ],
)
def test_what_counts_as_down_is_told_moment_by_moment(down: str, given: str, expect: str) -> None:
    holds(UPTIME + f"down: {down}\ntarget: 99.9%", given, f"down: {expect}")


def test_only_what_was_reported_counts_where_the_terms_say_so() -> None:
    rule = UPTIME + "down: {only_reported: true}\ntarget: 99.9%"
    holds(rule, "length: 30 days, down: 4320, customer_reported: false", "uptime: 100%, missed: false")
    holds(rule, "length: 30 days, down: 4320, customer_reported: true", "uptime: 90%")


@pytest.mark.parametrize(
    ("empty", "uptime"),
    [("counts_as_up", "95%"), ("left_out", "80%")],  # one slot of four with 20% errors; or the only one that counts
)
def test_slots_are_averaged_without_weights(empty: str, uptime: str) -> None:
    rule = f"measure: slot_average\nperiod: calendar_month\nslots: 5 minutes\nempty: {empty}\ntarget: 99.9%"
    given = "slots: [{requests: 10, failed: 2}, {number: 3}]"
    holds(rule, given, f"uptime: {uptime}, missed: true")


@pytest.mark.parametrize(
    ("given", "uptime"),
    [
        ("slots: [{number: 3, requests: 200, failed: 20}, {number: 97, requests: 200}]", "97%"),
        ("slots: [{number: 3, requests: 99, failed: 99}, {number: 97, requests: 200}]", "100%"),  # too few requests
        ("minutes: 43200, slots: [{number: 432, requests: 200, failed: 11}]", "99%"),
        ("slots: [{number: 10, requests: 200, failed: 10}, {number: 90}]", "100%"),  # exactly 5%
    ],
)
def test_minutes_are_down_by_their_error_rates(given: str, uptime: str) -> None:
    rule = UPTIME + "down: a minute with an error rate above 5% and at least 100 requests\ntarget: 99.9%"
    holds(rule, given, f"uptime: {uptime}")


def test_a_month_whose_minutes_are_classed_is_judged_by_its_uptime() -> None:
    excused = "excused: {network: counts_as_up}\n"
    given = (
        'month: 2027-04, down_during: ["2027-04-05T00:00Z to 2027-04-05T12:00Z"], '
        'declared: {network: ["2027-04-05T00:00Z to 2027-04-05T04:48Z"]}'
    )
    # 432 of 43,200 minutes are left
    holds(THRESHOLDS, given, "down_minutes: 432, uptime: 99%, missed: true, pays: 10%", excused)


def test_downtime_of_trailing_days_that_was_credited_is_used_up() -> None:
    rule = "measure: downtime\nperiod: trailing 30 days\ntarget: {at_most: 60 minutes}"
    holds(rule, "down: 90, credited_down: 20 minutes", "missed: true, value: 70 minutes")
    holds(rule, "down: 90, credited_down: 30 minutes", "missed: false")


SINGLE = """
measure: downtime
period: outage
target: {at_most: 15 minutes}
credits:
  of: fee of the month
  rows: [{above: 15 minutes, up_to: 1 hour, pays: 3%}, {above: 1 hour, pays: 3% per started hour}]
  cap: 30% of fee of the month per incident
"""


@pytest.mark.parametrize(
    ("down", "expect"),
    [("15", "pays: 0%"), ("60", "pays: 3%"), ("61", "pays: 6%"), ("20 hours", "pays: 60%, credit: 30 USD")],
)
def test_an_outage_may_be_judged_by_itself(down: str, expect: str) -> None:
    holds(SINGLE, f"down: {down}, fee: 100 USD", expect)


COVERED = """
measure: uptime
period: calendar_month
covers:
  tiers: [pro]
  only: {region: [eu]}
  minimum_age: 24 hours
  minimum_size: {nodes: 3}
  set_up: {two_zones: deployed across two zones}
  good_standing: true
target: 99.9%
credits: {of: fee of the month, rows: [{pays: 10%}]}
"""


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ("", "awaiting_usage"),
        ("tier: basic, ", "not_covered"),
        ("age: 24 hours, size: {nodes: 3}, ", "awaiting_usage"),
        ("age: 23 hours, ", "not_covered"),
        ("size: {nodes: 2}, ", "not_covered"),
        ("lacks: [two_zones], ", "not_covered"),
        ("good_standing: false, ", "not_covered"),
        ("which: {region: us}, ", "not_covered"),
    ],
)
def test_what_is_not_covered_is_promised_nothing(given: str, outcome: str) -> None:
    tier = "" if "tier" in given else "tier: pro, "
    region = "" if "region" in given else "which: {region: eu}, "
    pays = "0%" if outcome == "not_covered" else "10%"
    holds(COVERED, f"{tier}{region}{given}uptime: 90%", f"outcome: {outcome}, pays: {pays}")


FORMS = by_step(
    "3 days of service",
    "form: extension\nform_by_billing: {monthly: invoice_credit}\nform_at_contract_end: refund\nexpires: 12 months",
)


def test_a_credit_takes_another_form_by_billing_and_at_the_end() -> None:
    holds(FORMS, "uptime: 99%, term_end: 2027-12-31", "form: extension, new_term_end: 2028-01-03")
    given = "uptime: 99%, length: 30 days, fee: 300 USD"
    holds(FORMS, f"{given}, billing: monthly", "form: invoice_credit, service: 3 days, credit: 30 USD")
    holds(FORMS, f"{given}, contract_ended: true", "form: refund, credit: 30 USD")


SECOND = """\
  - name: speed
    measure: latency
    period: calendar_month
    target: {at_most: 100 ms}
    credits: {of: fee of the month, rows: [{pays: 15%}]}
"""
BOTH = (
    "together: [{commitment: it, uptime: 99%, fee: 100 USD}, {commitment: speed, value: 200 ms, fee: 100 USD}], "
    "fee: 100 USD"
)


@pytest.mark.parametrize(
    ("rule", "expect"),
    [
        ("{credits: add_up}", "credit: 25 USD, pays: 25%"),
        ("{credits: add_up, cap: 20 USD}", "credit: 20 USD"),
        ("{credits: larger_counts}", "credit: 15 USD"),
        ("{credits: first_counts}", "credit: 10 USD"),
        ("{credits: undecided}", "outcome: undecided"),
    ],
)
def test_the_credits_of_several_commitments_become_one(rule: str, expect: str) -> None:
    holds(by_step("10%"), BOTH, expect, f"{SECOND}credits_together: {rule}\n")


WEEKLY = """\
  - name: weekly
    measure: uptime
    period: week
    target: 99%
    credits: {rows: [{from: 98%, pays: 2 days of service}, {below: 98%, gives: a consultation}], form: extension}
"""


def test_money_service_and_benefits_are_owed_side_by_side() -> None:
    given = (
        "together: [{commitment: it, uptime: 99%, fee: 100 USD}, {commitment: weekly, uptime: 98.5%}, "
        "{commitment: weekly, uptime: 98%}, {commitment: weekly, uptime: 12%}]"
    )
    holds(by_step("10%"), given, "credit: 10 USD, service: 4 days, benefit: a consultation", WEEKLY)


def test_an_amount_that_is_awaited_is_not_left_out_of_the_sum() -> None:
    given = "together: [{commitment: it, uptime: 99%}, {commitment: speed, value: 200 ms, fee: 100 USD}]"
    holds(by_step("10%"), given, "outcome: awaiting_usage, pays: 25%", SECOND)


def test_every_step_on_the_way_to_a_sum_is_told() -> None:
    given = "minutes: 43200, down: 95, fee: 432 USD"
    told = steps(
        by_step("5% per started 30 minutes beyond the allowance", "cap: 40 USD\nminimum: at least 1 USD"), given
    )
    assert [(step.rule, step.result) for step in told] == [
        ("Credit", "40.00 USD"),
        ("Uptime", "99.780092…%"),
        ("Total", "43,200 minutes"),
        ("Downtime", "95 minutes"),
        ("Target", "missed"),
        ("Row", "5% per started 30 minutes beyond the allowance"),
        ("Downtime that is paid for", "51.8 minutes"),
        ("Steps", "2"),
        ("Amount", "43.20 USD"),
        ("Cap", "40.00 USD"),
        ("Minimum", "40.00 USD"),
    ]
