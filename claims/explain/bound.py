"""The end of a filing window explained: which day is day 0, what was counted, what was rolled over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agreements.terms import Terms
from claims.events.entitlement import Bound
from claims.explain.shown import Step
from claims.rules.filing_bound import (
    BY_CLAIMED_TIMES,
    BY_INCIDENT,
    BY_KNOWN,
    BY_PUBLICATION,
    FilingRule,
    counted_to,
    filing_rule,
)
from kernel import shown

DAY_ZERO = {
    BY_INCIDENT: "the date of the last down minute that nothing excuses",
    BY_PUBLICATION: "the date on which the correction was published",
    BY_CLAIMED_TIMES: "the date on which the claimed times end",
    BY_KNOWN: "the date on which it became known",
}


def explain_bound(bound: Bound, terms: Terms) -> tuple[Step, ...]:
    """Tell how a filing bound was computed, in order; the terms are those that it was judged by."""
    return tuple(_steps(bound, terms))


def _steps(bound: Bound, terms: Terms) -> Iterator[Step]:
    claims = terms.claims
    if claims is None:
        return
    known = bound.by == BY_KNOWN
    field = "min_after_known" if known else "file_within"
    clause = terms.clause("claims", field)
    zero = f"Day 0 is {shown.day(bound.day_zero)}, {DAY_ZERO[bound.by]}."
    yield Step(name="day_zero", title="Day 0", sentence=zero, clause=terms.clause("claims", "counted_from"))
    rule = filing_rule(terms)
    if known or rule is None:
        sentence = f"Day {claims.min_after_known} is {shown.day(bound.last_day)}: that is the last day."
        yield Step(name="last_day", title="Last day", sentence=sentence, clause=clause)
    else:
        yield _counted(bound, terms, rule, clause)
    until = f"The first instant that is late is {shown.instant(bound.until, terms.zone)}, the midnight that ends it."
    yield Step(name="bound", title="Bound", sentence=until, clause=clause)


def _counted(bound: Bound, terms: Terms, rule: FilingRule, clause: str) -> Step:
    """Tell the last day, how it was counted, and which days it was rolled over."""
    last = counted_to(bound.day_zero, rule)
    counted = f"Day {rule.within_days}" if rule.within is None else f"The end of the time limit ({rule.within})"
    if rule.roll_to is None:
        sentence = f"{counted} is {shown.day(last)}: that is the last day."
    else:
        sentence = f"{counted} is {shown.day(last)}.{_rolled(last, bound, terms)} "
        sentence += f"The last day is {shown.day(bound.last_day)}."
    return Step(name="last_day", title="Last day", sentence=sentence, clause=clause)


def _rolled(last: date, bound: Bound, terms: Terms) -> str:
    due = terms.calendar().add_calendar_days_rolled(bound.day_zero, (last - bound.day_zero).days)
    over = "; ".join(str(one) for one in terms.calendar().explain_days(due).skipped if one.day >= due.last)
    return f" It is rolled over what is no business day ({over})." if over else ""
