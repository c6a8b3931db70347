"""Rows of measurement are the fold of their events: verified, and built anew from the log."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from config.services.postgres import Cluster
from eventstore import SYSTEM
from kernel.intervals import Interval
from tests.personas import ACME, JONAS, MIRA
from tests.uptime.given import NOW, OCTOBER, checked, daily, october, published, service
from uptime import commands
from uptime.events import Acceptance, Announcement, Category, Emergency, Finding, Monitor, Quorum, Scope
from uptime.models import Correction, Exclusion, Service, ServiceMonth

HOUR = Interval(october(5, 14), october(5, 15))


@pytest.fixture
def history(database: Cluster) -> None:
    """Everything that can happen to measurement."""
    published()
    published("apisec")
    api = service("web", Monitor(name="edge", quorum=Quorum.ANY, failing_statuses=(401,), from_at=october(1)))
    commands.set_monitor_rule(api, Monitor(name="edge", max_gap_seconds=600), reason="denser", by=JONAS, now=NOW)
    commands.retire_monitor(api, "edge", until_at=october(20), reason="moved", by=JONAS, now=NOW)
    for checks in (daily(OCTOBER), [(HOUR.start, 503), (HOUR.end, 200)]):
        checked(api, *checks)
        commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    notice = Announcement(
        stretch=HOUR, announced_at=october(1), channel="mail", accepted=(Acceptance(ACME, october(2)),)
    )
    window = commands.propose_window(api, [notice], reason="upgrade", by=JONAS, now=NOW)
    commands.approve(window, by=MIRA, now=NOW)
    commands.complete_window(window, completed_at=october(5, 14, 30), by=JONAS, now=NOW)
    commands.call_off_window(window, how="never_started", reason="no engineer", by=JONAS, now=NOW)
    commands.revoke(window, reason="it never was", by=MIRA, now=NOW)
    scope = Scope(monitors=("web",), accounts=(ACME,))
    action = commands.propose(api, Category.CUSTOMER_ACTION, [HOUR], reason="misuse", scope=scope, by=JONAS, now=NOW)
    commands.reject(action, reason="not theirs", by=MIRA, now=NOW)
    record = Emergency(condition="network", customers_affected=9, urgency="a loop", why_no_notice="mail was down")
    platform = service("login", agreement="apisec", name="platform")
    commands.propose(platform, Category.EMERGENCY, [HOUR], reason="loop", emergency=record, by=JONAS, now=NOW)
    commands.correct(api, Finding.CONFINED, HOUR, accounts=[ACME], monitor="web", reason="region", by=MIRA, now=NOW)


def rows() -> list[str]:
    models = (Service, ServiceMonth, Exclusion, Correction)
    return [repr(row) for model in models for row in model._default_manager.order_by("id").values()]


@pytest.mark.usefixtures("history")
def test_every_row_is_the_fold_of_its_events() -> None:
    call_command("verify", stdout=io.StringIO(), stderr=io.StringIO())


@pytest.mark.usefixtures("history")
def test_the_rows_are_built_anew_from_the_log() -> None:
    before = rows()
    assert len(before) == 2 + 1 + 3 + 1
    call_command("replay", stdout=io.StringIO(), stderr=io.StringIO())
    assert rows() == before
