"""Accounts and their usage, kept as events; and the plain rows of people and keys."""

from customers.models.accounts import Account, AccountState, Profile
from customers.models.answers import KeptAnswer
from customers.models.keys import ApiKey
from customers.models.people import Invitation, Member, Role, User
from customers.models.usage import Usage, UsageState, UsageUpload

__all__ = [
    "Account",
    "AccountState",
    "ApiKey",
    "Invitation",
    "KeptAnswer",
    "Member",
    "Profile",
    "Role",
    "Usage",
    "UsageState",
    "UsageUpload",
    "User",
]
