"""The checks of a monitor, and what they say of a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from psycopg import Cursor, ServerCursor
from psycopg.types.numeric import Int8BinaryLoader

from agreements.terms import Terms
from eventstore import history
from eventstore.raw import psycopg_connection
from kernel.ids import ServiceId
from kernel.intervals import EPOCH, Ranges, instant_of
from kernel.months import Month
from uptime.events import Monitor, MonitorAdded, MonitorMonth
from uptime.models import Service
from uptime.queries.services import monitor_id
from uptime.rules.agreed import max_gap, monitor_rule
from uptime.rules.checks import MICROSECONDS_IN_MINUTE, Check, digest_of, minutes_of, oldest_needed
from uptime.rules.membership import Begun, joined, present, unmeasured

# PostgreSQL sends an instant as microseconds since this one; read as such, a month is 43,200 cheap integers.
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=EPOCH.tzinfo)
_SHIFT = (POSTGRES_EPOCH - EPOCH) // timedelta(microseconds=1)
_SELECT = "SELECT checked_at, status FROM checks WHERE monitor = %s AND checked_at >= %s AND checked_at < %s"
_FIRST = "SELECT one, (SELECT min(checked_at) FROM checks WHERE monitor = one) FROM unnest(%s::uuid[]) AS one"
AT_ONCE: Final = 5_000


def checks_of(monitor: UUID, *, first: int, last: int) -> list[Check]:
    """Give the monitor's checks from minute `first` up to `last`, in no order."""
    cursor = Cursor(psycopg_connection())
    cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
    with connection.wrap_database_errors:
        rows = cursor.execute(_SELECT, (monitor, instant_of(first), instant_of(last)), prepare=True, binary=True)
        return [(at + _SHIFT, status) for at, status in rows]


def checks_in_order(monitor: UUID, *, first: int, last: int) -> Iterator[list[Check]]:
    """Give the same checks by instant and status, some thousand at a time; inside a transaction."""
    cursor = ServerCursor(psycopg_connection(), "checks_in_order")
    cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
    with connection.wrap_database_errors, cursor:
        span = (monitor, instant_of(first), instant_of(last))
        cursor.execute(f"{_SELECT} ORDER BY checked_at, status", span, binary=True)
        while rows := cursor.fetchmany(AT_ONCE):
            yield [(at + _SHIFT, status) for at, status in rows]


def monitor_months(service: Service, month: Month, terms: Terms) -> tuple[MonitorMonth, ...]:
    """Measure the month of each monitor of a service from its checks, as if none came after."""
    return tuple(_months(service, month, terms, until=month.last_minute(terms.zone)))


def carried_months(service: Service, month: Month, terms: Terms) -> tuple[MonitorMonth, ...]:
    """Tell of a month that is not measured what the checks made before it say: the last ones reach into it."""
    return tuple(_months(service, month, terms, until=month.first_minute(terms.zone)))


def _months(service: Service, month: Month, terms: Terms, *, until: int) -> Iterator[MonitorMonth]:
    first, last = month.first_minute(terms.zone), month.last_minute(terms.zone)
    since = joined_of(service)
    for monitor in service.monitors:
        belongs = present(monitor, since[monitor.name], first=first, last=last)
        oldest = oldest_needed(first, max_gap(terms, monitor))
        key = monitor_id(ServiceId(service.id), monitor.name)
        checks = checks_of(key, first=oldest, last=until) if belongs else []
        yield _month(monitor, checks, terms, belongs, first=first, last=last)


def joined_of(service: Service) -> dict[str, int | None]:
    """Tell from which minute on each monitor belongs to the service, by the checks that are known; None is always."""
    checked = _first_checks(service)
    begun = {
        recorded.event.monitor.name: Begun(recorded.occurred_at, checked.get(recorded.event.monitor.name))
        for recorded in history(service.id)
        if isinstance(recorded.event, MonitorAdded)
    }
    return joined(service.monitors, begun)


def _first_checks(service: Service) -> dict[str, datetime]:
    names = {monitor_id(ServiceId(service.id), one.name): one.name for one in service.monitors}
    with connection.wrap_database_errors:
        rows = Cursor(psycopg_connection()).execute(_FIRST, (list(names),), prepare=True)
        return {names[monitor]: at for monitor, at in rows if at is not None}


def _month(
    monitor: Monitor, checks: list[Check], terms: Terms, belongs: Ranges, *, first: int, last: int
) -> MonitorMonth:
    if not checks:
        return unmeasured(monitor, belongs)
    minutes = minutes_of(checks, rule=monitor_rule(terms, monitor), first=first, last=last)
    return MonitorMonth(
        monitor=monitor.name,
        present=belongs,
        down=minutes.down & belongs,
        unknown=minutes.unknown & belongs,
        checks=sum(at >= first * MICROSECONDS_IN_MINUTE for at, _ in checks),
        digest=digest_of(checks),
    )
