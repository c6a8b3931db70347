"""Services at the desk: their monitors, and what can be asked for or found about their time."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from customers.admin.desk import Cleaned, DeskAdmin, act, history_table, instant, operator, table
from customers.queries import name_of_actor
from eventstore import history
from kernel import clock
from uptime import commands
from uptime.admin import forms
from uptime.events import Category, Finding, Monitor
from uptime.models import Service
from uptime.rules.admission import announced


@admin.register(Service)
class ServiceAdmin(DeskAdmin):
    """Every service that is measured."""

    list_display = ("name", "agreement", "monitors_count")
    list_filter = ("agreement",)
    search_fields = ("name",)
    ordering = ("agreement", "name", "id")
    actions_detail = ("propose_exclusion", "propose_window", "correct")
    readonly_fields = ("watched_by", "events")
    fieldsets = ((None, {"fields": ("name", "agreement", "watched_by")}), ("History", {"fields": ("events",)}))

    @admin.display(description="monitors")
    def monitors_count(self, row: Service) -> int:
        """How many monitors it has."""
        return len(row.monitors)

    @admin.display(description="monitors")
    def watched_by(self, row: Service) -> SafeString:
        """Its monitors, with what is different at each."""
        headers = ("Monitor", "Carried for (s)", "Quorum", "Failing statuses", "From (UTC)", "Until (UTC)")
        return table(headers, [_monitor(monitor) for monitor in row.monitors], empty="Nothing watches it yet.")

    @admin.display(description="events")
    def events(self, row: Service) -> SafeString:
        """What happened to the service, as it stands in the log."""
        return history_table(history(row.id), name_of_actor)

    @act("Exclude time", icon="event_busy")
    def propose_exclusion(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask that time be excused."""
        row: Service = self.found(request, object_id)

        def carry_out(form: Cleaned) -> str:
            commands.propose(
                row.id,
                Category(form["category"]),
                [form["stretch"]],
                reason=form["reason"],
                evidence=form["evidence"],
                scope=form["scope"],
                emergency=form["emergency"],
                by=operator(request),
                now=clock.now(),
            )
            return "The exclusion is proposed; a second person decides."

        return self._about(request, row, "Exclude time", forms.UnplannedForm, carry_out)

    @act("Planned window", icon="build")
    def propose_window(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask that a planned window be excused."""
        row: Service = self.found(request, object_id)

        def carry_out(form: Cleaned) -> str:
            told = announced(
                form["start"],
                form["end"],
                at=form["announced_at"],
                channel=form["channel"],
                accepted=form["accepted"],
            )
            commands.propose_window(
                row.id,
                [told],
                reason=form["reason"],
                evidence=form["evidence"],
                scope=form["scope"],
                by=operator(request),
                now=clock.now(),
            )
            return "The window is proposed; a second person decides."

        return self._about(request, row, "Planned window", forms.WindowForm, carry_out)

    @act("Correct", icon="rule")
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Record that a stretch was not as measured."""
        row: Service = self.found(request, object_id)

        def carry_out(form: Cleaned) -> str:
            commands.correct(
                row.id,
                Finding(form["finding"]),
                form["stretch"],
                accounts=form["accounts"],
                monitor=form["monitor"] or None,
                reason=form["reason"],
                evidence=form["evidence"],
                by=operator(request),
                now=clock.now(),
            )
            return "The correction is recorded; what was measured stays beside it."

        return self._about(request, row, "Correct", forms.CorrectionForm, carry_out)

    def _about(self, request: HttpRequest, row: Service, title: str, form: type, carry_out: object) -> HttpResponse:
        return self.perform(
            request,
            title=f"{title}: {row}",
            form=form,
            carry_out=carry_out,  # type: ignore[arg-type]
            back=self.page_of(row.pk),
        )


def _monitor(monitor: Monitor) -> tuple[object, ...]:
    gap = "as agreed" if monitor.max_gap_seconds is None else monitor.max_gap_seconds
    statuses = ", ".join(str(status) for status in monitor.failing_statuses)
    return (
        monitor.name,
        gap,
        monitor.quorum or "as agreed",
        statuses or "as agreed",
        instant(monitor.from_at) if monitor.from_at else "its first check, or addition",
        instant(monitor.until_at),
    )
