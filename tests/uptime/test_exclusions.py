"""Who may ask for time to be excused, for what, and who decides (SEMANTICS 7, 8, 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from agreements.terms.excusing import CATEGORIES
from eventstore import TransitionRefused, history
from kernel.ids import ServiceId
from kernel.intervals import Interval
from tests.personas import ACME, JONAS, MIRA
from tests.uptime.given import NOW, november, october, published, service
from uptime import commands
from uptime.errors import (
    CategoryNotExcused,
    CausesUnnamed,
    EmergencyUnfounded,
    MonitorUnknown,
    NeverAnnounced,
    NoPlannedWindow,
    NoTermsInForce,
    NothingToExclude,
    NoticeWithoutDuration,
    ReasonMissing,
    SecondPersonRequired,
)
from uptime.events import (
    Announcement,
    Category,
    Emergency,
    ExclusionApproved,
    ExclusionProposed,
    ExclusionRejected,
    ExclusionRevoked,
    Scope,
    WindowCalledOff,
    WindowCompleted,
)
from uptime.models import Exclusion
from uptime.rules.admission import announced

pytestmark = pytest.mark.django_db

HOUR = Interval(october(5, 14), october(5, 15))
PATCH = Emergency(
    condition="security",
    customers_affected=2,
    urgency="the hole is being used",
    notice_given_at=october(5, 13),
)


@pytest.fixture
def api() -> ServiceId:
    published()
    return service("web")


@pytest.fixture
def platform() -> ServiceId:
    published("apisec")
    return service("login", agreement="apisec", name="platform")


def proposed(service_id: ServiceId, category: Category = Category.THIRD_PARTY, scope: Scope | None = None) -> UUID:
    return commands.propose(service_id, category, [HOUR], reason="upstream", scope=scope or Scope(), by=JONAS, now=NOW)


def notice(end: datetime | None = HOUR.end) -> Announcement:
    return announced(HOUR.start, end, at=october(1), channel="page")


def window(service_id: ServiceId) -> UUID:
    return commands.propose_window(service_id, [notice()], reason="upgrade", by=JONAS, now=NOW)


def test_the_categories_are_those_that_terms_can_excuse() -> None:
    assert tuple(category.value for category in Category) == CATEGORIES


def test_a_proposal_is_approved_by_a_second_person(api: ServiceId) -> None:
    proposal = proposed(api)
    with pytest.raises(SecondPersonRequired):
        commands.approve(proposal, by=JONAS, now=NOW)
    commands.approve(proposal, reason="the upstream's own report", by=MIRA, now=NOW)
    assert [type(recorded.event) for recorded in history(proposal)] == [ExclusionProposed, ExclusionApproved]
    row = Exclusion.objects.get(id=proposal)
    assert (row.state, row.proposed_by, row.decided_by) == ("approved", "jonas", "mira")


def test_emergency_maintenance_is_downtime_at_apicheap(api: ServiceId) -> None:
    with pytest.raises(CategoryNotExcused) as refused:
        commands.propose(api, Category.EMERGENCY, [HOUR], reason="patch", emergency=PATCH, by=JONAS, now=NOW)
    assert refused.value.clause == "§6"


def test_emergency_maintenance_is_excused_at_apisec_with_its_record(platform: ServiceId) -> None:
    commands.propose(platform, Category.EMERGENCY, [HOUR], reason="patch", emergency=PATCH, by=JONAS, now=NOW)


@pytest.mark.parametrize(
    ("record", "missing"),
    [
        (None, "the condition .* more than one affected customer, the reason for urgency, the notice given"),
        (replace(PATCH, condition="boredom"), "the condition that called for it"),
        (replace(PATCH, customers_affected=1), "more than one affected customer"),
        (replace(PATCH, urgency=" "), "the reason for urgency"),
        (replace(PATCH, notice_given_at=None), "the notice given before its start, or why there was none"),
        (replace(PATCH, notice_given_at=HOUR.start), "the notice given before its start, or why there was none"),
    ],
)
def test_the_record_of_an_emergency_must_be_complete(
    platform: ServiceId, record: Emergency | None, missing: str
) -> None:
    with pytest.raises(EmergencyUnfounded, match=missing):
        commands.propose(platform, Category.EMERGENCY, [HOUR], reason="patch", emergency=record, by=JONAS, now=NOW)


def test_an_emergency_without_notice_says_why(platform: ServiceId) -> None:
    unannounced = replace(PATCH, notice_given_at=None, why_no_notice="the notice would have told the attacker")
    commands.propose(platform, Category.EMERGENCY, [HOUR], reason="patch", emergency=unannounced, by=JONAS, now=NOW)


def test_customer_action_names_the_accounts_that_caused_it(api: ServiceId) -> None:
    with pytest.raises(CausesUnnamed):
        proposed(api, Category.CUSTOMER_ACTION)
    proposed(api, Category.CUSTOMER_ACTION, Scope(accounts=(ACME,)))


def test_planned_maintenance_needs_its_announcement(api: ServiceId) -> None:
    with pytest.raises(NeverAnnounced):
        proposed(api, Category.PLANNED)
    with pytest.raises(NothingToExclude):
        commands.propose_window(api, [], reason="upgrade", by=JONAS, now=NOW)


def test_a_notice_without_an_expected_duration_is_refused() -> None:
    with pytest.raises(NoticeWithoutDuration):
        notice(end=None)


def test_a_proposal_names_monitors_that_exist(api: ServiceId) -> None:
    with pytest.raises(MonitorUnknown, match="It has: web"):
        proposed(api, scope=Scope(monitors=("wob",)))


def test_a_proposal_needs_a_reason_and_time_and_terms(api: ServiceId) -> None:
    with pytest.raises(ReasonMissing):
        commands.propose(api, Category.DDOS, [HOUR], reason=" ", by=JONAS, now=NOW)
    with pytest.raises(NothingToExclude):
        commands.propose(api, Category.DDOS, [], reason="attack", by=JONAS, now=NOW)
    before = Interval(datetime(2025, 1, 1, tzinfo=HOUR.start.tzinfo), datetime(2025, 1, 2, tzinfo=HOUR.start.tzinfo))
    with pytest.raises(NoTermsInForce):
        commands.propose(api, Category.DDOS, [before], reason="attack", by=JONAS, now=NOW)


def test_an_exclusion_reaches_from_its_first_to_its_last_stretch(api: ServiceId) -> None:
    stretches = [Interval(november(1), november(2)), HOUR]
    proposal = commands.propose(api, Category.NETWORK, stretches, reason="cable", by=JONAS, now=NOW)
    row = Exclusion.objects.get(id=proposal)
    assert (row.starts_at, row.ends_at) == (HOUR.start, november(2))
    assert row.intervals == (HOUR, stretches[0])


def test_only_a_planned_window_can_be_completed_or_called_off(api: ServiceId) -> None:
    with pytest.raises(NoPlannedWindow):
        commands.complete_window(proposed(api), completed_at=HOUR.end, by=JONAS, now=NOW)


Act = Callable[[UUID], object]
ACTS: dict[str, Act] = {
    "approved": lambda exclusion: commands.approve(exclusion, by=MIRA, now=NOW),
    "rejected": lambda exclusion: commands.reject(exclusion, reason="unfounded", by=MIRA, now=NOW),
    "revoked": lambda exclusion: commands.revoke(exclusion, reason="wrong", by=MIRA, now=NOW),
    "completed": lambda exclusion: commands.complete_window(
        exclusion, completed_at=october(5, 14, 30), by=JONAS, now=NOW
    ),
    "called off": lambda exclusion: commands.call_off_window(
        exclusion, how="cancelled", reason="ill", by=JONAS, now=NOW
    ),
}
ALLOWED = {
    "proposed": {"approved", "rejected", "completed", "called off"},
    "approved": {"revoked", "completed", "called off"},
    "rejected": set(),
    "revoked": set(),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", ALLOWED)
def test_the_life_of_an_exclusion(api: ServiceId, state: str, act: str) -> None:
    exclusion = window(api)
    path = {"proposed": [], "approved": ["approved"], "rejected": ["rejected"], "revoked": ["approved", "revoked"]}
    for step in path[state]:
        ACTS[step](exclusion)
    if act in ALLOWED[state]:
        ACTS[act](exclusion)
    else:
        with pytest.raises(TransitionRefused):
            ACTS[act](exclusion)


def test_what_happened_to_a_window_stands_in_its_history(api: ServiceId) -> None:
    exclusion = window(api)
    for act in ("approved", "completed", "completed", "called off", "revoked"):
        ACTS[act](exclusion)
    kinds = [type(recorded.event) for recorded in history(exclusion)]
    assert kinds == [ExclusionProposed, ExclusionApproved, WindowCompleted, WindowCalledOff, ExclusionRevoked]
    assert ExclusionRejected not in kinds
