"""What asking the customer would do to the deadline, told before it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from claims.admin.forms import PARTS
from claims.commands.claims.verify import foresee
from claims.models.claim import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What follows from asking for some parts."""

    label: str
    answer_due_at: datetime
    before: datetime
    due_at: datetime
    pausing: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Whether the decision is due at another instant."""
        return self.before != self.due_at


def foreseen(claim: Claim, *, now: datetime) -> SafeString:
    """Draw what follows from each choice of parts."""
    choices = [_choice(claim, tuple(parts.split()), label, now) for parts, label in PARTS if claim.settlement]
    return render_to_string("admin/claims/foreseen.html", {"choices": choices})


def _choice(claim: Claim, parts: tuple[str, ...], label: str, now: datetime) -> Choice:
    ahead = foresee(claim, parts, now=now)
    return Choice(
        label=label,
        answer_due_at=ahead.answer_due_at,
        before=claim.settlement.due_at,
        due_at=ahead.settlement.due_at,
        pausing=ahead.pausing,
    )
