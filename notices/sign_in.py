"""Signing in by allauth: nobody signs up uninvited, and its mails leave by the outbox."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from customers.rules import LONGEST_ADDRESS
from kernel import clock
from kernel.ids import new_id
from notices.commands import queue_mail
from notices.kinds import SignIn


@dataclass(frozen=True, slots=True)
class Site:
    """The site as allauth's mails name it."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What Makegood decides for allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 — allauth asks with it
        """Let nobody sign up: a sign-in begins with an invitation."""
        return False

    def clean_email(self, email: str) -> str:
        """Refuse an address that is longer than any can be."""
        MaxLengthValidator(LONGEST_ADDRESS)(email)
        return email

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail in the transaction of the request, as every other mail is."""
        known = {"request": self.request, "email": email, "current_site": Site("Makegood", settings.MAKEGOOD_URL)}
        written: EmailMessage = self.render_mail(template_prefix, email, known | context)
        notice = SignIn(
            provider=settings.MAKEGOOD_URL, link="", about=str(written.subject), words=str(written.body).strip()
        )
        queue_mail(key=new_id(), to=[email], notice=notice, now=clock.now())

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Give the address of the form for a new password, at the site's own address whatever the request named."""
        return f"{settings.MAKEGOOD_URL}{urlsplit(super().get_reset_password_from_key_url(key)).path}"
