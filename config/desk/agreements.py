"""Agreements at the desk: each version's standing, text, findings and differences; draft, announce, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from agreements import commands, queries
from agreements.differences import Difference
from agreements.lint import Finding, findings
from agreements.models import Agreement, Version
from agreements.standing import TITLES, WITHDRAWABLE, Standing
from config.desk.negotiated_page import table_of as negotiated_table
from customers import queries as customers
from customers.admin.desk import CarryOut, Cleaned, DeskAdmin, DeskForm, act, history_table, instant, operator
from customers.errors import UnknownAccount
from eventstore import history
from kernel import clock
from workflows.announcing import reach

MOST_BYTES = 1_000_000
NAMED = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One version as the page shows it."""

    version: Version
    standing: str
    findings: tuple[Finding, ...]
    changes: tuple[Difference, ...]
    replaces: int | None
    reached: int | None
    not_reached: tuple[str, ...]
    lines: tuple[tuple[int, str], ...]


class DraftForm(DeskForm):
    """The file of a later version."""

    file = forms.FileField(help_text="A terms file that names its agreement; it is checked before it is kept.")

    def clean_file(self) -> str:
        """Read the text."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError("This file is too large to be a terms file.")
        try:
            return str(sent.read().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError("This file is not UTF-8 text.") from error


class VersionForm(DeskForm):
    """Which version is meant."""

    version = forms.ChoiceField()
    standings: frozenset[Standing] = frozenset({Standing.DRAFT})

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meant = [one for one in agreement.versions if one.standing in self.standings]
        self.offer("version", [(str(one.number), _called(one)) for one in meant])


class WithdrawForm(VersionForm):
    """Which version is taken back, and why."""

    standings = WITHDRAWABLE
    reason = forms.CharField(widget=forms.Textarea, max_length=4_000, help_text="Customers who were told read it.")


class ToldForm(VersionForm):
    """Which account was told of a version, when and how."""

    standings = frozenset({Standing.ANNOUNCED})
    account = forms.CharField(label="Account number")
    told_at = forms.DateTimeField(label="Told at", help_text="In UTC.")
    how = forms.CharField(max_length=400, help_text="For instance: by registered letter.")

    def clean_account(self) -> UUID:
        """Find the account."""
        try:
            return customers.account_by_number(self.cleaned_data["account"].strip()).id
        except UnknownAccount as error:
            raise forms.ValidationError(error.sentence) from error


def _called(version: Version) -> str:
    return f"version {version.number}, in force from {instant(version.in_force_from)} UTC"


@admin.register(Agreement)
class AgreementAdmin(DeskAdmin):
    """Agreements and their versions; a first version is published by `manage.py agreements load`."""

    list_display = ("name", "title", "version_in_force", "begun", "on_its_way")
    search_fields = ("name", "title")
    ordering = ("name", "id")
    actions_list = ("draft",)
    actions_detail = ("announce", "note_told", "withdraw")
    readonly_fields = ("name", "title", "published_versions", "negotiated", "events")
    fieldsets = (
        (None, {"fields": ("name", "title", "published_versions")}),
        ("Negotiated terms", {"fields": ("negotiated",)}),
        ("History", {"fields": ("events",)}),
    )

    @admin.display(description="version in force")
    def version_in_force(self, row: Agreement) -> str:
        """Tell the number of the version in force."""
        found = queries.terms_in_force(row.name, clock.now())
        return str(found.version) if found else "none yet"

    @admin.display(description="in force from (UTC)")
    def begun(self, row: Agreement) -> str:
        """Tell since when it is in force, or from when the first one is."""
        found = queries.terms_in_force(row.name, clock.now())
        number = found.version if found else 1
        return instant(queries.version(row.name, number).in_force_from)

    @admin.display(description="on its way")
    def on_its_way(self, row: Agreement) -> str:
        """Tell what comes: drafts and announced versions."""
        coming = [one for one in row.versions if one.standing in WITHDRAWABLE]
        return "; ".join(f"version {one.number}: {TITLES[one.standing]}" for one in coming)

    @admin.display(description="versions")
    def published_versions(self, row: Agreement) -> SafeString:
        """Show every version, the newest first, with its standing, differences, findings and text."""
        shown = [_shown(row.name, version) for version in reversed(row.versions)]
        return render_to_string("agreements/versions.html", {"agreement": row.name, "versions": shown})

    @admin.display(description="accounts")
    def negotiated(self, row: Agreement) -> SafeString:
        """Name the accounts with terms of their own, and tell which of them apply now."""
        return negotiated_table(row.name, now=clock.now())

    @admin.display(description="events")
    def events(self, row: Agreement) -> SafeString:
        """What happened to the agreement, as it stands in the log."""
        return history_table(history(row.id), customers.name_of_actor)

    @act("Draft from a file", icon="upload_file")
    def draft(self, request: HttpRequest) -> HttpResponse:
        """Write down a file as the next version of its agreement."""

        def carry_out(form: Cleaned) -> HttpResponse:
            stream = commands.draft(form["file"], by=operator(request), now=clock.now())
            return self.told(request, "The draft is kept; customers do not see it.", self.page_of(stream))

        lead = "The file is checked, linted and its examples are carried out. Nobody is told of a draft."
        return self.perform(
            request,
            title="Draft from a file",
            form=DraftForm,
            carry_out=carry_out,
            back=self.list_page(),
            lead=lead,
        )

    @act("Announce", icon="campaign")
    def announce(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Announce a draft to all customers of the agreement."""

        def carry_out(form: Cleaned) -> str:
            commands.announce(row.name, int(form["version"]), by=operator(request), now=clock.now())
            return "The version is announced; its mails are on their way."

        row: Agreement = self.found(request, object_id)
        drafts = [_shown(row.name, one) for one in row.versions if one.standing == Standing.DRAFT]
        lead = render_to_string("agreements/announcing.html", {"drafts": drafts})
        return self._about(request, row, "Announce", VersionForm, carry_out, lead)

    @act("Told otherwise", icon="record_voice_over")
    def note_told(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Note that an account whom no mail reaches was told by other means."""

        def carry_out(form: Cleaned) -> str:
            commands.note_told(
                row.name,
                int(form["version"]),
                form["account"],
                told_at=form["told_at"],
                how=form["how"],
                by=operator(request),
                now=clock.now(),
            )
            return "It is noted."

        row: Agreement = self.found(request, object_id)
        lead = "For an account whose people our mail does not reach: tell them otherwise, then note it here."
        return self._about(request, row, "Told otherwise", ToldForm, carry_out, lead)

    @act("Withdraw", icon="undo")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take back a draft, or an announced version that is not in force."""

        def carry_out(form: Cleaned) -> str:
            commands.withdraw(
                row.name, int(form["version"]), reason=form["reason"], by=operator(request), now=clock.now()
            )
            return "The version is withdrawn."

        row: Agreement = self.found(request, object_id)
        lead = "Customers who were told of the version are mailed that it does not come, with your reason."
        return self._about(request, row, "Withdraw", WithdrawForm, carry_out, lead)

    def _about(
        self,
        request: HttpRequest,
        row: Agreement,
        title: str,
        form: type[VersionForm],
        carry_out: CarryOut,
        lead: str | SafeString,
    ) -> HttpResponse:
        return self.perform(
            request,
            title=title,
            form=partial(form, agreement=row),
            carry_out=carry_out,
            back=self.page_of(row.pk),
            lead=lead,
        )


def _shown(agreement: str, version: Version) -> Shown:
    document = queries.terms_version(agreement, version.number).document
    before = queries.predecessor(agreement, version.number)
    reached, missing = _reach(agreement, version)
    return Shown(
        version=version,
        standing=TITLES[version.standing],
        findings=tuple(findings(document)),
        changes=queries.changes_of(agreement, version.number),
        replaces=before.number if before else None,
        reached=reached,
        not_reached=missing,
        lines=tuple(enumerate(document.source.text.splitlines(), start=1)),
    )


def _reach(agreement: str, version: Version) -> tuple[int | None, tuple[str, ...]]:
    """Tell how many accounts the announcement has reached so far, and name the first it has not."""
    if version.standing == Standing.LAPSED:
        return None, _named(version.not_reached)
    if version.standing != Standing.ANNOUNCED:
        return None, ()
    found = reach(agreement, version, by=clock.now())
    return found.reached, _named(found.not_reached)


def _named(accounts: tuple[UUID, ...]) -> tuple[str, ...]:
    names = customers.names_of(accounts[:NAMED])
    more = (f"and {len(accounts) - NAMED:,} more",) if len(accounts) > NAMED else ()
    return tuple(names.get(one, str(one)) for one in accounts[:NAMED]) + more
