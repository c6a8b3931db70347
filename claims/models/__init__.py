"""The aggregates of claims, one file for each noun."""

from claims.models.entitlement import Entitlement as Entitlement
from claims.models.finding import Finding as Finding
from claims.models.period import Period as Period
from claims.models.statement import Statement as Statement
