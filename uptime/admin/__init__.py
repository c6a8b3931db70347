"""Measurement at the desk: looked at, never edited; exclusions are decided and corrections recorded by forms."""

from uptime.admin import corrections, exclusions, months, services

__all__ = ["corrections", "exclusions", "months", "services"]
