"""Services and monitors: what is measured, and by what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from agreements import queries as agreements
from eventstore import Actor, begin, change, command
from kernel.ids import ServiceId
from uptime.errors import AgreementUnknown, MonitorNameTaken, MonitorUnknown
from uptime.events import Monitor, MonitorAdded, MonitorRetired, MonitorRuleSet, ServiceDefined
from uptime.models import Service
from uptime.queries.services import service_id
from uptime.rules.admission import require_reason, require_service_name, require_sound_monitor


@command
def define_service(agreement: str, name: str, *, by: Actor, now: datetime) -> UUID:
    """Begin to measure a service of an agreement. A service that is defined already stays as it is.

    Errors: AgreementUnknown, ServiceUnnamed.
    """
    require_service_name(name)
    if not agreements.versions(agreement):
        raise AgreementUnknown(f"No agreement {agreement!r} is published.")
    stream = service_id(agreement, name)
    if not Service.objects.filter(id=stream).exists():
        with begin(Service, stream, by=by, now=now) as service:
            service.record(ServiceDefined(agreement=agreement, name=name))
    return stream


@command
def add_monitor(service_id: ServiceId | UUID, monitor: Monitor, *, by: Actor, now: datetime) -> UUID:
    """Let a monitor watch the service. The very same monitor again changes nothing.

    Errors: MonitorMalformed, MonitorNameTaken.
    """
    require_sound_monitor(monitor)
    with change(Service, service_id, by=by, now=now) as service:
        known = service.monitor(monitor.name)
        if known is None:
            service.record(MonitorAdded(monitor=monitor))
        elif known != monitor:
            raise MonitorNameTaken
    return service_id


@command
def set_monitor_rule(service_id: ServiceId | UUID, monitor: Monitor, *, reason: str, by: Actor, now: datetime) -> UUID:
    """Judge a monitor's checks differently, in every month that is measured from now on.

    Errors: MonitorMalformed, MonitorUnknown, ReasonMissing.
    """
    require_sound_monitor(monitor)
    with change(Service, service_id, by=by, now=now) as service:
        known = _known(service, monitor.name)
        if known != monitor:
            service.record(MonitorRuleSet(monitor=monitor, reason=require_reason(reason)))
    return service_id


@command
def retire_monitor(
    service_id: ServiceId | UUID, name: str, *, until_at: datetime, reason: str, by: Actor, now: datetime
) -> UUID:
    """Take a monitor out of the service from an instant on. Errors: MonitorUnknown, ReasonMissing."""
    with change(Service, service_id, by=by, now=now) as service:
        retired = replace(_known(service, name), until_at=until_at)
        if service.monitor(name) != retired:
            service.record(MonitorRetired(monitor=retired, reason=require_reason(reason)))
    return service_id


def _known(service: Service, name: str) -> Monitor:
    monitor = service.monitor(name)
    if monitor is None:
        raise MonitorUnknown
    return monitor
