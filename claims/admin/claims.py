"""Claims at the desk: found, looked at with everything that decides them, and acted on by forms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header

from claims.admin import forms
from claims.admin.acting import Act, Named
from claims.admin.asking import foreseen
from claims.admin.claim_page import Outlook, approval_refused, outlook, page_of, state_title
from claims.commands.claims import deadlines, decide, verify
from claims.models.claim import Claim
from claims.queries import claims
from claims.rules.decision import DENIALS, GRANTS, REJECTIONS
from customers import queries as customers
from customers.admin.desk import Cleaned, act, instant, operator
from eventstore import NotFound
from kernel import clock, shown
from kernel.ids import new_id

TYPED = "%Y-%m-%dT%H:%M:%S"


@admin.register(Claim)
class ClaimAdmin(Named):
    """Every claim and refused filing, the newest first."""

    list_display = ("holder", "month", "agreement", "state_words", "received", "due", "amount")
    list_display_links = ("holder",)
    list_filter = ("state", "agreement", "month")
    ordering = ("-received_at", "id")
    actions_detail = ("take_up", "ask", "go_on", "deny", "grant", "prepare", "approve", "reject", "move_deadline")

    @admin.display(description="customer")
    def holder(self, row: Any) -> str:
        """Whose claim it is."""
        return str(row.holder_name)

    @admin.display(description="state", ordering="state")
    def state_words(self, row: Claim) -> str:
        """Where it stands."""
        return state_title(row.state)

    @admin.display(description="received (UTC)", ordering="received_at")
    def received(self, row: Claim) -> str:
        """When it was received."""
        return instant(row.received_at)

    @admin.display(description="decision due before (UTC)")
    def due(self, row: Claim) -> str:
        """By when it is or was to be decided."""
        return instant(row.settlement.due_at) if row.settlement else ""

    @admin.display(description="credit")
    def amount(self, row: Claim) -> str:
        """What was granted."""
        return shown.money(row.credit) if row.credit else ""

    def called(self, row: Claim) -> str:
        """Name a claim by its customer and month."""
        return f"{customers.account(row.account).name}, {shown.month(row.month)}"

    def show(self, request: HttpRequest, row: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
        """Show the claim with its statement, evidence, deadlines and history."""
        now = clock.now()
        page = page_of(row.id, person=operator(request).id, now=now)
        context = {"title": self.called(row), "page": page, "key": new_id(), "problem": problem, "now": now}
        response = self.page(request, "admin/claims/claim.html", context)
        response.status_code = status
        return response

    def get_urls(self) -> list[URLPattern]:
        """Add the files of evidence."""
        file = self.admin_site.admin_view(self.evidence)
        at = "<uuid:object_id>/evidence/<uuid:evidence>/"
        return [path(at, file, name="claims_claim_evidence"), *super().get_urls()]

    def evidence(self, request: HttpRequest, object_id: UUID, evidence: UUID) -> HttpResponse:
        """Give a file as an attachment: it is never shown inside this site."""
        try:
            found = claims.evidence_content(object_id, evidence)
        except NotFound as error:
            raise Http404 from error
        disposition = content_disposition_header(as_attachment=True, filename=found.name)
        headers = {"Content-Disposition": disposition or "attachment", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(found.content, content_type=found.media_type, headers=headers)

    @act("Take up")
    def take_up(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Begin to examine the claim or its appeal."""
        row = self.found(request, object_id)

        def carry_out(_given: Cleaned) -> str:
            verify.take_up(row.id, by=operator(request), now=clock.now())
            return "You took the claim up."

        lead = "The customer is told that somebody is looking at the claim."
        return self.act_on(request, row, Act(title="Take up", lead=lead, carry_out=carry_out))

    @act("Ask the customer")
    def ask(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for times or evidence, knowing what that does to the deadline."""
        row = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            verify.ask_for_evidence(row.id, **given, by=operator(request), now=clock.now())
            due = claims.claim(row.id).due_at
            return f"The customer is asked. The decision is due before {_told(due)}."

        lead = foreseen(row, now=clock.now())
        asking = Act(title="Ask the customer", button="Ask", form=forms.AskForm, lead=lead, carry_out=carry_out)
        return self.act_on(request, row, asking)

    @act("Go on without an answer")
    def go_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop waiting for the customer."""
        row = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            verify.go_on(row.id, **given, by=operator(request), now=clock.now())
            return f"The claim is examined without it. It is due before {_told(claims.claim(row.id).due_at)}."

        lead = "What was asked for does not pause the clock again."
        going = Act(title="Go on without an answer", form=forms.ReasonForm, lead=lead, carry_out=carry_out)
        return self.act_on(request, row, going)

    @act("Deny")
    def deny(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let the measurement stand against a contested stretch."""
        row = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            verify.deny_contested(row.id, **given, by=operator(request), now=clock.now())
            return "The measurement stands for this stretch."

        denying = Act(
            title="Deny a contested stretch",
            button="Deny",
            form=forms.coded(forms.ContestForm, DENIALS),
            initial=_stretch(request),
            carry_out=carry_out,
        )
        return self.act_on(request, row, denying)

    @act("Grant")
    def grant(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Find the customer right about a contested stretch."""
        row = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            verify.grant_contested(row.id, **given, by=operator(request), now=clock.now())
            return "The stretch is granted; a correction of the measurement follows within moments."

        granting = Act(
            title="Grant a contested stretch",
            button="Grant",
            form=forms.coded(forms.ContestForm, GRANTS),
            initial=_stretch(request),
            lead="The measurement is corrected to down for this account, and a closed month is stated anew.",
            carry_out=carry_out,
        )
        return self.act_on(request, row, granting)

    @act("Prepare approval")
    def prepare(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Work the approval out for another person."""
        row = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            verify.prepare(row.id, **given, by=operator(request), now=clock.now())
            return "The approval is prepared; above the limit another person gives it."

        ahead = outlook(claims.claim(row.id))
        preparing = Act(
            title="Prepare approval",
            button="Prepare",
            form=forms.NoteForm,
            lead=_amount(ahead),
            why_not=ahead.why_no_credit,
            carry_out=carry_out,
        )
        return self.act_on(request, row, preparing)

    @act("Approve")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Grant the credit that the statement shows."""
        row = self.found(request, object_id)
        view = claims.claim(row.id)
        ahead = outlook(view)
        contested = claims.contested_minutes(view.id, now=clock.now())
        refused = approval_refused(view, ahead, operator(request).id, contested=contested)

        def carry_out(given: Cleaned) -> str:
            decide.approve(row.id, **given, by=operator(request), now=clock.now())
            return f"{shown.money(claims.claim(row.id).credit)} is approved; it is posted within moments."

        approving = Act(
            title="Approve",
            button=f"Approve {shown.money(ahead.credit)}" if ahead.credit else "Approve",
            form=forms.ApproveForm,
            initial={"shown": ahead.credit or ""},
            lead=_amount(ahead),
            why_not=ahead.why_no_credit or (refused.sentence if refused else ""),
            careful=True,
            carry_out=carry_out,
        )
        return self.act_on(request, row, approving)

    @act("Reject")
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Reject the claim for the reason that the statement shows."""
        row = self.found(request, object_id)
        ahead = outlook(claims.claim(row.id))

        def carry_out(given: Cleaned) -> str:
            decide.reject(row.id, **given, by=operator(request), now=clock.now())
            return "The claim is rejected; the customer is told why, and by when it can be appealed."

        fitting = {ahead.rejection: REJECTIONS.get(ahead.rejection, ahead.rejection)} if ahead.rejection else {}
        rejecting = Act(
            title="Reject",
            button="Reject the claim",
            form=forms.coded(forms.RejectForm, fitting),
            initial={"code": ahead.rejection, "sentence": fitting.get(ahead.rejection, "")},
            lead="Only the reason that the statement shows can be given.",
            why_not=ahead.why_no_rejection,
            careful=True,
            carry_out=carry_out,
        )
        return self.act_on(request, row, rejecting)

    @act("Move deadline")
    def move_deadline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give the claim more time, by name and reason."""
        row: Claim = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            deadlines.move_deadline(row.id, **given, by=operator(request), now=clock.now())
            return f"The decision is due before {_told(claims.claim(row.id).due_at)}."

        due = row.settlement.due_at if row.settlement else None
        moving = Act(
            title="Move deadline",
            form=forms.MoveForm,
            lead=f"The decision is due before {_told(due)}. A promise is moved by name and reason only.",
            initial={"due_at": f"{due.astimezone(UTC):{TYPED}}" if due else ""},
            careful=True,
            carry_out=carry_out,
        )
        return self.act_on(request, row, moving)


def _told(due: datetime | None) -> str:
    return shown.instant(due, UTC) if due else "no known instant"


def _stretch(request: HttpRequest) -> dict[str, str]:
    """Take the stretch that a link on the claim's page names."""
    return {name: request.GET.get(name, "")[:16] for name in ("start", "end")}


def _amount(ahead: Outlook) -> str:
    """Say what would be granted, of what, by which version, and who may."""
    if ahead.credit is None or ahead.statement is None:
        return ahead.why_no_credit
    figures = ahead.statement.figures
    amount = (
        f"{shown.money(ahead.credit)}: {shown.percent(figures.percent)} of {shown.money(figures.base)}, at most "
        f"{shown.money(figures.cap)}, by statement version {ahead.statement.statement_version} ({figures.clause})."
    )
    two = f" Above {shown.money(ahead.two_people_above)} one person prepares and another approves."
    return amount + (two if ahead.needs_two else "")
