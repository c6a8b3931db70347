"""The aggregates of measurement, and the checks, which are plain rows that are only ever added."""

from uptime.models.check import Check
from uptime.models.correction import Correction
from uptime.models.exclusion import Exclusion
from uptime.models.month import ServiceMonth
from uptime.models.service import Service

__all__ = ["Check", "Correction", "Exclusion", "Service", "ServiceMonth"]
