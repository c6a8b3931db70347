"""The portal's forms: they check shape, the commands decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from claims.evidence import FILES_IN_A_CLAIM, examine
from customers.models import Role
from customers.rules import LONGEST_ADDRESS
from eventstore import DomainError
from kernel.intervals import Interval
from kernel.months import Month
from portal.times import TimesField, how_to_write

LONGEST_WORDS = 10_000


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files that can be evidence; `fine` names those of them that can, also where others cannot."""

    def __init__(self, **kwargs: Any) -> None:
        self.fine: list[str] = []
        super().__init__(**{"required": False, "widget": ManyFiles(), **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ARG002 — a form gives it
        """Give the files as a list. Errors name each file that cannot be evidence, and why."""
        given: Sequence[UploadedFile[Any]] = data if isinstance(data, list | tuple) else [data] if data else []
        self.fine, problems = [], []  # a new list: forms share what their copies of a field hold
        for one in given:
            try:
                examine(one)
            except DomainError as error:
                problems.append(forms.ValidationError(f"“{one.name}”: {error.sentence}"))
            else:
                self.fine.append(f"“{one.name}”")
        if len(given) > FILES_IN_A_CLAIM:
            problems.append(forms.ValidationError(f"A claim holds at most {FILES_IN_A_CLAIM} files."))
        if problems:
            raise forms.ValidationError(problems)
        return list(given)


def files_help() -> str:
    """Say what evidence may be."""
    largest = filesizeformat(settings.MAKEGOOD_EVIDENCE_BYTES)
    kinds = "text, PDF, PNG, JPEG, GIF or WebP"
    return f"Logs, screenshots or monitoring data: {kinds}, up to {largest} each, {FILES_IN_A_CLAIM} files in all."


class PartsForm(forms.Form):
    """What a claim can state: times, evidence and words."""

    times = TimesField(label="When the service was down for you")
    evidence = FilesField(label="Evidence")
    words = forms.CharField(
        label="Anything else we should know",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=LONGEST_WORDS,
    )

    def __init__(
        self,
        *args: Any,
        month: Month,
        zone: tzinfo,
        require: Callable[[Interval], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        times = self.fields["times"]
        assert isinstance(times, TimesField)  # noqa: S101 — declared above
        times.zone, times.require = zone, require
        times.help_text = how_to_write(month, zone)
        self.fields["evidence"].help_text = files_help()

    def ask_for_files_again(self) -> None:
        """Name the files that were fine: the form was not carried out, and its page cannot hold them."""
        files = self.fields["evidence"]
        assert isinstance(files, FilesField)  # noqa: S101 — declared above
        if files.fine:
            were = "it was" if len(files.fine) == 1 else "they were"
            self.add_error(
                "evidence",
                f"Choose {' and '.join(files.fine)} again: {were} fine, but a browser does not send files a second "
                "time by itself.",
            )


class FilingForm(PartsForm):
    """A claim for a month; the key lets a second click mean the same as the first."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class AddForm(FilingForm):
    """More parts for an open claim: at least one of them."""

    def clean(self) -> dict[str, Any]:
        """Refuse a form with nothing in it."""
        given = super().clean() or {}
        if not self.errors and not any(given.get(part) for part in ("times", "evidence")):
            raise forms.ValidationError("There is nothing to add: state times or choose a file.")
        return given


class AppealForm(forms.Form):
    """Why a rejection should be looked at again."""

    words = forms.CharField(
        label="Why the decision is wrong", widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_WORDS
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Taking a claim back, once one is sure."""

    words = forms.CharField(label="Why (optional)", required=False, max_length=LONGEST_WORDS)
    sure = forms.BooleanField(
        label="Yes, take this claim back", error_messages={"required": "Tick this to take the claim back."}
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label="Mail address", max_length=LONGEST_ADDRESS)
    role = forms.ChoiceField(
        label="Role",
        choices=[(one.value, one.label.capitalize()) for one in Role],
        initial=Role.MEMBER,
        help_text="A member sees and files claims; an owner also invites and removes people and makes keys.",
    )


class KeyForm(forms.Form):
    """A name by which a key is known later."""

    name = forms.CharField(label="What the key is for", max_length=100)


class NewcomerForm(forms.Form):
    """How an invited person signs in from now on."""

    name = forms.CharField(label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least ten characters, and none that is in common use.",
    )
