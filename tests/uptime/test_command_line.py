"""`manage.py uptime`: services, exclusions and months from the shell."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from customers import commands as customers
from customers.commands import Opening
from eventstore import SYSTEM, history
from kernel.ids import ServiceId
from tests.personas import MIRA
from tests.uptime.given import NOW, OCTOBER, PUBLISHED, checked, daily, october, published, service
from uptime import commands, queries
from uptime.events import Monitor, Quorum
from uptime.models import Exclusion

pytestmark = pytest.mark.django_db

API = ["--service", "api"]
HOUR = ["--from", "2026-10-05T14:00Z", "--to", "2026-10-05T15:00Z", "--reason", "upstream was down"]


def said(*words: str) -> str:
    """Run the command, and give what it says."""
    out = io.StringIO()
    call_command("uptime", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def api() -> ServiceId:
    published()
    api = service("web")
    checked(api, *daily(OCTOBER), (october(5, 14), 503), (october(5, 15), 200))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    return api


def proposed(*words: str, by: str = "jonas") -> UUID:
    return UUID(said("exclude", "propose", *API, *HOUR, "--by", by, *words).strip())


def test_a_month_is_shown_with_its_classes_and_outages(api: ServiceId) -> None:
    assert said("show", "2026-10", *API).splitlines() == [
        "api (apicheap) in 2026-10: 44,640 minutes",
        "          0 in a window that leaves the total",
        "          0 unknown",
        "          0 down, excused, leaving the total",
        "          0 down, excused, counting as up",
        "         60 down",
        "     44,580 up",
        "uptime: 99.8655 % (44,580 of 44,640 counted minutes)",
        "monitor web: 33 checks, 60 minutes down, 0 unknown",
        "outage from 2026-10-05T14:00Z to 2026-10-05T15:00Z, 60 unexcused minutes in the month",
    ]


def test_a_month_without_a_check_is_not_measurable(api: ServiceId) -> None:
    assert "uptime: not measurable (0 of 0 counted minutes)" in said("show", "2026-09", *API)


def test_a_month_before_the_agreement_is_not_shown(api: ServiceId) -> None:
    with pytest.raises(CommandError, match="No version of apicheap was in force in 2025-01"):
        said("show", "2025-01", *API)


def test_a_service_and_its_monitors_are_defined(api: ServiceId) -> None:
    words = ["--monitor", "edge", "--max-gap", "10m", "--quorum", "majority", "--failing", "401"]
    said("service", "add", *API, *words, "--since", "2026-10-01T00:00Z")
    assert queries.service("apicheap", "api").monitor("edge") == Monitor(
        name="edge", max_gap_seconds=600, quorum=Quorum.MAJORITY, failing_statuses=(401,), from_at=october(1)
    )


def test_an_exclusion_goes_its_way(api: ServiceId) -> None:
    proposal = proposed("--category", "third_party")
    assert f"exclusion {proposal} is proposed and undecided" in said("show", "2026-10", *API)
    with pytest.raises(CommandError, match="a second person decides"):
        said("exclude", "approve", str(proposal), "--by", "jonas")
    assert said("exclude", "approve", str(proposal), "--by", "mira") == f"{proposal}: approved\n"
    assert "60 down, excused, counting as up" in said("show", "2026-10", *API)
    said("exclude", "revoke", str(proposal), "--by", "mira", "--reason", "our own fault")
    assert [recorded.actor for recorded in history(proposal)] == ["operator jonas", "operator mira", "operator mira"]


def test_a_proposal_can_be_rejected(api: ServiceId) -> None:
    proposal = proposed("--category", "ddos")
    said("exclude", "reject", str(proposal), "--by", "mira", "--reason", "no attack on record")
    assert Exclusion.objects.get().state == "rejected"


def test_a_planned_window_holds_for_the_account_that_was_told(api: ServiceId) -> None:
    customers.open_account(Opening("A-1", "Acme", "apicheap", "pro", PUBLISHED, "UTC"), by=MIRA, now=PUBLISHED)
    notice = ["--announced-at", "2026-10-03T14:00Z", "--channel", "mail", "--accepted", "A-1=2026-10-03T14:00Z"]
    proposal = proposed("--category", "planned_maintenance", *notice)
    said("exclude", "approve", str(proposal), "--by", "mira")
    assert "60 in a window that leaves the total" in said("show", "2026-10", *API, "--account", "A-1")
    assert "60 down" in said("show", "2026-10", *API)


def test_an_emergency_is_recorded_under_an_agreement_that_excuses_it() -> None:
    published("apisec")
    service("login", agreement="apisec", name="api")
    record = [
        "--condition",
        "network",
        "--customers-affected",
        "3",
        "--urgency",
        "a loop",
        "--why-no-notice",
        "no mail",
    ]
    proposal = proposed("--category", "emergency_maintenance", *record)
    assert queries.exclusion(proposal).emergency.customers_affected == 3


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["show", "2026-13", *API], "no month, such as 2026-10"),
        (["show", "2026-10", "--service", "wob"], "There is no service 'wob' under 'apicheap'"),
        (["exclude", "propose", *API, *HOUR, "--by", "jonas", "--category", "planned_maintenance"], "--announced-at"),
        (["exclude", "propose", *API, *HOUR, "--by", "jonas", "--category", "emergency_maintenance"], "downtime"),
        (["exclude", "propose", *API, *HOUR[:2], *HOUR[4:], "--by", "jonas", "--category", "ddos"], "--to INSTANT"),
        (["service", "add", *API, "--monitor", "m", "--max-gap", "soon"], "no length of time, such as 26h"),
        (["import", "x.csv", *API, "--map", "web"], "no pair, such as"),
        (["show", "2026-10", *API, "--account", "nobody"], "no account"),
        (["exclude", "propose", *API, "--from", "2026-10-05", "--by", "j", "--category", "ddos"], "with its offset"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(api: ServiceId, words: list[str], fault: str) -> None:
    with pytest.raises(CommandError, match=fault):
        said(*words)
