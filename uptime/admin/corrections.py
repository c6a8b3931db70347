"""Corrections at the desk: what was found, by whom and why."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from customers.admin.desk import DeskAdmin, history_table
from customers.queries import name_of_actor, names_of
from eventstore import history
from uptime import queries
from uptime.models import Correction


@admin.register(Correction)
class CorrectionAdmin(DeskAdmin):
    """Every correction, the newest first."""

    list_display = ("finding", "service_name", "starts_at", "ends_at", "corrected_at")
    list_filter = ("finding",)
    ordering = ("-corrected_at", "id")
    readonly_fields = ("service_name", "holds_for", "events")
    fieldsets = (
        (None, {"fields": ("finding", "service_name", "monitor", "starts_at", "ends_at", "holds_for")}),
        ("Why", {"fields": ("reason", "evidence")}),
        ("History", {"fields": ("events",)}),
    )

    @admin.display(description="service")
    def service_name(self, row: Correction) -> str:
        """The service."""
        return str(queries.service_of(row.service))

    @admin.display(description="for")
    def holds_for(self, row: Correction) -> str:
        """For whom it holds."""
        names = names_of(row.accounts)
        return ", ".join(names.get(account, str(account)) for account in row.accounts) or "everybody"

    @admin.display(description="events")
    def events(self, row: Correction) -> SafeString:
        """What happened, as it stands in the log."""
        return history_table(history(row.id), name_of_actor)
