"""Entitlements at the desk: who may claim which month, until when, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from claims.admin.acting import Named
from claims.admin.happenings import told
from claims.explain.deadlines import of_entitlement
from claims.models.entitlement import Entitlement
from claims.queries.entitlements import entitlement
from customers import queries as customers
from customers.admin.desk import instant
from eventstore import history
from kernel import shown


@admin.register(Entitlement)
class EntitlementAdmin(Named):
    """Every entitlement, the newest month first."""

    list_display = ("holder", "month", "agreement", "state", "until", "owed", "cause_words")
    list_display_links = ("holder",)
    list_filter = ("state", "agreement", "month")
    ordering = ("-month", "account", "-number", "id")

    @admin.display(description="customer")
    def holder(self, row: Any) -> str:
        """Whose it is."""
        return str(row.holder_name)

    @admin.display(description="to be used before (UTC)")
    def until(self, row: Entitlement) -> str:
        """Until when the month can be claimed."""
        return instant(row.bound.until) if row.bound else "an outage is open"

    @admin.display(description="owed")
    def owed(self, row: Entitlement) -> str:
        """What the month pays."""
        return shown.money(row.due.credit) if row.due.credit else shown.percent(row.due.percent)

    @admin.display(description="opened for")
    def cause_words(self, row: Entitlement) -> str:
        """Why it opened."""
        return str(row.cause).replace("_", " ")

    def show(self, request: HttpRequest, row: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
        """Show the entitlement with its figures, its bound and its history."""
        holder = customers.account(row.account)
        view = entitlement(row.id)
        context = {
            "title": f"{holder.name}, {shown.month(row.month)}",
            "holder": holder,
            "one": view,
            "dates": of_entitlement(view) if view else (),
            "claim_page": reverse("admin:claims_claim_change", args=[row.claim]) if row.claim else "",
            "history": told(history(row.id)),
        }
        return self.page(request, "admin/claims/entitlement.html", context)
