"""Negotiated terms at the desk: each account's versions; draft, announce, note that they are agreed, withdraw."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from agreements import overrides, overriding
from agreements.errors import TermsRefused
from agreements.models import Override
from agreements.soundness import read_override
from agreements.standing import Standing
from claims.admin.acting import Act, Named
from claims.admin.happenings import told
from config.desk import negotiated_page
from config.desk.negotiated_forms import AgreeForm, DraftForm, ToldForm, VersionForm, WithdrawForm
from config.desk.negotiated_history import TELLERS
from customers import queries as customers
from customers.admin.desk import Cleaned, act, instant, operator
from customers.errors import UnknownAccount
from customers.queries import AccountView
from eventstore import history
from kernel import clock
from workflows.negotiating import whose

PAGE = "config/desk/negotiated.html"


@admin.register(Override)
class OverrideAdmin(Named):
    """Accounts with whom something was negotiated."""

    list_display = ("holder", "agreement", "applies", "on_its_way")
    list_display_links = ("holder",)
    list_filter = ("agreement",)
    ordering = ("agreement", "account", "id")
    actions_detail = ("announce", "agree", "note_told", "withdraw")

    @admin.display(description="account")
    def holder(self, row: Any) -> str:
        """Whose terms they are."""
        return str(row.holder_name)

    @admin.display(description="applies now")
    def applies(self, row: Override) -> str:
        """Tell which version applies now, and until when."""
        version = overrides.applying(row.versions, clock.now())
        if version is None:
            return "nothing"
        until = f" until {instant(version.until)} UTC" if version.until else ""
        return f"version {version.number}{until}"

    @admin.display(description="on its way")
    def on_its_way(self, row: Override) -> str:
        """Tell what comes."""
        return negotiated_page.coming(row.versions)

    def get_urls(self) -> list[URLPattern]:
        """Add drafting for an account, which may have nothing negotiated yet."""
        draft = self.admin_site.admin_view(self.draft)
        return [path("of/<uuid:account>/draft/", draft, name="agreements_override_draft"), *super().get_urls()]

    def called(self, row: Override) -> str:
        """Tell whose terms they are."""
        account = customers.account(row.account)
        return f"Terms negotiated with {account.name}, {account.number}"

    def show(self, request: HttpRequest, row: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
        """Show the account's versions with what can be done, and what happened to them."""
        account, now = customers.account(row.account), clock.now()
        context = {
            "title": self.called(row),
            "account": account,
            "agreement": row.agreement,
            "versions": negotiated_page.shown(row, now=now),
            "applies": overrides.applying(row.versions, now),
            "history": told(history(row.id), TELLERS),
            "problem": problem,
        }
        response = self.page(request, PAGE, context)
        response.status_code = status
        return response

    def draft(self, request: HttpRequest, account: UUID) -> HttpResponse:
        """Write down a file as the next version of what is negotiated with an account."""
        try:
            holder = customers.account(account)
        except UnknownAccount as error:
            raise Http404 from error
        stream = overrides.override_stream(holder.agreement, holder.id)
        row = Override.objects.filter(pk=stream).first() or Override.unborn(stream)
        row.account = holder.id

        def carry_out(given: Cleaned) -> str:
            _require_account(given["text"], holder)
            overriding.draft_override(given["text"], holder.id, by=operator(request), now=clock.now())
            return "The draft is kept; the customer does not see it."

        lead = "The text is checked and laid over the agreement, and its examples are carried out. Nobody is told."
        drafting = Act(
            title="Draft",
            button="Keep as a draft",
            form=DraftForm,
            initial={"text": negotiated_page.to_begin_with(holder, now=clock.now())},
            lead=lead,
            back="" if row.version else reverse("admin:customers_account_change", args=[holder.id]),
            carry_out=carry_out,
        )
        return self.act_on(request, row, drafting)

    @act("Announce")
    def announce(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Announce a draft to the account's people."""
        row: Override = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            overriding.announce_override(
                row.agreement, row.account, given["version"], by=operator(request), now=clock.now()
            )
            return "The version is announced; its mails are on their way."

        lead = _lead(request, row, "config/desk/negotiated_announcing.html", VersionForm.standings)
        announcing = Act(title="Announce", lead=lead, careful=True, carry_out=carry_out)
        return self._act_on_version(request, row, VersionForm, announcing)

    @act("Note that it is agreed")
    def agree(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Note that the customer agreed to a version."""
        row: Override = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            overriding.agree_override(
                row.agreement, row.account, given.pop("version"), **given, by=operator(request), now=clock.now()
            )
            return "It is noted. The version takes effect on its day, and the account's people are mailed what differs."

        lead = _lead(request, row, "config/desk/negotiated_agreeing.html", AgreeForm.standings)
        agreeing = Act(title="Note that it is agreed", button="Note it", lead=lead, carry_out=carry_out)
        return self._act_on_version(request, row, AgreeForm, agreeing)

    @act("Told otherwise")
    def note_told(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Note that the account was told of an announced version by other means."""
        row: Override = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            overriding.note_override_told(
                row.agreement, row.account, given.pop("version"), **given, by=operator(request), now=clock.now()
            )
            return "It is noted."

        lead = "For an account whose people our mail does not reach: tell them otherwise, then note it here."
        telling = Act(title="Told otherwise", button="Note it", lead=lead, carry_out=carry_out)
        return self._act_on_version(request, row, ToldForm, telling)

    @act("Withdraw")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take back a draft, or an announced or agreed version that is not in force."""
        row: Override = self.found(request, object_id)

        def carry_out(given: Cleaned) -> str:
            overriding.withdraw_override(
                row.agreement, row.account, given.pop("version"), **given, by=operator(request), now=clock.now()
            )
            return "The version is withdrawn."

        lead = "If the account's people were told of the version, they are mailed that it does not come, and why."
        withdrawing = Act(title="Withdraw", lead=lead, careful=True, carry_out=carry_out)
        return self._act_on_version(request, row, WithdrawForm, withdrawing)

    def _act_on_version(
        self, request: HttpRequest, row: Override, form: type[VersionForm], acting: Act
    ) -> HttpResponse:
        """Let a version be chosen; the one whose button was pressed is."""
        possible = any(one.standing in form.standings for one in row.versions)
        whole = replace(
            acting,
            form=partial(form, row=row),
            initial={"version": request.GET.get("version", "")},
            why_not="" if possible else "No version stands so that this can be done.",
        )
        return self.act_on(request, row, whole)


def _require_account(text: str, account: AccountView) -> None:
    """Refuse a file that names another account than the page is about. Errors: TermsRefused with the line."""
    file = read_override(text)
    if whose(file).id != account.id:
        told = f"This page is about the account {account.number!r}."
        mend = f"write `account: {account.number!r}`, or draft it at that account's page"
        raise TermsRefused(str(file.problem("account", told, mend=mend)))


def _lead(request: HttpRequest, row: Override, template: str, standings: frozenset[Standing]) -> SafeString:
    """Show what the version that is meant, or each that may be, changes for the account, and who is mailed."""
    account = customers.account(row.account)
    possible = [one for one in row.versions if one.standing in standings]
    asked = request.POST.get("version") or request.GET.get("version")
    meant = [one for one in possible if str(one.number) == asked] or possible
    changed = [(one, negotiated_page.compared(row, one)[-1]) for one in meant]
    context = {"account": account, "people": negotiated_page.people(account), "versions": changed}
    return render_to_string(template, context)
