"""From a time limit in words to its last day and its last instant (SEMANTICS 16, 18, 22).

Days are counted as dates from day 0, which never counts unless the agreement says so; the last day
ends at midnight of the agreement's zone, of business days at midnight of the business calendar's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TypeVar

from agreements.cycles import last_day_of, months_after_end, plus_months
from agreements.explaining import Step
from agreements.happening import OCCASION_WORDS, Happened, NotTold
from agreements.terms import Terms
from agreements.terms.limits import CYCLE, PERIOD_ENDS, CountedFrom, Limit, Reach
from agreements.terms.problems import Path
from kernel import shown
from kernel.dates import DAY, date_at, date_of_end, end_of

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class End:
    """Where a time limit ends: `late_from` is the first late instant, `last_instant` the one before.

    Without a limit, or while an incident lasts, all are None. `rolled_from` is the last day that
    was counted, where it rolled to another.
    """

    last_day: date | None = None
    last_instant: datetime | None = None
    late_from: datetime | None = None
    rolled_from: date | None = None
    step: Step


@dataclass(frozen=True, kw_only=True)
class Counting:
    """What counting a limit needs to know.

    `path` is where the limit stands in the terms, `around` the part with what belongs to it.
    """

    terms: Terms
    limit: Limit
    happened: Happened
    path: Path
    rule: str
    around: Path = ()
    same_date: bool = False

    @property
    def clause(self) -> str:
        """The clause of the limit."""
        return self.terms.clause(*self.path)

    def clause_of(self, field: str) -> str:
        """The clause of a field that belongs to the limit."""
        return self.terms.clause(*(self.around or self.path), field)

    @property
    def zone(self) -> tzinfo:
        """The zone of day 0 and of the midnight at which the last day ends."""
        within = self.limit.within
        return self.terms.calendar().zone if within.reach is Reach.BUSINESS_DAYS else self.terms.zone


def count(asked: Counting) -> End:
    """Count a time limit. Errors: NotTold where what it is counted from is not known."""
    return _COUNTED[asked.limit.within.reach](asked)


def day_zero(asked: Counting) -> tuple[date, Step]:
    """Give day 0 and how it was found."""
    _, day, step = _day_zero(asked)
    return day, step


def _day_zero(asked: Counting) -> tuple[str, date, Step]:
    """Give day 0 with the occasion that gave it, and how it was found."""
    told = {name: _date(asked.happened.moment(name), name, asked.zone) for name in asked.limit.counted_from.occasions}
    name, day = _chosen(asked.limit.counted_from, told)
    step = _from_step(asked, "Day 0", name, shown.day(day), told={one: shown.day(on) for one, on in told.items()})
    return name, day, step


def start(asked: Counting) -> tuple[datetime, Step]:
    """Give the instant from which a clock runs and how it was found; NotTold for a bare date."""
    told = {
        name: _instant(asked.happened.moment(name), name, asked.zone) for name in asked.limit.counted_from.occasions
    }
    name, instant = _chosen(asked.limit.counted_from, told)
    words = {one: shown.instant(at, asked.zone) for one, at in told.items()}
    return instant, _from_step(asked, "Start", name, shown.instant(instant, asked.zone), told=words)


def _date(moment: date | datetime, name: str, zone: tzinfo) -> date:
    if not isinstance(moment, datetime):
        return moment
    return date_of_end(moment, zone) if name.endswith("_end") else date_at(moment, zone)


def _instant(moment: date | datetime, name: str, zone: tzinfo) -> datetime:
    """Give the instant; a period that is told by its last day ends with it."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    if name in PERIOD_ENDS:
        return end_of(moment, zone)
    raise NotTold(name)


Moment = TypeVar("Moment", date, datetime)


def _chosen(counted_from: CountedFrom, told: Mapping[str, Moment]) -> tuple[str, Moment]:
    names = list(told)
    choose = min if counted_from.which == "earlier" else max
    name = choose(names, key=lambda one: told[one])
    return name, told[name]


def _from_step(asked: Counting, rule: str, name: str, result: str, told: Mapping[str, str]) -> Step:
    which = asked.limit.counted_from.which
    whole = f", the {which} of {_listed(told)}" if which else ""
    return Step(
        rule=rule,
        result=result,
        sentence=f"Counted from {OCCASION_WORDS[name]}{whole}: {result}.",
        inputs=tuple((OCCASION_WORDS[one], value) for one, value in told.items()),
        clause=asked.clause_of("counted_from"),
    )


def _listed(told: Mapping[str, str]) -> str:
    return " and ".join(OCCASION_WORDS[name] for name in told)


def _days(asked: Counting) -> End:
    zero, step = day_zero(asked)
    return _ending(asked, zero + _whole_days(asked) * DAY, step)


def _whole_days(asked: Counting) -> int:
    return asked.limit.within.amount - (1 if asked.limit.first_day_counts else 0)


def _business_days(asked: Counting) -> End:
    zero, step = day_zero(asked)
    calendar = asked.terms.calendar()
    first = zero - DAY if asked.limit.first_day_counts and calendar.is_business_day(zero) else zero
    due = calendar.add_business_days(first, asked.limit.within.amount)
    skipped = "; ".join(str(one) for one in due.explanation.skipped)
    counted = Step(
        rule="Business days",
        result=shown.day(due.day),
        sentence=f"{asked.limit.within} after {shown.day(zero)} is {shown.day(due.day)}.",
        inputs=(("calendar", due.explanation.hours), ("zone", shown.zone_name(calendar.zone)), ("skipped", skipped)),
        clause=asked.terms.clause("business_hours"),
    )
    return _ending(asked, due.day, step, counted)


def _months(asked: Counting) -> End:
    name, zero, step = _day_zero(asked)
    forward = months_after_end if name in PERIOD_ENDS and not asked.same_date else plus_months
    last = forward(zero, asked.limit.within.amount)
    return _ending(asked, last - (DAY if asked.limit.first_day_counts else 0 * DAY), step)


def _end_of(asked: Counting) -> End:
    zero, step = day_zero(asked)
    within = asked.limit.within
    if within.of == CYCLE:
        return _ending(asked, asked.happened.cycles.last_day(zero, later=within.amount), step)
    return _ending(asked, last_day_of(within.of, zero, later=within.amount), step)


def _next(asked: Counting) -> End:
    """Wait for the next invoice, or for the end of the next billing cycle."""
    zero, step = day_zero(asked)
    within = asked.limit.within
    if within.of == CYCLE:
        return _ending(asked, asked.happened.cycles.last_day(zero, later=within.amount), step)
    if "invoiced" in asked.happened.told and within.amount == 1:
        return _ending(asked, _date(asked.happened.moment("invoiced"), "invoiced", asked.zone), step)
    issued = asked.terms.billing.invoiced_after * DAY
    ended = asked.happened.cycles.last_day(zero - issued, later=within.amount - 1)
    return _ending(asked, ended + (issued or DAY), step)


def _elapsed(asked: Counting) -> End:
    begun, step = start(asked)
    return _at(asked, begun + asked.limit.within.time, step)


def _worked(asked: Counting) -> End:
    begun, step = start(asked)
    due = asked.terms.calendar().add_worked(begun, asked.limit.within.time)
    worked = Step(
        rule="Business hours",
        result=shown.instant(due.at, asked.terms.calendar().zone),
        sentence=" ".join(due.explanation.lines()),
        inputs=(("business hours", str(asked.limit.within)),),
        clause=asked.terms.clause("business_hours"),
    )
    return _at(asked, due.at, step, worked)


def _while_it_lasts(asked: Counting) -> End:
    if not asked.happened.known("incident_end"):
        return _open(asked, "The incident lasts, so the time has not ended.")
    ended = _instant(asked.happened.moment("incident_end"), "incident_end", asked.zone)
    return _at(asked, ended - INSTANT, told=f"In time is what happens before {shown.instant(ended, asked.zone)}.")


def _unlimited(asked: Counting) -> End:
    return _open(asked, "There is no time limit.")


def _open(asked: Counting, sentence: str) -> End:
    return End(step=Step(rule=asked.rule, result="no end", sentence=sentence, clause=asked.clause))


def _at(asked: Counting, last: datetime, *steps: Step, told: str = "") -> End:
    """End at an instant, which is itself in time."""
    result = shown.instant(last, asked.zone)
    return End(
        last_day=date_at(last, asked.zone),
        last_instant=last,
        late_from=last + INSTANT,
        step=Step(
            rule=asked.rule,
            result=result,
            sentence=told or f"{asked.limit.within} end at {result}; that instant is in time.",
            inputs=(("within", str(asked.limit.within)),),
            clause=asked.clause,
            steps=steps,
        ),
    )


def _ending(asked: Counting, counted: date, *steps: Step) -> End:
    """End with a day, rolled where the agreement says so, at the midnight that follows it."""
    last, rolled = _rolled(asked, counted)
    late = end_of(last, asked.zone)
    told = f"The last day in time is {shown.day(last)}; late is from {shown.instant(late, asked.zone)}."
    return End(
        last_day=last,
        last_instant=late - INSTANT,
        late_from=late,
        rolled_from=counted if rolled else None,
        step=Step(
            rule=asked.rule,
            result=shown.day(last),
            sentence=told,
            inputs=(("within", str(asked.limit.within)),),
            clause=asked.clause,
            steps=(*steps, *rolled),
        ),
    )


def _rolled(asked: Counting, day: date) -> tuple[date, tuple[Step, ...]]:
    """Roll a last day that is no business day to the next one, and say over what."""
    if not asked.limit.roll:
        return day, ()
    calendar = asked.terms.calendar()
    last = calendar.rolled_forward(day)
    if last == day:
        return day, ()
    passed = [day + number * DAY for number in range((last - day).days)]
    why = "; ".join(str(calendar.schedule.why_closed(one)) for one in passed)
    step = Step(
        rule="Roll",
        result=shown.day(last),
        sentence=f"{shown.day(day)} is no business day, so the last day rolls to {shown.day(last)}.",
        inputs=(("closed", why),),
        clause=asked.clause_of("roll"),
    )
    return last, (step,)


_COUNTED: Mapping[Reach, Callable[[Counting], End]] = {
    Reach.ELAPSED: _elapsed,
    Reach.WORKED: _worked,
    Reach.DAYS: _days,
    Reach.BUSINESS_DAYS: _business_days,
    Reach.MONTHS: _months,
    Reach.END_OF: _end_of,
    Reach.WHILE_IT_LASTS: _while_it_lasts,
    Reach.NEXT: _next,
    Reach.UNLIMITED: _unlimited,
}
