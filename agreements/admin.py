"""Agreements at the desk: their versions, each with its text and what the linter finds in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from agreements import queries
from agreements.lint import Finding, findings
from agreements.models import Agreement, Version


@dataclass(frozen=True, slots=True)
class Shown:
    """One version as the page shows it."""

    version: Version
    findings: tuple[Finding, ...]
    lines: tuple[tuple[int, str], ...]


@admin.register(Agreement)
class AgreementAdmin(ModelAdmin):  # type: ignore[misc]
    """Agreements can be looked at here; they are published by `manage.py agreements load`."""

    list_display = ("name", "title", "newest_version", "newest_begins")
    search_fields = ("name", "title")
    ordering = ("name", "id")
    fields = readonly_fields = ("name", "title", "published_versions")

    def has_view_permission(self, request: HttpRequest, obj: Agreement | None = None) -> bool:
        """Let every operator look."""
        return request.user.is_active and request.user.is_staff

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show agreements to every operator."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Agreements are published, not added."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Agreement | None = None) -> bool:
        """A published version never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Agreement | None = None) -> bool:
        """What was promised stays on record."""
        return False

    @admin.display(description="newest version")
    def newest_version(self, agreement: Agreement) -> int:
        """Tell the number of the newest version."""
        newest: Version = agreement.versions[-1]
        return newest.number

    @admin.display(description="in force from (UTC)")
    def newest_begins(self, agreement: Agreement) -> str:
        """Tell from when the newest version is in force."""
        return f"{agreement.versions[-1].in_force_from:%Y-%m-%d %H:%M}"

    @admin.display(description="versions")
    def published_versions(self, agreement: Agreement) -> SafeString:
        """Show every version, the newest first, with its findings and its text."""
        shown = [_shown(agreement.name, version) for version in reversed(agreement.versions)]
        return render_to_string("agreements/versions.html", {"versions": shown})


def _shown(agreement: str, version: Version) -> Shown:
    document = queries.terms_version(agreement, version.number).document
    lines = enumerate(document.source.text.splitlines(), start=1)
    return Shown(version, tuple(findings(document)), tuple(lines))
