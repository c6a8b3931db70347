"""What the last checks of a month say of the next one, whenever they were imported (SEMANTICS 3, 6, 16)."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from kernel.intervals import instant_of
from kernel.minutes import MonthMinutes
from kernel.months import Month
from tests.personas import ACME, JONAS
from tests.uptime.given import NOVEMBER, OCTOBER, checked, daily, measured, november, october, published
from uptime import queries
from uptime.models import ServiceMonth
from uptime.observations.importing import Watched, import_observations
from uptime.observations.names import Mapped
from uptime.observations.reading import stop

pytestmark = pytest.mark.django_db

SEPTEMBER = Month(2026, 9)
UPS = [f"{at.isoformat()},web,{status}" for at, status in daily(OCTOBER)]


@pytest.fixture(autouse=True)
def _apicheap() -> None:
    published()


def imported(*lines: str, now: datetime, gap: timedelta) -> None:
    text = "\n".join(["checked_at,monitor,http_status", *lines])
    import_observations(
        io.BytesIO(text.encode()),
        agreement="apicheap",
        service="api",
        mapped=Mapped(names={}, defines=True, max_gap=gap),
        watched=Watched(on_fault=stop, reading=lambda *_: None, storing=lambda *_: None),
        by=JONAS,
        now=now,
    )


def read(month: Month, *, now: datetime) -> MonthMinutes:
    return measured(month, now=now).minutes_for(ACME)


@pytest.mark.parametrize("imported_at", [october(31, 21), november(2)])
def test_downtime_is_carried_into_a_month_that_no_import_has_measured_yet(imported_at: datetime) -> None:
    """Down from 20:00 on 31 October; 26 hours later, 22:00 on 1 November inclusive, it is not known any more."""
    imported(*UPS, "2026-10-31T20:00:00Z,web,0", now=imported_at, gap=timedelta(hours=26))
    following = read(NOVEMBER, now=november(3))
    assert following.down.total == 22 * 60 + 1
    assert following.unknown.total == 2 * 1_440 - following.down.total
    (outage,) = read(OCTOBER, now=november(3)).outages
    assert (outage.started_at, outage.ended_at) == (october(31, 20), november(1, 22, 1))


@pytest.mark.parametrize("imported_at", [october(31, 23, 59, 30), november(1, 0, 1)])
def test_an_outage_that_began_in_the_last_minute_of_a_month_is_open_in_the_first_of_the_next(
    imported_at: datetime,
) -> None:
    imported(*UPS, "2026-10-31T23:59:00Z,web,503", now=imported_at, gap=timedelta(minutes=5))
    assert measured(OCTOBER, now=november(1, 0, 2)).open_outage
    assert read(NOVEMBER, now=november(1, 0, 2)).down.total == 2
    (outage,) = read(OCTOBER, now=november(1, 0, 10)).outages
    assert outage.ended_at == november(1, 0, 5)
    assert read(NOVEMBER, now=november(1, 0, 10)).unknown.total == 5


def test_an_up_state_is_carried_likewise() -> None:
    imported(*UPS, "2026-10-31T23:59:00Z,web,200", now=october(31, 23, 59, 30), gap=timedelta(hours=26))
    assert read(NOVEMBER, now=november(2)).up.total == 1_440  # 26 hours from 23:59 are 01:59 on the 2nd


def test_an_outage_is_followed_back_through_a_month_that_no_import_has_measured() -> None:
    gap = timedelta(days=40)
    imported("2026-08-31T12:00:00Z,web,503", now=datetime(2026, 8, 31, 13, tzinfo=UTC), gap=gap)
    imported("2026-10-05T00:00:00Z,web,200", now=october(6), gap=gap)
    ServiceMonth.objects.get(month=OCTOBER)
    assert not ServiceMonth.objects.filter(month=SEPTEMBER).exists()
    (outage,) = read(OCTOBER, now=october(6)).outages
    assert (outage.started_at, outage.ended_at) == (datetime(2026, 8, 31, 12, tzinfo=UTC), october(5))
    assert read(OCTOBER, now=october(6)).down.total == 4 * 1_440


def test_checks_that_an_interrupted_import_stored_do_not_judge_their_month() -> None:
    """Whole parts of the file are stored; no month is measured from them before the file is imported again."""
    imported(*UPS, now=october(31, 12), gap=timedelta(hours=26))
    checked(queries.service_id("apicheap", "api"), (november(1, 12), 503), (november(2), 503))
    read_so_far = read(NOVEMBER, now=november(3))
    assert not read_so_far.down
    assert instant_of(read_so_far.unknown.end) == november(3)
