"""The only way to write measurement: services, checks, months, exclusions, corrections."""

from uptime.commands.checks import store_checks, store_new_checks
from uptime.commands.corrections import correct
from uptime.commands.exclusions import (
    approve,
    call_off_window,
    complete_window,
    propose,
    propose_window,
    reject,
    revoke,
)
from uptime.commands.months import measure, measure_all
from uptime.commands.services import add_monitor, define_service, retire_monitor, set_monitor_rule

__all__ = [
    "add_monitor",
    "approve",
    "call_off_window",
    "complete_window",
    "correct",
    "define_service",
    "measure",
    "measure_all",
    "propose",
    "propose_window",
    "reject",
    "retire_monitor",
    "revoke",
    "set_monitor_rule",
    "store_checks",
    "store_new_checks",
]
