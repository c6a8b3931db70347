"""What a missed commitment pays: shares, service, sums, lost time, steps, caps, forms, with the arithmetic."""

from __future__ import annotations

import textwrap

import pytest

from tests.agreements.kinds import holds, steps


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
        ("30 USD per month", "fee: 100 USD", "30 USD"),
        ("30 USD per quarter", "fee: 100 USD, credited_before: {quarter: 29 USD}", "1 USD"),
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
        ("Uptime", "99.780092… %"),
        ("Total", "43,200 minutes"),
        ("Downtime", "95 minutes"),
        ("Target", "missed"),
        ("Row", "5 % per started 30 minutes beyond the allowance"),
        ("Downtime that is paid for", "51.8 minutes"),
        ("Steps", "2"),
        ("Amount", "43.20 USD"),
        ("Cap", "40.00 USD"),
        ("Minimum", "40.00 USD"),
    ]
