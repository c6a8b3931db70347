"""A claim's page: what is awaited of whom and by when; adding, withdrawing, appealing; its files."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from claims.commands.claims.acting import approve_unasked
from claims.commands.claims.credit import credit
from claims.commands.claims.decide import approve, reject
from claims.commands.claims.verify import ask_for_evidence, deny_contested, take_up
from claims.commands.ledger import reverse_posting
from claims.models.claim import Claim
from customers.models import Role
from eventstore import SYSTEM, change
from kernel.intervals import Interval
from tests.claims import october
from tests.claims.history import at
from tests.personas import ACME, MIRA
from tests.portal.conftest import SetClock, visitor
from tests.portal.visitors import LOG, Visitor, text_of, upload

MONDAY, TUESDAY = october.MONDAY_9TH, october.TUESDAY_10TH
DAY_10 = "Monday, 23 November 2026 (Asia/Hong_Kong), which ends there on 23 November 2026, 16:00 (UTC)"


@pytest.fixture
def claim(ada: Visitor) -> UUID:
    """Ada's claim for October, filed on Monday without evidence."""
    return ada.filed()


def page(claim: UUID, act: str = "") -> str:
    return f"claims/{claim}/{act}"


def act(person: Visitor, claim: UUID, name: str, **fields: Any) -> Any:
    return person.client.post(person.address(page(claim, name)), {"key": uuid4(), **fields}, follow=True)


def asked(claim: UUID) -> None:
    take_up(claim, by=MIRA, now=MONDAY)
    ask_for_evidence(claim, parts=("evidence",), question="Please send a log.", by=MIRA, now=MONDAY)


def test_the_page_says_by_when_it_is_decided_in_the_zone_of_the_count_and_in_ones_own(
    ada: Visitor, claim: UUID
) -> None:
    shown = ada.read(page(claim))

    assert f"A person decides by {DAY_10} . You need do nothing" in shown
    assert "Missing so far evidence" in shown


def test_a_question_stands_on_the_first_page_with_its_last_day(ada: Visitor, claim: UUID) -> None:
    asked(claim)

    for shown in (ada.read(), ada.read(page(claim))):
        assert "Please send a log. Please answer by " + DAY_10 in shown
    assert "Without an answer we decide on our own measurement" in ada.read(page(claim))


HOUR = "2026-10-25 10:00 to 2026-10-25 11:00"


def test_times_that_we_measured_otherwise_are_told_until_they_are_decided(ada: Visitor) -> None:
    claim = ada.filed(times=f"2026-10-20 10:00 to 2026-10-22 07:00\n{HOUR}")
    take_up(claim, by=MIRA, now=MONDAY)
    told = "Measured otherwise 25 October 2026, 10:00 (UTC) to 25 October 2026, 11:00 (UTC) We measured"
    shown = ada.read(page(claim))
    assert told in shown
    assert "A person decides about it before the claim is decided." in shown
    stretch = Interval(at("2026-10-25T10:00Z"), at("2026-10-25T11:00Z"))
    deny_contested(claim, stretch=stretch, code="measured_up", reason="All probes answered.", by=MIRA, now=MONDAY)
    assert "Measured otherwise" not in ada.read(page(claim))


def test_an_approval_by_the_deadline_tells_what_is_still_to_be_decided(ada: Visitor, set_clock: SetClock) -> None:
    claim = ada.filed(times=HOUR)
    set_clock(at("2026-11-24T10:00Z"))
    with change(Claim, claim, by=SYSTEM, now=at("2026-11-24T10:00Z")) as row:
        assert approve_unasked(row, now=at("2026-11-24T10:00Z"))
    shown = ada.read(page(claim))
    assert "A person decides about it still; what is found right is added to your credit." in shown
    assert "Still to be decided: 25 October 2026, 10:00 (UTC) to 25 October 2026, 11:00 (UTC)." in shown


def test_adding_what_was_asked_for_answers_it(ada: Visitor, claim: UUID) -> None:
    asked(claim)

    response = act(ada, claim, "add/", evidence=upload(), words="From our gateway.")

    assert "You answered" in text_of(response)
    assert "failed.log From our gateway." in text_of(response)
    assert Claim.objects.get(id=claim).state == "verifying"


def test_what_was_added_is_missing_no_more(ada: Visitor) -> None:
    claim = ada.filed(times="")
    assert "Missing so far the times of the downtime and evidence" in ada.read(page(claim))

    act(ada, claim, "add/", times="2026-10-25 10:00 to 10:30")
    assert "Missing so far evidence The month" in ada.read(page(claim))

    act(ada, claim, "add/", evidence=upload())
    assert "Missing so far" not in ada.read(page(claim))


def test_adding_times_and_files_twice_by_two_clicks_adds_them_once(ada: Visitor, claim: UUID) -> None:
    key = uuid4()
    for _ in range(2):
        act(ada, claim, "add/", key=key, times="2026-10-25 10:00 to 10:30", evidence=upload())

    row = Claim.objects.get(id=claim)
    assert (row.version, len(row.times), len(row.evidence)) == (3, 2, 1)


def test_a_refused_file_adds_nothing_and_says_so(ada: Visitor, claim: UUID) -> None:
    response = act(
        ada, claim, "add/", times="2026-10-25 10:00 to 10:30", evidence=upload("tool.exe", b"MZ" + bytes(99))
    )

    assert response.status_code == 422
    assert "“tool.exe”: Evidence is a picture" in text_of(response)
    assert "Nothing was done yet" in text_of(response)
    assert response.context["add_form"]["times"].value() == "2026-10-25 10:00 to 10:30"
    assert Claim.objects.get(id=claim).version == 1


def test_an_empty_form_adds_nothing(ada: Visitor, claim: UUID) -> None:
    assert "There is nothing to add: state times or choose a file." in text_of(act(ada, claim, "add/"))


def test_evidence_leaves_as_an_attachment_that_no_browser_opens(ada: Visitor) -> None:
    claim = ada.filed(evidence=upload("Probe “1”.html", b"<script>alert(1)</script>"))
    (file,) = Claim.objects.get(id=claim).evidence

    response = ada.get(page(claim, f"evidence/{file.id}/"))

    assert response.content == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Probe%20%E2%80%9C1%E2%80%9D.html.txt"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_evidence_is_its_owners_only(ada: Visitor, rex: Visitor) -> None:
    claim = ada.filed(evidence=upload())
    (file,) = Claim.objects.get(id=claim).evidence
    own = rex.filed()

    assert ada.get(page(claim, f"evidence/{file.id}/")).content == LOG
    assert rex.get(page(claim, f"evidence/{file.id}/")).status_code == 404
    assert rex.get(page(own, f"evidence/{file.id}/")).status_code == 404
    assert rex.client.get(ada.address(page(claim, f"evidence/{file.id}/"))).status_code == 404


def test_a_claim_is_taken_back_once_one_is_sure(ada: Visitor, claim: UUID) -> None:
    unsure = act(ada, claim, "withdraw/")
    assert "Tick this to take the claim back." in text_of(unsure)
    assert Claim.objects.get(id=claim).state == "filed"

    sure = act(ada, claim, "withdraw/", sure="on", words="Filed by mistake.")

    assert Claim.objects.get(id=claim).state == "withdrawn"
    assert "You can claim the month again until Monday, 23 November 2026 (UTC)" in text_of(sure)
    assert "You took the claim back Filed by mistake." in text_of(sure)


def test_taking_back_after_the_last_day_is_warned_of(ada: Visitor, claim: UUID, set_clock: SetClock) -> None:
    set_clock(october.BOUND)

    assert "once withdrawn, the month cannot be claimed again" in ada.read(page(claim))


def test_a_credited_claim_leads_to_the_credit(ada: Visitor, claim: UUID, set_clock: SetClock) -> None:
    take_up(claim, by=MIRA, now=MONDAY)
    approve(claim, by=MIRA, now=TUESDAY)
    assert "Approved: 50.00 USD reaches your credit by " + DAY_10 in ada.read(page(claim))
    credit(claim, now=TUESDAY)
    set_clock(TUESDAY)

    assert "50.00 USD was credited on 10 November 2026, 10:00 (UTC)" in ada.read(page(claim))
    books = ada.read("credit/")
    assert "Balance 50.00 USD" in books
    told = "Granted on your claim; set aside for the bill of December 2026 when that cycle begins."
    assert f"Credit for October 2026 {told} How it comes about Credit posted 50.00 USD" in books
    assert "The balance was 0.00 USD and became 50.00 USD." in books


def test_a_credit_that_was_taken_back_is_shown_nowhere_as_if_it_stood(ada: Visitor, claim: UUID) -> None:
    take_up(claim, by=MIRA, now=MONDAY)
    approve(claim, by=MIRA, now=TUESDAY)
    credit(claim, now=TUESDAY)
    reverse_posting(ACME, 1, reason="It was posted twice.", by=MIRA, now=TUESDAY)

    shown = ada.read(page(claim))
    assert "What was credited on 10 November 2026, 10:00 (UTC) was taken back" in shown
    assert "50.00 USD left your balance, and 0.00 USD of the credit stands. The reason: It was posted twice." in shown
    assert "0.00 USD" in ada.read("claims/")
    assert "50.00 USD" not in ada.read("claims/")


def test_a_late_decision_is_owned_up_to(ada: Visitor, claim: UUID, set_clock: SetClock) -> None:
    set_clock(at("2026-11-24T01:00Z"))
    take_up(claim, by=MIRA, now=at("2026-11-24T01:00Z"))

    shown = ada.read(page(claim))
    assert f"We are late We should have decided by {DAY_10}" in shown
    assert "you need not file again" in shown


@pytest.fixture
def rejected(accounts: None) -> Iterator[tuple[Visitor, UUID]]:
    """Ada's claim for an October that was up throughout, rejected on Tuesday."""
    with october.measured_by():
        october.use("200")
        october.close()
        ada = visitor("Ada", ACME, Role.OWNER)
        claim = ada.filed(times="")
        take_up(claim, by=MIRA, now=MONDAY)
        reject(claim, code="met", sentence="October met its target.", by=MIRA, now=TUESDAY)
        yield ada, claim


def test_a_rejection_tells_its_reason_and_until_when_one_can_appeal(
    rejected: tuple[Visitor, UUID], set_clock: SetClock
) -> None:
    ada, claim = rejected
    set_clock(TUESDAY)

    shown = ada.read(page(claim))
    assert "October met its target. §2.1 met You can appeal until Thursday, 10 December 2026 (UTC)" in shown
    assert "You can appeal until Thursday, 10 December 2026 (UTC)" in ada.read()

    response = act(ada, claim, "appeal/", words="Our probes say otherwise.")
    assert "Your appeal has arrived" in text_of(response)
    assert "You appealed Our probes say otherwise. We decide by" in text_of(response)


def test_a_rejection_is_final_after_its_last_day(rejected: tuple[Visitor, UUID], set_clock: SetClock) -> None:
    ada, claim = rejected
    set_clock(at("2026-12-11T00:00Z"))

    assert "This is final: the last day to appeal was Thursday, 10 December 2026 (UTC)" in ada.read(page(claim))
    told = text_of(act(ada, claim, "appeal/", words="Too late."))
    assert "The last day to appeal was Thursday, 10 December 2026 (UTC): the rejection is final." in told
