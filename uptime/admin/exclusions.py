"""Exclusions at the desk: what is proposed, with the buttons by which a second person decides."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from customers.admin.desk import CarryOut, Cleaned, DeskAdmin, act, history_table, instant, operator, table
from customers.queries import name_of_actor, names_of
from eventstore import history
from kernel import clock
from uptime import commands, queries
from uptime.admin import forms
from uptime.events import (
    Category,
    ExclusionApproved,
    ExclusionRejected,
    ExclusionRevoked,
    WindowCalledOff,
    WindowCompleted,
)
from uptime.models import Exclusion
from uptime.models.exclusion import State


@admin.register(Exclusion)
class ExclusionAdmin(DeskAdmin):
    """Every exclusion, the newest time first."""

    list_display = ("category", "state", "service_name", "starts_at", "ends_at")
    list_filter = ("state", "category")
    ordering = ("-starts_at", "id")
    actions_detail = (
        "approve",
        "reject",
        "revoke",
        {"title": "Window", "items": ["complete", "call_off"]},
    )
    readonly_fields = ("service_name", "covers", "stretches", "people", "notices", "emergency_record", "events")
    fieldsets = (
        (
            None,
            {"fields": ("category", "state", "people", "service_name", "covers", "stretches", "reason", "evidence")},
        ),
        ("Notice and emergency", {"fields": ("notices", "completed_at", "called_off", "emergency_record")}),
        ("History", {"fields": ("events",)}),
    )

    @admin.display(description="service")
    def service_name(self, row: Exclusion) -> str:
        """The service."""
        return str(queries.service_of(row.service))

    @admin.display(description="covers")
    def covers(self, row: Exclusion) -> str:
        """What and whom it covers."""
        monitors = ", ".join(row.scope.monitors) or "the whole service"
        names = names_of(row.scope.accounts)
        accounts = ", ".join(names.get(account, str(account)) for account in row.scope.accounts) or "everybody"
        return f"{monitors}, for {accounts}"

    @admin.display(description="time (UTC)")
    def stretches(self, row: Exclusion) -> SafeString:
        """Its stretches."""
        rows = [(instant(stretch.start), instant(stretch.end)) for stretch in row.intervals]
        return table(("From", "Until"), rows, empty="None.")

    @admin.display(description="decided by")
    def people(self, row: Exclusion) -> str:
        """Who proposed it, who decided, and what is waited for."""
        said = [f"{name_of_actor('operator', row.proposed_by)} proposed it on {instant(row.proposed_at)} UTC."]
        if row.state == State.PROPOSED:
            said.append("Another person approves or rejects it.")
        if row.decided_at:
            word = "rejected" if row.state == State.REJECTED else "approved"
            why = f": {row.decision}" if row.decision else ""
            said.append(f"{name_of_actor('operator', row.decided_by)} {word} it on {instant(row.decided_at)} UTC{why}.")
        if row.revoked_at:
            by = name_of_actor("operator", row.revoked_by)
            said.append(f"{by} revoked it on {instant(row.revoked_at)} UTC: {row.revocation}.")
        return " ".join(said)

    def offers(self, request: HttpRequest, row: Exclusion, button: Any) -> bool:
        """Leave the approval to a person who did not propose it, and windows to planned maintenance."""
        if button.records is ExclusionApproved and row.proposed_by == operator(request).id:
            return False
        if button.records in (WindowCompleted, WindowCalledOff) and row.category != Category.PLANNED:
            return False
        return super().offers(request, row, button)

    @admin.display(description="announcements")
    def notices(self, row: Exclusion) -> SafeString:
        """What was announced, when, how and to how many."""
        rows = [
            (
                instant(told.stretch.start),
                instant(told.stretch.end),
                told.act.replace("_", " "),
                told.channel,
                instant(told.announced_at),
                f"{len(told.accepted):,}",
            )
            for told in row.announcements
        ]
        headers = ("From (UTC)", "Until", "What", "By", "Announced", "Accounts that accepted")
        return table(headers, rows, empty="It was not announced.")

    @admin.display(description="emergency")
    def emergency_record(self, row: Exclusion) -> SafeString:
        """The record of the emergency."""
        record = row.emergency
        given = instant(record.notice_given_at) or record.why_no_notice if record else ""
        rows = [(record.condition, record.customers_affected, record.urgency, given)] if record else []
        return table(("Condition", "Customers", "Urgency", "Notice"), rows, empty="It is no emergency.")

    @admin.display(description="events")
    def events(self, row: Exclusion) -> SafeString:
        """What happened to the exclusion, as it stands in the log."""
        return history_table(history(row.id), name_of_actor)

    @act("Approve", icon="check", records=ExclusionApproved)
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let the time be excused."""

        def carry_out(form: Cleaned) -> str:
            commands.approve(row.id, **form, by=operator(request), now=clock.now())
            return "The time is excused."

        row: Exclusion = self.found(request, object_id)
        return self._about(request, row, "Approve", forms.ApprovalForm, carry_out)

    @act("Reject", icon="close", records=ExclusionRejected)
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Refuse the proposal."""

        def carry_out(form: Cleaned) -> str:
            commands.reject(row.id, **form, by=operator(request), now=clock.now())
            return "The proposal is rejected."

        row: Exclusion = self.found(request, object_id)
        return self._about(request, row, "Reject", forms.ReasonForm, carry_out)

    @act("Revoke", icon="undo", records=ExclusionRevoked)
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Undo an approval."""

        def carry_out(form: Cleaned) -> str:
            commands.revoke(row.id, **form, by=operator(request), now=clock.now())
            return "The exclusion excuses nothing any more."

        row: Exclusion = self.found(request, object_id)
        return self._about(request, row, "Revoke", forms.ReasonForm, carry_out)

    @act("Completed", records=WindowCompleted)
    def complete(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Tell when a window's work was done."""

        def carry_out(form: Cleaned) -> str:
            commands.complete_window(row.id, **form, by=operator(request), now=clock.now())
            return "The window ends there, if it had not ended before."

        row: Exclusion = self.found(request, object_id)
        return self._about(request, row, "Completed", forms.CompletionForm, carry_out)

    @act("Called off", records=WindowCalledOff)
    def call_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Tell that a window did not take place."""

        def carry_out(form: Cleaned) -> str:
            commands.call_off_window(row.id, **form, by=operator(request), now=clock.now())
            return "The window excuses nothing."

        row: Exclusion = self.found(request, object_id)
        return self._about(request, row, "Called off", forms.CallingOffForm, carry_out)

    def _about(self, request: HttpRequest, row: Exclusion, title: str, form: type, carry_out: CarryOut) -> HttpResponse:
        return self.perform(request, title=f"{title}: {row}", form=form, carry_out=carry_out, back=self.page_of(row.pk))
