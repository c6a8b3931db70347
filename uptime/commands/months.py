"""Measuring: from the checks that are known to the minutes of a month, as an event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from agreements.queries import PublishedTerms
from eventstore import Actor, begin, change, command
from eventstore.subscriptions import patiently
from kernel.ids import ServiceId
from kernel.months import Month
from uptime.errors import NoTermsInForce
from uptime.events import MonitorMonth, MonthMeasured
from uptime.models import Service, ServiceMonth
from uptime.queries.agreed import terms_of_month
from uptime.queries.checks import monitor_months
from uptime.queries.months import month_id
from uptime.queries.services import service_of
from uptime.rules.agreed import judged_by


@command
def measure(service_id: ServiceId | UUID, month: Month, *, by: Actor, now: datetime) -> UUID | None:
    """Measure a service's month from its checks; recorded only where it differs from before.

    A month without any check is not recorded: all of it is unknown. Errors: NoTermsInForce.
    """
    service = service_of(service_id)
    published = terms_of_month(service.agreement, month)
    if published is None:
        raise NoTermsInForce(f"No version of {service.agreement} was in force in {month}.")
    stream = month_id(service_id, month)
    # The row is read before the checks: whoever reads an older row than another writer meets a conflict.
    opened = change if ServiceMonth.objects.filter(id=stream).exists() else begin
    with opened(ServiceMonth, stream, by=by, now=now) as row:
        found = monitor_months(service, month, published.terms)
        event = _measured(service, month, published, found)
        if (row.version or any(monitor.digest for monitor in found)) and not _is_known(row, event):
            row.record(event)
    return stream


def measure_all(service_id: ServiceId | UUID, months: Iterable[Month], *, by: Actor, now: datetime) -> list[Month]:
    """Measure months one by one, each in a transaction of its own; skip those without terms in force.

    Gives the months that were measured. A measurement that somebody else just made is made again.
    """
    agreement = service_of(service_id).agreement
    judged = [month for month in sorted(set(months)) if terms_of_month(agreement, month)]
    for month in judged:
        patiently(partial(measure, service_id, month, by=by, now=now))
    return judged


def _measured(
    service: Service, month: Month, published: PublishedTerms, monitors: tuple[MonitorMonth, ...]
) -> MonthMeasured:
    zone = published.terms.zone
    return MonthMeasured(
        service=service.id,
        agreement=service.agreement,
        name=service.name,
        month=month,
        first=month.first_minute(zone),
        last=month.last_minute(zone),
        terms_version=published.version,
        judged_by=judged_by(published.terms),
        monitors=monitors,
    )


def _is_known(row: ServiceMonth, event: MonthMeasured) -> bool:
    """Whether the row holds this measurement already."""
    if not row.version:
        return False
    was = (row.first, row.last, row.terms_version, row.judged_by, row.monitors)
    return was == (event.first, event.last, event.terms_version, event.judged_by, event.monitors)
