"""Statements at the desk: found by account, explained down to minutes, in every version."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse

from claims.admin.acting import Named
from claims.explain.statement import explain_statement
from claims.models.statement import Statement
from claims.queries.statements import versions
from customers import queries as customers
from customers.admin.desk import instant
from kernel import shown


@admin.register(Statement)
class StatementAdmin(Named):
    """Every statement by its newest version, the newest month first."""

    list_display = ("holder", "month", "agreement", "uptime", "tier", "credit", "statement_version", "stated")
    list_display_links = ("holder",)
    list_filter = ("agreement", "month", "pays", "awaits_usage")
    ordering = ("-month", "account", "id")

    @admin.display(description="customer")
    def holder(self, row: Any) -> str:
        """Whose statement it is."""
        return str(row.holder_name)

    @admin.display(description="uptime")
    def uptime(self, row: Statement) -> str:
        """The month's uptime, rounded down."""
        return shown.uptime(row.figures.uptime)

    @admin.display(description="tier")
    def tier(self, row: Statement) -> str:
        """The tier that judges the month."""
        return row.figures.tier or "none"

    @admin.display(description="credit")
    def credit(self, row: Statement) -> str:
        """What it shows."""
        if not row.pays:
            return "none"
        return "awaiting usage" if row.awaits_usage else shown.money(row.figures.credit)

    @admin.display(description="stated (UTC)", ordering="stated_at")
    def stated(self, row: Statement) -> str:
        """When the newest version was made."""
        return instant(row.stated_at)

    def show(self, request: HttpRequest, row: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
        """Explain a version of the statement, the newest unless told otherwise."""
        wanted = request.GET.get("version", "")
        version = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else None
        told = explain_statement(row.account, row.agreement, row.month, statement_version=version)
        if told is None:
            raise Http404
        holder = customers.account(row.account)
        context = {
            "title": f"{holder.name}, {shown.month(row.month)}",
            "holder": holder,
            "told": told,
            "newest": row.statement_version,
            "versions": versions(row.account, row.agreement, row.month),
        }
        return self.page(request, "admin/claims/statement.html", context)
