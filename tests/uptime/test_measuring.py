"""Measuring a month from the checks that are known (SEMANTICS 3, 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventstore import SYSTEM, history
from kernel.intervals import Ranges, minute_of
from kernel.months import Month
from tests.personas import JONAS
from tests.uptime.given import NOVEMBER, NOW, OCTOBER, PUBLISHED, checked, daily, october, published, service
from uptime import commands, queries
from uptime.errors import (
    AgreementUnknown,
    MonitorMalformed,
    MonitorNameTaken,
    NoTermsInForce,
    ServiceUnknown,
    ServiceUnnamed,
)
from uptime.events import Monitor, MonthMeasured, Quorum
from uptime.models import ServiceMonth

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _apicheap() -> None:
    published()


def measurements(service_id: object, month: Month = OCTOBER) -> list[MonthMeasured]:
    events = [recorded.event for recorded in history(queries.month_id(service_id, month))]
    assert all(isinstance(event, MonthMeasured) for event in events)
    return events  # type: ignore[return-value]


def test_an_outage_is_recorded_as_the_minutes_it_took() -> None:
    api = service("web")
    checked(api, *daily(OCTOBER), (october(5, 14), 503), (october(5, 14, 30), 200))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    (event,) = measurements(api)
    (web,) = event.monitors
    start = minute_of(october(5, 14))
    assert web.down == Ranges.of((start, start + 30))
    assert not web.unknown
    assert web.checks == 33
    assert event.judged_by == "2xx 3xx 4xx succeed; quorum all; carried 300 s; months in UTC"


def test_measuring_again_without_news_records_nothing() -> None:
    api = service("web")
    checked(api, *daily(OCTOBER))
    for _ in range(2):
        commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    assert len(measurements(api)) == 1


def test_a_check_that_arrives_late_is_a_second_measurement_beside_the_first() -> None:
    api = service("web")
    checked(api, *daily(OCTOBER))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    checked(api, (october(5, 14), 503))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    first, second = measurements(api)
    assert first.monitors[0].down.total == 0
    assert second.monitors[0].down.total == 10 * 60  # 14:00 to the check at midnight


def test_the_order_of_arrival_does_not_matter() -> None:
    api, other = service("web"), service("web", name="other")
    checks = [*daily(OCTOBER), (october(5, 14), 503), (october(5, 14, 30), 200)]
    checked(api, *checks)
    for check in reversed(checks):
        checked(other, check)
    for one in (api, other):
        commands.measure(one, OCTOBER, by=SYSTEM, now=NOW)
    assert measurements(api)[0].monitors == measurements(other)[0].monitors


def test_checks_that_are_known_are_not_added_again() -> None:
    api = service("web")
    assert checked(api, *daily(OCTOBER)) == 31
    assert checked(api, *daily(OCTOBER)) == 0


def test_two_answers_at_one_instant_are_two_checks_whichever_came_first() -> None:
    api = service("web")
    checked(api, (october(5), 200))
    checked(api, (october(5), 503))
    found = queries.checks_of(queries.monitor_id(api, "web"), first=0, last=minute_of(NOW))
    assert sorted(status for _, status in found) == [200, 503]


def test_the_last_checks_of_the_month_before_are_carried_over() -> None:
    api = service("web")
    checked(api, (october(31, 23), 503))
    commands.measure(api, NOVEMBER, by=SYSTEM, now=NOW)
    (web,) = measurements(api, NOVEMBER)[0].monitors
    assert web.down.total == 25 * 60 + 1  # 26 hours after 23:00 is 01:00 on the 2nd, inclusive
    assert web.checks == 0


def test_a_month_without_any_check_is_not_recorded() -> None:
    api = service("web")
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    assert not ServiceMonth.objects.exists()


def test_a_month_before_the_agreement_is_not_measured() -> None:
    api = service("web")
    with pytest.raises(NoTermsInForce):
        commands.measure(api, Month(2025, 1), by=SYSTEM, now=NOW)
    assert commands.measure_all(api, [Month(2025, 1), OCTOBER], by=SYSTEM, now=NOW) == [OCTOBER]


def test_a_month_in_which_the_agreement_began_is_measured_by_it() -> None:
    begun = queries.terms_of_month("apicheap", Month(2026, 3))  # in force from 30 March
    assert begun
    assert begun.version == 1
    assert queries.terms_of_month("apicheap", Month(2026, 2)) is None


def test_a_monitor_has_a_gap_a_quorum_and_failing_statuses_of_its_own() -> None:
    strict = Monitor(name="web", max_gap_seconds=600, quorum=Quorum.ANY, failing_statuses=(401,))
    api = service(strict)
    checked(api, (october(5, 14), 200), (october(5, 14, 0, 30), 401))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    (web,) = measurements(api)[0].monitors
    assert web.down.total == 11  # 14:00 to 14:10: from 14:00:30 to 14:10:00 are 9 m 30 s


def test_a_monitor_is_measured_only_while_it_belongs_to_the_service() -> None:
    late = Monitor(name="late", max_gap_seconds=26 * 3600, from_at=october(10), until_at=october(20, 0, 0, 30))
    api = service(late)
    checked(api, *daily(OCTOBER, status=503), monitor="late")
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    (web,) = measurements(api)[0].monitors
    assert web.present == web.down
    assert web.down.total == 10 * 1_440 + 1  # the minute in which it retired had begun


def test_a_rule_that_changes_is_applied_when_the_month_is_measured_again() -> None:
    api = service("web")
    checked(api, (october(5), 503))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    shorter = Monitor(name="web", max_gap_seconds=3600)
    commands.set_monitor_rule(api, shorter, reason="checks come every minute now", by=JONAS, now=NOW)
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    assert [event.monitors[0].down.total for event in measurements(api)] == [26 * 60 + 1, 61]


def test_a_retired_monitor_keeps_its_past() -> None:
    api = service("web")
    commands.retire_monitor(api, "web", until_at=october(2), reason="moved", by=JONAS, now=NOW)
    checked(api, *daily(OCTOBER, status=503))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    assert measurements(api)[0].monitors[0].down.total == 1_440


def test_services_and_monitors_have_one_meaning_each() -> None:
    api = service("web")
    assert service("web") == api
    with pytest.raises(MonitorNameTaken):
        commands.add_monitor(api, Monitor(name="web"), by=JONAS, now=PUBLISHED)
    with pytest.raises(MonitorMalformed):
        commands.add_monitor(api, Monitor(name="odd", failing_statuses=(1_000,)), by=JONAS, now=PUBLISHED)
    with pytest.raises(MonitorMalformed):
        commands.add_monitor(api, Monitor(name="\0"), by=JONAS, now=PUBLISHED)
    with pytest.raises(ServiceUnnamed):
        commands.define_service("apicheap", " ", by=JONAS, now=PUBLISHED)
    with pytest.raises(AgreementUnknown, match="apichep"):
        commands.define_service("apichep", "api", by=JONAS, now=PUBLISHED)
    with pytest.raises(ServiceUnknown, match="There are: api"):
        queries.service("apicheap", "apy")


def test_a_check_is_stored_to_the_microsecond() -> None:
    api = service("web")
    at = october(5) + timedelta(microseconds=123_457)
    checked(api, (at, 200))
    ((stored, _),) = queries.checks_of(queries.monitor_id(api, "web"), first=0, last=minute_of(NOW))
    assert stored == 1_791_158_400_123_457  # 2026-10-05T00:00:00Z is 1,791,158,400
