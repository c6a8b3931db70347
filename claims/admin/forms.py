"""What the desk asks for before it calls a command on a claim, a month or a ledger."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms

from agreements import queries as agreements
from claims.admin.acting import ActForm
from customers.admin.desk import DeskForm
from kernel.errors import KernelError
from kernel.intervals import Interval
from kernel.money import Money
from kernel.months import Month

UTC_HINT = "In UTC."
MOST_TEXT = 4_000
PARTS = (("times evidence", "times and evidence"), ("times", "times"), ("evidence", "evidence"))


class ReasonForm(ActForm):
    """An act that needs its reason."""

    reason = forms.CharField(widget=forms.Textarea, max_length=MOST_TEXT, help_text="It stands in the history.")


class ToldReasonForm(ActForm):
    """An act whose reason the customers read."""

    reason = forms.CharField(
        widget=forms.Textarea, max_length=MOST_TEXT, help_text="Customers whose figures change read it."
    )


class NoteForm(ActForm):
    """An act that may have a note."""

    note = forms.CharField(
        widget=forms.Textarea, max_length=MOST_TEXT, required=False, help_text="For the person who approves."
    )


class AskForm(ActForm):
    """What the customer is asked for, and in which words."""

    parts = forms.ChoiceField(label="Ask for", choices=PARTS)
    question = forms.CharField(
        widget=forms.Textarea, max_length=MOST_TEXT, help_text="The customer reads it, by mail and in the portal."
    )

    def clean_parts(self) -> list[str]:
        """Read which parts were chosen."""
        return str(self.cleaned_data["parts"]).split()


class CodedForm(ActForm):
    """A decision for a coded reason, with words."""

    code = forms.ChoiceField(label="Reason")

    def __init__(self, codes: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("code", [(code, f"{sentence} ({code})") for code, sentence in codes.items()])


class ContestForm(CodedForm):
    """What is decided about a contested stretch."""

    start = forms.DateTimeField(label="From", help_text=UTC_HINT)
    end = forms.DateTimeField(label="Until", help_text=f"{UTC_HINT} The first instant that is no longer part of it.")
    reason = forms.CharField(
        widget=forms.Textarea, max_length=MOST_TEXT, label="In words", help_text="It stands in the history."
    )

    def clean(self) -> dict[str, Any]:
        """Read the stretch."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.pop("start", None), cleaned.pop("end", None)
        if start and end:
            if end <= start:
                raise forms.ValidationError("It must end after it begins.")
            cleaned["stretch"] = Interval(start, end)
        return cleaned


class RejectForm(CodedForm):
    """Why a claim is rejected."""

    sentence = forms.CharField(
        widget=forms.Textarea, max_length=MOST_TEXT, label="In words", help_text="The customer reads it."
    )


class ApproveForm(ActForm):
    """The credit that the page showed."""

    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown"].widget = forms.HiddenInput()

    def clean_shown(self) -> Money:
        """Read the amount."""
        try:
            return Money.parse(self.cleaned_data["shown"])
        except KernelError as error:
            raise forms.ValidationError("Open the claim again: its amount can not be read.") from error


class MoveForm(ActForm):
    """A later deadline."""

    due_at = forms.DateTimeField(
        label="Due before", help_text=f"{UTC_HINT} The first instant that is late; only later than now stated."
    )
    reason = forms.CharField(widget=forms.Textarea, max_length=MOST_TEXT, help_text="It stands in the history.")


class ReversalForm(ReasonForm):
    """Which posting is undone, and why."""

    posting = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posting"].widget = forms.HiddenInput()


class BillsForm(DeskForm):
    """Whose bills, and of which cycle."""

    agreement = forms.ChoiceField()
    cycle = forms.CharField(label="Billing cycle", help_text="Year and month, such as 2026-10.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("agreement", [(one.name, one.title) for one in agreements.current()])

    def clean_cycle(self) -> Month:
        """Read the month."""
        try:
            return Month.parse(self.cleaned_data["cycle"].strip())
        except KernelError as error:
            raise forms.ValidationError("Write year and month, such as 2026-10.") from error


def coded(form: type[CodedForm], codes: Mapping[str, str]) -> partial[CodedForm]:
    """Make a form that offers these reasons."""
    return partial(form, codes)
