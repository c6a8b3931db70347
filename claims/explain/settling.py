"""By when a claim is decided, and an answer waited for: each day counted, skipped or paused (SEMANTICS 18, 19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agreements.explaining import Step
from agreements.terms import Terms
from claims.events.claim import Settlement, SkippedDay
from claims.rules.settlement import ANSWER_WITHIN_DAYS, SettlementRule, answer_due, settlement_rule
from kernel import shown
from kernel.dates import date_of_end, end_of
from kernel.intervals import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A decision that is waited for: how its time was counted, from what, and what stopped it.

    `received_on` is the day of the filing; `month_ended_on` the month's last day, None on an
    appeal, which is received after it.
    """

    settlement: Settlement
    received_on: date
    month_ended_on: date | None
    pauses: tuple[Interval, ...] = ()


def explain_settlement(awaited: Awaited, terms: Terms) -> Step:
    """Tell by when a claim is decided and settled."""
    rule = settlement_rule(terms)
    due_at = awaited.settlement.due_at
    due = shown.instant(due_at, rule.calendar.zone)
    within = business_days(rule.within_days)
    return Step(
        rule="Settlement",
        inputs=(("within", within), ("last day", shown.day(date_of_end(due_at, rule.calendar.zone)))),
        clause=terms.clause("claims", "settle_within"),
        result=f"before {due}",
        sentence=f"{within} are promised; the first instant that is late is {due}.",
        steps=(
            _day_zero(awaited, terms),
            *_counted(awaited.settlement.counted, awaited.settlement.skipped, terms),
            *(_pause(one, terms, rule) for one in awaited.pauses),
            *_moved(awaited.settlement, rule),
        ),
    )


def explain_answer(asked_at: datetime, terms: Terms) -> Step:
    """Tell until when an answer is waited for."""
    rule = settlement_rule(terms)
    zone, zero = rule.calendar.zone, rule.calendar.day_of(asked_at)
    how = rule.calendar.add_business_days(asked_at, ANSWER_WITHIN_DAYS).explanation
    skipped = tuple(SkippedDay(one.day, f"{one.reason}, {one.name}") for one in how.skipped)
    due, asked = shown.instant(answer_due(asked_at, rule), zone), shown.instant(asked_at, zone)
    told, within = shown.day(zero), business_days(ANSWER_WITHIN_DAYS)
    day_zero = Step(
        rule="Day 0",
        inputs=(("asked", asked),),
        result=told,
        sentence=f"Day 0 is {told}, the day of the question. It does not count.",
    )
    return Step(
        rule="Answer",
        inputs=(("within", within), ("last day", shown.day(how.due))),
        clause=terms.clause("claims", "pause_for_evidence"),
        result=f"before {due}",
        sentence=f"An answer is waited for during {within}; the first instant that is late is {due}.",
        steps=(day_zero, *_counted(how.counted, skipped, terms)),
    )


def business_days(count: int) -> str:
    """Write a number of business days: 1 business day, 10 business days."""
    return f"{count} business day" if count == 1 else f"{count} business days"


def _day_zero(awaited: Awaited, terms: Terms) -> Step:
    told, received = shown.day(awaited.settlement.day_zero), shown.day(awaited.received_on)
    if awaited.month_ended_on is None:
        why = "the day on which the appeal was received"
        inputs: tuple[tuple[str, str], ...] = (("appeal received", received),)
    else:
        ended = shown.day(awaited.month_ended_on)
        why = f"the later of the day on which the claim was received ({received}) and the month's last day ({ended})"
        inputs = (("claim received", received), ("month's last day", ended))
    return Step(
        rule="Day 0",
        inputs=inputs,
        clause=terms.clause("claims", "clock_starts"),
        result=told,
        sentence=f"Day 0 is {told}, {why}. It does not count.",
    )


def _counted(counted: Sequence[date], skipped: Sequence[SkippedDay], terms: Terms) -> Iterator[Step]:
    """Tell the days in order: those that count by their number, the others by why they do not."""
    if not counted:
        return
    calendar, last = terms.calendar(), shown.day(counted[-1])
    between = f"; {len(skipped)} between were skipped" if skipped else ""
    yield Step(
        rule="Business days",
        inputs=(
            ("counted", str(len(counted))),
            ("skipped", str(len(skipped))),
            ("business hours", str(calendar.schedule.weekly_on(counted[0]))),
            ("zone", shown.zone_name(calendar.zone)),
        ),
        clause=terms.clause("business_hours"),
        result=last,
        sentence=f"Business day {len(counted)} after day 0 is {last}{between}.",
        steps=tuple(_days(counted, skipped)),
    )


def _days(counted: Iterable[date], skipped: Iterable[SkippedDay]) -> Iterator[Step]:
    told = {one: ("Business day", ("number", f"{number}"), f"is day {number}") for number, one in enumerate(counted, 1)}
    told |= {one.day: ("Skipped", ("why", one.why), f"does not count: {one.why}") for one in skipped}
    for day in sorted(told):
        rule, known, sentence = told[day]
        yield Step(rule=rule, inputs=(known,), result=shown.day(day), sentence=f"{shown.day(day)} {sentence}.")


def _pause(pause: Interval, terms: Terms, rule: SettlementRule) -> Step:
    start, end = (shown.instant(at, rule.calendar.zone) for at in (pause.start, pause.end))
    return Step(
        rule="Pause",
        inputs=(("from", start), ("to", end)),
        clause=terms.clause("claims", "pause_for_evidence"),
        result=shown.span(pause.duration),
        sentence=(
            f"The clock stood still from {start} to {end}, while we waited for an answer: "
            "a business day that lies wholly in it does not count."
        ),
    )


def _moved(settlement: Settlement, rule: SettlementRule) -> Iterator[Step]:
    """Tell that an operator moved the deadline, where it is not the midnight that was counted to."""
    zone = rule.calendar.zone
    if not settlement.counted:
        return
    computed = end_of(settlement.counted[-1], zone)
    if computed != settlement.due_at:
        before, after = shown.instant(computed, zone), shown.instant(settlement.due_at, zone)
        yield Step(
            rule="Moved",
            inputs=(("counted to", before),),
            result=after,
            sentence=f"Counted was to {before}; an operator moved it to {after}, by name and reason.",
        )
