"""Measured months, corrected and excused: what a statement is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Sum

from agreements.terms import Terms
from kernel.ids import MonthId, derived
from kernel.intervals import Ranges, instant_of, minute_of
from kernel.months import Month
from uptime.events import Finding, Monitor, MonitorMonth
from uptime.models import Correction, Exclusion, Service, ServiceMonth
from uptime.queries.checks import carried_months, joined_of, monitor_months
from uptime.queries.exclusions import (
    approved,
    approved_before,
    correction_rule,
    corrections_before,
    corrections_of,
    exclusion_rule,
    proposed,
)
from uptime.queries.services import service as find_service
from uptime.queries.services import service_of
from uptime.rules.agreed import judged_by, notice_rule, service_rule, treatments
from uptime.rules.classes import Measurement
from uptime.rules.excusing import judged
from uptime.rules.membership import members, present
from uptime.rules.months import AppliedCorrection, AppliedExclusion, MeasuredMonth

Excusing = Callable[[UUID, datetime, datetime], list[Exclusion]]


def month_id(service: object, month: Month) -> MonthId:
    """Name the measured month of a service."""
    return MonthId(derived("service-month", service, month))


def measured(agreement: str, service: str, month: Month, *, terms: Terms, now: datetime) -> MeasuredMonth:
    """Give a service's month as these terms judge it: one measurement for all accounts.

    Of a running month only the minutes that are past count. A month that was measured by other
    rules than these is measured again from its checks, and nothing is recorded. Errors:
    ServiceUnknown.
    """
    found = find_service(agreement, service)
    reading = _Reading(found, terms, minute_of(now), corrections_of(found.id))
    return _measured(reading, month, approved)


def measured_before(
    instant: datetime, agreement: str, service: str, month: Month, *, terms: Terms, now: datetime
) -> MeasuredMonth:
    """Give the month as it would be without the corrections and revocations since the instant.

    All else is as it is by now, observations included. Errors: ServiceUnknown.
    """
    found = find_service(agreement, service)
    reading = _Reading(found, terms, minute_of(now), corrections_before(instant, found.id))
    return _measured(reading, month, partial(approved_before, instant))


def _measured(reading: _Reading, month: Month, excusing: Excusing) -> MeasuredMonth:
    """Read the month, and put together what excuses and corrects it."""
    found = reading.service
    reading.take(month)
    first, end = reading.bounds(month)
    last = max(first, min(end, reading.present))
    return MeasuredMonth(
        agreement=found.agreement,
        service=found.name,
        month=month,
        first=first,
        last=last,
        is_over=end <= reading.present,
        measurement=reading.measurement(),
        monitors=reading.months[month],
        exclusions=_exclusions(reading, excusing),
        corrections=_corrections(reading),
        undecided=tuple(row.id for row in proposed(found.id, instant_of(first), instant_of(end))),
    )


def events_behind(agreement: str, service: str) -> int:
    """Count the events that a service's months are measured from: another number where anything was recorded.

    Errors: ServiceUnknown.
    """
    found = find_service(agreement, service)
    of_service = [model.objects.filter(service=found.id) for model in (ServiceMonth, Exclusion, Correction)]
    counted = (rows.aggregate(events=Sum("version"))["events"] or 0 for rows in of_service)
    return found.version + sum(counted)


def months_measured(service: UUID) -> list[Month]:
    """Name the months of a service that have a measurement, in order."""
    rows = ServiceMonth.objects.filter(service=service).only("month").order_by("month", "id")
    return [row.month for row in rows]


def months_joined(service: UUID) -> list[Month]:
    """Name the measured months in which a monitor belongs to the service that it was not known to belong to, in order.

    Checks that come late can let a monitor begin earlier, with months between that hold none of them.
    """
    found = service_of(service)
    since = joined_of(found)
    rows = ServiceMonth.objects.filter(service=service).order_by("month", "id")
    return [row.month for row in rows if any(_is_missing(one, since[one.name], row) for one in found.monitors)]


def _is_missing(monitor: Monitor, since: int | None, row: ServiceMonth) -> bool:
    known = Ranges.union(one.present for one in row.monitors if one.monitor == monitor.name)
    return bool(present(monitor, since, first=row.first, last=row.last) - known)


@dataclass(slots=True)
class _Reading:
    """A month and as many around it as its outages reach into."""

    service: Service
    terms: Terms
    present: int
    corrections: Sequence[Correction]
    months: dict[Month, tuple[MonitorMonth, ...]] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The first minute that was read."""
        return self.bounds(min(self.months))[0]

    @property
    def last(self) -> int:
        """The end of what was read; the present at most."""
        return max(self.first, min(self.bounds(max(self.months))[1], self.present))

    def bounds(self, month: Month) -> tuple[int, int]:
        """Number the month's first minute and its end."""
        return month.first_minute(self.terms.zone), month.last_minute(self.terms.zone)

    def take(self, month: Month) -> None:
        """Read the month, and on to where no outage crosses the edges of what was read."""
        self.months[month] = self._measured(month)
        while self.last < self.present and self._may_be_down(self.last - 1):
            following = max(self.months).next()
            self.months[following] = self._measured(following)
        while self._may_be_down(self.first):
            before = min(self.months).previous()
            read = self._measured(before)
            if not any(monitor.digest for monitor in read):
                return
            self.months[before] = read

    def measurement(self) -> Measurement:
        """Give what was read as the rules take it."""
        return Measurement(
            members=members(self.months[month] for month in sorted(self.months)),
            rule=service_rule(self.terms),
            no_data=self.terms.measurement.no_data,
            first=self.first,
            last=self.last,
            open_at=self.present if self.last == self.present else None,
        )

    def _measured(self, month: Month) -> tuple[MonitorMonth, ...]:
        """Give the month as it was measured, and again from its checks where that was by other rules.

        An import measures no month that had not begun: what the last checks before it say of it is read here.
        """
        row = ServiceMonth.objects.filter(id=month_id(self.service.id, month)).first()
        if row is None:
            return carried_months(self.service, month, self.terms)
        if row.judged_by != judged_by(self.terms):
            return monitor_months(self.service, month, self.terms)
        monitors: tuple[MonitorMonth, ...] = row.monitors
        return monitors

    def _may_be_down(self, minute: int) -> bool:
        """Whether anything says that the minute was down, for anybody."""
        missing_is_down = self.terms.measurement.no_data == "down"
        monitors = [monitor for month in self.months.values() for monitor in month]
        if any(minute in one.down or (missing_is_down and minute in one.unknown) for one in monitors):
            return True
        found_down = [row for row in self.corrections if row.finding == Finding.DOWN]
        return any(row.starts_at <= instant_of(minute) < row.ends_at for row in found_down)


def _exclusions(reading: _Reading, excusing: Excusing) -> tuple[AppliedExclusion, ...]:
    rows = excusing(reading.service.id, instant_of(reading.first), instant_of(reading.last))
    treated, notice = treatments(reading.terms), notice_rule(reading.terms)
    return tuple(AppliedExclusion(row.id, judged(exclusion_rule(row), treated, notice)) for row in rows)


def _corrections(reading: _Reading) -> tuple[AppliedCorrection, ...]:
    start, end = instant_of(reading.first), instant_of(reading.last)
    return tuple(
        AppliedCorrection(row.id, correction_rule(row))
        for row in reading.corrections
        if row.starts_at < end and start < row.ends_at
    )
