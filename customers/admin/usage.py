"""Usage at the desk: what is known of each month, and files of it, looked at before they are taken over."""

from io import StringIO, TextIOWrapper
from itertools import islice
from typing import Any, Final

from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from customers import commands, queries
from customers.admin import forms
from customers.admin.desk import Cleaned, DeskAdmin, act, history_table, operator, signed_in, table
from customers.errors import UsageFileFaulty
from customers.models import Account, Usage, UsageUpload
from customers.usage_file import UsageSheet, read_usage
from eventstore import history
from kernel import clock

LARGEST_FILE: Final = 20 * 1024 * 1024
SHOWN: Final = 100


@admin.register(Usage)
class UsageAdmin(DeskAdmin):
    """The usage of each account and month, as it was set last."""

    list_display = ("month", "number", "amount", "reason")
    list_filter = ("agreement", "month")
    search_fields = ("account_number",)
    ordering = ("-month", "account")
    actions_list = ("import_file",)
    fields = readonly_fields = ("number", "agreement", "month", "amount", "reason", "events")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Usage]:
        """Bring the accounts' numbers along, so that they can be searched."""
        number = Subquery(Account.objects.filter(pk=OuterRef("account")).values("number")[:1])
        rows: QuerySet[Usage] = super().get_queryset(request)
        return rows.annotate(account_number=number)

    @admin.display(description="account", ordering="account_number")
    def number(self, row: Any) -> str:
        """The account's number."""
        return str(row.account_number)

    @admin.display(description="events")
    def events(self, row: Usage) -> SafeString:
        """How the amount came about."""
        return history_table(history(row.id), queries.name_of_actor)

    def get_urls(self) -> list[URLPattern]:
        """Add the page between an upload and its yes or no."""
        preview = self.admin_site.admin_view(self.preview)
        return [path("uploads/<uuid:upload>/", preview, name="customers_usage_preview"), *super().get_urls()]

    @act("Import a CSV file", icon="upload")
    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Upload a file; what it would change is shown before anything is taken over."""

        def carry_out(form: Cleaned) -> HttpResponse:
            person = signed_in(request).pk
            name, text = _name(form["file"]), _text(form["file"])
            upload = commands.keep_upload(name, text, reason=form["reason"], person=person, now=clock.now())
            return HttpResponseRedirect(reverse("admin:customers_usage_preview", args=[upload]))

        return self.perform(
            request, title="Look at the file", form=forms.UploadForm, carry_out=carry_out, back=self.list_page()
        )

    def preview(self, request: HttpRequest, upload: Any) -> HttpResponse:
        """Show what a file would change; take it over, or drop it."""
        row = UsageUpload.objects.filter(id=upload, uploaded_by=request.user.pk).first()
        if row is None:
            raise Http404
        now = clock.now()
        if request.method == "POST" and "drop" in request.POST:
            commands.drop_upload(row.id)
            return self.told(request, "The upload is dropped; nothing was taken over.", self.list_page())
        sheet = read_usage(StringIO(row.content, newline=""), now=now)
        if request.method == "POST" and not sheet.faults:
            written = commands.import_usage(sheet, reason=row.reason, by=operator(request), now=now)
            commands.drop_upload(row.id)
            return self.told(request, f"{written} amounts were set or changed.", self.list_page())
        return self.page(request, "customers/desk/usage_preview.html", _shown(row, sheet))


def _name(file: UploadedFile[Any]) -> str:
    return (file.name or "usage.csv")[:200]


def _text(file: UploadedFile[Any]) -> str:
    """Read an upload as text. Errors: UsageFileFaulty for one that is too large or no text."""
    if (file.size or 0) > LARGEST_FILE:
        raise UsageFileFaulty("The file is larger than 20 MB. Split it.")
    try:
        text = TextIOWrapper(file, encoding="utf-8", newline="").read()
    except UnicodeDecodeError as error:
        raise UsageFileFaulty("The file is not text in UTF-8. Save it as CSV, UTF-8.") from error
    if "\0" in text:
        raise UsageFileFaulty("The file is not text. Save it as CSV, UTF-8.")
    return text


def _shown(upload: UsageUpload, sheet: UsageSheet) -> dict[str, Any]:
    totals = [(month, amount) for (month, _), amount in sheet.totals.items()]
    changing = [line for line in sheet.lines if line.before is not None and line.before != line.amount]
    changes = [(line.line, line.number, line.month, line.before, line.amount) for line in changing[:SHOWN]]
    faults = [(one.line, one.field, one.value, one.problem, one.mend) for one in islice(sheet.faults, SHOWN)]
    return {
        "title": "What the file would change",
        "upload": upload,
        "sheet": sheet,
        "totals": table(("Month", "Total of the file"), totals, empty="The file has no line to take over."),
        "changes": changes and table(("Line", "Account", "Month", "Before", "After"), changes, empty=""),
        "more_changes": max(0, len(changing) - SHOWN),
        "faults": faults and table(("Line", "Field", "Value", "Problem", "What mends it"), faults, empty=""),
        "more_faults": max(0, sheet.faulty_lines - SHOWN),
    }
