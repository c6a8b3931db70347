"""Importing a file of observations: check every line, store the checks, measure the months they touch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import BinaryIO

from agreements import queries as agreements
from eventstore import Actor
from kernel.dates import DAY, start_of
from kernel.ids import ServiceId
from kernel.intervals import Ranges
from kernel.months import Month
from uptime import commands, queries
from uptime.events import Monitor
from uptime.models import Service
from uptime.observations.names import Mapped, Names
from uptime.observations.reading import Checked, FaultyLine, Progressed, checked
from uptime.rules.admission import require_known_monitors
from uptime.rules.agreed import max_gap

_SECOND = timedelta(seconds=1)
_RULE_REASON = "A file was imported with this gap."


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    lines: int
    added: int
    known: int
    left_out: dict[str, int]
    faults: list[FaultyLine]
    measured: list[Month]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Who wants to know how the import goes: of faulty lines, of reading, of storing.

    `on_fault` may raise to stop the import before anything is stored.
    """

    on_fault: Callable[[FaultyLine], None]
    reading: Progressed
    storing: Progressed


def import_observations(
    source: BinaryIO, *, agreement: str, service: str, mapped: Mapped, watched: Watched, by: Actor, now: datetime
) -> Imported:
    """Store the checks of a file that are not known yet, and measure the months that they touch.

    Every line is read before anything is written. Checks are stored in short transactions: where
    an import is interrupted, whole parts of the file are stored, no month is measured from them
    yet, and importing the file again completes it. The same file twice changes nothing. Errors:
    FileFaulty, ServiceUnknown, MonitorUnknown.
    """
    service_id = queries.service_id(agreement, service)
    names = Names(service_id, mapped, _known(agreement, service, mapped))
    with checked(source, names, now=now, on_fault=watched.on_fault, progressed=watched.reading) as read:
        rule_changed = _define(agreement, service, names, by=by, now=now)
        added = sum(_stored(read, watched.storing))
        months = _touched(agreement, read.days, _reach(agreement, service_id), now=now)
        months |= set(queries.months_joined(service_id))
        if rule_changed:
            months |= set(queries.months_measured(service_id))
        return Imported(
            lines=read.lines,
            added=added,
            known=read.good - added,
            left_out=read.left_out,
            faults=read.faults,
            measured=commands.measure_all(service_id, months, by=by, now=now),
        )


def _known(agreement: str, service: str, mapped: Mapped) -> set[str]:
    """Name the service's monitors, refusing names that nobody defined unless the import defines them."""
    row = Service.objects.filter(id=queries.service_id(agreement, service)).first()
    known = {monitor.name for monitor in row.monitors} if row else set()
    if not mapped.defines:
        queries.service(agreement, service)
        require_known_monitors(mapped.names.values(), known)
    return known


def _define(agreement: str, service: str, names: Names, *, by: Actor, now: datetime) -> bool:
    """Define what is missing and set the gap; tell whether a monitor is judged differently from now on."""
    if names.mapped.defines:
        commands.define_service(agreement, service, by=by, now=now)
    row = queries.service(agreement, service)
    gap = None if names.mapped.max_gap is None else names.mapped.max_gap // _SECOND
    changed = False
    for name in sorted(set(names.ours.values())):
        monitor = row.monitor(name)
        if monitor is None:
            commands.add_monitor(row.id, Monitor(name=name, max_gap_seconds=gap), by=by, now=now)
        elif gap is not None and monitor.max_gap_seconds != gap:
            judged = replace(monitor, max_gap_seconds=gap)
            commands.set_monitor_rule(row.id, judged, reason=_RULE_REASON, by=by, now=now)
            changed = True
    return changed


def _stored(read: Checked, storing: Progressed) -> Iterator[int]:
    """Store the checks part by part, and tell of each part how many were not known."""
    lines = 0
    store = commands.store_new_checks
    for number, text in read.chunks():
        added = store(text)
        lines += number
        storing(lines, read.good)
        yield added
        store = commands.store_new_checks if added == number else commands.store_checks


def _reach(agreement: str, service_id: ServiceId) -> timedelta:
    """How far a check of the service can be carried: a day at least, which measures a month too many at most."""
    versions = [agreements.terms_version(agreement, one.number).terms for one in agreements.versions(agreement)]
    monitors = queries.service_of(service_id).monitors
    return max(DAY, *(max_gap(terms, monitor) for terms in versions for monitor in monitors))


def _touched(agreement: str, days: Iterable[str], reach: timedelta, *, now: datetime) -> set[Month]:
    """Name the months, as far as they have begun, that a check of these UTC days can decide."""
    ordinals = Ranges.of_numbers(date.fromisoformat(day).toordinal() for day in days)
    touched: set[Month] = set()
    for first, end in ordinals:
        start = start_of(date.fromordinal(first), UTC)
        touched |= set(queries.months_touched(agreement, start, min(start + (end - first) * DAY + reach, now)))
    return touched
