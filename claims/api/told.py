"""What a customer is told of an event: its fields by name, and nothing of the operators' own notes.

Every type of event stands here, so that a new one is told or kept on purpose.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from claims.events import claim, ledger
from claims.events.claim import EvidenceFile, Settlement
from customers.api.fields import fraction_shown, instant_text, money_shown
from eventstore import Event, Private
from kernel.money import Money
from kernel.months import Month

TOLD: Final[Mapping[type[Event], tuple[str, ...]]] = {
    claim.ClaimFiled: ("month", "received_at", "times", "evidence", "words", "missing", "bound", "settlement"),
    claim.FilingRefused: (
        "month",
        "received_at",
        "times",
        "evidence",
        "words",
        "code",
        "clause",
        "sentence",
        "existing",
    ),
    claim.ClaimTakenUp: (),
    claim.EvidenceRequested: ("parts", "question", "answer_due_at", "settlement"),
    claim.EvidenceAdded: ("evidence", "words"),
    claim.TimesAdded: ("added", "times", "words"),
    claim.ClockResumed: ("parts", "settlement"),
    claim.RequestAnswered: ("parts", "settlement"),
    claim.RequestLapsed: ("parts", "settlement"),
    claim.RequestDropped: ("parts", "reason", "settlement"),
    claim.ContestGranted: ("stretch", "code", "reason"),
    claim.ContestDenied: ("stretch", "code", "reason"),
    claim.ClaimApproved: (
        "statement_version",
        "terms_version",
        "override",
        "tier",
        "uptime",
        "percent",
        "base",
        "credit",
        "cap",
        "clause",
        "undecided",
    ),
    claim.ClaimRejected: ("statement_version", "code", "clause", "sentence", "appeal_bound"),
    claim.ClaimAppealed: ("words", "received_at", "settlement"),
    claim.AppealLapsed: ("lapsed_at",),
    claim.ClaimWithdrawn: ("words",),
    claim.CreditRaised: ("statement_version", "before", "credit", "cap"),
    claim.ClaimCredited: ("posted", "cycle", "applies_to"),
    claim.DifferenceCredited: (
        "statement_version",
        "before",
        "credit",
        "cap",
        "posted",
        "posted_in_all",
        "cycle",
        "applies_to",
    ),
    claim.CreditReversed: ("posting", "amount", "posted_in_all", "reason"),
    claim.SettlementMoved: ("settlement", "before", "reason"),
    claim.SettlementMissed: ("due_at",),
    ledger.CreditPosted: ("claim", "month", "statement_version", "amount", "cap", "balance", "cycle", "applies_to"),
    ledger.CycleOpened: ("cycle", "reserved", "balance"),
    ledger.CreditDrawn: ("cycle", "reserved", "usage", "drawn", "returned", "balance"),
    ledger.DrawAdjusted: ("cycle", "reserved", "usage", "before", "drawn", "balance"),
    ledger.PostingReversed: ("posting", "month", "amount", "balance", "reason"),
}
KEPT: Final = frozenset({claim.ClaimPrepared, claim.SettlementWarned})


def is_told(event: Event) -> bool:
    """Whether the customer sees the event at all."""
    return type(event) in TOLD


def details_of(event: Event) -> dict[str, Any]:
    """Give what the customer is told of an event."""
    return {name: plainly(getattr(event, name)) for name in TOLD[type(event)]}


def plainly(value: Any) -> Any:  # noqa: C901 — one line for each kind of value that events hold
    """Write a value as the rest of the API does."""
    match value:
        case datetime():
            return instant_text(value)
        case Money():
            return money_shown(value)
        case Fraction():
            return fraction_shown(value)
        case Private():
            return value.reveal()
        case Settlement():
            return {"day_zero": str(value.day_zero), "due_at": instant_text(value.due_at), "zone": value.zone}
        case EvidenceFile():
            return {"id": str(value.id), "name": value.name.reveal(), "size": value.size, "sha256": value.sha256}
        case Month() | UUID() | date():
            return str(value)
        case tuple():
            return [plainly(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plainly(getattr(value, field.name)) for field in fields(value)}
    return value
