"""When an answer is due: the promised time laid onto its clock and calendar (SEMANTICS 21, 22)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agreements.cycles import plus_months
from agreements.explaining import Step
from agreements.terms import Terms
from agreements.terms.limits import length_text
from agreements.terms.problems import Path
from agreements.terms.supporting import Answer, Clock, Promise
from kernel import shown
from kernel.business_time import BusinessCalendar, DueDay
from kernel.dates import DAY, date_at, end_of, local_instant
from kernel.intervals import Interval

INSTANT = timedelta(microseconds=1)
ANSWER_WORDS: Mapping[Answer, str] = {
    "response": "Response",
    "acknowledgement": "Acknowledgement",
    "progress_every": "Next update",
    "resolution": "Resolution",
}
Pauses = Sequence[Interval]


@dataclass(frozen=True, kw_only=True)
class AnswerDue:
    """By when an answer is due, in UTC.

    `due_at` is the instant that the promise names; `last_instant` is the last in time, which is
    that one or, of a strict promise, the one before; `late_from` is the first late one. All are
    None for a best effort, of which `guide_at` may tell what is usual.
    """

    promise: Promise
    due_at: datetime | None
    last_instant: datetime | None
    late_from: datetime | None
    guide_at: datetime | None
    step: Step

    def missed(self, *, answered_at: datetime | None, now: datetime) -> bool:
        """Tell whether the answer came late, or has not come and is late by now."""
        return self.late_from is not None and (answered_at or now) >= self.late_from


def answer_due(
    terms: Terms, answer: Answer, *, tier: str, severity: str, since: datetime, pauses: Pauses = ()
) -> AnswerDue | None:
    """Tell by when an answer of this kind is due; None where nothing is promised.

    `since` is what the clock runs from: the receipt, of an update the one before, and of a
    solution or reply the acknowledgement where the terms say so. `pauses` stop it where they may.
    """
    support = terms.support
    promise = support.promise(answer, tier, severity) if support else None
    if support is None or promise is None:
        return None
    before: tuple[Step, ...] = ()
    if promise.outside is not None and not terms.calendar(promise.calendar).is_open(since):
        before = (_outside(terms, promise, promise.outside, since),)
        promise = promise.outside
    stopped = pauses if answer in support.waiting_pauses else ()
    due_at = _due(terms, promise, since, stopped)
    guide = _due(terms, promise.guide, since, ()) if promise.guide else None
    last = _last(promise, due_at)
    path = _path(terms, answer, tier, severity)
    step = _explained(terms, promise, path, ANSWER_WORDS[answer], since, due_at, guide, stopped)
    return AnswerDue(
        promise=promise,
        due_at=due_at,
        last_instant=last,
        late_from=last and last + INSTANT,
        guide_at=guide,
        step=replace(step, steps=(*before, *step.steps)),
    )


def response_due(
    terms: Terms, *, tier: str, severity: str, received: datetime, pauses: Pauses = ()
) -> AnswerDue | None:
    """Tell by when a request is answered by a person; None where nothing is promised."""
    return answer_due(terms, "response", tier=tier, severity=severity, since=received, pauses=pauses)


def acknowledgement_due(terms: Terms, *, tier: str, severity: str, received: datetime) -> AnswerDue | None:
    """Tell by when a request's receipt is confirmed; None where nothing is promised."""
    return answer_due(terms, "acknowledgement", tier=tier, severity=severity, since=received)


def update_due(terms: Terms, *, tier: str, severity: str, updated: datetime) -> AnswerDue | None:
    """Tell by when the next update follows the one before; None where nothing is promised."""
    return answer_due(terms, "progress_every", tier=tier, severity=severity, since=updated)


def resolution_due(terms: Terms, *, tier: str, severity: str, since: datetime, pauses: Pauses = ()) -> AnswerDue | None:
    """Tell by when a problem is solved, from what `resolution_from` names; None where nothing is promised."""
    return answer_due(terms, "resolution", tier=tier, severity=severity, since=since, pauses=pauses)


def answer_by(terms: Terms, promise: Promise, *, received: datetime) -> datetime | None:
    """Give the last instant at which an answer is in time; None for best effort.

    Hours are elapsed, business hours are worked (or, where the terms say so, all hours of
    business days), and business days end at the close of the last one's last window.
    """
    return _last(promise, _due(terms, promise, received, ()))


def _last(promise: Promise, due_at: datetime | None) -> datetime | None:
    """Give the last instant in time: a strict promise and a calendar day end before theirs."""
    if due_at is None:
        return None
    before = promise.strict or promise.clock is Clock.CALENDAR_DAYS
    return due_at - INSTANT if before else due_at


def _due(terms: Terms, promise: Promise, since: datetime, pauses: Pauses) -> datetime | None:
    return _BY_CLOCK[promise.clock](terms, promise, since, pauses)


def _elapsed(_: Terms, promise: Promise, since: datetime, pauses: Pauses) -> datetime:
    return _paused(since + promise.time, since, pauses)


def _paused(due_at: datetime, since: datetime, pauses: Pauses) -> datetime:
    """Move an elapsed clock's end by the pauses, which do not overlap, before it."""
    for pause in sorted(pauses, key=lambda one: one.start):
        if pause.start < due_at and pause.end > since:
            due_at += pause.end - max(pause.start, since)
    return due_at


def _months(terms: Terms, promise: Promise, since: datetime, pauses: Pauses) -> datetime:
    local = since.astimezone(terms.zone)
    later = datetime.combine(plus_months(local.date(), promise.months), local.time())
    return _paused(local_instant(later, terms.zone), since, pauses)


def _calendar_days(terms: Terms, promise: Promise, since: datetime, pauses: Pauses) -> datetime:
    last = end_of(date_at(since, terms.zone) + promise.days * DAY, terms.zone)
    return _paused(last, since, pauses)


def _business_hours(terms: Terms, promise: Promise, since: datetime, pauses: Pauses) -> datetime:
    return _hours_of(terms, promise).add_worked(since, promise.time, pauses=pauses).at


def _hours_of(terms: Terms, promise: Promise) -> BusinessCalendar:
    calendar = terms.calendar(promise.calendar)
    worked = terms.support is None or terms.support.business_hours_mean == "worked"
    return calendar if worked else calendar.in_whole_days()


def _business_days(terms: Terms, promise: Promise, since: datetime, pauses: Pauses) -> datetime:
    return _last_day(terms, promise, since, pauses).closes_at


def _last_day(terms: Terms, promise: Promise, since: datetime, pauses: Pauses) -> DueDay:
    """Count to the last day; a same day that has closed already is the next one."""
    calendar = terms.calendar(promise.calendar)
    due = calendar.add_business_days(since, promise.days, pauses=pauses)
    return due if due.closes_at >= since else calendar.add_business_days(since, 1, pauses=pauses)


def _never(_: Terms, __: Promise, ___: datetime, ____: Pauses) -> None:
    return None


_BY_CLOCK: Mapping[Clock, Callable[[Terms, Promise, datetime, Pauses], datetime | None]] = {
    Clock.ELAPSED: _elapsed,
    Clock.MONTHS: _months,
    Clock.CALENDAR_DAYS: _calendar_days,
    Clock.BUSINESS_HOURS: _business_hours,
    Clock.BUSINESS_DAYS: _business_days,
    Clock.NONE: _never,
}


def _path(terms: Terms, answer: Answer, tier: str, severity: str) -> Path:
    """Give the path of the cell that holds the promise."""
    return ("support", answer, *(terms.support.place(answer, tier, severity) if terms.support else ()))


def _explained(
    terms: Terms,
    promise: Promise,
    path: Path,
    rule: str,
    since: datetime,
    due_at: datetime | None,
    guide: datetime | None,
    pauses: Pauses,
) -> Step:
    zone = terms.calendar(promise.calendar).zone if promise.clock.business else terms.zone
    inputs = (("promised", str(promise)), ("since", shown.instant(since, zone)))
    clause = terms.clause(*path)
    if due_at is None:
        usual = f" Usual is an answer by {shown.instant(guide, zone)}." if guide else ""
        sentence = f"{promise.text.capitalize()}: no time is promised.{usual}"
        return Step(rule=rule, result="no time", sentence=sentence, inputs=inputs, clause=clause)
    until = "before" if promise.strict or promise.clock is Clock.CALENDAR_DAYS else "by"
    result = f"{until} {shown.instant(due_at, zone)}"
    return Step(
        rule=rule,
        result=result,
        sentence=f"Promised within {promise} of {shown.instant(since, zone)}: due {result}.",
        inputs=inputs,
        clause=clause,
        steps=_counted(terms, promise, since, due_at, pauses),
    )


def _outside(terms: Terms, promise: Promise, instead: Promise, since: datetime) -> Step:
    """Tell that the clock begins outside the hours, for which another time is promised."""
    calendar = terms.calendar(promise.calendar)
    return Step(
        rule="Outside hours",
        result=str(instead),
        sentence=(
            f"{shown.instant(since, calendar.zone)} is outside the hours ({calendar.schedule.weekly}), "
            f"so {instead} are promised in place of {promise}."
        ),
        inputs=(("in hours", str(promise)), ("outside", str(instead))),
    )


def _pause_step(terms: Terms, pause: Interval) -> Step:
    length = length_text(pause.duration)
    sentence = f"The clock paused for {length} from {shown.instant(pause.start, terms.zone)}."
    return Step(rule="Pause", result=length, sentence=sentence, clause=terms.clause("support", "waiting_pauses"))


def _counted(terms: Terms, promise: Promise, since: datetime, due_at: datetime, pauses: Pauses) -> tuple[Step, ...]:
    """Tell the hours and days that business time was counted in."""
    if not promise.clock.business:
        return tuple(_pause_step(terms, pause) for pause in pauses if pause.start < due_at and pause.end > since)
    calendar = _hours_of(terms, promise) if promise.clock is Clock.BUSINESS_HOURS else terms.calendar(promise.calendar)
    if promise.clock is Clock.BUSINESS_HOURS:
        told = list(calendar.explain_worked(since, due_at, pauses=tuple(pauses)).lines())
    else:
        told = list(_last_day(terms, promise, since, pauses).explanation.lines())
    named: Path = ("calendars", promise.calendar) if promise.calendar else ("business_hours",)
    return (
        Step(
            rule="Business time",
            result=shown.instant(due_at, calendar.zone),
            sentence=" ".join(told),
            inputs=(("calendar", promise.calendar or "business hours"), ("zone", shown.zone_name(calendar.zone))),
            clause=terms.clause(*named),
        ),
    )
