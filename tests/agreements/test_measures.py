"""What commitments of many kinds measure, whom they cover and when they are missed, with the arithmetic."""

from __future__ import annotations

import pytest

from agreements.examples import failures
from tests.agreements.kinds import UPTIME, holds, text
from tests.agreements.texts import document

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


SLOTS = (
    UPTIME
    + "slots: 5 minutes\ntarget: 99.99%\ncredits: {of: fee of the item, rows: [{pays: the fee for the time lost}]}"
)


def test_time_down_tells_at_least_how_many_slots_were_lost() -> None:
    # 7 minutes touch two intervals or three, so the uptime is not known, and the target is missed all the same
    holds(SLOTS, "length: 30 days, down: 7, rate: 6 USD per hour", "missed: true, credit: 0.70 USD")
    (failure,) = failures(document(text(SLOTS, "length: 30 days, down: 7", "uptime: 99%")))
    assert str(failure.found).startswith("not told by what is given")


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
