"""The operators' desk: rows are looked at, never edited; what can be done is a form that calls a command."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold import widgets
from unfold.admin import ModelAdmin
from unfold.dataclasses import UnfoldAction
from unfold.enums import ActionVariant

from customers.identity import as_operator
from customers.models import User
from eventstore import Actor, DomainError, Event, Recorded

View = TypeVar("View", bound=Callable[..., HttpResponse])
Cleaned = dict[str, Any]
CarryOut = Callable[[Cleaned], str | HttpResponse]


def act(label: str, *, icon: str = "", records: type[Event] | None = None) -> Callable[[View], View]:
    """Make a method of a DeskAdmin a button; its page is at the method's name with hyphens.

    Where it `records` an event, it is offered in the states that the event can follow on.
    """

    def mark(view: View) -> View:
        name = view.__name__
        attributes = {
            "short_description": label,
            "url_path": name.replace("_", "-"),
            "icon": icon or None,
            "attrs": {},
            "variant": ActionVariant.DEFAULT,
            "original_function_name": name,
            "records": records,
        }
        for key, value in attributes.items():
            setattr(view, key, value)
        return view

    return mark


class DeskForm(forms.Form):
    """A form at the desk, drawn as the rest of the desk is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = _dressed(field)

    def offer(self, name: str, choices: Sequence[tuple[object, str]]) -> None:
        """Let a field choose between these values."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — only such a field has choices
        field.choices = [("", "Choose one"), *choices]


def focused(form: forms.Form) -> forms.Form:
    """Put the focus on the first field that is to be mended, or else on the first.

    The admin hides its pages until its script runs, and by then `autofocus` is over.
    """
    fields = form.visible_fields()
    for one in [one for one in fields if one.errors][:1] or fields[:1]:
        one.field.widget.attrs["x-init"] = "$nextTick(() => $el.focus())"
    return form


def _dressed(field: forms.Field) -> forms.Widget:
    """Give a field the desk's widget; instants are typed as one value, in UTC."""
    match field:
        case forms.FileField():
            dressed = widgets.UnfoldAdminFileFieldWidget()
        case forms.ChoiceField():
            dressed = widgets.UnfoldAdminSelectWidget(choices=field.choices)
        case forms.DateTimeField():
            dressed = widgets.UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "step": "1"})
        case forms.DateField():
            dressed = widgets.UnfoldAdminTextInputWidget(attrs={"type": "date"})
        case forms.CharField(widget=forms.Textarea()):
            dressed = widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3})
        case _:
            dressed = widgets.UnfoldAdminTextInputWidget()
    dressed.is_required = field.required
    made: forms.Widget = dressed
    return made


class DeskAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Rows as every operator sees them; nobody adds, changes or deletes one here."""

    actions = None
    actions_detail_hide_default = True  # Django's own history knows nothing of commands
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let every operator look."""
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """List it for every operator."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from commands."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows are changed by commands."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows stay."""
        return False

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[UnfoldAction]:
        """Offer the buttons of a row that can be pressed now; their addresses refuse in the command's words."""
        row = self.get_object(request, object_id)
        named = super().get_actions_detail(request, object_id)
        return [one for one in named if row is not None and self.offers(request, row, one.method)]

    def offers(self, request: HttpRequest, row: Any, button: Any) -> bool:
        """Tell whether a button can be pressed on this row, as its state machine has it."""
        return button.records is None or not {row.state, "*"}.isdisjoint(row.evolutions[button.records].sources)

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """Give the row of a page. Errors: Http404."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def page_of(self, object_id: object) -> str:
        """Give the address of a row's page."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id])

    def list_page(self) -> str:
        """Give the address of the list."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def perform(
        self,
        request: HttpRequest,
        *,
        title: str,
        form: Callable[..., forms.Form],
        carry_out: CarryOut,
        back: str,
        lead: str | SafeString = "",
    ) -> HttpResponse:
        """Show a form; once it is sent and fits, call the command, and tell what it came to.

        What the command refuses is shown above the form. `carry_out` gives the sentence that tells
        what was done, or a page of its own.
        """
        filled = form(request.POST, request.FILES) if request.method == "POST" else form()
        if request.method == "POST" and filled.is_valid():
            try:
                done = carry_out(filled.cleaned_data)
            except DomainError as error:
                filled.add_error(None, " ".join(part for part in (error.sentence, error.clause) if part))
            else:
                return done if isinstance(done, HttpResponse) else self.told(request, done, back)
        return self.page(
            request, "customers/desk/form.html", {"title": title, "form": focused(filled), "back": back, "lead": lead}
        )

    def told(self, request: HttpRequest, sentence: str, back: str) -> HttpResponse:
        """Go back to a page and say there what was done."""
        messages.success(request, sentence)
        return HttpResponseRedirect(back)

    def page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """Show a page of the desk."""
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context}
        )


def operator(request: HttpRequest) -> Actor:
    """Tell who acts: the operator who is signed in."""
    return as_operator(signed_in(request))


def signed_in(request: HttpRequest) -> User:
    """Give the person who is signed in."""
    assert isinstance(request.user, User)  # noqa: S101 — the admin lets nobody else in
    return request.user


def table(headers: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> SafeString:
    """Draw plain values as a table."""
    named = [list(zip(headers, row, strict=True)) for row in rows]
    return render_to_string("customers/desk/table.html", {"headers": headers, "rows": named, "empty": empty})


def instant(at: datetime | None) -> str:
    """Write an instant as the desk does, in UTC."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def history_table(history: Sequence[Recorded], name_of: Callable[[str, str], str]) -> SafeString:
    """Draw a stream's events as they stand in the log, the newest first."""
    rows = []
    for one in reversed(history):
        actor = one.meta["actor"]
        by = name_of(actor["kind"], actor["id"])
        rows.append((one.version, instant(one.occurred_at), one.type_name, by, one.payload))
    return table(("No.", "Occurred (UTC)", "Event", "By", "What"), rows, empty="Nothing has happened yet.")
