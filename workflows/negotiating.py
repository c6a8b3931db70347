"""Negotiated terms come to the account that their file names: accounts are known here, and terms there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agreements import overrides, overriding
from agreements.errors import TermsRefused
from agreements.rules import digest_of
from agreements.soundness import read_override
from agreements.terms import Override
from customers import queries as customers
from customers.errors import UnknownAccount
from customers.queries import AccountView
from eventstore import Actor


@dataclass(frozen=True, slots=True)
class Drafted:
    """What was written down: a version of what was negotiated with an account."""

    account: AccountView
    number: int


def draft(text: str, *, by: Actor, now: datetime) -> Drafted:
    """Write down a text as the next version for the account that it names; nobody is told yet.

    Errors: TermsRefused, also where there is no such account or it is under another agreement, and those of
    `overriding.draft_override`.
    """
    account = whose(read_override(text))
    overriding.draft_override(text, account.id, by=by, now=now)
    versions = overrides.every_override(account.agreement, account.id)
    digest = digest_of(text)
    return Drafted(account, max(one.number for one in versions if one.digest == digest))


def whose(override: Override) -> AccountView:
    """Find the account with whom something was negotiated. Errors: TermsRefused with the line."""
    try:
        account = customers.account_by_number(override.account)
    except UnknownAccount as error:
        told = f"There is no account {override.account!r}."
        problem = override.problem("account", told, "the number of an account that is open")
        raise TermsRefused(str(problem)) from error
    if account.agreement != override.agreement:
        told = f"The account {override.account!r} is under the agreement {account.agreement!r}."
        mend = f"write `overrides: {account.agreement}`, or name another account"
        raise TermsRefused(str(override.problem("overrides", told, "the agreement of the account", mend)))
    return account
