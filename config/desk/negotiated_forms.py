"""What the desk asks for before it changes what was negotiated with an account."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from agreements.models import Override
from agreements.standing import WITHDRAWABLE, Standing
from agreements.version import NegotiatedVersion
from claims.admin.acting import ActForm
from customers.admin.desk import instant

MOST_BYTES: Final = 200_000


class DraftForm(ActForm):
    """The file of a version, uploaded or pasted."""

    file = forms.FileField(required=False, help_text="A YAML file; it takes the place of the text below.")
    text = forms.CharField(
        label="Or its text", required=False, strip=False, max_length=MOST_BYTES, widget=forms.Textarea
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.update(rows=18, spellcheck="false", wrap="off")
        self.fields["text"].widget.attrs["class"] += " desk-source"

    def clean(self) -> dict[str, Any]:
        """Read the text that was sent; a refused file can be mended in place of the text."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        sent = cleaned.pop("file", None)
        text = self._text_of(sent) if sent else cleaned.get("text", "").replace("\r\n", "\n")
        if not text.strip() and not self.errors:
            self.add_error("text", "Pick a file or write its text here.")
        if text:
            self.data = {**{name: self.data[name] for name in self.data}, "text": text}
        return {**cleaned, "text": text}

    def _text_of(self, sent: Any) -> str:
        if sent.size > MOST_BYTES:
            self.add_error("file", "This file is too large to be a file of negotiated terms.")
            return ""
        try:
            return str(sent.read().decode("utf-8"))
        except UnicodeDecodeError:
            self.add_error("file", "This file is not UTF-8 text.")
            return ""


class VersionForm(ActForm):
    """Which version is meant: of those that stand so, and what was sent, about which the command decides."""

    version = forms.TypedChoiceField(coerce=int)
    standings: frozenset[Standing] = frozenset({Standing.DRAFT})

    def __init__(self, *args: Any, row: Override, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.data.get("version")
        meant = [one for one in row.versions if one.standing in self.standings or str(one.number) == sent]
        self.offer("version", [(one.number, called(one)) for one in meant])


class AgreeForm(VersionForm):
    """Who of the customer agreed, when, and where it is written."""

    standings = frozenset({Standing.DRAFT, Standing.ANNOUNCED})
    who = forms.CharField(
        label="Who agreed", max_length=400, help_text="A person of the customer, such as: Ada Acme, head of buying."
    )
    agreed_on = forms.DateField(label="Agreed on")
    where = forms.CharField(
        label="Where it is written", max_length=400, help_text="For instance: Order form 17, signed by both."
    )


class ToldForm(VersionForm):
    """When and how the account was told of a version."""

    standings = frozenset({Standing.ANNOUNCED})
    told_at = forms.DateTimeField(label="Told at", help_text="In UTC.")
    how = forms.CharField(max_length=400, help_text="For instance: by registered letter.")


class WithdrawForm(VersionForm):
    """Which version is taken back, and why."""

    standings = WITHDRAWABLE
    reason = forms.CharField(
        widget=forms.Textarea, max_length=4_000, help_text="The account's people, if they were told, read it."
    )


def called(version: NegotiatedVersion) -> str:
    """Tell a version from the others."""
    until = f" until {instant(version.until)}" if version.until else ""
    return f"version {version.number}, in force from {instant(version.in_force_from)}{until} UTC"
