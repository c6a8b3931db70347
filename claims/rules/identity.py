"""The ids of what is unique: derived, so that a second attempt names the same thing."""

from __future__ import annotations

from uuid import UUID

from kernel.ids import ClaimId, EntitlementId, StatementId, derived
from kernel.months import Month


def period_id(agreement: str, month: Month) -> UUID:
    """Name an agreement's month."""
    return derived("period", agreement, month)


def statement_id(account: UUID, agreement: str, month: Month) -> StatementId:
    """Name an account's statement of a month."""
    return StatementId(derived("statement", account, agreement, month))


def entitlement_id(account: UUID, agreement: str, month: Month, number: int) -> EntitlementId:
    """Name an account's entitlement for a month; several follow each other by number."""
    return EntitlementId(derived("entitlement", account, agreement, month, number))


def claim_id(account: UUID, agreement: str, month: Month, number: int) -> ClaimId:
    """Name an account's claim for a month; `number` counts the month's ended claims (17)."""
    return ClaimId(derived("claim", account, agreement, month, number))


def ledger_id(account: UUID) -> UUID:
    """Name an account's credit ledger."""
    return derived("credit-account", account)
