"""From when a monitor belongs to its service: one more never makes unknown what others watched (SEMANTICS 3, 4, 6)."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest

from eventstore import SYSTEM
from kernel.intervals import Interval, minute_of
from kernel.months import Month
from tests.personas import ACME, JONAS, MIRA
from tests.uptime.given import (
    NOVEMBER,
    NOW,
    OCTOBER,
    checked,
    daily,
    measured,
    november,
    october,
    published,
    service,
)
from uptime import commands, queries
from uptime.events import Category, Finding, Monitor, Scope
from uptime.models import ServiceMonth
from uptime.observations.importing import Imported, Watched, import_observations
from uptime.observations.names import Mapped
from uptime.observations.reading import stop
from uptime.rules.membership import Begun, joined

WEB, API, EDGE = (Monitor(name=name) for name in ("web", "api", "edge"))
A_DAY = 1_440


# The rule


def test_one_monitor_alone_always_belonged() -> None:
    assert joined([WEB], {"web": Begun(NOW, october(3))}) == {"web": None}
    assert joined([WEB], {"web": Begun(NOW, None)}) == {"web": None}


def test_a_second_monitor_belongs_from_the_minute_of_its_first_check() -> None:
    begun = {"web": Begun(NOW, october(3)), "api": Begun(NOW, october(20, 12, 0, 30))}
    assert joined([WEB, API], begun) == {"web": None, "api": minute_of(october(20, 12))}


def test_a_monitor_that_is_added_before_its_first_check_belongs_from_then() -> None:
    """From its addition on it should have been heard of: what is missing is unknown, and never silently up."""
    begun = {"web": Begun(october(1), october(3)), "api": Begun(october(20, 12, 0, 30), october(25))}
    assert joined([WEB, API], begun) == {"web": None, "api": minute_of(october(20, 12, 1))}
    begun["api"] = Begun(october(20, 12), None)
    assert joined([WEB, API], begun) == {"web": None, "api": minute_of(october(20, 12))}


def test_a_monitor_that_says_since_when_belongs_from_then_whatever_its_checks_say() -> None:
    early = Monitor(name="api", from_at=october(1))
    begun = {"web": Begun(NOW, october(3)), "api": Begun(NOW, october(20))}
    assert joined([WEB, early], begun) == {"api": minute_of(october(1)), "web": minute_of(october(3))}


def test_those_that_begin_in_one_minute_before_all_others_always_belonged() -> None:
    begun = {
        "web": Begun(NOW, october(3, 6, 0, 10)),
        "api": Begun(NOW, october(3, 6, 0, 50)),
        "edge": Begun(NOW, october(3, 6, 1)),
    }
    assert joined([WEB, API, EDGE], begun) == {"web": None, "api": None, "edge": minute_of(october(3, 6, 1))}


# By imports


@pytest.fixture
def apicheap(db: None) -> None:
    published()


def imported(*lines: str, now: datetime = NOW) -> Imported:
    """Import checks of monitors that are defined where they are missing, and carried for 26 hours."""
    text = "\n".join(["checked_at,monitor,http_status", *lines])
    names = {line.split(",")[1]: line.split(",")[1] for line in lines}
    return import_observations(
        io.BytesIO(text.encode()),
        agreement="apicheap",
        service="api",
        mapped=Mapped(names=names, defines=True, max_gap=timedelta(hours=26)),
        watched=Watched(on_fault=stop, reading=lambda *_: None, storing=lambda *_: None),
        by=JONAS,
        now=now,
    )


def ups(monitor: str, month: Month, *days: int) -> list[str]:
    return [f"{at.isoformat()},{monitor},{status}" for at, status in daily(month, days=days or range(1, 32))]


def counted(month: Month = OCTOBER) -> tuple[int, int]:
    """The down and the unknown minutes of the month."""
    minutes = measured(month).minutes_for(ACME)
    return minutes.down.total, minutes.unknown.total


@pytest.mark.usefixtures("apicheap")
def test_a_monitor_that_is_imported_today_leaves_the_months_before_as_they_were() -> None:
    imported(*ups("web", OCTOBER), now=november(1))
    imported("2026-11-21T00:00:00Z,api,200")
    imported("2026-10-05T12:00:00Z,web,503", "2026-10-05T12:01:00Z,web,200")
    assert counted() == (1, 0)


@pytest.mark.usefixtures("apicheap")
def test_in_the_month_of_joining_the_others_are_judged_alone_until_its_first_check() -> None:
    imported(*ups("web", OCTOBER))
    imported("2026-10-30T00:00:00Z,api,503", "2026-10-30T00:30:00Z,api,200", *ups("api", OCTOBER, 31))
    assert counted() == (30, 0)


@pytest.mark.usefixtures("apicheap")
def test_the_order_in_which_the_checks_of_two_monitors_arrive_does_not_matter() -> None:
    """Whoever comes last may have been there first: the months between know it, also those without a check of it."""
    web = [*ups("web", OCTOBER), *ups("web", NOVEMBER, *range(1, 22))]
    api = ["2026-09-20T00:00:00Z,api,200", "2026-11-20T00:00:00Z,api,200"]
    imported(*web)
    imported(*reversed(api))
    afterwards = [counted(month) for month in (OCTOBER, NOVEMBER)]
    months = list(ServiceMonth.objects.order_by("month").values_list("month", "monitors"))
    for row in ServiceMonth.objects.all():
        commands.measure(row.service, row.month, by=SYSTEM, now=NOW)
    assert [counted(month) for month in (OCTOBER, NOVEMBER)] == afterwards
    assert list(ServiceMonth.objects.order_by("month").values_list("month", "monitors")) == months
    assert afterwards[0] == (0, 31 * A_DAY)  # no check of it in all of October


@pytest.mark.usefixtures("apicheap")
def test_an_earlier_check_of_a_monitor_measures_the_months_that_it_now_belongs_to() -> None:
    imported(*ups("web", OCTOBER), *ups("web", NOVEMBER, *range(1, 22)))
    imported("2026-11-20T00:00:00Z,api,200")
    assert counted() == (0, 0)
    done = imported("2026-09-20T00:00:00Z,api,200")
    assert OCTOBER in done.measured
    assert counted() == (0, 31 * A_DAY)


@pytest.mark.usefixtures("apicheap")
def test_a_monitor_that_was_added_and_never_heard_of_makes_the_time_since_then_unknown() -> None:
    imported(*ups("web", OCTOBER), now=november(1))
    api = queries.service_id("apicheap", "api")
    commands.add_monitor(api, Monitor(name="api"), by=JONAS, now=november(10))
    imported(*ups("web", NOVEMBER, *range(1, 22)))
    assert counted() == (0, 0)
    assert counted(NOVEMBER) == (0, 12 * A_DAY)  # from the 10th to the present, midnight of the 22nd


# What the first monitor did not see


@pytest.mark.usefixtures("apicheap")
def test_what_happened_before_the_first_check_of_all_can_be_corrected_and_excused_for_its_monitor() -> None:
    imported("2026-10-03T00:00:00Z,web,200", *ups("web", OCTOBER, *range(4, 32)))
    api = queries.service_id("apicheap", "api")
    assert counted() == (0, 2 * A_DAY)
    day = Interval(october(1), october(2))
    commands.correct(api, Finding.DOWN, day, monitor="web", reason="logs", by=MIRA, now=NOW)
    assert counted() == (A_DAY, A_DAY)
    scope = Scope(monitors=("web",))
    asked = commands.propose(api, Category.THIRD_PARTY, [day], reason="upstream", scope=scope, by=JONAS, now=NOW)
    commands.approve(asked, by=MIRA, now=NOW)
    assert counted() == (0, A_DAY)


@pytest.mark.usefixtures("apicheap")
def test_monitors_that_are_added_at_once_are_waited_for_together() -> None:
    api = service("web", "api")
    checked(api, *daily(OCTOBER))
    checked(api, *daily(OCTOBER, days=range(11, 32)), monitor="api")
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    assert counted() == (0, 10 * A_DAY)
