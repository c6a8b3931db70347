"""Histories in the operators' words: what happened, when it did and when it was written, by whom and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from claims.events import claim as of_claim
from claims.events import period as of_period
from customers.queries import name_of_actor
from eventstore import Event, Recorded
from kernel import shown
from kernel.intervals import Interval

Teller = Callable[[Any], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of a history."""

    version: int
    stream: str
    type: str
    title: str
    words: str
    by: str
    occurred_at: datetime
    recorded_at: datetime


def told(history: Iterable[Recorded], tellers: Mapping[type[Event], Teller] | None = None) -> list[Told]:
    """Tell a stream's events, the newest first; in these words, or in those of claims and months."""
    name_of = cache(name_of_actor)
    lines = [_line(one, name_of, TELLERS if tellers is None else tellers) for one in history]
    return lines[::-1]


def _line(one: Recorded, name_of: Callable[[str, str], str], tellers: Mapping[type[Event], Teller]) -> Told:
    actor = one.meta["actor"]
    teller = tellers.get(type(one.event))
    title, words = teller(one.event) if teller else (_plain_name(one.type_name), "")
    return Told(
        version=one.version,
        stream=str(one.stream),
        type=one.type_name,
        title=title,
        words=words,
        by=name_of(actor["kind"], actor["id"]),
        occurred_at=one.occurred_at,
        recorded_at=one.recorded_at,
    )


def _plain_name(type_name: str) -> str:
    return type_name.rpartition(".")[2].replace("_", " ").capitalize()


def _at(instant: datetime) -> str:
    return shown.instant(instant, UTC)


def span_of(stretch: Interval) -> str:
    """Write a stretch of time, in UTC."""
    return f"{_at(stretch.start)} to {_at(stretch.end)}"


def _filed(event: of_claim.ClaimFiled) -> tuple[str, str]:
    missing = f" Missing: {', '.join(event.missing)}." if event.missing else ""
    return "Filed", f"Received {_at(event.received_at)}, to be decided before {_at(event.settlement.due_at)}.{missing}"


def _refused(event: of_claim.FilingRefused) -> tuple[str, str]:
    return "Filing refused", f"{event.sentence} ({', '.join(one for one in (event.code, event.clause) if one)})"


def _asked(event: of_claim.EvidenceRequested) -> tuple[str, str]:
    pause = " The clock stands still until then." if event.pausing else ""
    words = f"{event.question.reveal()} Answer due before {_at(event.answer_due_at)}.{pause}"
    return f"Asked for {' and '.join(event.parts)}", words


def _evidence(event: of_claim.EvidenceAdded) -> tuple[str, str]:
    files = ", ".join(one.name.reveal() for one in event.evidence)
    return "Evidence added", " ".join(part for part in (files, event.words.reveal() if event.words else "") if part)


def _resumed(event: of_claim.ClockResumed) -> tuple[str, str]:
    words = f"{' and '.join(event.parts).capitalize()} came: to be decided before {_at(event.settlement.due_at)}."
    return "The clock runs again", words


def _times(event: of_claim.TimesAdded) -> tuple[str, str]:
    return "Times added", _spans(event.added)


def _spans(times: of_claim.Times) -> str:
    return "; ".join(span_of(one) for one in times)


def _contest(title: str) -> Callable[[Any], tuple[str, str]]:
    return lambda event: (title, f"{span_of(event.stretch)}: {event.reason} ({event.code})")


def _prepared(event: of_claim.ClaimPrepared) -> tuple[str, str]:
    words = f"{shown.money(event.credit)} by statement version {event.statement_version}."
    return "Approval prepared", f"{words} {event.note}".strip()


def _approved(event: of_claim.ClaimApproved) -> tuple[str, str]:
    amount = f"{shown.percent(event.percent)} of {shown.money(event.base)}: {shown.money(event.credit)}"
    why = "" if event.because == "examined" else f", because of the {event.because.replace('_', ' ')}"
    left = f" Still to be decided: {_spans(event.undecided)}." if event.undecided else ""
    return "Approved", f"{amount} by statement version {event.statement_version}, {event.clause}{why}.{left}"


def _rejected(event: of_claim.ClaimRejected) -> tuple[str, str]:
    end = f" It can be appealed before {_at(event.appeal_bound)}." if event.appeal_bound else " It is final."
    return "Rejected", f"{event.sentence} ({event.code}, {event.clause}){end}"


def _appealed(event: of_claim.ClaimAppealed) -> tuple[str, str]:
    return "Appealed", f"{event.words.reveal()} To be decided before {_at(event.settlement.due_at)}."


def _withdrawn(event: of_claim.ClaimWithdrawn) -> tuple[str, str]:
    return "Withdrawn by the customer", event.words.reveal() if event.words else ""


def _credited(event: of_claim.ClaimCredited) -> tuple[str, str]:
    return "Credited", f"{shown.money(event.posted)} was posted, for the bill of {shown.month(event.applies_to)}."


def _difference(event: of_claim.DifferenceCredited) -> tuple[str, str]:
    words = f"{shown.money(event.before)} became {shown.money(event.credit)}; {shown.money(event.posted)} was posted."
    return "Difference credited", words


def _reversed(event: of_claim.CreditReversed) -> tuple[str, str]:
    left = shown.money(event.posted_in_all)
    words = f"Posting {event.posting}, {shown.money(event.amount)}, was undone; {left} stands: {event.reason}"
    return "Credit reversed", words


def _raised(event: of_claim.CreditRaised) -> tuple[str, str]:
    return "Credit raised", f"{shown.money(event.before)} became {shown.money(event.credit)}."


def _warned(event: of_claim.SettlementWarned) -> tuple[str, str]:
    return "Warned", f"The decision is due before {_at(event.due_at)}."


def _moved(event: of_claim.SettlementMoved) -> tuple[str, str]:
    return "Deadline moved", f"From {_at(event.before)} to {_at(event.settlement.due_at)}: {event.reason}"


def _missed(event: of_claim.SettlementMissed) -> tuple[str, str]:
    then = "It is approved as soon as a credit shows." if event.then == "approve" else "The operators were told."
    return "Deadline missed", f"It was due before {_at(event.due_at)}. {then}"


def _dropped(event: of_claim.RequestDropped) -> tuple[str, str]:
    return "Went on without an answer", event.reason


def _waiting(event: of_period.PeriodWaiting) -> tuple[str, str]:
    return "Waits for an operator", " ".join(one.sentence for one in event.reasons)


def _accepted(event: of_period.PeriodUnknownAccepted) -> tuple[str, str]:
    return "Accepted as it stands", f"{event.reason} ({shown.minutes(event.minutes.total)})"


def _closed(event: of_period.PeriodClosed) -> tuple[str, str]:
    return "Closed", f"{event.statements:,} statements were issued."


def _review(event: of_period.PeriodReviewAsked) -> tuple[str, str]:
    return f"Review asked for: {event.cause.replace('_', ' ')}", event.reason


def _reviewed(event: of_period.PeriodReviewed) -> tuple[str, str]:
    return "Reviewed", f"{event.statements:,} statements and {event.entitlements:,} entitlements changed."


def _always(title: str) -> Callable[[Any], tuple[str, str]]:
    return lambda _event: (title, "")


TELLERS: Final[dict[type[Event], Teller]] = {
    of_claim.ClaimFiled: _filed,
    of_claim.FilingRefused: _refused,
    of_claim.ClaimTakenUp: _always("Taken up"),
    of_claim.EvidenceRequested: _asked,
    of_claim.EvidenceAdded: _evidence,
    of_claim.TimesAdded: _times,
    of_claim.ClockResumed: _resumed,
    of_claim.RequestAnswered: _always("The customer answered"),
    of_claim.RequestLapsed: _always("No answer came in time"),
    of_claim.RequestDropped: _dropped,
    of_claim.ContestGranted: _contest("Contested time granted"),
    of_claim.ContestDenied: _contest("Contested time denied"),
    of_claim.ClaimPrepared: _prepared,
    of_claim.ClaimApproved: _approved,
    of_claim.ClaimRejected: _rejected,
    of_claim.ClaimAppealed: _appealed,
    of_claim.AppealLapsed: _always("Rejection final: nobody appealed in time"),
    of_claim.ClaimWithdrawn: _withdrawn,
    of_claim.CreditRaised: _raised,
    of_claim.ClaimCredited: _credited,
    of_claim.DifferenceCredited: _difference,
    of_claim.CreditReversed: _reversed,
    of_claim.SettlementWarned: _warned,
    of_claim.SettlementMoved: _moved,
    of_claim.SettlementMissed: _missed,
    of_period.PeriodOpened: _always("Began"),
    of_period.PeriodWaiting: _waiting,
    of_period.PeriodUnknownAccepted: _accepted,
    of_period.PeriodClosing: _always("Closing began"),
    of_period.PeriodClosed: _closed,
    of_period.PeriodReviewAsked: _review,
    of_period.PeriodReviewed: _reviewed,
}
