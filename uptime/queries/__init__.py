"""Reading measurement from outside: services, measured months, exclusions, corrections."""

from uptime.queries.agreed import months_touched, terms_of_month
from uptime.queries.checks import checks_of, monitor_months
from uptime.queries.exclusions import UndecidedExclusion, correction_exists, corrections_of, exclusion, undecided
from uptime.queries.months import events_behind, measured, measured_before, month_id, months_joined, months_measured
from uptime.queries.proof import differing_checks
from uptime.queries.services import agreements_with, monitor_id, service, service_id, service_of, services_of

__all__ = [
    "UndecidedExclusion",
    "agreements_with",
    "checks_of",
    "correction_exists",
    "corrections_of",
    "differing_checks",
    "events_behind",
    "exclusion",
    "measured",
    "measured_before",
    "monitor_id",
    "monitor_months",
    "month_id",
    "months_joined",
    "months_measured",
    "months_touched",
    "service",
    "service_id",
    "service_of",
    "services_of",
    "terms_of_month",
    "undecided",
]
