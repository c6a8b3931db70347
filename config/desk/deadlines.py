"""Deadlines at the desk: what is open, and what is held because its owner could not be woken."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from customers.admin.desk import DeskAdmin, instant
from deadlines.models import Deadline


class ByHold(admin.SimpleListFilter):
    """Picks deadlines by whether they are held."""

    title = "held"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Name the choices."""
        return [("yes", "held back after a failure"), ("no", "on time")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Deadline]) -> QuerySet[Deadline]:
        """Pick the deadlines."""
        match self.value():
            case "yes":
                return queryset.filter(attempts__gt=0)
            case "no":
                return queryset.filter(attempts=0)
            case _:
                return queryset


@admin.register(Deadline)
class DeadlineAdmin(DeskAdmin):
    """Every open deadline by when it next needs attention; the sweep alone changes them."""

    list_display = ("kind", "due", "next_look", "attempts", "held", "owner_events")
    list_filter = (ByHold, "kind")
    ordering = ("next_at", "id")
    fields = readonly_fields = ("kind", "due", "next_look", "attempts", "held", "owner_events")

    @admin.display(description="due before (UTC)", ordering="due_at")
    def due(self, row: Deadline) -> str:
        """The first late instant."""
        return instant(row.due_at)

    @admin.display(description="next look (UTC)", ordering="next_at")
    def next_look(self, row: Deadline) -> str:
        """When it next needs attention."""
        return instant(row.next_at)

    @admin.display(description="held until (UTC)", ordering="held_until")
    def held(self, row: Deadline) -> str:
        """Until when it is held back."""
        return instant(row.held_until) or "not held"

    @admin.display(description="whose")
    def owner_events(self, row: Deadline) -> SafeString:
        """A way to the events of the thing that it belongs to."""
        address = reverse("admin:eventstore_log_stream", args=[row.owner])
        return format_html('<a href="{}" class="underline">{}</a>', address, row.owner)
