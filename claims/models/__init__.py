"""The aggregates of claims, one file for each noun."""

from claims.models.claim import Claim as Claim
from claims.models.double_entry import LedgerEntry as LedgerEntry
from claims.models.entitlement import Entitlement as Entitlement
from claims.models.finding import Finding as Finding
from claims.models.ledger import CreditAccount as CreditAccount
from claims.models.period import Period as Period
from claims.models.statement import Statement as Statement
