"""Until when a month may be claimed (SEMANTICS 16, and 20 for what an entitlement adds)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache

from agreements.cycles import last_day_of, plus_months
from agreements.terms import Terms
from agreements.terms.limits import Reach, Within
from claims.events.entitlement import Bound
from kernel.business_time import BusinessCalendar
from kernel.dates import DAY, date_at, date_of_end, end_of
from kernel.intervals import instant_of
from kernel.minutes import MonthMinutes, Outage

BY_INCIDENT = "incident"
BY_PUBLICATION = "publication"
BY_KNOWN = "known"
BY_CLAIMED_TIMES = "claimed_times"
BY_TOLD = "told"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRule:
    """The agreement's answers about filing: zone, days, days after the news, reminders, roll.

    `within` stands in place of the days where the agreement counts months, or to a period's end.
    """

    zone: tzinfo
    within_days: int
    min_after_known_days: int
    remind_before_days: tuple[int, ...]
    roll_to: BusinessCalendar | None = None
    within: Within | None = None


def filing_rule(terms: Terms) -> FilingRule | None:
    """Take the answers out of the terms; None where the agreement has nothing to claim."""
    claims = terms.claims
    if claims is None or claims.filing is None:
        return None
    in_days = claims.filing.reach is Reach.DAYS
    return FilingRule(
        zone=terms.zone,
        within_days=claims.file_within if in_days else 0,
        within=None if in_days else claims.filing,
        min_after_known_days=claims.min_after_known,
        remind_before_days=claims.remind_before,
        roll_to=terms.calendar() if claims.roll else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The last claimable outage of a month; no end while it is open."""

    ended_at: datetime | None


def last_incident(minutes: MonthMinutes) -> Incident | None:
    """Find the last outage with an unexcused down minute of the account in the month.

    It ends with its last unexcused minute, also where that lies beyond the month. Where every
    outage is an incident of its own (`incident: each`), a claim that is in time for one covers
    the month, so the last one decides as well. None: nothing was measured that could be claimed.
    """
    claimable = minutes.claimable_outages
    if not claimable:
        return None
    if any(outage.is_open for outage in claimable):
        return Incident(ended_at=None)
    return Incident(ended_at=instant_of(max(_claimable_end(one) for one in claimable)))


def _claimable_end(outage: Outage) -> int:
    """Number the minute after the outage's last claimable one."""
    return max(outage.unexcused.end, (outage.last_unexcused or 0) + 1)


@lru_cache(maxsize=4096)
def counted_days(day_zero: date, rule: FilingRule, *, by: str) -> Bound:
    """Count the agreement's days from day 0, roll where it says so, and end at midnight.

    Day 0 never counts; the bound is the midnight that ends the last day, exclusive. It is
    not that many times 24 hours.
    """
    last_day = counted_to(day_zero, rule)
    if rule.roll_to is not None:
        last_day = rule.roll_to.rolled_forward(last_day)
    return Bound(day_zero=day_zero, last_day=last_day, until=end_of(last_day, rule.zone), by=by)


def counted_to(day_zero: date, rule: FilingRule) -> date:
    """Give the last day that is counted, before it rolls."""
    if rule.within is None:
        return day_zero + rule.within_days * DAY
    if rule.within.reach is Reach.MONTHS:
        return plus_months(day_zero, rule.within.amount)
    return last_day_of(rule.within.of, day_zero, later=rule.within.amount)


def _rolled(day: date, calendar: BusinessCalendar) -> date:
    while not calendar.is_business_day(day):
        day += DAY
    return day


def incident_bound(ended_at: datetime, rule: FilingRule) -> Bound:
    """Tell the bound that an outage's end gives."""
    return counted_days(date_of_end(ended_at, rule.zone), rule, by=BY_INCIDENT)


def publication_bound(published_at: datetime, rule: FilingRule) -> Bound:
    """Tell the bound of what only a correction showed: day 0 is its publication (SEMANTICS 20)."""
    return counted_days(date_at(published_at, rule.zone), rule, by=BY_PUBLICATION)


def claimed_times_bound(claimed_until: datetime, rule: FilingRule) -> Bound:
    """Tell the bound where nothing was measured: from the end of the times that are claimed."""
    return counted_days(date_of_end(claimed_until, rule.zone), rule, by=BY_CLAIMED_TIMES)


def known_bound(opened_on: date, rule: FilingRule) -> Bound:
    """Tell the earliest bound of what opened on this date: its days after the news, no roll."""
    last_day = opened_on + rule.min_after_known_days * DAY
    return Bound(day_zero=opened_on, last_day=last_day, until=end_of(last_day, rule.zone), by=BY_KNOWN)


def told_bound(until: datetime, told_at: datetime, zone: tzinfo) -> Bound:
    """Tell a bound that a filing was answered with: whatever is found out since, it never moves earlier."""
    return Bound(day_zero=date_at(told_at, zone), last_day=date_of_end(until, zone), until=until, by=BY_TOLD)


def latest(*bounds: Bound | None) -> Bound | None:
    """Choose the bound that ends last; the first of equals, None where there is none."""
    return max((one for one in bounds if one), key=lambda one: one.until, default=None)


def reminders(bound: Bound, rule: FilingRule, *, after: datetime) -> tuple[datetime, ...]:
    """Tell when to remind: so many days before the end, as far as that lies ahead."""
    moments = (end_of(bound.last_day - days * DAY, rule.zone) for days in rule.remind_before_days)
    return tuple(moment for moment in moments if moment > after)
