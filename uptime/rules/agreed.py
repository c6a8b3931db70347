"""What the terms of an agreement say about measurement, as the rules take it."""

from __future__ import annotations

from datetime import timedelta

from agreements.terms import Terms
from agreements.terms.excusing import Treatment
from uptime.events import Category, Monitor, Quorum
from uptime.rules.checks import MonitorRule
from uptime.rules.combining import ServiceRule
from uptime.rules.notice import NoticeRule


def monitor_rule(terms: Terms, monitor: Monitor) -> MonitorRule:
    """Judge the monitor's checks as it says itself, otherwise as the agreement says."""
    agreed = terms.measurement
    failing = frozenset(monitor.failing_statuses)
    return MonitorRule(
        fails=lambda status: status in failing or not agreed.success(status),
        quorum=monitor.quorum or Quorum(agreed.quorum),
        max_gap=max_gap(terms, monitor),
    )


def max_gap(terms: Terms, monitor: Monitor) -> timedelta:
    """Tell for how long the monitor's state is carried."""
    if monitor.max_gap_seconds is None:
        return terms.measurement.max_gap
    return timedelta(seconds=monitor.max_gap_seconds)


def service_rule(terms: Terms) -> ServiceRule:
    """Tell how the agreement combines the monitors of a service."""
    rule = terms.measurement.service_rule
    if isinstance(rule, str):
        return ServiceRule("all_down" if rule == "all_down" else "any_down")
    return ServiceRule("share", rule)


def treatments(terms: Terms) -> dict[str, Treatment]:
    """Tell how each category that the agreement excuses is treated."""
    return {category: found for category in Category if (found := terms.excused(category))}


def notice_rule(terms: Terms) -> NoticeRule:
    """Tell what the agreement asks of the announcement of planned maintenance."""
    return NoticeRule(terms.planned_notice, frozenset(terms.notice_channels), terms.notice_by_mail)


def judged_by(terms: Terms) -> str:
    """Write down how checks become minutes: two terms with the same words measure alike."""
    agreed = terms.measurement
    statuses = " ".join(sorted(agreed.success_statuses))
    gap = agreed.max_gap // timedelta(seconds=1)
    return f"{statuses} succeed; quorum {agreed.quorum}; carried {gap} s; months in {terms.zone}"
