"""The log at the desk: every event as it stands, by stream; parked events, which can be tried again."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin

from eventstore.codec import TYPES
from eventstore.models import Parked
from eventstore.reading import history, last_position, newest
from eventstore.retrying import is_away
from eventstore.subscriptions import REGISTERED, retry

log = logging.getLogger(__name__)

ON_A_PAGE = 50
LOOKED_THROUGH = 100_000
LONGEST_NUMBER = 19


class ShownOnly(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Rows that operators look at and nobody edits."""

    actions = None
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let every operator look."""
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """List it for every operator."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The program writes them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The program writes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The program removes them."""
        return False

    def page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """Show a page."""
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context}
        )


@admin.register(Parked)
class ParkedAdmin(ShownOnly):
    """Events that a subscription could not handle, the oldest first; and the pages of the log."""

    list_display = ("subscription", "type", "position", "attempts", "parked", "error")
    list_filter = ("subscription", "type")
    ordering = ("parked_at", "id")

    @admin.display(description="parked (UTC)", ordering="parked_at")
    def parked(self, row: Parked) -> str:
        """When it was put aside."""
        return f"{row.parked_at:%Y-%m-%d %H:%M}"

    def get_urls(self) -> list[URLPattern]:
        """Add the log, and the button by which a parked event is tried again."""
        allowed = self.admin_site.admin_view
        return [
            path("log/", allowed(self.newest), name="eventstore_log"),
            path("log/<uuid:stream>/", allowed(self.stream), name="eventstore_log_stream"),
            path("<int:parked>/try-again/", allowed(self.try_again), name="eventstore_parked_try_again"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a parked event with its error; it is sent to its own page to be tried again."""
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        event = next((one for one in history(row.stream) if one.version == row.version), None)
        context = {"title": f"Parked: {row.type}", "row": row, "event": event}
        return self.page(request, "admin/eventstore/parked.html", context)

    def try_again(self, request: HttpRequest, parked: int) -> HttpResponse:
        """Handle a parked event once more; it leaves the list if that succeeds."""
        if request.method != "POST":
            raise PermissionDenied
        row = Parked.objects.filter(id=parked).first()
        back = HttpResponseRedirect(reverse("admin:eventstore_parked_changelist"))
        if row is None:
            messages.success(request, "It was handled meanwhile: nothing is left to do.")
            return back
        if row.subscription not in REGISTERED:
            messages.error(request, f"There is no subscription {row.subscription} in this version of the program.")
            return back
        problem = _tried(row)
        if problem:
            messages.error(request, f"It failed again: {problem}")
            return HttpResponseRedirect(reverse("admin:eventstore_parked_change", args=[row.pk]))
        messages.success(request, "It is handled.")
        return back

    def newest(self, request: HttpRequest) -> HttpResponse:
        """List the sealed events, the newest first, a page at a time; of one type where asked."""
        wanted, until = request.GET.get("type", ""), _position(request.GET.get("until", ""))
        events = newest(until=until, most=ON_A_PAGE, back=LOOKED_THROUGH, type_name=wanted)
        full = len(events) == ON_A_PAGE and events[-1].position is not None
        context = {
            "title": "The log",
            "events": events,
            "types": sorted(TYPES),
            "wanted": wanted,
            "is_newest": until == last_position(),
            "older": (events[-1].position or 0) - 1 if full else max(0, until - LOOKED_THROUGH),
            "looked_through": LOOKED_THROUGH,
        }
        return self.page(request, "admin/eventstore/log.html", context)

    def stream(self, request: HttpRequest, stream: UUID) -> HttpResponse:
        """Show one thing's events in order, as they stand."""
        events = history(stream)
        if not events:
            raise Http404
        context = {"title": "One stream of the log", "stream": stream, "events": events}
        return self.page(request, "admin/eventstore/stream.html", context)


def _position(written: str) -> int:
    """Read the position that a page begins at; the newest one unless told otherwise."""
    last = last_position()
    return min(int(written), last) if written.isdecimal() and len(written) < LONGEST_NUMBER else last


def _tried(parked: Parked) -> str:
    """Handle the event; tell what went wrong, which is kept beside it as well."""
    try:
        retry(parked)
    except Exception as error:
        if is_away(error):
            raise
        log.warning("parked event %s failed again", parked, exc_info=True)
        return f"{type(error).__name__}: {error}"
    return ""
