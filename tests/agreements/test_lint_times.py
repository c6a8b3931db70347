"""The linter on time limits: windows, settlement, tickets, and rights to end the contract."""

from __future__ import annotations

import pytest

from agreements.lint import Severity
from tests.agreements.lint_faults import Fault, found, is_found_until_mended, only, with_parts
from tests.agreements.texts import SOUND, bent


def claims(more: str, text: str = SOUND) -> str:
    return bent("  file_within: 60 days\n", f"  {more}\n", text=text)


def right(written: str) -> str:
    return with_parts(f"chronic_failure: {{name: often, {written}}}\n")


QUARTERLY = bent("period: calendar_month", "period: calendar quarter")

FAULTS = (
    Fault(
        code="filing_before_close",
        text=claims("file_within: 60 days\n  min_after_known: 0 days", QUARTERLY),
        line="file_within: 60 days",
        values=("60 days", "the quarter from 2026-01-01", "2026-03-03 00:00 UTC", "2026-04-01 23:00 UTC"),
        sentence=(
            "A claim for an outage on the first day must be filed before the quarter has closed in 16 of 16 quarters: "
            "for one on 2026-01-01 before 2026-03-03 00:00 UTC, while that quarter closes at 2026-04-01 23:00 UTC."
        ),
        mended=claims("file_within: 100 days\n  min_after_known: 0 days", QUARTERLY),
    ),
    Fault(
        code="filing_before_close",
        text=claims("file_within: 48 hours\n  counted_from: aware\n  min_after_known: 0 days"),
        line="file_within: 48 hours",
        values=("48 hours", "2026-01", "2026-01-03 01:00 UTC", "2026-02-02 00:00 UTC"),
        sentence=(
            "A claim for an outage on the 1st must be filed before the month has closed in 48 of 48 months: for one on "
            "2026-01-01 before 2026-01-03 01:00 UTC, while that month closes at 2026-02-02 00:00 UTC."
        ),
        mended=claims("file_within: 48 hours\n  counted_from: eligible\n  min_after_known: 0 days"),
    ),
    Fault(
        code="window_closes_before_it_opens",
        text=claims("file_within: 20 days\n  opens: period_end"),
        line="opens: period_end",
        values=("2026-01", "2026-02-01 00:00 UTC", "2026-01-22 00:00 UTC"),
        sentence=(
            "The claim window has closed before it opens in 48 of 48 months: for an outage on 2026-01-01 it opens at "
            "2026-02-01 00:00 UTC and closes at 2026-01-22 00:00 UTC."
        ),
        mended=claims("file_within: 20 days\n  counted_from: period_end\n  opens: period_end"),
    ),
    Fault(
        code="ticket_after_claim",
        text=claims("file_within: 10 days\n  ticket: {within: 20 days, counted_from: incident_start}"),
        line="ticket: {within: 20 days, counted_from: incident_start}",
        values=("20 days", "10 days", "2026-01-22 00:00 UTC", "2026-01-12 00:00 UTC"),
        sentence=(
            "The ticket that must come before the claim may be opened after the claim is too late: for an outage on "
            "2026-01-01 before 2026-01-22 00:00 UTC, the claim before 2026-01-12 00:00 UTC."
        ),
        mended=claims("file_within: 30 days\n  ticket: {within: 20 days, counted_from: incident_start}"),
    ),
    Fault(
        code="settlement_before_close",
        text=claims("file_within: 60 days\n  decide: 20 days"),
        line="decide: 20 days",
        values=("20 days", "2026-01", "2026-01-22 00:00 UTC", "2026-02-02 00:00 UTC"),
        sentence=(
            "A claim that is filed within its month must be decided before the month has closed in 48 of 48 months: "
            "for 2026-01 before 2026-01-22 00:00 UTC, while that month closes at 2026-02-02 00:00 UTC."
        ),
        mended=claims("file_within: 60 days\n  decide: {within: 20 days, counted_from: later of filed and period_end}"),
    ),
    Fault(
        code="settlement_before_close",
        text=bent("  settle_within: 10 business days\n", "  settle_within: 30 days\n  clock_starts: filed\n"),
        line="settle_within: 30 days",
        values=("30 days", "2026-01", "2026-02-01 00:00 UTC", "2026-02-02 00:00 UTC"),
        sentence=(
            "A claim that is filed within its month must be settled before the month has closed in 44 of 48 months: "
            "for 2026-01 before 2026-02-01 00:00 UTC, while that month closes at 2026-02-02 00:00 UTC."
        ),
        mended=bent("  settle_within: 10 business days\n", "  settle_within: 45 days\n  clock_starts: filed\n"),
    ),
    Fault(
        code="ending_before_close",
        text=right("times: 3, in_a_row: true, end_within: 12 hours"),
        line="chronic_failure: {name: often, times: 3, in_a_row: true, end_within: 12 hours}",
        values=("12 hours", "2026-01", "2026-02-01 12:00 UTC", "2026-02-02 00:00 UTC"),
        sentence=(
            "The right often must be used before 2026-02-01 12:00 UTC, while 2026-01 closes at 2026-02-02 00:00 UTC."
        ),
        mended=right("times: 3, in_a_row: true, end_within: 30 days"),
    ),
    Fault(
        code="right_never_reached",
        text=right("times: 4, within: 3 months"),
        line="chronic_failure: {name: often, times: 4, within: 3 months}",
        values=("often",),
        sentence=(
            "Nothing can give the right often: even periods in which everything failed do not reach it within "
            "3 months, by the calendar month."
        ),
        mended=right("times: 3, within: 3 months"),
    ),
    Fault(
        code="right_never_reached",
        text=right("counts: {down_more_than: 800 hours}"),
        line="chronic_failure: {name: often, counts: {down_more_than: 800 hours}}",
        values=("often",),
        sentence=(
            "Nothing can give the right often: even periods in which everything failed do not reach it, by the "
            "calendar month."
        ),
        mended=right("counts: {down_more_than: 700 hours}"),
    ),
    Fault(
        code="right_never_reached",
        text=right("counts: capped_credits"),
        line="chronic_failure: {name: often, counts: capped_credits}",
        values=("often",),
        sentence="Nothing can give the right often: the credits of uptime have no cap.",
        mended=bent(
            "unmatched_miss: undecided",
            "unmatched_miss: undecided\n      cap: 25% of usage of the month",
            text=right("counts: capped_credits"),
        ),
    ),
    Fault(
        code="right_never_reached",
        text=right("counts: {missed_replies: 2}"),
        line="chronic_failure: {name: often, counts: {missed_replies: 2}}",
        values=("often",),
        sentence="Nothing can give the right often: no answers are promised.",
        mended=right("counts: {missed_replies: 2}") + "support: {severities: {low: Low}, response: 24 hours}\n",
    ),
    Fault(
        code="never_open",
        severity=Severity.ERROR,
        text=bent(
            'hours: {monday-friday: "09:00-17:00"}', 'hours: {monday: "09:00-12:00"}\n  breaks: {monday: "09:00-12:00"}'
        ),
        line='hours: {monday: "09:00-12:00"}',
        values=("business_hours",),
        sentence="The calendar is never open: its breaks and holidays take all of its hours.",
        mended=bent(
            'hours: {monday-friday: "09:00-17:00"}', 'hours: {monday: "09:00-12:00"}\n  breaks: {monday: "10:00-11:00"}'
        ),
    ),
    Fault(
        code="holidays_unknown",
        text=with_parts(
            "calendars:\n  night:\n    time_zone: UTC\n    hours: {sunday: '09:00-12:00'}\n"
            "    holidays: {public_holidays_of: US, years: 2026}\n"
        ),
        line="holidays: {public_holidays_of: US, years: 2026}",
        values=("2027",),
        sentence="The terms are in force from 2026, and the holidays of 2027 are not known.",
        mended=SOUND,
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}: {fault.line}")
def test_a_fault_is_found_with_its_line_and_values_until_it_is_mended(fault: Fault) -> None:
    is_found_until_mended(fault)


def test_a_right_that_counts_capped_credits_needs_a_row_that_reaches_the_cap() -> None:
    capped = bent("unmatched_miss: undecided", "unmatched_miss: undecided\n      cap: {0} of usage of the month")
    text = capped + "chronic_failure: {name: often, counts: capped_credits}\n"
    told = only(text.replace("{0}", "26%"), "right_never_reached").sentence
    assert told == "Nothing can give the right often: no row of uptime pays as much as its cap."
    assert found(text.replace("{0}", "25%"), "right_never_reached") == []


def test_a_right_lapses_by_the_periods_of_its_own_commitment() -> None:
    weekly = "  - {name: weekly, measure: uptime, period: week, target: 99%}\nclaims:\n"
    text = bent("claims:\n", weekly) + "chronic_failure: {name: often, commitment: weekly, end_within: 12 hours}\n"
    # 1 January 2026 is a Thursday, so the first whole week ends with Sunday the 11th
    assert only(text, "ending_before_close").values[1:] == (
        "the week from 2026-01-05",
        "2026-01-12 12:00 UTC",
        "2026-01-13 00:00 UTC",
    )


def test_a_claim_about_one_outage_needs_no_closed_month() -> None:
    text = claims("file_within: 10 days\n  min_after_known: 0 days", bent("period: calendar_month", "period: outage"))
    assert found(text, "filing_before_close") == []


def test_a_limit_that_depends_on_what_nobody_knows_is_not_tried() -> None:
    assert found(claims("file_within: 1 day\n  counted_from: notified"), "filing_before_close") == []


@pytest.mark.parametrize(
    "counts",
    [
        "times: 3, within: calendar year",
        "times: 12, in_a_row: true",
        "counts: {uptime_at_most: 0%}",
        "counts: {down_at_least: 100 hours}, added_up: true, within: 90 days",
        "counts: {outages: 5}, times: 2, within: 2 periods",
    ],
)
def test_a_right_that_some_history_gives_is_no_finding(counts: str) -> None:
    assert found(right(counts), "right_never_reached") == []


def test_periods_that_the_span_can_never_hold_are_counted_by_the_calendar() -> None:
    # 90 days before the end of April began after 30 January, so the ends of four months lie in them
    assert found(right("times: 4, within: 90 days"), "right_never_reached") == []
    assert only(right("times: 5, within: 90 days"), "right_never_reached").values == ("often",)
