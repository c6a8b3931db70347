"""The portal's forms: they check shape, the commands decide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from claims.evidence import FILES_IN_A_CLAIM, examine
from customers.models import Role
from eventstore import DomainError
from kernel.dates import local_instant
from kernel.intervals import Interval
from kernel.shown import zone_name

LONGEST_WORDS = 10_000
MOST_TIMES = 50
FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S")
BETWEEN = re.compile(r"\s+(?:to|until|-|\u2013|\u2014)\s+")
ONLY_A_TIME = re.compile(r"\d\d:\d\d(?::\d\d)?")
MEND = "Write it as 2026-10-05 12:30 to 2026-10-05 14:00."


class TimesField(forms.CharField):
    """Stretches of downtime, one on each line, in the zone that the form names.

    `require` refuses a stretch that the claim cannot mean.
    """

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        self.zone: tzinfo = UTC
        self.require: Callable[[Interval], None] | None = None
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value: Any) -> Any:
        """Read the lines. Errors name each line that cannot be read, and how to mend it."""
        text = super().clean(value)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_TIMES:
            raise forms.ValidationError(f"State at most {MOST_TIMES} stretches; several can be written as one.")
        read, problems = [], []
        for number, line in enumerate(lines, start=1):
            try:
                read.append(self._stretch(number, line))
            except forms.ValidationError as problem:
                problems.append(problem)
        if problems:
            raise forms.ValidationError(problems)
        return tuple(read)

    def _stretch(self, number: int, line: str) -> Interval:
        start, _, end = BETWEEN.sub("\n", line, count=1).partition("\n")
        if ONLY_A_TIME.fullmatch(end.strip()):
            end = f"{start[:10]} {end.strip()}"
        begun, ended = self._instant(start), self._instant(end)
        if begun is None or ended is None:
            raise forms.ValidationError(f"Line {number} (“{line}”) is no stretch of time. {MEND}")
        if ended <= begun:
            raise forms.ValidationError(f"Line {number} (“{line}”) ends before it starts: correct one of its times.")
        stretch = Interval(begun, ended)
        try:
            if self.require is not None:
                self.require(stretch)
        except DomainError as error:
            raise forms.ValidationError(f"Line {number} (“{line}”): {error.sentence}") from error
        return stretch

    def _instant(self, text: str) -> datetime | None:
        for form in FORMATS:
            try:
                wall = datetime.strptime(text.strip(), form)  # noqa: DTZ007 — the zone comes next
                return local_instant(wall, self.zone)
            except (ValueError, OverflowError):
                continue
        return None


def written(times: Iterable[Interval], zone: tzinfo) -> str:
    """Write stretches as the field reads them; one that ends within a minute is written to the next."""
    lines = []
    for one in times:
        start, end = one.start.astimezone(zone), one.end.astimezone(zone)
        if end.second or end.microsecond:
            end = end.replace(second=0, microsecond=0) + timedelta(minutes=1)
        lines.append(f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}")
    return "\n".join(lines)


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
        self, *args: Any, zone: tzinfo, require: Callable[[Interval], None] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        times = self.fields["times"]
        assert isinstance(times, TimesField)  # noqa: S101 — declared above
        times.zone, times.require = zone, require
        times.help_text = f"In {zone_name(zone)} time, each stretch on a line of its own. {MEND}"
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

    email = forms.EmailField(label="Mail address")
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
