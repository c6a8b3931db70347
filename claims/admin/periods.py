"""Months at the desk: why one waits, accepting it as it stands, and having a closed one stated anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from claims.admin import forms
from claims.admin.acting import Act, ActingDesk
from claims.admin.happenings import told
from claims.commands import periods
from claims.events.period import WaitingReason
from claims.explain import deadlines
from claims.explain.shown import Stretch, stretches
from claims.models.period import Period, State
from claims.queries import statements
from claims.queries.periods import period as period_view
from claims.rules.period import CLAIM, EXCLUSION
from customers.admin.desk import Cleaned, act, instant, operator
from eventstore import history
from kernel import clock, shown
from kernel.ids import new_id

RESTATED = "restated"
PAGES = {CLAIM: "admin:claims_claim_change", EXCLUSION: "admin:uptime_exclusion_change"}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason to wait, its stretches, and the page of what it is about."""

    sentence: str
    stretches: tuple[Stretch, ...]
    address: str
    is_accepted: bool


@admin.register(Period)
class PeriodAdmin(ActingDesk):
    """Every month of every agreement, the newest first."""

    list_display = ("month", "agreement", "state", "close_due", "waiting", "closed", "statements")
    list_filter = ("state", "agreement")
    ordering = ("-month", "agreement", "id")
    actions_detail = ("accept", "restate")

    @admin.display(description="closes from (UTC)")
    def close_due(self, row: Period) -> str:
        """When it closes by itself."""
        return instant(row.close_due_at)

    @admin.display(description="waiting since (UTC)")
    def waiting(self, row: Period) -> str:
        """Since when an operator is waited for."""
        return instant(row.waiting_since)

    @admin.display(description="closed (UTC)")
    def closed(self, row: Period) -> str:
        """When it was closed."""
        return instant(row.closed_at)

    def called(self, row: Period) -> str:
        """Name a month with its agreement."""
        return f"{row.agreement}, {shown.month(row.month)}"

    def show(self, request: HttpRequest, row: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
        """Show the month: its times, what it waits for, its history."""
        view = period_view(row.agreement, row.month)
        context = {
            "title": self.called(row),
            "period": view,
            "version": row.version,
            "reasons": [_reason(row, one) for one in row.reasons],
            "accepts": row.state == State.WAITING,
            "restates": row.state == State.CLOSED,
            "reviewing": bool(row.asked),
            "awaiting": len(statements.awaiting_usage(row.agreement, row.month)),
            "dates": deadlines.of_period(view) if view else (),
            "history": told(history(row.id)),
            "key": new_id(),
            "problem": problem,
        }
        response = self.page(request, "admin/claims/period.html", context)
        response.status_code = status
        return response

    @act("Accept as it stands")
    def accept(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let the month close with what is unknown or undecided."""
        row: Period = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            periods.accept_as_it_stands(row.agreement, row.month, **given, by=operator(request), now=clock.now())
            return "It is accepted as it stands; the month closes within a minute."

        accepting = Act(
            title="Accept as it stands",
            form=forms.ReasonForm,
            lead=" ".join(one.sentence for one in row.reasons),
            careful=True,
            carry_out=carry_out,
        )
        return self.act_on(request, row, accepting)

    @act("State anew")
    def restate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have a closed month judged again; statements that differ get a new version."""
        row: Period = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            periods.ask_review(
                row.agreement, row.month, cause=RESTATED, reason=given["reason"], by=operator(request), now=clock.now()
            )
            return "The month is stated anew within a minute; its history tells how many statements changed."

        restating = Act(
            title="State the month anew",
            form=forms.ToldReasonForm,
            lead="The month is measured and judged as it stands now. Only statements that read differently get a "
            "new version; what was paid is never taken back.",
            careful=True,
            why_not="" if row.state == State.CLOSED else "Only a closed month is stated anew.",
            carry_out=carry_out,
        )
        return self.act_on(request, row, restating)


def _reason(row: Period, one: WaitingReason) -> Reason:
    page = PAGES.get(one.kind)
    return Reason(
        sentence=one.sentence,
        stretches=stretches(one.minutes),
        address=reverse(page, args=[one.reference]) if page else "",
        is_accepted=one.reference in row.accepted_references if page else not one.minutes - row.accepted_minutes,
    )
