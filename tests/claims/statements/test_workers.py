"""A real worker closes a month that was really measured: deadline, task, statements, entitlement."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from claims.commands.closing import close_month
from claims.commands.periods import open_period
from claims.commands.reviewing import review_entitlements
from claims.models.entitlement import Entitlement
from claims.models.entitlement import State as EntitlementState
from claims.models.period import Period, State
from claims.models.statement import Statement
from config.services.postgres import Cluster
from customers.commands.accounts import Opening, open_account
from deadlines.tasks import sweep_due
from eventstore import history
from tests.claims.statements.scenes import OCTOBER, at
from tests.personas import MIRA
from tests.processes import Launcher
from tests.uptime import given as uptime
from tests.waiting import eventually
from uptime.commands import measure


def clock_at(instant: str) -> dict[str, str]:
    """Move a process's clock so that it is about this instant when the process starts."""
    seconds = int((at(instant) - datetime.now(UTC)).total_seconds())  # noqa: TID251 — the real time, to move it
    return {"MAKEGOOD_CLOCK": f"{seconds:+d}s"}


@pytest.fixture
def october(database: Cluster) -> None:
    """Give apicheap's service an October: a check a day, and down on the 5th from 10:00 to 14:00."""
    uptime.published()
    service = uptime.service("web")
    outage = [(uptime.october(5, 10), 503), (uptime.october(5, 14), 200)]
    uptime.checked(service, *uptime.daily(OCTOBER), *outage)
    measure(service, OCTOBER, by=MIRA, now=at("2026-11-01T00:30Z"))
    opening = Opening(number="acme", name="Acme", agreement="apicheap", tier="pro", from_at=at("2026-04-01T00:00Z"))
    open_account(opening, by=MIRA, now=at("2026-04-01T00:00Z"))
    open_period("apicheap", OCTOBER, now=at("2026-10-01T00:00Z"))


def test_the_month_closes_when_its_deadline_comes(october: None, processes: Launcher) -> None:
    processes.worker(extra=clock_at("2026-11-02T00:10Z"))
    sweep_due.delay()
    eventually(lambda: Period.objects.filter(state=State.CLOSED, reviewed_at__isnull=False).exists(), within=60)
    statement = Statement.objects.get()
    assert (statement.figures.classes.down, statement.figures.code) == (240, "awaiting_usage")
    assert statement.figures.classes.up == 44_640 - 240
    entitlement = Entitlement.objects.get()
    assert entitlement.bound.until == at("2026-11-10T00:00Z"), "seven days after the day on which it was told"


def test_it_does_not_close_before(october: None, processes: Launcher) -> None:
    worker = processes.worker(extra=clock_at("2026-11-01T23:00Z"))
    sweep_due.delay()
    worker.wait_for("Task deadlines.sweep")
    worker.wait_for("succeeded")
    assert Period.objects.get().state == State.OPEN


def test_an_entitlement_lapses_at_its_bound_after_a_worker_was_down_for_days(
    october: None, processes: Launcher
) -> None:
    review_entitlements("apicheap", OCTOBER, now=at("2026-10-05T14:05Z"))
    processes.worker(extra=clock_at("2026-11-09T08:00Z"))
    sweep_due.delay()
    eventually(lambda: Entitlement.objects.filter(state=EntitlementState.LAPSED).exists(), within=60)
    assert Entitlement.objects.get(state=EntitlementState.LAPSED).over_at == at("2026-11-05T00:00Z")


def test_two_workers_that_close_a_month_at_once_close_it_once(october: None) -> None:
    for number in range(40):
        opening = Opening(
            number=f"{number}", name=f"{number}", agreement="apicheap", tier="pro", from_at=at("2026-04-01T00:00Z")
        )
        open_account(opening, by=MIRA, now=at("2026-04-01T00:00Z"))
    together = Barrier(2)

    def closing() -> str:
        together.wait()
        try:
            return close_month("apicheap", OCTOBER, now=at("2026-11-02T00:10Z"))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        states = [one.result() for one in [both.submit(closing), both.submit(closing)]]
    assert states == ["closed", "closed"]
    assert [len(history(row.id)) for row in Statement.objects.order_by("id")] == [1] * 41
    assert [len(history(row.id)) for row in Entitlement.objects.order_by("id")] == [1] * 41
    assert Period.objects.get().statements == 41
