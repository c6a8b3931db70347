"""Examples about claims, answers, excused time and the end of a contract, carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from agreements.chronic import Judged, rights
from agreements.excuses import Classes, Observed, classes
from agreements.explaining import Step
from agreements.happening import Happened, NotTold
from agreements.noticing import announce_by
from agreements.priorities import severity_of
from agreements.promises import ANSWER_WORDS, AnswerDue, answer_due
from agreements.settlement import decision_due, payment_due, report_due, report_owed, settlement_due
from agreements.terms import Terms
from agreements.terms.example_times import GivenTimes
from agreements.terms.examples import Given
from agreements.terms.supporting import Answer, Clock, Promise
from agreements.windows import Window, filing_window, ticket_window
from kernel import shown
from kernel.dates import end_of, start_of
from kernel.intervals import Interval, Ranges

Facts = dict[str, object]
Steps = tuple[Step, ...]
MINUTE = timedelta(minutes=1)
_OCCASIONS = (
    *(
        "incident_start",
        "incident_end",
        "period_end",
        "reported",
        "ticket",
        "ticket_closed",
        "aware",
        "eligible",
        "notified",
    ),
    *("published", "invoiced", "filed", "complete", "decided", "approved", "term_end"),
)
_DONE: Mapping[Answer, str] = {
    "acknowledgement": "acknowledged",
    "response": "answered",
    "resolution": "resolved",
    "progress_every": "updated",
}


@dataclass(frozen=True)
class Told:
    """What follows from what is given: figures by the names that examples expect, and how each came about.

    `needs` tells of a figure why it can not be told.
    """

    figures: Facts = field(default_factory=dict)
    steps: Steps = ()
    needs: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: Told) -> Told:
        steps = dict.fromkeys((*self.steps, *other.steps))
        return Told(self.figures | other.figures, tuple(steps), {**self.needs, **other.needs})


def told_times(terms: Terms, given: Given) -> Told:
    """Tell everything about times that follows from what is given."""
    told = Told({"claim_needed": not terms.claims.automatic} if terms.claims else {})
    happened = _happened(terms, given)
    if happened.told:
        told += _claimed(terms, given, happened)
    told += _supported(terms, given)
    if given.month is not None and given.down_during is not None:
        told += _classed(terms, given)
    if given.starts is not None:
        told += _noticed(terms, given.starts, given.announced)
    if given.periods:
        told += _ended(terms, given)
    return told


def _happened(terms: Terms, given: Given) -> Happened:
    told = {name: at for name in _OCCASIONS if (at := getattr(given, name, None)) is not None}
    for name in ("month_end", "quarter_end", "cycle_end"):
        if (ended := getattr(given, name)) is not None:
            told.setdefault("period_end", ended)
    if given.cycle_end is not None:
        told["billing_cycle_end"] = given.cycle_end
    if given.incident_day is not None:
        told |= {"incident_start": given.incident_day, "incident_end": given.incident_day}
    return Happened(terms, told, given.commitment or "")


def _claimed(terms: Terms, given: Given, happened: Happened) -> Told:
    asked = _windows(terms, given, happened)
    told = sum((_asked(name, window) for name, window in asked.items()), Told())
    if given.filed is not None:
        told += _filed(terms, given, given.filed, happened)
    if given.report is not None:
        severity = given.severity or given.priority
        owed = report_owed(terms, given.report, tier=given.tier, severity=severity)
        told += Told({"report_owed": owed})
    return told


def _asked(name: str, window: Callable[[], Window | None]) -> Told:
    """Tell a window by the names that examples expect, or why it can not be told."""
    try:
        found = window()
    except NotTold as missing:
        return Told(needs={field: str(missing) for field in _FIGURES[name]})
    if found is None:
        return Told()
    figures = (getattr(found, part) for part in _FIGURES[name].values())
    return Told(dict(zip(_FIGURES[name], figures, strict=True)), (found.step,))


_FIGURES: Mapping[str, Mapping[str, str]] = {
    "claim": {"claim_opens": "opens_at", "claim_deadline": "last_day", "claim_until": "late_from"},
    **{
        name: {f"{name}_{last}": "last_day", f"{name}_until": "last_instant"}
        for name, last in (
            *(("ticket", "deadline"), ("decision", "due"), ("settlement", "due")),
            *(("payment", "due"), ("report", "due")),
        )
    },
}


def _windows(terms: Terms, given: Given, happened: Happened) -> Mapping[str, Callable[[], Window | None]]:
    """Give every window that may be asked about, by name."""
    severity = given.severity or given.priority
    return {
        "claim": lambda: filing_window(terms, happened),
        "ticket": lambda: ticket_window(terms, happened),
        "decision": lambda: decision_due(terms, happened),
        "settlement": lambda: settlement_due(terms, happened),
        "payment": lambda: payment_due(terms, happened),
        "report": lambda: report_due(terms, given.report or "", happened, tier=given.tier, severity=severity),
    }


def _filed(terms: Terms, given: Given, filed: date | datetime, happened: Happened) -> Told:
    """Tell whether the claim, and the ticket before it, were in time."""
    try:
        window, ticket = filing_window(terms, happened), ticket_window(terms, happened)
    except NotTold as missing:
        return Told(needs={"claim_in_time": str(missing)})
    if window is None:
        return Told()
    in_time = _in_time(terms, window, filed) and _ticket_in_time(terms, given, ticket)
    return Told({"claim_in_time": in_time}, (_filed_step(terms, filed, window, in_time=in_time),))


def _filed_step(terms: Terms, filed: date | datetime, window: Window, *, in_time: bool) -> Step:
    at = shown.instant(filed, terms.zone) if isinstance(filed, datetime) else shown.day(filed)
    result = "in time" if in_time else "late" if not _in_time(terms, window, filed) else "without its ticket"
    sentence = f"The claim was filed on {at}: {result}."
    return Step(rule="Filing", result=result, sentence=sentence, inputs=(("filed", at),))


def _in_time(terms: Terms, window: Window, done: date | datetime) -> bool:
    """Tell whether something was in time; a bare day is in time if all of it is."""
    if isinstance(done, datetime):
        return window.holds(done)
    opened = window.opens_at is None or start_of(done, terms.zone) >= window.opens_at
    return opened and (window.late_from is None or end_of(done, terms.zone) <= window.late_from)


def _ticket_in_time(terms: Terms, given: Given, window: Window | None) -> bool:
    if terms.claims is None or terms.claims.ticket is None:
        return True
    return window is not None and given.ticket is not None and _in_time(terms, window, given.ticket)


# Support


def _supported(terms: Terms, given: Given) -> Told:
    if terms.support is None:
        return Told()
    told, severity = Told(), given.severity or given.priority
    if _asks_priority(given):
        found = severity_of(terms, stated=severity, impact=given.impact, urgency=given.urgency, facts=_facts(given))
        severity = found.severity
        told = Told({"severity": severity, "priority": severity}, (found.step,))
    tier = given.tier or next(iter(terms.tiers))
    breaches = []
    for answer, done in _DONE.items():
        told += _due(terms, given, answer, tier=tier, severity=severity or "")
        breaches += _breached(terms, given, answer, done, tier=tier, severity=severity or "")
    return told + (Told({"support_breach": any(breaches)}) if breaches else Told())


def _asks_priority(given: Given) -> bool:
    return given.impact is not None or given.urgency is not None or bool(_facts(given))


def _facts(given: Given) -> frozenset[str]:
    found = {*given.known, *(("workaround",) if given.workaround else ())}
    return frozenset(found | {given.cause} if given.cause is not None else found)


def _since(terms: Terms, given: Given, answer: Answer) -> datetime | None:
    """Tell from when the clock of an answer runs."""
    received = given.opened or given.received
    support = terms.support
    if answer == "progress_every":
        return given.updated or received
    begins = "receipt"
    if support is not None and answer in ("response", "resolution"):
        begins = support.response_from if answer == "response" else support.resolution_from
    return {"acknowledgement": given.acknowledged, "response": given.answered}.get(begins, received)


def _due(terms: Terms, given: Given, answer: Answer, *, tier: str, severity: str) -> Told:
    since = _since(terms, given, answer)
    if since is None:
        return Told(steps=_promised(terms, given, answer, tier=tier, severity=severity))
    due = answer_due(terms, answer, tier=tier, severity=severity, since=since, pauses=given.waiting)
    return Told() if due is None else Told(dict(_told(answer, due)), (due.step,))


def _promised(terms: Terms, given: Given, answer: Answer, *, tier: str, severity: str) -> Steps:
    """Tell a promise of elapsed time beside how long the answer took, where no instant is given."""
    after: timedelta | None = getattr(given, f"{_DONE[answer]}_after", None)
    promise = terms.support.promise(answer, tier, severity) if terms.support else None
    if promise is None or after is None or promise.clock is not Clock.ELAPSED:
        return ()
    late = _too_long(promise, after)
    took = f"{after / MINUTE:g} minutes"
    step = Step(
        rule=ANSWER_WORDS[answer],
        result="late" if late else "in time",
        sentence=f"Promised within {promise}; it took {took}, which is {'late' if late else 'in time'}.",
        inputs=(("promised", str(promise)), ("took", took)),
        clause=terms.clause("support", answer),
    )
    return (step,)


def _told(answer: Answer, due: AnswerDue) -> Iterator[tuple[str, object]]:
    name = "update" if answer == "progress_every" else answer
    yield f"{name}_due", due.last_instant
    yield f"{name}_before", due.late_from
    yield f"{name}_guide", due.guide_at
    if answer == "response":
        yield "answer_by", due.last_instant
        yield "best_effort", due.due_at is None


def _breached(terms: Terms, given: Given, answer: Answer, done: str, *, tier: str, severity: str) -> list[bool]:
    """Tell whether an answer came late; nothing where nothing tells when it came."""
    at: datetime | None = getattr(given, done)
    after: timedelta | None = getattr(given, f"{done}_after", None)
    since = _since(terms, given, answer)
    promise = terms.support.promise(answer, tier, severity) if terms.support else None
    if promise is None or answer == "progress_every":
        return []
    if since is None:
        return [_too_long(promise, after)] if after is not None and promise.clock is Clock.ELAPSED else []
    due = answer_due(terms, answer, tier=tier, severity=severity, since=since, pauses=given.waiting)
    came = at or (since + after if after is not None else None)
    return [] if due is None or came is None else [due.missed(answered_at=came, now=came)]


def _too_long(promise: Promise, after: timedelta) -> bool:
    return after >= promise.time if promise.strict else after > promise.time


# Excused time and chronic failure


def _classed(terms: Terms, given: GivenTimes) -> Told:
    if given.month is None:
        return Told()
    found = classes(
        terms,
        Observed(
            first=given.month.first_minute(terms.zone),
            last=given.month.last_minute(terms.zone),
            down=_minutes(given.down_during or ()),
            declared={name: _minutes(parts) for name, parts in given.declared.items()},
            announced=_minutes(given.announced_during),
        ),
        tier=getattr(given, "tier", None),
    )
    return Told(_class_facts(found), (found.step,))


def _class_facts(found: Classes) -> Facts:
    excused = found.excused_up | Ranges.union(
        one.minutes for one in found.categories if one.treatment == "outage_leaves_total"
    )
    return {
        "uptime": found.uptime,
        "down_minutes": found.down.total,
        "leaving_minutes": found.leaving.total,
        "excused_minutes": excused.total,
        "overrun_minutes": Ranges.union(one.overrun for one in found.categories).total,
    }


def _noticed(terms: Terms, starts_at: datetime, announced_at: datetime | None) -> Told:
    ahead = announce_by(terms, starts_at)
    told: Facts = {"announce_by": ahead.at}
    if announced_at is not None:
        told["notice_met"] = announced_at <= ahead.at
    return Told(told, (ahead.step,))


def _minutes(stretches: tuple[Interval, ...]) -> Ranges:
    return Ranges.union(one.minutes_inside() for one in stretches)


def _ended(terms: Terms, given: Given) -> Told:
    periods = [
        Judged(
            first_day=one.period.first.first_day,
            last_day=one.period.first.plus(one.period.months - 1).last_day,
            missed=one.missed,
            capped=one.capped,
            uptime=one.uptime,
            down_minutes=(one.down or timedelta()) // MINUTE,
            longest_outage_minutes=(one.longest_outage or timedelta()) // MINUTE,
            outages=one.outages,
            replies=one.replies,
            missed_replies=one.missed_replies,
        )
        for one in given.periods
    ]
    found = rights(terms, periods, tier=given.tier, told=_happened(terms, given).told)
    until = max((one.window.last_day for one in found if one.window and one.window.last_day), default=None)
    return Told({"may_end": bool(found), "may_end_until": until}, tuple(right.step for right in found))
