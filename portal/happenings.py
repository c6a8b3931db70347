"""A claim's history in the customer's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from claims.events import claim as events
from claims.queries.claims import Happening
from eventstore import Event
from kernel import shown


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


def _filed(event: events.ClaimFiled, _zone: tzinfo) -> tuple[str, str]:
    by = shown.last_day(event.settlement.due_at, ZoneInfo(event.settlement.zone))
    missing = f" Missing so far: {', '.join(event.missing)}." if event.missing else ""
    return "Filed", f"We decide by {by}.{missing}"


def _refused(event: events.FilingRefused, _zone: tzinfo) -> tuple[str, str]:
    return "Not accepted", f"{event.sentence} ({event.clause})" if event.clause else event.sentence


def _asked(event: events.EvidenceRequested, _zone: tzinfo) -> tuple[str, str]:
    by = shown.last_day(event.answer_due_at, ZoneInfo(event.settlement.zone))
    pause = " The time to decide stands still until then." if event.pausing else ""
    return "We asked you for something", f"{event.question.reveal()} Please answer by {by}.{pause}"


def _evidence(event: events.EvidenceAdded, _zone: tzinfo) -> tuple[str, str]:
    return "Evidence added", ", ".join(one.name.reveal() for one in event.evidence)


def _approved(event: events.ClaimApproved, _zone: tzinfo) -> tuple[str, str]:
    return "Approved", f"{shown.percent(event.percent)} of {shown.money(event.base)}: {shown.money(event.credit)}."


def _credited(event: events.ClaimCredited, _zone: tzinfo) -> tuple[str, str]:
    cycle = shown.month(event.cycle)
    return "Credited", f"{shown.money(event.posted)} is on your balance, for the billing cycle of {cycle}."


def _difference(event: events.DifferenceCredited, _zone: tzinfo) -> tuple[str, str]:
    return "Difference credited", f"A corrected month pays more: {shown.money(event.posted)} was added."


def _rejected(event: events.ClaimRejected, zone: tzinfo) -> tuple[str, str]:
    appeal = f" You can appeal until {shown.last_day(event.appeal_bound, zone)}." if event.appeal_bound else ""
    return "Rejected", f"{event.sentence} ({event.clause}){appeal}"


def _appealed(event: events.ClaimAppealed, _zone: tzinfo) -> tuple[str, str]:
    return "You appealed", f"We decide by {shown.last_day(event.settlement.due_at, ZoneInfo(event.settlement.zone))}."


def _missed(event: events.SettlementMissed, zone: tzinfo) -> tuple[str, str]:
    return "We are late", f"The decision was due at {shown.instant(event.due_at, zone)}. It has been escalated."


def _plain(title: str, words: str = "") -> Teller:
    return lambda _event, _zone: (title, words)


TELLERS: dict[type[Event], Teller] = {
    events.ClaimFiled: _filed,
    events.FilingRefused: _refused,
    events.ClaimTakenUp: _plain("Being checked", "A person is comparing your claim with our measurements."),
    events.EvidenceRequested: _asked,
    events.EvidenceAdded: _evidence,
    events.TimesAdded: _plain("Times added"),
    events.RequestAnswered: _plain("You answered", "The time to decide runs again."),
    events.RequestLapsed: _plain("No answer in time", "We decide on our own measurement."),
    events.RequestDropped: _plain("We go on without it"),
    events.ContestGranted: _plain("Contested time found right", "The measurement is corrected."),
    events.ContestDenied: _plain("Contested time looked at", "The measurement stands."),
    events.ClaimApproved: _approved,
    events.ClaimCredited: _credited,
    events.DifferenceCredited: _difference,
    events.ClaimRejected: _rejected,
    events.ClaimAppealed: _appealed,
    events.AppealLapsed: _plain("Final", "Nobody appealed in time."),
    events.ClaimWithdrawn: _plain("Withdrawn"),
    events.SettlementMissed: _missed,
}
