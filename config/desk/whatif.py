"""What if, at the desk: an operator picks or uploads a draft, watches the run, and opens or downloads the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from functools import wraps
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from agreements import queries as agreements
from agreements.standing import TITLES
from config.content_policy import HEADER
from customers.admin.desk import DeskForm, signed_in
from eventstore import DomainError
from kernel import clock
from kernel.errors import MonthMalformed
from kernel.months import Month
from workflows.tasks import run_what_if
from workflows.whatif import kept
from workflows.whatif.page import CONTENT_POLICY
from workflows.whatif.running import asked, require_runnable

LARGEST_DRAFT: Final = 500_000
REFRESH_SECONDS: Final = 2
YEAR: Final = 12


class WhatIfForm(DeskForm):
    """A draft, and the months over which it is run."""

    version = forms.ChoiceField(
        label="A draft, or any other version",
        required=False,
        help_text="A version that is in force tells what it would have paid earlier.",
    )
    file = forms.FileField(
        label="Or a file", required=False, help_text="A terms file in YAML, up to 500 kB. It is not kept as a draft."
    )
    agreement = forms.ChoiceField(
        label="Months of", required=False, help_text="Whose accounts and observations it is run over."
    )
    since = forms.CharField(label="First month", help_text="Year and month, such as 2026-01.")
    until = forms.CharField(label="Last month", required=False, help_text="Empty: the last month that is over.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = agreements.current()
        versions = [
            (f"{one.name}/{version.number}", f"{one.title}, version {version.number} ({TITLES[version.standing]})")
            for one in listed
            for version in reversed(agreements.every_version(one.name))
        ]
        self._choose("version", "None: the file below", versions)
        self._choose("agreement", "The draft's own agreement", [(one.name, one.title) for one in listed])
        last = Month.of(clock.now(), UTC).previous()
        for name, month in (("since", last.plus(1 - YEAR)), ("until", last)):
            field = self.fields[name]
            field.initial, field.widget.input_type = str(month), "month"

    def _choose(self, name: str, nothing: str, choices: list[tuple[str, str]]) -> None:
        """Let a field choose one of these, or nothing, which has a name of its own."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — only such a field has choices
        field.choices = [("", nothing), *choices]

    def clean_since(self) -> Month:
        """Read the first month."""
        return _month(self.cleaned_data["since"])

    def clean_until(self) -> Month | None:
        """Read the last month, if one is named."""
        return _month(self.cleaned_data["until"]) if self.cleaned_data["until"].strip() else None

    def clean(self) -> dict[str, Any]:
        """Read the draft as it is read to be published, so that its faults are told here."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        version, file = cleaned["version"], cleaned["file"]
        if bool(version) == bool(file):
            raise ValidationError("Choose a version or a file: one of them.")
        cleaned["draft"], cleaned["text"] = _uploaded(file) if file else _version(version)
        try:
            question = asked(
                cleaned["text"], since=cleaned["since"], until=cleaned["until"], agreement=cleaned["agreement"]
            )
            require_runnable(question, now=clock.now())
        except DomainError as refusal:
            raise ValidationError(refusal.sentence) from refusal
        cleaned["agreement"] = question.agreement
        return cleaned


def _month(text: str) -> Month:
    try:
        return Month.parse(text.strip())
    except MonthMalformed as error:
        raise ValidationError("Write year and month, such as 2026-01.") from error


def _version(chosen: str) -> tuple[str, str]:
    name, _, number = chosen.partition("/")
    document = agreements.terms_version(name, int(number)).document
    return f"{name}, version {number}", document.source.text


def _uploaded(file: Any) -> tuple[str, str]:
    if file.size > LARGEST_DRAFT:
        raise ValidationError(f"The file has {file.size:,} bytes; {LARGEST_DRAFT:,} are the most.")
    try:
        text: str = file.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValidationError("The file is not text in UTF-8.") from error
    return str(file.name)[:200], text


def index(request: HttpRequest) -> HttpResponse:
    """Ask for a run; list those that are kept."""
    suggested = {"version": request.GET.get("version", "")}
    form = WhatIfForm(request.POST, request.FILES) if request.method == "POST" else WhatIfForm(initial=suggested)
    if request.method == "POST" and form.is_valid():
        return _begun(request, form.cleaned_data)
    return _page(request, "what_if.html", {"title": "What if", "form": form, "runs": kept.newest()})


def _begun(request: HttpRequest, cleaned: dict[str, Any]) -> HttpResponse:
    now, person = clock.now(), signed_in(request)
    wanted = kept.Asked(
        draft=cleaned["draft"],
        text=cleaned["text"],
        agreement=cleaned["agreement"],
        since=cleaned["since"],
        until=cleaned["until"],
        by=person.name or person.email,
    )
    run = kept.keep(wanted, now=now)
    try:
        run_what_if.delay(run.number)
    except OperationalError:
        kept.refuse(run, "No worker can be reached at the moment. Ask again in a minute.", now=now)
    return HttpResponseRedirect(reverse("what-if-run", args=[run.number]))


@require_safe
def shown(request: HttpRequest, run: int) -> HttpResponse:
    """Show how far a run is, or what it came to."""
    found = _found(run)
    context = {
        "title": "What if",
        "run": found,
        "silent": found.is_silent(clock.now()),
        "refresh": 0 if found.is_over else REFRESH_SECONDS,
    }
    return _page(request, "what_if_run.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, run: int) -> HttpResponse:
    """End a run; who comes without the button, by reload or after signing in, sees how it stands."""
    found = _found(run)
    if request.method != "POST":
        messages.info(request, "Nothing was cancelled.")
    elif found.is_over:
        messages.info(request, "It is over already.")
    else:
        kept.cancel(found.number)
        kept.note_cancelled(found, now=clock.now())
        messages.success(request, "The run is cancelled.")
    return HttpResponseRedirect(reverse("what-if-run", args=[run]))


@require_safe
def report(request: HttpRequest, run: int) -> HttpResponse:
    """Give the report as a page that stands alone; as a file where that is asked for."""
    page = kept.page_of(run)
    if page is None:
        raise Http404
    answer = HttpResponse(page, headers={HEADER: CONTENT_POLICY})
    if "download" in request.GET:
        answer.headers["Content-Disposition"] = f'attachment; filename="what-if-{run}.html"'
    return answer


@require_safe
def table(_request: HttpRequest, run: int) -> HttpResponse:
    """Give the report as a table: one line for each account and month."""
    text = kept.table_of(run)
    if text is None:
        raise Http404
    disposition = f'attachment; filename="what-if-{run}.csv"'
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


def _found(run: int) -> kept.Run:
    found = kept.found(run)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, f"config/desk/{template}", {**admin.site.each_context(request), **context})


def _page_or_away(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say so where the runs can not be reached."""

    @wraps(view)
    def guarded(request: HttpRequest, **parameters: int) -> HttpResponse:
        try:
            return view(request, **parameters)
        except RedisError:
            away = _page(request, "what_if_away.html", {"title": "What if"})
            away.status_code = 503
            return away

    return guarded


def routes() -> list[URLPattern]:
    """Give the pages, each for operators only."""

    def only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return admin.site.admin_view(_page_or_away(view))

    return [
        path("", only(index), name="what-if"),
        path("<int:run>/", only(shown), name="what-if-run"),
        path("<int:run>/cancel/", only(cancel), name="what-if-cancel"),
        path("<int:run>/report/", only(report), name="what-if-report"),
        path("<int:run>/table/", only(table), name="what-if-table"),
    ]
