"""The end of a filing window explained: which day is day 0, what was counted, what was rolled over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from agreements.explaining import Step
from agreements.terms import Terms
from claims.events.entitlement import Bound
from claims.rules.appeal import BY_REJECTION
from claims.rules.filing_bound import (
    BY_CLAIMED_TIMES,
    BY_INCIDENT,
    BY_KNOWN,
    BY_PUBLICATION,
    BY_TOLD,
    FilingRule,
    counted_to,
    filing_rule,
    known_bound,
)
from kernel import shown
from kernel.dates import DAY, date_at, date_of_end

DAY_ZERO: Final = {
    BY_INCIDENT: "the date of the last down minute that nothing excuses",
    BY_PUBLICATION: "the date on which the correction was published",
    BY_CLAIMED_TIMES: "the date on which the claimed times end",
    BY_KNOWN: "the date on which it became known",
    BY_REJECTION: "the date of the rejection",
}


def explain_bound(bound: Bound, terms: Terms, *, known_on: date | None = None) -> Step | None:
    """Tell how a filing bound was computed; the terms are those that it was judged by.

    `known_on` is the day on which the miss was first told, which gives a bound of its own. None
    where nothing can be claimed.
    """
    rule = filing_rule(terms)
    if rule is None:
        return None
    if bound.by == BY_KNOWN:
        return _window(bound, terms, "Claim window", "min_after_known", tuple(_known(bound, terms, rule)))
    if bound.by == BY_TOLD:
        return _window(bound, terms, "Claim window", "file_within", (_told(bound, terms),))
    steps = (*_counted(bound, terms, rule, "file_within", known_on), *_not_later(bound, rule, terms, known_on))
    return _window(bound, terms, "Claim window", "file_within", steps)


def explain_appeal(rejected_at: datetime, until: datetime, terms: Terms) -> Step | None:
    """Tell until when a rejection can be appealed; None where nothing can be."""
    rule = filing_rule(terms)
    if rule is None or terms.claims is None:
        return None
    bound = Bound(
        day_zero=date_at(rejected_at, terms.zone),
        last_day=date_of_end(until, terms.zone),
        until=until,
        by=BY_REJECTION,
    )
    counted = replace(rule, within_days=terms.claims.appeal_within, within=None)
    return _window(bound, terms, "Appeal", "appeal_within", tuple(_counted(bound, terms, counted, "appeal_within")))


def _window(bound: Bound, terms: Terms, rule: str, field: str, steps: tuple[Step, ...]) -> Step:
    last, late = shown.day(bound.last_day), shown.instant(bound.until, terms.zone)
    return Step(
        rule=rule,
        inputs=(("last day", last), ("zone", shown.zone_name(terms.zone))),
        clause=terms.clause("claims", field),
        result=last,
        sentence=f"The last day is {last}. The first instant that is late is {late}, the midnight that ends it.",
        steps=steps,
    )


def _counted(bound: Bound, terms: Terms, rule: FilingRule, field: str, known_on: date | None = None) -> Iterator[Step]:
    """Tell day 0, the last day that was counted, and which days it was rolled over."""
    yield _day_zero(bound, terms, known_on)
    last = counted_to(bound.day_zero, rule)
    within = str(rule.within) if rule.within else days(rule.within_days)
    number = f"The end of the time limit ({within})" if rule.within else f"Day {rule.within_days}"
    yield _last(bound.day_zero, last, within, number, terms.clause("claims", field))
    if last != bound.last_day:
        yield _rolled(last, bound.last_day, terms)


def _known(bound: Bound, terms: Terms, rule: FilingRule) -> Iterator[Step]:
    yield _day_zero(bound, terms)
    within, number = days(rule.min_after_known_days), f"Day {rule.min_after_known_days}"
    yield _last(bound.day_zero, bound.last_day, within, number, terms.clause("claims", "min_after_known"))


def _told(bound: Bound, terms: Terms) -> Step:
    last, told_on = shown.day(bound.last_day), shown.day(bound.day_zero)
    return Step(
        rule="Told",
        inputs=(("told on", told_on),),
        clause=terms.clause("claims", "file_within"),
        result=last,
        sentence=f"A claim of {told_on} was answered with {last}; what was told never moves earlier.",
    )


def _day_zero(bound: Bound, terms: Terms, known_on: date | None = None) -> Step:
    told = shown.day(bound.day_zero)
    field = "appeal_within" if bound.by == BY_REJECTION else "counted_from"
    promised = known_on is not None and bound.by == BY_INCIDENT
    then = ", as it was known when this was told; what was told never moves earlier" if promised else ""
    return Step(
        rule="Day 0",
        clause=terms.clause("claims", field),
        result=told,
        sentence=f"Day 0 is {told}, {DAY_ZERO[bound.by]}{then}. It does not count.",
    )


def days(count: int) -> str:
    """Write a number of days: 1 day, 30 days."""
    return f"{count:,} day" if count == 1 else f"{count:,} days"


def _last(zero: date, last: date, within: str, number: str, clause: str) -> Step:
    told = shown.day(last)
    return Step(
        rule="Counted days",
        inputs=(("day 0", shown.day(zero)), ("within", within)),
        clause=clause,
        result=told,
        sentence=f"{number} is {told}.",
    )


def _rolled(counted: date, last: date, terms: Terms) -> Step:
    """Tell over which days, and why, the last day was rolled to the next business day."""
    schedule = terms.calendar().schedule
    passed = [counted + number * DAY for number in range((last - counted).days)]
    closed = "; ".join(str(schedule.why_closed(one)) for one in passed)
    told = shown.day(last)
    return Step(
        rule="Roll",
        inputs=(("from", shown.day(counted)), ("closed", closed)),
        clause=terms.clause("claims", "roll"),
        result=told,
        sentence=f"It is rolled over what is no business day ({closed}), to {told}.",
    )


def _not_later(bound: Bound, rule: FilingRule, terms: Terms, known_on: date | None) -> Iterator[Step]:
    """Tell the days after the news, where they end no later and so change nothing (SEMANTICS 20)."""
    if known_on is None:
        return
    known = known_bound(known_on, rule)
    told, within = shown.day(known.last_day), days(rule.min_after_known_days)
    yield Step(
        rule="At least until",
        inputs=(("became known", shown.day(known_on)), ("within", within)),
        clause=terms.clause("claims", "min_after_known"),
        result=told,
        sentence=(
            f"The miss was first told on {shown.day(known_on)}; {within} after that end on {told}, "
            f"which is no later than {shown.day(bound.last_day)}."
        ),
    )
