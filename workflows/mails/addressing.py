"""What every mail of the workflows shares: who gets it, from which provider, with which link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings

from agreements.overrides import terms_for, terms_in_force_for
from agreements.queries import PublishedTerms
from customers import queries as customers
from customers.queries import AccountView
from kernel.ids import derived
from kernel.months import Month
from notices.commands import gathered, queue_mail
from notices.kinds import Notice

_OPERATORS: ContextVar[list[str] | None] = ContextVar("operators", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Write the mails of many events together; who the operators are is asked once."""
    token = _OPERATORS.set(operators())
    try:
        with gathered():
            yield
    finally:
        _OPERATORS.reset(token)


def operators() -> list[str]:
    """List the addresses of the provider's people."""
    known = _OPERATORS.get()
    return [one.mail for one in customers.operators()] if known is None else known


class ToCustomer(TypedDict):
    """The fields that every notice to a customer has."""

    provider: str
    link: str
    account: str
    account_number: str
    contact: str


@dataclass(frozen=True)
class Letter:
    """An account and the terms that a mail to it is about."""

    account_id: UUID
    terms_version: int | None
    now: datetime
    override: int | None = None

    @cached_property
    def account(self) -> AccountView:
        """The account."""
        return customers.account(self.account_id)

    @cached_property
    def published(self) -> PublishedTerms:
        """The account's terms by which the thing was judged, or those in force now."""
        if self.terms_version is not None:
            return terms_for(self.account.agreement, self.terms_version, self.account_id, self.override)
        found = terms_in_force_for(self.account.agreement, self.account_id, self.now)
        if found is None:
            raise LookupError(f"no terms of {self.account.agreement} are in force")
        return found

    @property
    def zone(self) -> tzinfo:
        """The agreement's zone, in which times are told."""
        return self.published.terms.zone

    def to_customer(self, path: str) -> ToCustomer:
        """Give what every notice to the account says."""
        contacts = self.published.terms.contacts
        return ToCustomer(
            provider=contacts.legal_name or self.published.terms.title,
            link=link(f"/a/{self.account_id}/{path}"),
            account=self.account.name,
            account_number=self.account.number,
            contact=contacts.claims or contacts.support or "",
        )

    def clause(self, *rule: str | int) -> str:
        """Name the clause of a rule of these terms."""
        return self.published.terms.clause(*rule)

    def send(self, notice: Notice, *about: Any) -> None:
        """Queue the mail to every person of the account, once for what it is about."""
        people = [one.mail for one in customers.members_of(self.account_id)]
        if people:
            queue_mail(key=derived("notice", notice.kind, *about), to=people, notice=notice, now=self.now)


def link(path: str) -> str:
    """Write the address of a page."""
    return settings.MAKEGOOD_URL.rstrip("/") + path


def month_path(month: Month) -> str:
    """Where an account's month is shown."""
    return f"months/{month}/"


def send_to_operators(notice: Notice, *about: Any, now: datetime) -> None:
    """Queue a mail to every operator, once for what it is about."""
    if people := operators():
        queue_mail(key=derived("notice", notice.kind, *about), to=people, notice=notice, now=now)
