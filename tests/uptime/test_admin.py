"""Measurement at the desk: rows are looked at, exclusions decided and corrections recorded by forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from customers import commands as customers
from customers.commands import Opening
from customers.models import User
from eventstore import SYSTEM
from kernel.ids import ServiceId
from kernel.intervals import Interval
from tests.personas import ACME, MIRA
from tests.uptime.given import NOW, OCTOBER, PUBLISHED, checked, daily, measured, october, published, service
from uptime import commands
from uptime.events import Category, Finding
from uptime.models import Correction, Exclusion, ServiceMonth

pytestmark = pytest.mark.django_db

HOUR = {"start": "2026-10-05T14:00:00", "end": "2026-10-05T15:00:00", "reason": "upstream was down"}


@pytest.fixture
def api() -> ServiceId:
    published()
    api = service("web")
    checked(api, *daily(OCTOBER), (october(5, 14), 503), (october(5, 15), 200))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    return api


def desk(name: str = "mira") -> Client:
    operator = User.objects.create_superuser(f"{name}@example.com", name=name, joined_at=PUBLISHED)
    client = Client()
    client.force_login(operator)
    return client


def page(kind: str, object_id: object) -> str:
    return reverse(f"admin:uptime_{kind}_change", args=[object_id])


def act(kind: str, object_id: object, word: str) -> str:
    return reverse(f"admin:uptime_{kind}_{word}", args=[object_id])


def sent(client: Client, address: str, **fields: Any) -> str:
    """Send a form, and give the page that follows."""
    shown = client.get(address)
    assert shown.status_code == 200
    return client.post(address, fields, follow=True).content.decode()


def test_an_exclusion_is_proposed_by_one_person_and_approved_by_another(api: ServiceId) -> None:
    jonas, mira = desk("jonas"), desk("mira")
    said = sent(jonas, act("service", api, "propose_exclusion"), category="third_party", **HOUR)
    assert "The exclusion is proposed; a second person decides." in said
    proposal = Exclusion.objects.get()
    assert "a second person decides" in sent(jonas, act("exclusion", proposal.id, "approve"))
    assert Exclusion.objects.get().state == "proposed"
    assert "The time is excused." in sent(mira, act("exclusion", proposal.id, "approve"))
    assert measured().minutes_for(ACME).excused_as_up.total == 60
    said = sent(mira, act("exclusion", proposal.id, "revoke"), reason="it was our own fault")
    assert "The exclusion excuses nothing any more." in said


def offered(client: Client, exclusion: UUID) -> set[str]:
    """Tell which buttons an exclusion's page offers."""
    shown = client.get(page("exclusion", exclusion)).content.decode()
    acts = ("approve", "reject", "revoke", "complete", "call_off")
    return {word for word in acts if f'href="{act("exclusion", exclusion, word)}"' in shown}


def test_an_exclusion_offers_what_can_follow_to_who_may_do_it(api: ServiceId) -> None:
    jonas, mira = desk("jonas"), desk("mira")
    sent(jonas, act("service", api, "propose_exclusion"), category="third_party", **HOUR)
    proposal = Exclusion.objects.get().id
    assert (offered(jonas, proposal), offered(mira, proposal)) == ({"reject"}, {"approve", "reject"})
    assert "Another person approves or rejects it." in jonas.get(page("exclusion", proposal)).content.decode()
    sent(mira, act("exclusion", proposal, "approve"), reason="their status page says so")
    assert offered(jonas, proposal) == offered(mira, proposal) == {"revoke"}
    sent(jonas, act("exclusion", proposal, "revoke"), reason="it was our own fault")
    assert offered(jonas, proposal) == set()
    told = jonas.get(page("exclusion", proposal)).content.decode()
    assert "jonas proposed it on" in told
    assert "UTC: their status page says so. jonas revoked it on" in told


def test_a_planned_window_can_be_completed_and_called_off(api: ServiceId) -> None:
    notice = {"announced_at": "2026-10-03T13:00:00", "channel": "mail"}
    jonas = desk("jonas")
    sent(jonas, act("service", api, "propose_window"), **HOUR, **notice)
    window = Exclusion.objects.get().id
    assert offered(jonas, window) == {"reject", "complete", "call_off"}
    sent(jonas, act("exclusion", window, "reject"), reason="it is not needed")
    assert offered(jonas, window) == set()


def test_what_the_agreement_does_not_excuse_is_refused_with_its_clause(api: ServiceId) -> None:
    fields = {**HOUR, "category": "emergency_maintenance", "condition": "security", "customers_affected": "2"}
    said = sent(desk(), act("service", api, "propose_exclusion"), **fields, urgency="now", why_no_notice="secret")
    assert "excluding it would excuse nothing. §6" in said
    assert not Exclusion.objects.exists()


def test_a_planned_window_is_proposed_with_the_accounts_that_accepted_its_notice(api: ServiceId) -> None:
    account = customers.open_account(
        Opening("A 1", "Acme", "apicheap", "pro", PUBLISHED, "UTC"), by=MIRA, now=PUBLISHED
    )
    notice = {"announced_at": "2026-10-03T13:00:00", "channel": "mail", "accepted": "A 1 2026-10-03T14:00Z"}
    sent(desk("jonas"), act("service", api, "propose_window"), **HOUR, **notice)
    proposal = Exclusion.objects.get()
    sent(desk("mira"), act("exclusion", proposal.id, "approve"))
    assert measured().minutes_for(account).window.total == 60
    assert measured().minutes_for_others().window.total == 0


def test_a_correction_is_recorded_and_shown(api: ServiceId) -> None:
    said = sent(desk(), act("service", api, "correct"), **HOUR, finding="up")
    assert "The correction is recorded; what was measured stays beside it." in said
    assert measured().minutes_for(ACME).down.total == 0
    assert Correction.objects.get().finding == Finding.UP


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"end": "2026-10-05T14:00:00"}, "It must end after it begins."),
        ({"accounts": "nobody"}, "There is no account nobody."),
        ({"end": "2026-10-05T14:30:30"}, "A correction begins and ends at a full minute"),
    ],
)
def test_a_form_that_does_not_fit_says_why(api: ServiceId, fields: dict[str, str], fault: str) -> None:
    assert fault in sent(desk(), act("service", api, "correct"), **{**HOUR, "finding": "up", **fields})
    assert not Correction.objects.exists()


def test_every_page_shows_its_row_and_lets_nobody_edit_it(api: ServiceId) -> None:
    hour = Interval(october(5, 14), october(5, 15))
    exclusion = commands.propose(api, Category.DDOS, [hour], reason="attack", by=MIRA, now=NOW)
    correction = commands.correct(api, Finding.UP, hour, reason="false alarm", by=MIRA, now=NOW)
    month = ServiceMonth.objects.get().id
    client = desk()
    for kind, object_id in (
        ("service", api),
        ("exclusion", exclusion),
        ("correction", correction),
        ("servicemonth", month),
    ):
        assert client.get(reverse(f"admin:uptime_{kind}_changelist")).status_code == 200
        shown = client.get(page(kind, object_id))
        assert shown.status_code == 200
        assert 'name="_save"' not in shown.content.decode()
        assert client.post(page(kind, object_id), {}).status_code == 403
        assert client.post(reverse(f"admin:uptime_{kind}_delete", args=[object_id])).status_code == 403


def test_a_measured_month_tells_what_it_comes_to(api: ServiceId) -> None:
    month = ServiceMonth.objects.get().id
    shown = desk().get(page("servicemonth", month)).content.decode()
    assert "uptime: 99.8655 % (44,580 of 44,640 counted minutes)" in shown
    assert "outage from 2026-10-05T14:00Z to 2026-10-05T15:00Z, 60 unexcused minutes in the month" in shown


def test_a_customer_sees_nothing_of_the_desk(api: ServiceId) -> None:
    customer = User.objects.create_user("ada@acme.example", "a long pass phrase", name="Ada", joined_at=PUBLISHED)
    client = Client()
    client.force_login(customer)
    assert client.get(page("service", api)).status_code in (302, 403, 404)
    assert client.post(act("service", api, "correct"), {**HOUR, "finding": "up"}).status_code in (302, 403, 404)
    assert not Correction.objects.exists()
