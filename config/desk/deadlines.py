"""Deadlines at the desk: what is open, and what is held because its owner could not be woken."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.claim_page import KINDS
from config.desk.owners import owners
from customers.admin.desk import DeskAdmin, instant
from deadlines.models import Deadline

TITLES: Final = {
    **KINDS,
    "claims.entitlement": "Time to claim",
    "claims.period.close": "Month closes",
    "claims.period.review": "Month is looked at again",
    "agreements.mail": "Announcement is mailed",
    "agreements.notice": "Notice ends",
    "agreements.effect": "Version takes effect or ends",
}


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


class ByKind(admin.SimpleListFilter):
    """Picks deadlines by what falls due."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Name the kinds that there are."""
        return list(TITLES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Deadline]) -> QuerySet[Deadline]:
        """Pick the deadlines."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Deadline)
class DeadlineAdmin(DeskAdmin):
    """Every open deadline by when it next needs attention; the sweep alone changes them."""

    list_display = ("title", "whose", "due", "next_look", "attempts", "held", "events")
    list_filter = (ByHold, ByKind)
    ordering = ("next_at", "id")
    fields = readonly_fields = ("title", "due", "next_look", "attempts", "held", "events")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Bring the names of the owners on this page along."""
        found = super().get_changelist_instance(request)
        named = owners(row.owner for row in found.result_list)
        for row in found.result_list:
            row.named = named[row.owner]
        return found

    @admin.display(description="deadline", ordering="kind")
    def title(self, row: Deadline) -> str:
        """What falls due."""
        return TITLES.get(row.kind, row.kind)

    @admin.display(description="whose")
    def whose(self, row: Any) -> SafeString:
        """The thing that it belongs to, and the way to its page."""
        return format_html('<a href="{}" class="underline">{}</a>', row.named.address, row.named.name)

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

    @admin.display(description="events")
    def events(self, row: Deadline) -> SafeString:
        """A way to the events of the thing that it belongs to."""
        address = reverse("admin:eventstore_log_stream", args=[row.owner])
        return format_html('<a href="{}" class="underline">in the log</a>', address)
