"""A service under apicheap's or APIsec's terms, its checks, and the month that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from agreements import commands as agreements
from agreements.terms import Terms
from kernel.ids import ServiceId
from kernel.months import Month
from tests.personas import JONAS
from uptime import commands, queries
from uptime.events import Monitor
from uptime.queries import terms_of_month
from uptime.rules.months import MeasuredMonth

TERMS = Path(__file__).resolve().parents[2] / "agreements" / "terms"
OCTOBER = Month(2026, 10)
NOVEMBER = Month(2026, 11)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PUBLISHED = datetime(2026, 3, 30, tzinfo=UTC)


def october(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, second, tzinfo=UTC)


def november(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def published(agreement: str = "apicheap", **replaced: str) -> None:
    """Publish the shipped terms, with parts of their text replaced."""
    (file,) = TERMS.glob(f"{agreement}*.yaml")
    text = file.read_text()
    for old, new in replaced.items():
        text = text.replace(old, new)
    agreements.publish(text, by=JONAS, now=PUBLISHED)


def service(*monitors: Monitor | str, agreement: str = "apicheap", name: str = "api") -> ServiceId:
    """Define a service with these monitors; one that is only named is carried for 26 hours."""
    defined = ServiceId(commands.define_service(agreement, name, by=JONAS, now=PUBLISHED))
    for monitor in monitors:
        made = Monitor(name=monitor, max_gap_seconds=26 * 3600) if isinstance(monitor, str) else monitor
        commands.add_monitor(defined, made, by=JONAS, now=PUBLISHED)
    return defined


def checked(service_id: UUID, *checks: tuple[datetime, int], monitor: str = "web", probe: str = "") -> int:
    """Store checks of a monitor."""
    key = queries.monitor_id(ServiceId(service_id), monitor)
    lines = [f"{key}\t{at.isoformat()}\t{probe}\t{status}\t\\N\t\\N\n" for at, status in checks]
    return commands.store_checks("".join(lines))


def daily(month: Month, *, status: int = 200, days: Sequence[int] = range(1, 32)) -> list[tuple[datetime, int]]:
    """One check at midnight of each of these days of the month."""
    first = month.start(UTC)
    return [(first + timedelta(days=day - 1), status) for day in days if day <= month.days]


def terms(month: Month = OCTOBER, agreement: str = "apicheap") -> Terms:
    found = terms_of_month(agreement, month)
    assert found
    return found.terms


def measured(month: Month = OCTOBER, *, now: datetime = NOW, agreement: str = "apicheap") -> MeasuredMonth:
    """Read the month of the service "api" as the agreement's terms judge it."""
    return queries.measured(agreement, "api", month, terms=terms(month, agreement), now=now)
