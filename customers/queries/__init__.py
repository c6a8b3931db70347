"""Reading customers from outside: accounts, usage, people and keys, as plain values."""

from customers.queries.accounts import (
    AccountHoldings,
    AccountView,
    account,
    account_by_number,
    accounts_like,
    accounts_under,
    first_held,
    holders,
    holdings,
    names_of,
)
from customers.queries.keys import KeyHolder, KeyView, account_for_key, keys_of, program_for_key
from customers.queries.people import (
    InvitationView,
    Person,
    accounts_of_user,
    invitation_for,
    invitations_of,
    members_of,
    name_of_actor,
    operators,
    role_of,
)
from customers.queries.usage import UsageView, usage_for, usage_history, usage_of, usages_of

__all__ = [
    "AccountHoldings",
    "AccountView",
    "InvitationView",
    "KeyHolder",
    "KeyView",
    "Person",
    "UsageView",
    "account",
    "account_by_number",
    "account_for_key",
    "accounts_like",
    "accounts_of_user",
    "accounts_under",
    "first_held",
    "holders",
    "holdings",
    "invitation_for",
    "invitations_of",
    "keys_of",
    "members_of",
    "name_of_actor",
    "names_of",
    "operators",
    "program_for_key",
    "role_of",
    "usage_for",
    "usage_history",
    "usage_of",
    "usages_of",
]
