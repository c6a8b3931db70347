"""Measured months at the desk: what the checks say, and what it comes to after corrections and exclusions."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from customers.admin.desk import DeskAdmin, history_table, table
from customers.queries import name_of_actor
from eventstore import history
from kernel import clock
from uptime import queries
from uptime.models import ServiceMonth
from uptime.showing import shown


@admin.register(ServiceMonth)
class ServiceMonthAdmin(DeskAdmin):
    """Every month that was measured, the newest first."""

    list_display = ("month", "name", "agreement", "minutes_down", "minutes_unknown")
    list_filter = ("agreement", "name")
    ordering = ("-month", "agreement", "name", "id")
    readonly_fields = ("measured_by", "comes_to", "events")
    fieldsets = (
        (None, {"fields": ("month", "name", "agreement", "terms_version", "judged_by", "measured_by")}),
        ("For everybody whom nothing names", {"fields": ("comes_to",)}),
        ("History", {"fields": ("events",)}),
    )

    @admin.display(description="minutes down, by monitor")
    def minutes_down(self, row: ServiceMonth) -> str:
        """What each monitor measured as down."""
        return ", ".join(f"{one.monitor}: {one.down.total:,}" for one in row.monitors)

    @admin.display(description="minutes unknown, by monitor")
    def minutes_unknown(self, row: ServiceMonth) -> str:
        """What each monitor did not measure."""
        return ", ".join(f"{one.monitor}: {one.unknown.total:,}" for one in row.monitors)

    @admin.display(description="monitors")
    def measured_by(self, row: ServiceMonth) -> SafeString:
        """Each monitor's minutes, and the digest of the checks behind them."""
        rows = [
            (one.monitor, f"{one.checks:,}", f"{one.down.total:,}", f"{one.unknown.total:,}", one.digest)
            for one in row.monitors
        ]
        return table(("Monitor", "Checks", "Down", "Unknown", "Digest"), rows, empty="Nothing watched it.")

    @admin.display(description="comes to")
    def comes_to(self, row: ServiceMonth) -> SafeString:
        """The month as it is after corrections and exclusions."""
        published = queries.terms_of_month(row.agreement, row.month)
        if published is None:
            return format_html("{}", "No version of the terms was in force.")
        month = queries.measured(row.agreement, row.name, row.month, terms=published.terms, now=clock.now())
        return format_html("<pre>{}</pre>", "\n".join(shown(month, month.minutes_for_others())))

    @admin.display(description="events")
    def events(self, row: ServiceMonth) -> SafeString:
        """Every measurement of the month, as it stands in the log."""
        return history_table(history(row.id), name_of_actor)
