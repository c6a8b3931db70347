"""API keys at the desk: those of customers are on their accounts' pages, the provider's own are made here."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse

from customers import commands
from customers.admin import forms
from customers.admin.desk import Cleaned, DeskAdmin, act, operator
from customers.models import Account, ApiKey
from kernel import clock


@admin.register(ApiKey)
class ApiKeyAdmin(DeskAdmin):
    """Every key, by what is kept of it."""

    list_display = ("name", "prefix", "owner", "created_at", "last_used_at", "ended_at")
    ordering = ("-created_at", "id")
    search_fields = ("name", "prefix")
    actions_list = ("create_provider_key",)
    actions_detail = ("end_key",)
    fields = readonly_fields = (
        "name",
        "prefix",
        "owner",
        "created_by",
        "created_at",
        "last_used_at",
        "ended_at",
        "ended_by",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        """Bring the accounts' numbers along."""
        number = Subquery(Account.objects.filter(pk=OuterRef("account")).values("number")[:1])
        rows: QuerySet[ApiKey] = super().get_queryset(request)
        return rows.annotate(account_number=number)

    @admin.display(description="of", ordering="account_number")
    def owner(self, row: Any) -> str:
        """The account that the key opens, or the provider."""
        return row.account_number or "the provider's programs"

    def offers(self, request: HttpRequest, row: ApiKey, button: Any) -> bool:
        """A key ends once."""
        return row.ended_at is None and super().offers(request, row, button)

    @act("New key for the provider's programs", icon="key")
    def create_provider_key(self, request: HttpRequest) -> HttpResponse:
        """Make a key for a program of the provider, such as billing; it is shown once."""

        def carry_out(form: Cleaned) -> HttpResponse:
            issued = commands.create_provider_key(form["name"], by=operator(request), now=clock.now())
            context = {"title": "New key", "key": issued.key, "back": self.list_page()}
            return self.page(request, "customers/desk/shown_once.html", context)

        return self.perform(
            request, title="Make the key", form=forms.KeyNameForm, carry_out=carry_out, back=self.list_page()
        )

    @act("End this key")
    def end_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End a key at once."""
        row = self.found(request, object_id)

        def carry_out(_form: Cleaned) -> str:
            commands.end_key(row.id, by=operator(request), now=clock.now())
            return "The key has ended."

        lead = f"{row.name} ({row.prefix}…) will open nothing any more."
        back = self.page_of(row.pk)
        return self.perform(
            request, title="End this key", form=forms.NothingForm, carry_out=carry_out, back=back, lead=lead
        )
