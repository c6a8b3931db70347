"""An account's credit in the customer's words: what each posting did to the balance and to the bills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from agreements.explaining import Step
from claims.events import ledger as events
from claims.explain.ledger import explain_posting
from claims.queries import ledger
from claims.queries.ledger import PostingView
from eventstore import Event
from kernel import shown
from kernel.money import Money


@dataclass(frozen=True, slots=True)
class PostingTold:
    """One posting, and by how much it changed each of the customer's books; None: not at all."""

    at: datetime
    title: str
    words: str
    claim: UUID | None
    balance: Money | None
    reserved: Money | None
    billed: Money | None
    tree: Step


def postings_of(account: UUID) -> list[PostingTold]:
    """Tell an account's postings, the newest first."""
    return [told(one) for one in ledger.postings(account)[::-1]]


def told(posting: PostingView) -> PostingTold:
    """Tell one posting; its other side is the provider's book of credit granted."""
    changes = {line.book: line.amount for line in posting.lines}
    title, words = TELLERS[type(posting.event)](posting.event)
    return PostingTold(
        at=posting.occurred_at,
        title=title,
        words=words,
        claim=getattr(posting.event, "claim", None),
        balance=changes.get("balance"),
        reserved=changes.get("reserved"),
        billed=changes.get("billed"),
        tree=explain_posting(posting.event),
    )


def _posted(event: events.CreditPosted) -> tuple[str, str]:
    words = f"Granted on your claim; set aside for the bill of {shown.month(event.applies_to)} when that cycle begins."
    return f"Credit for {shown.month(event.month)}", words


def _opened(event: events.CycleOpened) -> tuple[str, str]:
    return f"Set aside for {shown.month(event.cycle)}", "The cycle began: its bill takes from this first."


def _drawn(event: events.CreditDrawn) -> tuple[str, str]:
    rest = f" {shown.money(event.returned)} went back to the balance." if event.returned.amount else ""
    return f"Bill of {shown.month(event.cycle)}", f"Its usage came to {shown.money(event.usage)}.{rest}"


def _adjusted(event: events.DrawAdjusted) -> tuple[str, str]:
    words = f"The usage changed to {shown.money(event.usage)}: {shown.money(event.drawn)} of credit applies."
    return f"Bill of {shown.month(event.cycle)} set right", words


def _reversed(event: events.PostingReversed) -> tuple[str, str]:
    return f"Credit for {shown.month(event.month)} undone", event.reason


TELLERS: Final[dict[type[Event], Callable[[Any], tuple[str, str]]]] = {
    events.CreditPosted: _posted,
    events.CycleOpened: _opened,
    events.CreditDrawn: _drawn,
    events.DrawAdjusted: _adjusted,
    events.PostingReversed: _reversed,
}
