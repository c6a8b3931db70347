"""Acting at the desk: once per form, and only on what the operator saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from customers import queries as customers
from customers.admin.desk import Cleaned, DeskAdmin, DeskForm, focused, signed_in
from eventstore import Aggregate, ConcurrencyConflict, DomainError, once, seen
from kernel.ids import derived, new_id

FORM = "admin/claims/act.html"


class ActForm(DeskForm):
    """A form that is carried out once (`key`), on the version of the thing that was seen (`seen`)."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("key", "seen"):
            self.fields[name].widget = forms.HiddenInput()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an operator is about to do: what it is called, asked for and shown, and the command.

    `carry_out` takes what the form holds and gives the sentence that tells what was done.
    `careful` marks what can not be taken back, `why_not` says why it can not be done now. `back` is where
    cancelling leads, if not to the thing's own page.
    """

    title: str
    carry_out: Callable[[Cleaned], str]
    form: Callable[..., ActForm] = ActForm
    button: str = ""
    lead: str | SafeString = ""
    initial: dict[str, Any] = field(default_factory=dict)
    careful: bool = False
    why_not: str = ""
    back: str = ""


class ActingDesk(DeskAdmin):
    """Rows with a page of their own, from which commands are called."""

    list_disable_select_all = True

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a row's page; nothing can be sent to it."""
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        return self.show(request, self.found(request, object_id))

    def show(self, request: HttpRequest, row: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
        """Show a row's page, with what went wrong above it."""
        raise NotImplementedError

    def called(self, row: Any) -> str:
        """Tell what a row is called, on its page and above each form that acts on it."""
        raise NotImplementedError

    def act_on(self, request: HttpRequest, row: Aggregate, act: Act) -> HttpResponse:
        """Show the form of an act; once it is sent and fits, carry it out on what was seen.

        Where the thing is another by now, nothing is done and its page is shown as it is.
        """
        if request.method != "POST" and act.why_not:
            return self.show(request, row, problem=act.why_not, status=409)
        if request.method != "POST":
            known = {"key": new_id(), "seen": request.GET.get("seen", row.version), **act.initial}
            return self._form(request, row, act, act.form(initial=known))
        filled = act.form(request.POST, request.FILES)
        if not filled.is_valid():
            return self._form(request, row, act, filled, status=422)
        given = filled.cleaned_data
        try:
            told = self._carried_out(request, row.id, act, given.pop("key"), given.pop("seen"), given)
        except ConcurrencyConflict as error:
            fresh = self.found(request, str(row.pk))
            problem = f"Nothing was done. {error.sentence}"
            return self.show(request, fresh, problem=problem, status=409)
        except DomainError as error:
            filled.add_error(None, " ".join(part for part in (error.sentence, error.clause) if part))
            return self._form(request, row, act, filled, status=error.status)
        return self.told(request, told, self.page_of(row.pk))

    def _carried_out(self, request: HttpRequest, row: UUID, act: Act, key: UUID, version: int, given: Cleaned) -> str:
        with once(derived("desk", signed_in(request).pk, key)), seen(row, version):
            return act.carry_out(given)

    def _form(
        self, request: HttpRequest, row: Aggregate, act: Act, form: ActForm, *, status: int = 200
    ) -> HttpResponse:
        called = self.called(row)
        context = {
            "title": f"{act.title}: {called}",
            "called": called,
            "act": act,
            "form": focused(form),
            "back": act.back or self.page_of(row.pk),
        }
        response = self.page(request, FORM, context)
        response.status_code = status
        return response


class Named(ActingDesk):
    """Rows of accounts: lists tell the customers' names, and find by name and number."""

    search_fields = ("account",)
    search_help_text = "Customer's name or account number"

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Bring the names of the accounts on this page along, by one query."""
        found = super().get_changelist_instance(request)
        names = customers.names_of({row.account for row in found.result_list})
        for row in found.result_list:
            row.holder_name = names.get(row.account, str(row.account))
        return found

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find rows by the customer's name or number."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(account__in=customers.accounts_like(search_term.strip())), False
