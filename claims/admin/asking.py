"""What asking the customer would do to the deadline, told before it is asked."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.safestring import SafeString

from claims.admin.forms import PARTS
from claims.commands.claims.verify import foresee
from claims.models.claim import Claim
from customers.admin.desk import table
from kernel import shown

HEADERS = ("If you ask for", "An answer is due before", "The decision is due before", "The clock")


def foreseen(claim: Claim, *, now: datetime) -> SafeString:
    """Draw what follows from each choice of parts."""
    rows = [_row(claim, tuple(parts.split()), label, now) for parts, label in PARTS if claim.settlement]
    return table(HEADERS, rows, empty="Nothing can be asked for.")


def _row(claim: Claim, parts: tuple[str, ...], label: str, now: datetime) -> tuple[str, str, str, str]:
    ahead = foresee(claim, parts, now=now)
    pause = f"stands still for {' and '.join(ahead.pausing)}" if ahead.pausing else "runs on"
    before, after = claim.settlement.due_at, ahead.settlement.due_at
    due = shown.instant(after, UTC)
    moved = f"{due}, instead of {shown.instant(before, UTC)}" if after != before else f"{due}, as now"
    return (label, shown.instant(ahead.answer_due_at, UTC), moved, pause)
