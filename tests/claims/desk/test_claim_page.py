"""A claim's page, and what can be done from it: each act a command, once, on what was seen."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.commands.claims import verify
from claims.commands.claims.credit import credit
from claims.commands.claims.deadlines import settle_moments
from claims.commands.claims.evidence import add_evidence
from claims.commands.claims.file import Received
from claims.commands.statements import complete_statement
from claims.evidence import keep
from customers.models import User
from eventstore import history
from kernel.ids import new_id
from tests.claims import october
from tests.claims.desk.conftest import Desk, desk_of, it_is, view
from tests.claims.history import OCTOBER, at
from tests.claims.october import MONDAY_9TH, OUTAGE
from tests.personas import ACME, ACMES_BUYER, JONAS, MIRA

PAGE = "claims_claim_change"


def taken_up(claim: UUID) -> UUID:
    verify.take_up(claim, by=JONAS, now=MONDAY_9TH)
    return claim


def test_the_page_shows_statement_claim_customer_deadline_and_history(desk: Desk, claim: UUID) -> None:
    shown = desk.text(PAGE, claim)
    for words in (
        "Acme claims October 2026",
        "93.951 %",
        "50.00 USD",
        "100.00 USD",
        "200.00 USD",
        "20 October 2026, 10:00 (UTC)",
        "2,700 minutes",
        "Monday, 9 November 2026",
        "last day: Monday, 23 November 2026 (Asia/Hong_Kong)",
        "14 days left",
        "Filed, not taken up",
        "No file was sent.",
    ):
        assert words in shown, words


def test_a_claim_is_taken_up_by_the_operator_who_is_signed_in(desk: Desk, claim: UUID) -> None:
    assert desk.claim("take_up", claim) == "You took the claim up."
    assert view(claim).state == "verifying"
    assert history(claim)[-1].actor == f"operator {desk.user.pk}"


def test_the_page_offers_only_what_the_state_allows(desk: Desk, claim: UUID) -> None:
    filed = desk.text(PAGE, claim)
    assert "Take up" in filed
    assert "Approve" not in filed
    examined = desk.text(PAGE, taken_up(claim))
    assert "Take up" not in examined
    assert "Approve 50.00 USD" in examined
    assert ">Reject<" not in examined, "the statement shows a credit"


def test_asking_the_customer_tells_the_new_due_time_before_it_is_asked(desk: Desk, claim: UUID) -> None:
    """Evidence was missing at filing, so asking for it pauses the clock; the times were given."""
    taken_up(claim)
    shown = desk.text("claims_claim_ask", claim)
    assert "stands still for evidence" in shown
    assert "runs on" in shown
    told = desk.claim("ask", claim, parts="evidence", question="Which requests failed?")
    assert view(claim).state == "waiting"
    due = view(claim).due_at
    assert due is not None
    assert f"{due:%-d %B %Y, %H:%M} (UTC)" in told
    assert f"{due:%-d %B %Y, %H:%M} (UTC)</time>, instead of <time" in shown
    assert "Which requests failed?" in desk.text(PAGE, claim)


def test_an_operator_goes_on_without_an_answer(desk: Desk, claim: UUID) -> None:
    taken_up(claim)
    desk.claim("ask", claim, parts="times evidence", question="Which?")
    assert desk.claim("go_on", claim, reason="it is clear").startswith("The claim is examined without it.")
    assert view(claim).state == "verifying"
    assert "it is clear" in desk.text(PAGE, claim)


def test_approving_shows_the_amount_and_is_one_act(desk: Desk, claim: UUID) -> None:
    taken_up(claim)
    shown = desk.text("claims_claim_approve", claim)
    assert "50.00 USD: 25 % of 200.00 USD, at most 100.00 USD, by statement version 1" in shown
    assert "This cannot be taken back." in shown
    told = desk.claim("approve", claim, shown="50.00 USD")
    assert told == "50.00 USD is approved; it is posted within moments."
    assert view(claim).state == "approved"


def test_an_amount_that_changed_since_it_was_seen_is_not_approved(desk: Desk, claim: UUID) -> None:
    taken_up(claim)
    answer = desk.act("claims_claim_approve", claim, seen=view(claim).version, shown="40.00 USD")
    assert answer.status_code == 409
    assert "The statement shows another credit than the one that you saw" in answer.content.decode()
    assert view(claim).state == "verifying"


@pytest.mark.parametrize("act", ["ask", "deny", "grant", "prepare", "approve", "move_deadline"])
def test_each_form_says_which_claim_it_acts_on(desk: Desk, claim: UUID, act: str) -> None:
    form = desk.text(f"claims_claim_{act}", taken_up(claim))
    assert '<p class="desk-now">Acme, October 2026</p>' in form
    assert ": Acme, October 2026 |" in form


def test_a_second_person_approves_a_large_credit(desk: Desk, jonas: User, claim: UUID, settings: Any) -> None:
    settings.MAKEGOOD_SECOND_PERSON_ABOVE = 10
    taken_up(claim)
    unprepared = desk.text(PAGE, claim)
    assert "It is not prepared yet" in unprepared
    assert "Approve 50.00 USD" not in unprepared
    refused = desk.act("claims_claim_approve", claim, seen=view(claim).version, shown="50.00 USD")
    assert "prepare it first" in refused.content.decode()
    desk.claim("prepare", claim, note="compared")
    refused = desk.act("claims_claim_approve", claim, seen=view(claim).version, shown="50.00 USD")
    assert refused.status_code == 409
    assert "by another person" in refused.content.decode()
    assert view(claim).state == "verifying"
    others = desk_of(jonas)
    prepared = others.text(PAGE, claim)
    assert "It is prepared by Mira" in prepared
    assert "Approve 50.00 USD" in prepared
    assert "is approved" in others.claim("approve", claim, shown="50.00 USD")


def test_who_prepared_a_large_credit_reads_that_another_person_must_approve_it(
    desk: Desk, claim: UUID, settings: Any
) -> None:
    settings.MAKEGOOD_SECOND_PERSON_ABOVE = 10
    taken_up(claim)
    desk.claim("prepare", claim, note="compared")
    told = (
        "Another person must approve 50.00 USD: you prepared it. Above 10.00 USD one person prepares and another "
        "approves (the setting MAKEGOOD_SECOND_PERSON_ABOVE)."
    )
    shown = desk.text(PAGE, claim)
    assert told in shown
    assert ">Approve 50.00 USD<" not in shown
    by_address = desk.get("claims_claim_approve", claim)
    assert by_address.status_code == 409
    assert told in by_address.content.decode()


def test_an_approval_that_was_prepared_of_an_older_statement_is_prepared_again(
    desk: Desk, jonas: User, claim: UUID, settings: Any
) -> None:
    """Mira prepares 50 USD; then the usage is corrected, and the statement has a second version."""
    settings.MAKEGOOD_SECOND_PERSON_ABOVE = 10
    taken_up(claim)
    desk.claim("prepare", claim, note="compared")
    october.use("240", now=MONDAY_9TH)
    complete_statement(ACME, OCTOBER, now=MONDAY_9TH)
    for one in (desk, desk_of(jonas)):
        shown = one.text(PAGE, claim)
        assert "The statement changed since the claim was prepared: prepare it again." in shown
        assert ">Approve 60.00 USD<" not in shown
        assert ">Prepare approval<" in shown


def test_a_claim_is_rejected_for_the_reason_that_the_statement_shows(
    desk: Desk, october_running: None, at_the_desk: datetime
) -> None:
    with october.measured_by():
        october.use("200")
        october.close()
        claim = taken_up(october.filed(october.sent(times=())))
        assert "The month met the target. (met)" in desk.text("claims_claim_reject", claim)
        told = desk.claim("reject", claim, code="met", sentence="It met its target of 99.5 %.")
    assert told.startswith("The claim is rejected")
    rejected = view(claim).rejected
    assert rejected is not None
    assert (rejected.code, rejected.sentence) == ("met", "It met its target of 99.5 %.")
    assert "It met its target of 99.5 %." in desk.text(PAGE, claim)


def test_a_claim_that_shows_a_credit_can_not_be_rejected(desk: Desk, claim: UUID) -> None:
    answer = desk.get("claims_claim_reject", taken_up(claim))
    assert answer.status_code == 409
    assert "a claim in time is not rejected against it" in answer.content.decode()


def test_contested_time_is_denied_or_granted_for_a_coded_reason(
    desk: Desk, october_closed: None, at_the_desk: datetime
) -> None:
    """An hour after the outage was measured up: it is contested until somebody decides."""
    hour = type(OUTAGE)(OUTAGE.end, at("2026-10-22T08:00Z"))
    claim = taken_up(october.filed(october.sent(times=(OUTAGE, hour))))
    shown = desk.text(PAGE, claim)
    assert "22 October 2026, 08:00 (UTC)</time>, 60 minutes" in shown
    stretch = {"start": "2026-10-22T07:00", "end": "2026-10-22T07:30"}
    told = desk.claim("deny", claim, code="measured_up", reason="all probes answered", **stretch)
    assert told == "The measurement stands for this stretch."
    assert view(claim).denied == (type(OUTAGE)(at("2026-10-22T07:00Z"), at("2026-10-22T07:30Z")),)
    assert "30 minutes" in desk.text(PAGE, claim)
    rest = {"start": "2026-10-22T07:30", "end": "2026-10-22T08:00"}
    assert "is granted" in desk.claim("grant", claim, code="monitoring_failed", reason="the probe was down", **rest)


FOUR_DAYS = type(OUTAGE)(at("2026-10-10T00:00Z"), at("2026-10-14T00:00Z"))
ALL_FOUR = {"start": "2026-10-10T00:00", "end": "2026-10-14T00:00"}
DECIDE_FIRST = "Decide each contested stretch before approving or rejecting."


def test_a_claim_that_contests_something_offers_no_approval_and_says_why(
    desk: Desk, october_closed: None, at_the_desk: datetime
) -> None:
    claim = taken_up(october.filed(october.sent(times=(OUTAGE, FOUR_DAYS))))
    shown = desk.text(PAGE, claim)
    assert DECIDE_FIRST in shown
    assert ">Approve 50.00 USD<" not in shown
    by_address = desk.get("claims_claim_approve", claim)
    assert by_address.status_code == 409
    assert DECIDE_FIRST.lower() in by_address.content.decode().lower()
    desk.claim("deny", claim, code="measured_up", reason="all probes answered", **ALL_FOUR)
    shown = desk.text(PAGE, claim)
    assert DECIDE_FIRST not in shown
    assert ">Approve 50.00 USD<" in shown


def test_what_an_approval_by_the_deadline_left_is_decided_on_the_credited_claims_page(
    desk: Desk, october_measured: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    october.publish(("on_missed_deadline: escalate", "on_missed_deadline: approve"))
    october.open_accounts(acme="pro")
    october.use("200")
    october.close()
    claim = october.filed(october.sent(times=(OUTAGE, FOUR_DAYS)))
    now = it_is(at("2026-11-23T21:00Z"), monkeypatch)
    settle_moments({claim: at("2026-11-23T16:00Z")}, now=now)
    credit(claim, now=now)
    assert "Contested time: 5,760 minutes" in desk.text("index")
    shown = desk.text(PAGE, claim)
    assert "What you grant of it pays the difference." in shown
    assert "Still to be decided: 10 October 2026, 00:00 (UTC) to 14 October 2026, 00:00 (UTC)." in shown
    assert "is granted" in desk.claim("grant", claim, code="monitoring_failed", reason="it was down", **ALL_FOUR)
    assert "What you grant of it pays the difference." not in desk.text(PAGE, claim)
    assert "No claim waits for a decision." in desk.text("index")


def test_a_stretch_that_is_not_contested_can_not_be_decided(desk: Desk, claim: UUID) -> None:
    taken_up(claim)
    form: dict[str, Any] = {
        "start": "2026-10-20T10:00",
        "end": "2026-10-20T11:00",
        "code": "measured_up",
        "reason": "slip",
    }
    answer = desk.act("claims_claim_deny", claim, seen=view(claim).version, **form)
    assert answer.status_code == 409
    assert "The claim does not contest these minutes." in answer.content.decode()


def test_a_deadline_is_moved_by_name_and_reason(desk: Desk, claim: UUID) -> None:
    assert "Due before" in desk.text("claims_claim_move_deadline", claim)
    told = desk.claim("move_deadline", claim, due_at="2026-11-30T16:00", reason="the office was flooded")
    assert told == "The decision is due before 30 November 2026, 16:00 (UTC)."
    shown = desk.text(PAGE, claim)
    assert "the office was flooded" in shown
    assert "Mira" in shown


def test_the_form_that_moves_a_deadline_begins_with_the_one_that_stands(desk: Desk, claim: UUID) -> None:
    desk.claim("move_deadline", claim, due_at="2026-11-30T16:00:30", reason="the office was flooded")
    assert 'value="2026-11-30T16:00:30"' in desk.text("claims_claim_move_deadline", claim)


def test_a_reason_is_asked_for(desk: Desk, claim: UUID) -> None:
    answer = desk.act("claims_claim_move_deadline", claim, seen=view(claim).version, due_at="2026-11-30T16:00")
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()


def test_a_double_click_is_one_act(desk: Desk, claim: UUID) -> None:
    seen, key = view(claim).version, new_id()
    for _ in range(2):
        answer = desk.act("claims_claim_take_up", claim, seen=seen, key=key)
        assert answer.status_code == 200
    assert view(claim).version == seen + 1


def test_who_decides_on_an_old_page_is_told_and_nothing_is_done(desk: Desk, jonas: User, claim: UUID) -> None:
    seen = view(claim).version
    assert desk_of(jonas).claim("take_up", claim) == "You took the claim up."
    answer = desk.act("claims_claim_move_deadline", claim, seen=seen, due_at="2026-11-30T16:00", reason="late")
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert f"Nothing was done. Somebody else changed this a moment ago (you saw version {seen}" in shown
    assert "Being examined" in shown
    assert "Jonas" in shown
    assert view(claim).version == seen + 1


def test_a_form_without_the_version_it_was_made_for_is_refused(desk: Desk, claim: UUID) -> None:
    answer = desk.client.post(reverse("admin:claims_claim_take_up", args=[claim]), {"key": str(new_id())})
    assert answer.status_code == 422
    assert view(claim).state == "filed"


def test_evidence_is_given_to_operators_as_an_attachment(desk: Desk, claim: UUID, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = keep(SimpleUploadedFile("log.txt", b"10:00 GET / 502\n"), name="what we saw.txt", account=ACME)
    add_evidence(claim, files=[file], by=ACMES_BUYER, now=MONDAY_9TH)
    assert "what we saw.txt" in desk.text(PAGE, claim)
    [listed] = view(claim).evidence
    answer = desk.get("claims_claim_evidence", claim, listed.id)
    assert answer.content == b"10:00 GET / 502\n"
    assert answer["Content-Disposition"] == 'attachment; filename="what we saw.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert desk.get("claims_claim_evidence", claim, new_id()).status_code == 404


def test_what_customers_write_is_shown_as_text(desk: Desk, october_closed: None, at_the_desk: datetime) -> None:
    claim = october.filed(october.sent(words="<script>alert(1)</script>"))
    assert "&lt;script&gt;alert(1)" in desk.text(PAGE, claim)


def test_a_refused_filing_tells_its_reason(desk: Desk, claim: UUID) -> None:
    again = october.filed(Received(month=OCTOBER), now=MONDAY_9TH)
    shown = desk.text(PAGE, again)
    assert "Refused (duplicate):" in shown
    assert reverse(f"admin:{PAGE}", args=[claim]) in shown


def test_a_missed_deadline_stands_in_words_on_the_page(
    desk: Desk, claim: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was due before 23 November, 16:00 UTC; now it is two days later."""
    later = at("2026-11-25T17:00Z")
    it_is(later, monkeypatch)
    verify.take_up(claim, by=MIRA, now=later)
    shown = desk.text(PAGE, claim)
    assert "Decision: overdue by 2 days" in shown
    assert "Deadline missed" in shown
    assert "Move deadline" not in shown
