"""Services and their monitors, by name."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from kernel.ids import MonitorId, ServiceId, derived
from uptime.errors import ServiceUnknown
from uptime.models import Service


def service_id(agreement: str, name: str) -> ServiceId:
    """Name the service of an agreement."""
    return ServiceId(derived("service", agreement, name))


def monitor_id(service: ServiceId, name: str) -> MonitorId:
    """Name a monitor of a service; its checks stand under this id."""
    return MonitorId(derived("monitor", service, name))


def service(agreement: str, name: str) -> Service:
    """Find a service. Errors: ServiceUnknown, which names those that there are."""
    found = Service.objects.filter(agreement=agreement, name=name).first()
    if found is None:
        names = ", ".join(known.name for known in services_of(agreement)) or "none"
        raise ServiceUnknown(f"There is no service {name!r} under {agreement!r}. There are: {names}.")
    return found


def service_of(service: UUID) -> Service:
    """Find a service by its id. Errors: ServiceUnknown."""
    found = Service.objects.filter(id=service).first()
    if found is None:
        raise ServiceUnknown("There is no such service.")
    return found


def services_of(agreement: str) -> Iterator[Service]:
    """Give the services of an agreement by name."""
    return Service.objects.filter(agreement=agreement).order_by("name", "id").iterator()


def agreements_with(name: str) -> list[str]:
    """Name the agreements that have a service of this name."""
    return list(Service.objects.filter(name=name).order_by("agreement").values_list("agreement", flat=True))
