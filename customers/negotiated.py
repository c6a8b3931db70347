"""Whose negotiated terms a file is: it names an account by its number, which agreements do not know."""

from __future__ import annotations

from agreements.errors import TermsRefused
from agreements.soundness import read_override
from agreements.terms import Override
from customers import queries
from customers.errors import UnknownAccount
from customers.queries import AccountView


def account_named_by(text: str) -> AccountView:
    """Find the account that a file of negotiated terms names. Errors: TermsRefused with the line."""
    file = read_override(text)
    account = _named(file)
    if account.agreement != file.agreement:
        told = f"Account `{account.number}` is under the agreement `{account.agreement}`."
        raise refused(file, "overrides", told, f"write `overrides: {account.agreement}`")
    return account


def require_account(text: str, account: AccountView) -> None:
    """Refuse a file that names another account than this one. Errors: TermsRefused with the line."""
    if account_named_by(text).id != account.id:
        told = f"This file is about another account than `{account.number}`."
        raise refused(read_override(text), "account", told, f"draft it there, or write `account: '{account.number}'`")


def _named(file: Override) -> AccountView:
    try:
        return queries.account_by_number(file.account)
    except UnknownAccount as error:
        told = f"There is no account `{file.account}`."
        raise refused(file, "account", told, "write the number of an account") from error


def refused(file: Override, field: str, sentence: str, mend: str) -> TermsRefused:
    """Fault a field of the file."""
    return TermsRefused(str(file.problem(field, sentence, mend=mend)))
