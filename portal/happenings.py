"""A claim's history in the customer's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from claims.events import claim as events
from claims.queries.claims import Happening
from eventstore import Event, Private
from kernel import shown
from kernel.intervals import Interval
from kernel.months import Month
from portal.days import last_day


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a history."""

    at: datetime
    title: str
    words: str


Teller = Callable[[Any, tzinfo], tuple[str, str]]


def told(history: Iterable[Happening], zone: tzinfo) -> list[Told]:
    """Tell what happened, the newest first; steps inside the house are left out."""
    lines = []
    for one in history:
        teller = TELLERS.get(type(one.event))
        if teller:
            title, words = teller(one.event, zone)
            lines.append(Told(one.occurred_at, title, words))
    return lines[::-1]


def _due(settlement: events.Settlement, zone: tzinfo) -> str:
    return last_day(settlement.due_at, settlement.zone, zone)


def _span(stretch: Interval, zone: tzinfo) -> str:
    return f"{shown.instant(stretch.start, zone)} to {shown.instant(stretch.end, zone)}"


def _filed(event: events.ClaimFiled, zone: tzinfo) -> tuple[str, str]:
    by = _due(event.settlement, zone)
    missing = f" Missing: {', '.join(event.missing)}." if event.missing else ""
    return "Filed", f"We decide by {by}.{missing}"


def _refused(event: events.FilingRefused, _zone: tzinfo) -> tuple[str, str]:
    return "Not accepted", f"{event.sentence} ({event.clause})" if event.clause else event.sentence


def _asked(event: events.EvidenceRequested, zone: tzinfo) -> tuple[str, str]:
    by = last_day(event.answer_due_at, event.settlement.zone, zone)
    pause = " The time to decide stands still until then." if event.pausing else ""
    return "We asked you for something", f"{event.question.reveal()} Please answer by {by}.{pause}"


def _evidence(event: events.EvidenceAdded, _zone: tzinfo) -> tuple[str, str]:
    files = ", ".join(one.name.reveal() for one in event.evidence)
    return "Evidence added", " ".join(part for part in (files, _words(event.words)) if part)


def _times(event: events.TimesAdded, zone: tzinfo) -> tuple[str, str]:
    spans = "; ".join(_span(one, zone) for one in event.added)
    return "Times added", f"{spans}. {_words(event.words)}".strip()


def _words(words: Private | None) -> str:
    return words.reveal() if words else ""


def _resumed(event: events.ClockResumed, zone: tzinfo) -> tuple[str, str]:
    return "Part of your answer came", f"The time to decide runs again: we decide by {_due(event.settlement, zone)}."


def _answered(event: events.RequestAnswered, zone: tzinfo) -> tuple[str, str]:
    return "You answered", f"The time to decide runs again: we decide by {_due(event.settlement, zone)}."


def _lapsed(event: events.RequestLapsed, zone: tzinfo) -> tuple[str, str]:
    return "No answer in time", f"We decide on our own measurement, by {_due(event.settlement, zone)}."


def _dropped(event: events.RequestDropped, zone: tzinfo) -> tuple[str, str]:
    return "We go on without an answer", f"We decide by {_due(event.settlement, zone)}."


def _granted(event: events.ContestGranted, zone: tzinfo) -> tuple[str, str]:
    return "Contested time found right", f"{_span(event.stretch, zone)}: the measurement is corrected."


def _denied(event: events.ContestDenied, zone: tzinfo) -> tuple[str, str]:
    return "Contested time looked at", f"{_span(event.stretch, zone)}: the measurement stands."


def _raised(event: events.CreditRaised, _zone: tzinfo) -> tuple[str, str]:
    words = f"A corrected statement shows more: {shown.money(event.credit)} instead of {shown.money(event.before)}."
    return "Credit raised", words


def _moved(event: events.SettlementMoved, zone: tzinfo) -> tuple[str, str]:
    before = last_day(event.before, event.settlement.zone, zone)
    return "Last day to decide moved", f"We decide by {_due(event.settlement, zone)}; before, it was {before}."


def _withdrawn(event: events.ClaimWithdrawn, _zone: tzinfo) -> tuple[str, str]:
    return "You took the claim back", _words(event.words)


def _approved(event: events.ClaimApproved, zone: tzinfo) -> tuple[str, str]:
    words = f"{shown.percent(event.percent)} of {shown.money(event.base)}: {shown.money(event.credit)}."
    if event.undecided:
        spans = "; ".join(_span(one, zone) for one in event.undecided)
        words += f" Still to be decided: {spans}. What we find right of it is added."
    return "Approved", words


def _credited(event: events.ClaimCredited, _zone: tzinfo) -> tuple[str, str]:
    return "Credited", f"{shown.money(event.posted)} is on your balance, {_for_cycle(event.applies_to)}."


def _difference(event: events.DifferenceCredited, _zone: tzinfo) -> tuple[str, str]:
    words = f"A corrected month pays more: {shown.money(event.posted)} was added, {_for_cycle(event.applies_to)}."
    return "Difference credited", words


def _for_cycle(cycle: Month) -> str:
    return f"for the billing cycle of {shown.month(cycle)}"


def _reversed(event: events.CreditReversed, _zone: tzinfo) -> tuple[str, str]:
    amount, left = shown.money(event.amount), shown.money(event.posted_in_all)
    return (
        "Credit taken back",
        f"{amount} left your balance, and {left} of the credit stands. The reason: {event.reason}",
    )


def _rejected(event: events.ClaimRejected, zone: tzinfo) -> tuple[str, str]:
    appeal = f" You can appeal until {shown.last_day(event.appeal_bound, zone)}." if event.appeal_bound else ""
    return "Rejected", f"{event.sentence} ({event.clause}){appeal}" if event.clause else f"{event.sentence}{appeal}"


def _appealed(event: events.ClaimAppealed, zone: tzinfo) -> tuple[str, str]:
    return "You appealed", f"{event.words.reveal()} We decide by {_due(event.settlement, zone)}."


def _missed(event: events.SettlementMissed, zone: tzinfo) -> tuple[str, str]:
    then = "It has been escalated."
    if event.then == "approve":
        then = "Your claim is approved by our own measurement, as soon as that shows a credit."
    return "We are late", f"The decision was due at {shown.instant(event.due_at, zone)}. {then}"


def _plain(title: str, words: str = "") -> Teller:
    return lambda _event, _zone: (title, words)


TELLERS: Final[dict[type[Event], Teller]] = {
    events.ClaimFiled: _filed,
    events.FilingRefused: _refused,
    events.ClaimTakenUp: _plain("Being checked", "A person is comparing your claim with our measurements."),
    events.EvidenceRequested: _asked,
    events.EvidenceAdded: _evidence,
    events.TimesAdded: _times,
    events.ClockResumed: _resumed,
    events.RequestAnswered: _answered,
    events.RequestLapsed: _lapsed,
    events.RequestDropped: _dropped,
    events.ContestGranted: _granted,
    events.ContestDenied: _denied,
    events.ClaimApproved: _approved,
    events.CreditRaised: _raised,
    events.ClaimCredited: _credited,
    events.DifferenceCredited: _difference,
    events.CreditReversed: _reversed,
    events.ClaimRejected: _rejected,
    events.ClaimAppealed: _appealed,
    events.AppealLapsed: _plain("Final", "Nobody appealed in time."),
    events.ClaimWithdrawn: _withdrawn,
    events.SettlementMoved: _moved,
    events.SettlementMissed: _missed,
}
# Steps inside the house: who worked the credit out, and who was reminded of the deadline.
INTERNAL: Final = frozenset({events.ClaimPrepared, events.SettlementWarned})
