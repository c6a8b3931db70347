"""The outbox at the desk: what was written to whom, and whether it arrived at the mail server."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from customers.admin import forms
from customers.admin.desk import Cleaned, DeskAdmin, act
from kernel import clock
from notices import commands
from notices.models import Mail, Standing
from notices.queries import FAILING

UNDELIVERED: Final = "undelivered"
STANDINGS: Final = {
    Standing.WAITING: Q(attempt_at__isnull=False),
    Standing.SENT: Q(sent_at__isnull=False),
    Standing.REFUSED: Q(refused_at__isnull=False),
    Standing.GIVEN_UP: Q(given_up_at__isnull=False),
}


class ByStanding(admin.SimpleListFilter):
    """Picks mails by how their delivery stands."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Name the choices."""
        return [*((standing.value, str(standing.label)) for standing in Standing), (UNDELIVERED, "not delivered")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mail]) -> QuerySet[Mail]:
        """Pick the mails."""
        chosen = self.value()
        if chosen == UNDELIVERED:
            return queryset.filter(FAILING | Q(refused_at__isnull=False) | Q(given_up_at__isnull=False))
        return queryset.filter(STANDINGS[Standing(chosen)]) if chosen in STANDINGS else queryset


@admin.register(Mail)
class MailAdmin(DeskAdmin):
    """Every mail; what did not arrive can be sent again."""

    list_display = ("queued_at", "recipient", "subject", "standing", "attempts", "last_error")
    list_filter = (ByStanding, "kind")
    search_fields = ("recipient", "subject", "message_id")
    ordering = ("-queued_at", "id")
    actions_detail = ("send_again",)
    readonly_fields = ("standing", "words")
    fieldsets = (
        (None, {"fields": ("recipient", "subject", "kind", "standing", "attempts", "last_error")}),
        ("Times (UTC)", {"fields": ("queued_at", "attempt_at", "sent_at", "refused_at", "given_up_at")}),
        ("Mail", {"fields": ("message_id", "answers_go_to", "words")}),
    )

    def offers(self, request: HttpRequest, row: Mail, button: Any) -> bool:
        """What was for its reader only and is over is forgotten, and can't be sent again."""
        return not (row.secret and row.over_at) and super().offers(request, row, button)

    @admin.display(description="standing")
    def standing(self, row: Mail) -> str:
        """How the delivery stands."""
        return str(row.standing.label)

    @admin.display(description="text")
    def words(self, row: Mail) -> SafeString:
        """What the mail says; a mail that lets its holder in is not shown to others."""
        text = "This mail is for its reader only." if row.secret else row.text
        return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)

    @act("Send again", icon="outgoing_mail")
    def send_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Deliver the mail once more, with its Message-ID as before."""
        row = self.found(request, object_id)

        def carry_out(_form: Cleaned) -> str:
            commands.send_again(row.id, now=clock.now())
            return f"The mail to {row.recipient} is on its way again."

        lead = f"“{row.subject}” goes to {row.recipient} once more."
        back = self.page_of(row.pk)
        return self.perform(
            request, title="Send again", form=forms.NothingForm, carry_out=carry_out, back=back, lead=lead
        )
