"""What the desk asks for before it calls a command of measurement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms

from customers import queries as customers
from customers.admin.desk import DeskForm
from eventstore import DomainError
from kernel.intervals import Interval
from uptime.events import Acceptance, Category, Emergency, Finding, Scope

UTC_HINT = "In UTC."
MOST_TEXT = 4_000

_UNPLANNED = [(one.value, one.value.replace("_", " ")) for one in Category if one is not Category.PLANNED]
_FINDINGS = [
    (Finding.UP.value, "it was up"),
    (Finding.DOWN.value, "it was down"),
    (Finding.CONFINED.value, "it was down for the named accounts only"),
]
_CONDITIONS = [("", "not emergency maintenance"), ("network", "network"), ("security", "security")]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def account_of(number: str) -> UUID:
    """Find an account by its number."""
    try:
        return customers.account_by_number(number).id
    except DomainError as error:
        raise forms.ValidationError(f"There is no account {number}.") from error


def _delivered(line: str) -> Acceptance:
    number, _, written = line.rpartition(" ")
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not number:
        raise forms.ValidationError(f"Write an account and an instant, such as A-1 2026-10-03T02:00Z, not {line!r}.")
    return Acceptance(account_of(number.strip()), at.astimezone(UTC))


class StretchForm(DeskForm):
    """A stretch of time of a service, with why."""

    start = forms.DateTimeField(label="From", help_text=UTC_HINT)
    end = forms.DateTimeField(label="Until", help_text=f"{UTC_HINT} The first instant that is no longer part of it.")
    reason = forms.CharField(widget=forms.Textarea, max_length=MOST_TEXT)
    evidence = forms.CharField(widget=forms.Textarea, max_length=MOST_TEXT, required=False)
    accounts = forms.CharField(
        widget=forms.Textarea, required=False, help_text="Account numbers, one a line; empty for everybody."
    )

    def clean_accounts(self) -> tuple[UUID, ...]:
        """Find the accounts."""
        return tuple(account_of(number) for number in _lines(self.cleaned_data["accounts"]))

    def clean(self) -> dict[str, Any]:
        """Read the stretch."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end:
            if end <= start:
                raise forms.ValidationError("It must end after it begins.")
            cleaned["stretch"] = Interval(start, end)
        return cleaned


class ExclusionForm(StretchForm):
    """Time that is to be excused, and what it covers."""

    monitors = forms.CharField(
        widget=forms.Textarea, required=False, help_text="Names of monitors, one a line; empty for the whole service."
    )

    def clean(self) -> dict[str, Any]:
        """Read what it covers."""
        cleaned = super().clean()
        cleaned["scope"] = Scope(tuple(_lines(cleaned.get("monitors", ""))), cleaned.get("accounts", ()))
        return cleaned


class UnplannedForm(ExclusionForm):
    """Time that was not planned, with its category and, of an emergency, the record."""

    category = forms.ChoiceField(choices=_UNPLANNED)
    condition = forms.ChoiceField(choices=_CONDITIONS, required=False, label="Emergency: condition")
    customers_affected = forms.IntegerField(min_value=0, initial=0, required=False)
    urgency = forms.CharField(widget=forms.Textarea, required=False, max_length=MOST_TEXT)
    notice_given_at = forms.DateTimeField(required=False, help_text=UTC_HINT)
    why_no_notice = forms.CharField(widget=forms.Textarea, required=False, max_length=MOST_TEXT)

    def clean(self) -> dict[str, Any]:
        """Read the record of the emergency."""
        cleaned = super().clean()
        cleaned["emergency"] = None
        if cleaned.get("condition"):
            cleaned["emergency"] = Emergency(
                condition=cleaned["condition"],
                customers_affected=cleaned.get("customers_affected") or 0,
                urgency=cleaned.get("urgency", ""),
                notice_given_at=cleaned.get("notice_given_at"),
                why_no_notice=cleaned.get("why_no_notice", ""),
            )
        return cleaned


class WindowForm(ExclusionForm):
    """A planned window with its announcement."""

    announced_at = forms.DateTimeField(help_text=UTC_HINT)
    channel = forms.ChoiceField(choices=[("mail", "e-mail"), ("page", "status page")])
    accepted = forms.CharField(
        widget=forms.Textarea,
        required=False,
        label="Mail accepted",
        help_text="Account number and the instant at which its mail server took the notice, one account a line,"
        " such as A-1 2026-10-03T02:00Z.",
    )

    def clean_accepted(self) -> tuple[Acceptance, ...]:
        """Read who got the notice, and when."""
        return tuple(_delivered(line) for line in _lines(self.cleaned_data["accepted"]))


class CorrectionForm(StretchForm):
    """What was found about a stretch."""

    finding = forms.ChoiceField(choices=_FINDINGS)
    monitor = forms.CharField(required=False, help_text="Only this monitor; empty for the service as a whole.")


class ReasonForm(DeskForm):
    """A decision that needs its reason."""

    reason = forms.CharField(widget=forms.Textarea, max_length=MOST_TEXT)


class ApprovalForm(DeskForm):
    """A decision that may have a reason."""

    reason = forms.CharField(widget=forms.Textarea, max_length=MOST_TEXT, required=False)


class CompletionForm(DeskForm):
    """When the work of a window was done."""

    completed_at = forms.DateTimeField(help_text=UTC_HINT)


class CallingOffForm(ReasonForm):
    """Why a window did not take place."""

    how = forms.ChoiceField(choices=[("cancelled", "it was cancelled"), ("never_started", "it never started")])
