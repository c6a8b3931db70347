"""Accounts at the desk: tiers, usage, people and keys of one customer, and what can be done with them."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agreements.overrides import every_override, override_stream
from agreements.standing import TITLES
from customers import commands, queries
from customers.admin import forms
from customers.admin.desk import Cleaned, DeskAdmin, act, history_table, instant, operator, table
from customers.commands import Opening
from customers.identity import usage_id
from customers.models import Account, Profile, Role
from customers.terms_of import terms_of_month
from eventstore import history
from kernel import clock
from kernel.ids import AccountId
from kernel.money import Money


@admin.register(Account)
class AccountAdmin(DeskAdmin):
    """Every account, with the tier that it holds now."""

    list_display = ("number", "name", "agreement", "tier_now")
    list_filter = ("agreement",)
    search_fields = ("number", "profile_name")
    ordering = ("number", "id")
    actions_list = ("open_account",)
    actions_detail = (
        "set_tier",
        "set_usage",
        "invite",
        "create_key",
        {"title": "More", "items": ["end_tier", "describe", "remove_member", "end_key"]},
    )
    readonly_fields = ("name", "time_zone", "tiers", "usage", "negotiated", "people", "invitations", "keys", "events")
    fieldsets = (
        (None, {"fields": ("number", "name", "agreement", "time_zone")}),
        ("Tiers and usage", {"fields": ("tiers", "usage")}),
        ("Negotiated terms", {"fields": ("negotiated",)}),
        ("People and programs", {"fields": ("people", "invitations", "keys")}),
        ("History", {"fields": ("events",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Bring the names along, so that they can be searched."""
        name = Subquery(Profile.objects.filter(account=OuterRef("pk")).values("name")[:1])
        rows: QuerySet[Account] = super().get_queryset(request)
        return rows.annotate(profile_name=name)

    @admin.display(description="name", ordering="profile_name")
    def name(self, row: Any) -> str:
        """What the account is called."""
        return str(row.profile_name or row.number)

    @admin.display(description="tier now")
    def tier_now(self, row: Account) -> str:
        """The tier that is held at this moment."""
        now = clock.now()
        return next((held.tier for held in row.holdings if held.held_at(now)), "none")

    @admin.display(description="time zone")
    def time_zone(self, row: Account) -> str:
        """Where its people are."""
        return queries.account(row.id).time_zone

    @admin.display(description="tiers (UTC)")
    def tiers(self, row: Account) -> SafeString:
        """Every tier that was held, and when."""
        rows = [(held.tier, instant(held.start), instant(held.end) or "until further notice") for held in row.holdings]
        return table(("Tier", "From", "Until"), rows, empty="No tier was ever held.")

    @admin.display(description="usage")
    def usage(self, row: Account) -> SafeString:
        """The usage of each month, with a way to how it came about."""
        rows = [(_usage_link(row, month), amount) for month, amount in queries.usages_of(row.id).items()]
        return table(("Month", "Usage"), rows, empty="No usage is known.")

    @admin.display(description="versions")
    def negotiated(self, row: Account) -> SafeString:
        """What was negotiated with the account, with the way to its page and to a next version."""
        context = {
            "account": row,
            "stream": override_stream(row.agreement, row.id),
            "versions": [(one, TITLES[one.standing]) for one in every_override(row.agreement, row.id)[::-1]],
        }
        return render_to_string("customers/desk/negotiated.html", context)

    @admin.display(description="people")
    def people(self, row: Account) -> SafeString:
        """Who belongs to the account."""
        rows = [(one.name, one.mail, one.role) for one in queries.members_of(row.id)]
        return table(("Name", "Mail", "Role"), rows, empty="Nobody belongs to the account yet.")

    @admin.display(description="invitations")
    def invitations(self, row: Account) -> SafeString:
        """Who was asked to join and has not answered."""
        rows = [(one.email, one.role, instant(one.expires_at)) for one in queries.invitations_of(row.id)]
        return table(("Mail", "Role", "Ends (UTC)"), rows, empty="No invitation waits for an answer.")

    @admin.display(description="API keys")
    def keys(self, row: Account) -> SafeString:
        """The account's keys."""
        return keys_table(row.id)

    @admin.display(description="events")
    def events(self, row: Account) -> SafeString:
        """What happened to the account, as it stands in the log."""
        return history_table(history(row.id), queries.name_of_actor)

    @act("Open an account", icon="add")
    def open_account(self, request: HttpRequest) -> HttpResponse:
        """Open an account."""

        def carry_out(form: Cleaned) -> str:
            opening = Opening(**{**form, "tier": form["tier"] or None})
            commands.open_account(opening, by=operator(request), now=clock.now())
            return f"The account {opening.number} is open."

        return self.perform(
            request, title="Open an account", form=forms.OpenForm, carry_out=carry_out, back=self.list_page()
        )

    @act("Set tier", icon="stairs")
    def set_tier(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let the account hold a tier from an instant on."""
        row = self.found(request, object_id)

        def carry_out(form: Cleaned) -> str:
            commands.set_tier(row.id, form.pop("tier"), **form, by=operator(request), now=clock.now())
            return "The tier is set."

        form = partial(forms.TierForm, row.agreement)
        return self._about(request, row, "Set tier", form, carry_out)

    @act("End tier")
    def end_tier(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End a tier that the account holds."""
        row = self.found(request, object_id)

        def carry_out(form: Cleaned) -> str:
            commands.end_tier(row.id, **form, by=operator(request), now=clock.now())
            return "The tier ends."

        return self._about(request, row, "End tier", forms.EndTierForm, carry_out)

    @act("Set usage", icon="payments")
    def set_usage(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Set the usage of a month, in the agreement's currency."""
        row = self.found(request, object_id)

        def carry_out(form: Cleaned) -> str:
            amount = Money(form["amount"], terms_of_month(row.agreement, form["month"]).currency)
            commands.set_usage(
                row.id, form["month"], amount, reason=form["reason"], by=operator(request), now=clock.now()
            )
            return f"The usage of {form['month']} is {amount}."

        return self._about(request, row, "Set usage", forms.UsageForm, carry_out)

    @act("Invite", icon="person_add")
    def invite(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask somebody to join the account."""
        row = self.found(request, object_id)

        def carry_out(form: Cleaned) -> str:
            invited = commands.invite(row.id, form["email"], Role(form["role"]), by=operator(request), now=clock.now())
            return f"{invited.email} is invited, until {instant(invited.expires_at)} (UTC)."

        return self._about(request, row, "Invite", forms.InviteForm, carry_out)

    @act("Remove a member")
    def remove_member(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End somebody's access, with their sessions, keys and invitations."""
        row = self.found(request, object_id)

        def carry_out(form: Cleaned) -> str:
            commands.remove_member(row.id, form["person"], by=operator(request), now=clock.now())
            return "Their access has ended, with their sessions and the keys and invitations that they made."

        return self._about(request, row, "Remove a member", partial(forms.MemberForm, row.id), carry_out)

    @act("New API key", icon="key")
    def create_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a key, which is shown once."""
        row = self.found(request, object_id)

        def carry_out(form: Cleaned) -> HttpResponse:
            issued = commands.create_key(row.id, form["name"], by=operator(request), now=clock.now())
            context = {"title": "New API key", "key": issued.key, "back": self.page_of(row.pk)}
            return self.page(request, "customers/desk/shown_once.html", context)

        return self._about(request, row, "New API key", forms.KeyNameForm, carry_out)

    @act("End an API key")
    def end_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End one of the account's keys."""
        row = self.found(request, object_id)

        def carry_out(form: Cleaned) -> str:
            commands.end_key(form["key"], by=operator(request), now=clock.now())
            return "The key has ended."

        return self._about(request, row, "End an API key", partial(forms.KeyForm, row.id), carry_out)

    @act("Rename")
    def describe(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Call the account something else."""
        row = self.found(request, object_id)
        view = queries.account(row.id)

        def carry_out(form: Cleaned) -> str:
            commands.describe_account(row.id, **form)
            return "The account is renamed."

        form = partial(forms.DescribeForm, initial={"name": view.name, "time_zone": view.time_zone})
        return self._about(request, row, "Rename", form, carry_out)

    def _about(self, request: HttpRequest, row: Account, title: str, form: Any, carry_out: Any) -> HttpResponse:
        return self.perform(
            request, title=f"{title}: {row.number}", form=form, carry_out=carry_out, back=self.page_of(row.pk)
        )


def keys_table(account: UUID | None) -> SafeString:
    """Draw an account's keys, or the provider's own."""
    rows = []
    for one in queries.keys_of(account):
        used = instant(one.last_used_at) or "never"
        rows.append((one.name, f"{one.prefix}…", instant(one.created_at), used, instant(one.ended_at)))
    return table(("Name", "Key", "Made (UTC)", "Last used", "Ended"), rows, empty="There is no key.")


def _usage_link(row: Account, month: Any) -> SafeString:
    address = reverse("admin:customers_usage_change", args=[usage_id(AccountId(row.id), month)])
    return format_html('<a href="{}" class="underline">{}</a>', address, month)
