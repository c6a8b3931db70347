"""What the desk asks for before it calls a command."""

from typing import Any
from uuid import UUID

from django import forms

from agreements import queries as agreements
from customers import queries
from customers.admin.desk import DeskForm
from customers.models import Role
from customers.rules import LONGEST_ADDRESS
from customers.terms_of import terms_at
from kernel import clock
from kernel.errors import KernelError
from kernel.months import Month

UTC_HINT = "In UTC; an instant, not a date."


class OpenForm(DeskForm):
    """A new account."""

    number = forms.CharField(label="Account number", help_text="What your billing calls it; it never changes.")
    name = forms.CharField()
    agreement = forms.ChoiceField()
    tier = forms.CharField(required=False, help_text="As the agreement names it; empty for none yet.")
    from_at = forms.DateTimeField(label="Tier held from", help_text=UTC_HINT)
    time_zone = forms.CharField(initial="UTC", help_text="Where its people are, such as Europe/London.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(listed.name, listed.title) for listed in agreements.current()]
        self.offer("agreement", choices)


class TierForm(DeskForm):
    """A tier that an account holds."""

    tier = forms.ChoiceField()
    from_at = forms.DateTimeField(label="Held from", help_text=f"{UTC_HINT} The tier held until then ends there.")
    until_at = forms.DateTimeField(label="Held until", required=False, help_text="Empty: until further notice.")
    reason = forms.CharField(widget=forms.Textarea, max_length=1000)

    def __init__(self, agreement: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, tier.title) for name, tier in terms_at(agreement, clock.now()).tiers.items()]
        self.offer("tier", choices)


class EndTierForm(DeskForm):
    """The end of a tier."""

    at = forms.DateTimeField(label="Ends at", help_text=f"{UTC_HINT} At its own start, it was never held.")
    reason = forms.CharField(widget=forms.Textarea, max_length=1000)


class UsageForm(DeskForm):
    """One month's usage."""

    month = forms.CharField(help_text="Year and month, such as 2026-10.")
    amount = forms.DecimalField(
        max_digits=16, decimal_places=4, help_text="Gross metered charges, before credits and tax."
    )
    reason = forms.CharField(widget=forms.Textarea, max_length=1000, required=False)

    def clean_month(self) -> Month:
        """Read the month."""
        try:
            return Month.parse(self.cleaned_data["month"])
        except KernelError as error:
            raise forms.ValidationError("Write year and month, such as 2026-10.") from error


class DescribeForm(DeskForm):
    """What an account is called."""

    name = forms.CharField()
    time_zone = forms.CharField()


class InviteForm(DeskForm):
    """Somebody to invite."""

    email = forms.EmailField(label="Mail address", max_length=LONGEST_ADDRESS)
    role = forms.ChoiceField(choices=Role.choices)


class MemberForm(DeskForm):
    """One of an account's people."""

    person = forms.TypedChoiceField(coerce=UUID)

    def __init__(self, account: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.user_id, f"{one.name} ({one.mail}, {one.role})") for one in queries.members_of(account)]
        self.offer("person", choices)


class KeyNameForm(DeskForm):
    """A new key's name."""

    name = forms.CharField(help_text="What the program does, so that the key is known again.")


class KeyForm(DeskForm):
    """One of an account's keys that are in use."""

    key = forms.TypedChoiceField(coerce=UUID)

    def __init__(self, account: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = [one for one in queries.keys_of(account) if one.ended_at is None]
        choices = [(one.id, f"{one.name} ({one.prefix}…)") for one in live]
        self.offer("key", choices)


class UploadForm(DeskForm):
    """A usage file."""

    file = forms.FileField(help_text="CSV in UTF-8 with the columns account,month,amount and, if wanted, currency.")
    reason = forms.CharField(required=False, max_length=1000, help_text="Kept with every amount of the file.")


class NothingForm(DeskForm):
    """Nothing but a yes."""
