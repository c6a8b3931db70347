"""One file that says everything about times, excuses, support and ending: read, tried, and known to editors."""

from __future__ import annotations

from agreements.examples import failures
from agreements.running import not_carried_out
from tests.agreements.editors import faults
from tests.agreements.texts import bent, document

CLAIMS = """\
  file_within: 60 days
  counted_from: later of aware and notified
  no_later_than: {within: 1 year, counted_from: incident_start}
  at_least_until: {within: 14 days, counted_from: published}
  opens: {on_day: 5, counted_from: period_end}
  ticket: during the outage
  decide: 30 business days
  pay: {within: second invoice, counted_from: approved}
  month_ends: same_date
"""
REST = """\
billing: {cycle: own_month, begins_on_day: 15, invoiced_after: 3 days}
reports:
  - {name: first_findings, within: 24 hours, severities: [p1]}
maintenance: {planned: {notice: 5 business days}}
calendars:
  late:
    time_zone: UTC
    hours: {monday-sunday: "00:00-24:00"}
    breaks: {sunday: ["02:00-03:00"]}
    special_hours: {2026-12-24: "09:00-12:00"}
    holidays: {public_holidays_of: [DE, FR], holiday_in: all, also: ["12-25", 2026-12-31], years: 2026-2027}
support:
  severities: {p1: Down, p2: Slow}
  response:
    every_tier: {p1: {within: 1 business hour, calendar: late, outside_hours: 2 hours}, p2: 2 hours}
  acknowledgement: 5 minutes
  progress_every: {plus: 1 hour}
  resolution: not_promised
  calendar: {plus: late}
  waiting_pauses: [response]
  priority:
    matrix: {wide: {now: p1}}
    facts: {workaround: There is one}
    rules: [{when: workaround, at_most: p2}, {when: [workaround], unless: workaround, always: p1}]
    otherwise: p2
excused:
  own: {treatment: counts_as_up, means: Of our own, repaired_within: 5 minutes}
  planned_maintenance:
    treatment: counts_as_up
    allowance: {each: 4 hours, times_per_quarter: 2}
    windows: [{hours: {sunday: "02:00-04:00"}, weeks: [first, last], announced: true}]
  ddos: {treatment: counts_as_up, allowance: {plus: {per_month: 1 hour}}}
chronic_failure:
  - {name: a_day, counts: {down_more_than: 24 hours}, added_up: true, within: 12 months, end_within: 30 days}
  - {name: often, times: 3, in_a_row: true, end_within: {within: 30 days, counted_from: aware}}
examples:
  - name: everything
    given:
      severity: p1
      opened: "2026-05-20T10:00Z (Wednesday)"
      waiting: ["2026-05-20T10:00Z to 2026-05-20T11:00Z"]
      acknowledged_after: 3 minutes
      periods: [{period: 2026-01, missed: true, down: 25 hours}]
      month: 2026-05
      down_during: ["2026-05-20T10:00Z to 2026-05-20T10:05Z", "2026-05-20T12:00Z to 2026-05-20T12:06Z"]
    expect:
      may_end: true
      may_end_until: 2026-03-02
      response_due: "2026-05-20T12:00Z"
      support_breach: false
      down_minutes: 6
"""
TEXT = bent("  file_within: 60 days\n", CLAIMS) + REST


def test_everything_can_be_said_at_once() -> None:
    assert failures(document(TEXT)) == []


def test_editors_know_all_of_it() -> None:
    assert faults(TEXT) == []


def test_it_is_checked_and_tried_but_not_published() -> None:
    beyond = {problem.path.partition("[")[0] for problem in not_carried_out(document(TEXT))}
    assert {
        *(
            "claims.counted_from",
            "claims.opens",
            "claims.no_later_than",
            "claims.ticket",
            "claims.decide",
            "claims.pay",
        ),
        *("excused.own", "excused.planned_maintenance.windows", "excused.ddos.allowance", "calendars"),
        *("maintenance.planned.notice", "reports", "chronic_failure", "billing.cycle"),
    } <= beyond
