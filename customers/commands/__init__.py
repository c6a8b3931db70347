"""The ways to write to accounts, usage, people and keys."""

from customers.commands.accounts import Opening, describe_account, end_tier, open_account, open_accounts, set_tier
from customers.commands.answers import Answer, Asked, answer_in_parts, answer_once, forget_answers
from customers.commands.keys import IssuedKey, create_key, create_provider_key, end_key, note_use
from customers.commands.people import (
    Invited,
    accept_as,
    accept_as_newcomer,
    change_role,
    invite,
    remove_member,
    withdraw_invitation,
)
from customers.commands.sign_ins import change_address, end_sessions, end_sign_in
from customers.commands.usage import drop_upload, import_good_lines, import_usage, keep_upload, set_usage

__all__ = [
    "Answer",
    "Asked",
    "Invited",
    "IssuedKey",
    "Opening",
    "accept_as",
    "accept_as_newcomer",
    "answer_in_parts",
    "answer_once",
    "change_address",
    "change_role",
    "create_key",
    "create_provider_key",
    "describe_account",
    "drop_upload",
    "end_key",
    "end_sessions",
    "end_sign_in",
    "end_tier",
    "forget_answers",
    "import_good_lines",
    "import_usage",
    "invite",
    "keep_upload",
    "note_use",
    "open_account",
    "open_accounts",
    "remove_member",
    "set_tier",
    "set_usage",
    "withdraw_invitation",
]
