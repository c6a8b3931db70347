"""The desk as a whole: what waits for an operator, in order, asked for by few questions; nobody edits a row."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin.acting import ActingDesk
from claims.commands import periods
from claims.commands.claims import decide, verify
from claims.commands.claims.credit import credit
from claims.commands.statements import restate
from claims.models.claim import Claim
from claims.models.entitlement import Entitlement
from claims.models.ledger import CreditAccount
from claims.models.period import Period
from claims.rules.identity import ledger_id, period_id, statement_id
from customers.models import User
from deadlines.models import Deadline
from eventstore import history
from eventstore.models import Parked
from kernel.intervals import Ranges
from tests.claims import october
from tests.claims.desk.conftest import (
    Desk,
    at_the_desk,
    claim,
    desk,
    desk_of,
    it_is,
    jonas,
    mira,
    october_closed,
    october_measured,
    october_running,
    told,
)
from tests.claims.history import OCTOBER, at
from tests.claims.october import AGREEMENT, MONDAY_9TH, NOVEMBER_2ND, account_of
from tests.claims.statements.scenes import first_minutes, month_of
from tests.personas import ACME, JONAS, MIRA, RIVAL

__all__ = ["at_the_desk", "claim", "desk", "jonas", "mira", "october_closed", "october_measured", "october_running"]

HOME = "index"


def test_the_desk_is_the_admins_first_page_and_says_when_nothing_waits(desk: Desk) -> None:
    shown = desk.text(HOME)
    for words in (
        "No claim waits for a decision.",
        "None: every month that is over has closed, or closes by itself.",
        "None is undecided.",
        "None: every credit that is owed has its amount.",
    ):
        assert words in shown


def test_a_claim_stands_with_its_customer_deadline_and_time_left(desk: Desk, claim: UUID) -> None:
    shown = desk.text(HOME)
    for words in ("Acme", "October 2026", "Filed, not taken up", "14 days left", "50.00 USD", "nobody yet"):
        assert words in shown, words
    assert reverse("admin:claims_claim_change", args=[claim]) in shown


def test_overdue_claims_come_first_in_colour_and_in_words(
    desk: Desk, october_closed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are filed on the 9th and 10th; on the 24th the first was due the day before, the other is due that day."""
    october.open_accounts(beta="pro")
    later = october.filed(account=account_of("beta"), now=at("2026-11-10T10:00Z"))
    first = october.filed(now=MONDAY_9TH)
    now = it_is(at("2026-11-24T10:00Z"), monkeypatch)
    verify.take_up(first, by=JONAS, now=now)
    answer = desk.get(HOME)
    assert [one.claim.id for one in answer.context["claims"]] == [first, later]
    assert [one.left.tone for one in answer.context["claims"]] == ["bad", "warn"]
    shown = answer.content.decode()
    assert "Overdue by 18 hours" in shown
    assert "5 hours left" in shown


def test_the_desk_shows_what_the_operator_took_up(desk: Desk, jonas: User, claim: UUID) -> None:
    assert "No claim fits this choice." in desk.text(HOME, mine="1")
    desk.claim("take_up", claim)
    assert "Acme" in desk.text(HOME, mine="1")
    assert "Mira" in desk.text(HOME)
    assert "No claim fits this choice." in desk_of(jonas).text(HOME, mine="1")


@pytest.mark.parametrize(
    ("picked", "is_there"),
    [
        ({"state": "filed"}, True),
        ({"state": "waiting"}, False),
        ({"agreement": "apicheap"}, True),
        ({"agreement": "apisec"}, False),
        ({"state": "no such state", "agreement": ""}, True),
    ],
)
def test_claims_are_picked_by_state_and_agreement(
    desk: Desk, claim: UUID, picked: dict[str, str], is_there: bool
) -> None:
    assert bool(desk.get(HOME, **picked).context["claims"]) == is_there


def questions(desk: Desk, name: str) -> int:
    """Count the questions that a page asks the database."""
    desk.text(name)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        desk.text(name)
    return len(asked)


@pytest.mark.parametrize("page", [HOME, "claims_claim_changelist", "claims_statement_changelist"])
def test_forty_claims_are_listed_by_as_many_questions_as_one(desk: Desk, claim: UUID, page: str) -> None:
    for_one = questions(desk, page)
    october.open_accounts(**{f"customer{number}": "pro" for number in range(40)})
    for number in range(40):
        filed = october.filed(october.sent(words="see the log"), account=account_of(f"customer{number}"))
        verify.take_up(filed, by=MIRA, now=MONDAY_9TH)
    restate(AGREEMENT, OCTOBER, cause="test", reason="new accounts", by=MIRA, now=MONDAY_9TH)
    assert questions(desk, page) <= for_one + 1
    if page == HOME:
        assert len(desk.get(page).context["claims"]) == 41


@pytest.fixture
def october_waits(october_running: None, at_the_desk: datetime) -> Iterator[UUID]:
    """Let October wait for an operator: 90 of its minutes are unknown."""
    with october.measured_by(m2026_10=month_of(unknown=first_minutes(90), unmeasured=first_minutes(90))):
        october.use("200")
        periods.open_periods(now=NOVEMBER_2ND)
        periods.consider_close(period_id(AGREEMENT, OCTOBER), now=NOVEMBER_2ND)
        yield period_id(AGREEMENT, OCTOBER)


def test_a_month_that_waits_is_on_the_desk_and_is_accepted_by_name_and_reason(desk: Desk, october_waits: UUID) -> None:
    month = Period.objects.get(id=october_waits)
    for page in (desk.text(HOME), desk.text("claims_period_change", october_waits)):
        assert month.reasons[0].sentence in page
    answer = desk.act("claims_period_accept", october_waits, seen=month.version, reason="the probe was moved")
    assert told(answer) == "It is accepted as it stands; the month closes within a minute."
    month = Period.objects.get(id=october_waits)
    assert month.accepted_minutes == first_minutes(90)
    assert history(october_waits)[-1].actor == f"operator {desk.user.pk}"
    assert "the probe was moved" in desk.text("claims_period_change", october_waits)


def test_a_claim_whose_month_waits_tells_for_what(desk: Desk, october_waits: UUID) -> None:
    claim = october.filed(october.sent(times=()))
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    page = desk.text("claims_claim_change", claim)
    assert "The month is not closed yet" in page
    assert "The month waits for a person to accept it: 90 minutes are unknown." in page


def test_what_nobody_saw_is_not_accepted(desk: Desk, october_waits: UUID) -> None:
    """The month's reasons changed after the operator opened its page."""
    seen = Period.objects.get(id=october_waits).version
    with october.measured_by(m2026_10=month_of(unknown=first_minutes(900), unmeasured=first_minutes(900))):
        periods.consider_close(october_waits, now=MONDAY_9TH)
    answer = desk.act("claims_period_accept", october_waits, seen=seen, reason="the probe was moved")
    assert answer.status_code == 409
    assert "Nothing was done." in answer.content.decode()
    assert Period.objects.get(id=october_waits).accepted_minutes == Ranges.of()


def test_a_closed_month_is_stated_anew_by_name_and_reason(desk: Desk, october_closed: None) -> None:
    month = period_id(AGREEMENT, OCTOBER)
    assert "State anew" in desk.text("claims_period_change", month)
    seen = Period.objects.get(id=month).version
    assert "stated anew within a minute" in told(
        desk.act("claims_period_restate", month, seen=seen, reason="found more")
    )
    assert [one.reason for one in Period.objects.get(id=month).asked][-1] == "found more"


def test_only_a_closed_month_is_stated_anew(desk: Desk, october_waits: UUID) -> None:
    assert desk.get("claims_period_restate", october_waits).status_code == 409


def test_a_statement_is_found_by_its_customer_and_explained(desk: Desk, october_closed: None) -> None:
    assert "Acme" in desk.text("claims_statement_changelist", q="acm")
    assert "Acme" not in desk.text("claims_statement_changelist", q="rival")
    shown = desk.text("claims_statement_change", statement_id(ACME, AGREEMENT, OCTOBER))
    for words in ("41,940 of 44,640 were up", "2,700 were down", "93.951 %", "25 %", "§3", "Version 1"):
        assert words in shown, words


@pytest.mark.parametrize("version", ["7", "-1", "x", "9" * 40])
def test_a_version_that_is_not_there_does_no_harm(desk: Desk, october_closed: None, version: str) -> None:
    page = statement_id(ACME, AGREEMENT, OCTOBER)
    assert desk.get("claims_statement_change", page, version=version).status_code in (200, 404)


def test_entitlements_are_listed_with_their_bounds(desk: Desk, october_closed: None) -> None:
    assert "Acme" in desk.text("claims_entitlement_changelist")
    one = Entitlement.objects.get(account=ACME)
    shown = desk.text("claims_entitlement_change", one.id)
    assert "24 November 2026, 00:00 (UTC)" in shown
    assert "50.00 USD" in shown


@pytest.fixture
def credited(claim: UUID) -> UUID:
    """Post $50 to Acme's ledger."""
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    decide.approve(claim, by=MIRA, now=MONDAY_9TH)
    return credit(claim, now=MONDAY_9TH)


def test_a_posting_is_reversed_by_name_and_reason(desk: Desk, credited: UUID) -> None:
    shown = desk.text("claims_creditaccount_change", ledger_id(ACME))
    assert "50.00 USD credited for October 2026" in shown
    assert "50.00 USD for October 2026 leaves the balance." in desk.text(
        "claims_creditaccount_reverse_posting", ledger_id(ACME), posting=1
    )
    seen = CreditAccount.objects.get(account=ACME).version
    act: dict[str, Any] = {"seen": seen, "posting": 1, "reason": "posted to the wrong month"}
    assert "is reversed" in told(desk.act("claims_creditaccount_reverse_posting", ledger_id(ACME), **act))
    shown = desk.text("claims_creditaccount_change", ledger_id(ACME))
    assert "Balance 0.00 USD" in shown
    assert "posted to the wrong month" in shown
    assert "Reverse<" not in shown
    assert "Posting 1, 50.00 USD, was undone; 0.00 USD stands" in desk.text("claims_claim_change", credited)


def test_the_bills_of_a_cycle_are_given_as_csv(desk: Desk, october_closed: None) -> None:
    answer = desk.client.post(reverse("admin:claims_creditaccount_bills"), {"agreement": AGREEMENT, "cycle": "2026-10"})
    lines = answer.content.decode().splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="bills-2026-10.csv"'
    assert lines[0] == "cycle,account,currency,gross,credit_applied,remainder"
    assert "2026-10,acme,USD,200.00,0.00,200.00" in lines


def test_usage_that_is_awaited_is_on_the_desk(desk: Desk, october_running: None) -> None:
    october.close()
    shown = desk.text(HOME)
    assert "1 account<" in shown
    [listed] = desk.get(HOME).context["usage"]
    assert (listed.month, listed.accounts) == (OCTOBER, 1)


def test_held_deadlines_and_parked_events_are_on_the_desk(desk: Desk, claim: UUID) -> None:
    Deadline.objects.filter(owner=claim).update(attempts=2, held_until=MONDAY_9TH)
    event = history(claim)[0]
    Parked.objects.create(
        subscription="a reader that is gone",
        position=1,
        stream=claim,
        version=1,
        type=event.type_name,
        error="ValueError: no",
        attempts=5,
        parked_at=MONDAY_9TH,
    )
    tiles = {one.words: one.count for one in desk.get(HOME).context["tiles"]}
    assert (tiles["deadlines held"], tiles["events parked"]) == (1, 1)
    assert str(claim) in desk.text("deadlines_deadline_changelist", held="yes")
    parked = Parked.objects.get()
    assert "ValueError: no" in desk.text("eventstore_parked_change", parked.pk)
    answer = desk.client.post(reverse("admin:eventstore_parked_try_again", args=[parked.pk]), follow=True)
    assert told(answer) == "There is no subscription a reader that is gone in this version of the program."


def test_a_thing_is_followed_into_the_log(desk: Desk, claim: UUID) -> None:
    assert "claims.claim_filed" in desk.text("eventstore_log_stream", claim)
    assert desk.get("eventstore_log_stream", ledger_id(RIVAL)).status_code == 404


OURS = [
    made
    for made in admin.site._registry.values()
    if isinstance(made, ActingDesk) and made.opts.app_label == Claim._meta.app_label
]
ROWS: Final[dict[str, Callable[[], UUID | None]]] = {
    "claim": lambda: None,
    "period": lambda: period_id(AGREEMENT, OCTOBER),
    "statement": lambda: statement_id(ACME, AGREEMENT, OCTOBER),
    "creditaccount": lambda: ledger_id(ACME),
    "entitlement": lambda: Entitlement.objects.get(account=ACME).id,
}


@pytest.mark.parametrize("made", OURS, ids=lambda made: made.model.__name__)
def test_nothing_is_added_edited_or_deleted_by_the_admins_own_forms(made: Any, credited: UUID) -> None:
    """Not even a superuser: each of the admin's own addresses refuses, and the log stays as it is."""
    client, model = Client(), made.model
    client.force_login(User.objects.create_superuser("root@provider.example", "a long pass phrase", name="Root"))
    row = ROWS[model._meta.model_name]() or credited
    before = model.objects.get(pk=row).version
    for act in ("change", "delete"):
        address = reverse(f"admin:claims_{model._meta.model_name}_{act}", args=[row])
        assert client.post(address, {"state": "credited", "post": "yes"}).status_code == 403, address
    for address in (
        reverse(f"admin:claims_{model._meta.model_name}_add"),
        reverse(f"admin:claims_{model._meta.model_name}_changelist"),
    ):
        client.post(address, {"action": "delete_selected", "_selected_action": [str(row)], "state": "credited"})
    assert model.objects.get(pk=row).version == before


def test_customers_and_strangers_see_no_page_of_the_desk(credited: UUID, client: Client) -> None:
    ada = User.objects.create_user("ada@acme.example", "a long pass phrase", name="Ada")
    for signed_in in (None, ada):
        if signed_in:
            client.force_login(signed_in)
        for address in every_page(credited):
            for answer in (client.get(address), client.post(address, {"reason": "x"})):
                assert answer.status_code == 302, address
                assert "/login/" in answer["Location"]


def test_somebody_who_left_sees_no_page(credited: UUID, client: Client, mira: User) -> None:
    client.force_login(mira)
    User.objects.filter(pk=mira.pk).update(is_active=False)
    assert client.get(reverse("admin:claims_claim_change", args=[credited])).status_code == 302


def every_page(claim: UUID) -> Iterator[str]:
    yield reverse("admin:index")
    yield reverse("admin:eventstore_log")
    yield reverse("admin:eventstore_log_stream", args=[claim])
    yield reverse("admin:eventstore_parked_try_again", args=[1])
    yield reverse("admin:claims_claim_evidence", args=[claim, claim])
    yield reverse("admin:claims_creditaccount_bills")
    for made in OURS:
        name = made.model._meta.model_name
        yield reverse(f"admin:claims_{name}_changelist")
        for act in ("change", *made.actions_detail):
            yield reverse(f"admin:claims_{name}_{act}", args=[claim])
