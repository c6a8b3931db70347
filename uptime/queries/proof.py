"""The proof that the checks are still those that each month was measured from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from uuid import UUID

from agreements import queries as agreements
from eventstore import NotFound, history
from eventstore.chains import Difference
from eventstore.errors import UnreadableEvent
from eventstore.proofs import Told
from eventstore.streams import snapshot
from kernel.ids import ServiceId
from uptime.events import MonitorAdded, MonitorMonth, MonitorRuleSet, MonthMeasured
from uptime.models import ServiceMonth
from uptime.queries.checks import checks_in_order
from uptime.queries.services import monitor_id
from uptime.rules.agreed import max_gap
from uptime.rules.checks import MICROSECONDS_IN_MINUTE, digest_of, oldest_needed, packed

_OF_NONE = digest_of(())


def differing_checks(told: Told, *, pause: Callable[[], object]) -> Iterator[Difference]:
    """Yield the measured months whose checks are not those that they were measured from.

    Each month is read as of one instant. Between an import's storing and its measuring a month has
    checks that it was not measured from; so what differs is looked at again, after a pause.
    """
    months = list(ServiceMonth.objects.order_by("month", "id").values_list("id", flat=True))
    doubtful: list[UUID] = []
    for done, month in enumerate(months, start=1):
        if _differences(month):
            doubtful.append(month)
        told(done, len(months))
    if doubtful:
        pause()
    for month in doubtful:
        yield from _differences(month)


def _differences(month: UUID) -> list[Difference]:
    with snapshot():
        row = ServiceMonth.objects.filter(id=month).first()
        try:
            return [*_between(row), *_now(row)] if row else []
        except (UnreadableEvent, NotFound) as error:
            return [Difference(f"checks for {row}", str(error))]


def _between(row: ServiceMonth) -> Iterator[Difference]:
    """Find measurements made from fewer checks than the one before, for checks are only ever added."""
    made = [recorded.event for recorded in history(row.id)]
    measured = [event for event in made if isinstance(event, MonthMeasured)]
    for number, (before, after) in enumerate(pairwise(measured), start=1):
        if (before.first, before.last) != (after.first, after.last):
            continue
        had = {monitor.monitor: monitor.checks for monitor in before.monitors}
        for monitor in after.monitors:
            if monitor.present and monitor.checks < had.get(monitor.monitor, 0):
                yield Difference(
                    _where(row, monitor),
                    f"measurement {number} was made from {had[monitor.monitor]:,} checks, the one after it from"
                    f" {monitor.checks:,}: some were removed in between",
                )


def _now(row: ServiceMonth) -> Iterator[Difference]:
    """Find monitors whose checks are not those of the newest measurement."""
    carried = _carried(row)
    for monitor in row.monitors:
        if monitor.present:
            read = [_read(row, monitor, gap) for gap in carried[monitor.monitor]]
            if (monitor.digest or _OF_NONE) not in {digest for _, digest in read}:
                yield Difference(_where(row, monitor), _told(monitor.checks, read[0][0]))


def _carried(row: ServiceMonth) -> dict[str, set[timedelta]]:
    """Tell how far each monitor's checks were ever carried: a measurement does not say by which rule it was made."""
    agreed = agreements.terms_version(row.agreement, row.terms_version).terms
    carried: dict[str, set[timedelta]] = {monitor.monitor: set() for monitor in row.monitors}
    for recorded in history(row.service):
        if isinstance(recorded.event, MonitorAdded | MonitorRuleSet):
            rule = recorded.event.monitor
            carried.setdefault(rule.name, set()).add(max_gap(agreed, rule))
    return {name: gaps or {agreed.measurement.max_gap} for name, gaps in carried.items()}


def _read(row: ServiceMonth, monitor: MonitorMonth, carried: timedelta) -> tuple[int, str]:
    """Count the month's checks, and digest them with those before it that could be carried into it."""
    start = row.first * MICROSECONDS_IN_MINUTE
    digest, checks = sha256(), 0
    key = monitor_id(ServiceId(row.service), monitor.monitor)
    for part in checks_in_order(key, first=oldest_needed(row.first, carried), last=row.last):
        digest.update(packed(part))
        checks += sum(at >= start for at, _ in part)
    return checks, digest.hexdigest()


def _where(row: ServiceMonth, monitor: MonitorMonth) -> str:
    return f"checks of {monitor.monitor!r} for {row.name!r} under {row.agreement} in {row.month}"


def _told(measured: int, found: int) -> str:
    if measured == found:
        return f"the {found:,} checks, or those shortly before them, are not those that it was measured from"
    counted = f"it was measured from {measured:,} checks, and {found:,} are there"
    if found < measured:
        return f"{counted}: some were removed"
    return f"{counted}: an import is at work or was interrupted (import its file again), or some were put in behind it"
