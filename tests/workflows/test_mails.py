"""Each step of a claim is told to its account's people and to nobody else, with the figures of that step."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from claims.commands.claims import appeal, decide, verify
from claims.commands.claims.deadlines import answer_moment, appeal_moment, move_deadline, settle_moments
from claims.commands.claims.file import Received
from claims.commands.closing import close_month
from claims.commands.entitlements import attend
from claims.commands.ledger import open_cycles, reverse_posting
from claims.commands.periods import ask_review
from claims.events.ledger import CycleOpened
from claims.evidence import KeptFile
from claims.models.entitlement import Entitlement
from claims.rules.identity import ledger_id
from eventstore import history
from eventstore.models import Parked
from kernel import shown
from kernel.intervals import Ranges, minute_of
from notices.models import Mail
from tests.claims import october
from tests.claims.history import OCTOBER, at
from tests.claims.october import AGREEMENT, BOUND, MONDAY_9TH, TUESDAY_10TH, filed, sent
from tests.claims.statements.scenes import first_minutes, month_of, outage
from tests.personas import ACME, ACMES_BUYER, MIRA
from tests.workflows.conftest import Follow
from tests.workflows.post import ADA, OPERATOR, mail, mails

HALF = at("2026-11-16T16:00Z")
DUE = at("2026-11-23T16:00Z")
WEDNESDAY_11TH = TUESDAY_10TH + timedelta(days=1)
IN_DECEMBER = at("2026-12-01T06:00Z")


@pytest.fixture(autouse=True)
def _nothing_is_parked(october_told: None) -> Iterator[None]:
    yield
    assert list(Parked.objects.values_list("type", "error")) == []


def taken_up(received: Received | None = None) -> UUID:
    claim = filed(received)
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    return claim


def test_a_month_below_target_is_told_with_its_credit_and_the_last_day_to_claim() -> None:
    told = mail("entitlement_opened")
    for figure in ("October 2026", "93.951 %", "99.5 %", "25 %", "50.00 USD", "Monday, 23 November 2026 (UTC)", "§3.3"):
        assert figure in told
    assert mails("rex@rival.example") == [], "the free tier earns no credit"


def test_a_complete_claim_is_answered_with_the_last_day_of_the_decision(follow: Follow) -> None:
    log = KeptFile(name="a.log", media_type="text/plain", size=3, sha256="ab" * 32, stored_as="cd")
    filed(sent(evidence=(log,)))
    follow(MONDAY_9TH)
    told = mail("claim_filed")
    assert "Monday, 23 November 2026 (Asia/Hong_Kong)" in told
    assert "9 November 2026, 10:00 (UTC)" in told
    assert "2026-10/1" in told
    assert "missing" not in told


def test_what_a_claim_lacks_is_asked_for_at_once(follow: Follow) -> None:
    filed(sent(times=()))
    follow(MONDAY_9TH)
    told = mail("claim_filed")
    assert "- the dates and times of the downtime that you experienced" in told
    assert "- evidence: error logs, screenshots or monitoring data" in told
    assert "The time at which it was filed stands." in told


def test_a_duplicate_is_answered_with_the_claim_that_goes_on(follow: Follow) -> None:
    filed()
    filed()
    follow(MONDAY_9TH)
    assert "There is a claim for 2026-10 already" in mail("claim_refused")
    assert "Your earlier claim for the month goes on." in mail("claim_refused")


def test_a_late_filing_is_answered_with_the_clause_and_the_last_day(follow: Follow) -> None:
    filed(now=BOUND)
    follow(BOUND)
    told = mail("claim_refused")
    assert "the last day to file it was 23 November 2026" in told
    assert "(§3.3)" in told


def test_evidence_is_asked_for_in_the_operators_words_with_the_day_of_the_answer(follow: Follow) -> None:
    claim = taken_up()
    verify.ask_for_evidence(claim, parts=["evidence"], question="Which region was it?", by=MIRA, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    told = mail("evidence_wanted")
    assert "Which region was it?" in told
    assert "Tuesday, 24 November 2026 (Asia/Hong_Kong)" in told
    assert "our time to settle the claim stands still" in told


def test_an_answer_that_did_not_come_is_told_with_the_new_last_day(follow: Follow) -> None:
    """Asked on the 10th, until the 24th: the ten days of the decision stood still for the ten of the answer."""
    claim = taken_up()
    verify.ask_for_evidence(claim, parts=["evidence"], question="Which region was it?", by=MIRA, now=TUESDAY_10TH)
    answer_moment(claim, now=at("2026-11-24T16:00Z"))
    follow(at("2026-11-24T16:00Z"))
    told = mail("evidence_lapsed")
    assert "- evidence: error logs, screenshots or monitoring data" in told
    assert "its last day is Monday, 7 December 2026 (Asia/Hong_Kong) (§3.4)" in told


def test_a_deadline_that_an_operator_moves_is_told_with_both_days_and_the_reason(follow: Follow) -> None:
    claim = taken_up()
    move_deadline(claim, due_at=at("2026-11-25T16:00Z"), reason="We await a report.", by=MIRA, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    told = mail("settlement_moved")
    assert "It was to be settled by Monday, 23 November 2026 (Asia/Hong_Kong)" in told
    assert "the last day is now Wednesday, 25 November 2026 (Asia/Hong_Kong)" in told
    assert "We await a report." in told


def test_an_approval_is_credited_at_once_and_both_are_told_with_their_figures(follow: Follow) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    assert mails() == ["entitlement_opened", "claim_filed", "claim_taken_up", "claim_approved", "claim_credited"]
    for figure in ("93.951 %", "99.5 %", "25 %", "200.00 USD", "50.00 USD"):
        assert figure in mail("claim_approved")
        assert figure in mail("claim_credited")


def test_the_cycle_that_is_told_is_the_one_that_sets_the_credit_aside(follow: Follow) -> None:
    """Posted in November; when December begins the balance is reserved for its bill."""
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    assert open_cycles(AGREEMENT, now=IN_DECEMBER) == 1
    opened = history(ledger_id(ACME))[-1].event
    assert isinstance(opened, CycleOpened)
    assert f"the billing cycle of {shown.month(opened.cycle)}" in mail("claim_credited")
    with october.measured_by(m2026_10=month_of(first_minutes(4509))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=IN_DECEMBER)
        review_october(follow, IN_DECEMBER)
    difference = Mail.objects.filter(recipient=ADA, kind="claim_credited").latest("queued_at")
    assert "billing cycle of January 2027" in " ".join(difference.text.split())


def test_a_rejection_is_told_with_its_reason_and_the_last_day_to_appeal(follow: Follow) -> None:
    with october.measured_by():
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=MONDAY_9TH)
        claim = taken_up(sent(times=()))
        review_october(follow, MONDAY_9TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=TUESDAY_10TH)
        follow(TUESDAY_10TH)
        assert "October met its target." in mail("claim_rejected")
        assert "Thursday, 10 December 2026 (UTC)" in mail("claim_rejected")
        appeal.appeal(claim, words="It was down.", by=ACMES_BUYER, now=TUESDAY_10TH + timedelta(days=1))
        follow(TUESDAY_10TH + timedelta(days=1))
        assert "Wednesday, 25 November 2026 (Asia/Hong_Kong)" in mail("claim_appealed")


def test_a_rejection_that_nobody_appeals_is_told_to_be_final(follow: Follow) -> None:
    with october.measured_by():
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=MONDAY_9TH)
        claim = taken_up(sent(times=()))
        review_october(follow, MONDAY_9TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=TUESDAY_10TH)
        appeal_moment(claim, now=at("2026-12-11T00:00Z"))
        follow(at("2026-12-11T00:00Z"))
    assert "The last day to appeal was Thursday, 10 December 2026 (UTC)" in mail("appeal_lapsed")


def review_october(follow: Follow, now: datetime) -> None:
    """Review October as the worker does, and let follow what follows."""
    close_month(AGREEMENT, OCTOBER, now=now)
    follow(now)


def test_a_withdrawal_is_told_with_the_last_day_to_file_again(follow: Follow) -> None:
    claim = filed()
    decide.withdraw(claim, by=ACMES_BUYER, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    assert "Monday, 23 November 2026 (UTC)" in mail("claim_withdrawn")


def test_a_withdrawal_names_the_last_day_as_it_is_now_and_not_as_it_was_at_filing(follow: Follow) -> None:
    """A later outage was found: the 27th's day 30 is Thursday 26 November."""
    claim = filed()
    later = october.OUTAGE_MINUTES | minutes("2026-10-27T10:00Z", "2026-10-27T11:00Z")
    with october.measured_by(m2026_10=month_of(later)):
        decide.withdraw(claim, by=ACMES_BUYER, now=TUESDAY_10TH)
        follow(TUESDAY_10TH)
    assert "the last day is Thursday, 26 November 2026 (UTC)" in mail("claim_withdrawn")


def test_a_withdrawal_while_an_outage_is_open_names_no_last_day(follow: Follow) -> None:
    claim, down = filed(), minutes("2026-10-31T10:00Z", "2026-11-01T00:00Z")
    with october.measured_by(m2026_10=month_of(down, outages=(outage(down.first, None, unexcused=down),))):
        decide.withdraw(claim, by=ACMES_BUYER, now=TUESDAY_10TH)
        follow(TUESDAY_10TH)
    assert "an outage of the month is not over yet, and the last day is counted from its end" in mail("claim_withdrawn")


def test_a_withdrawal_after_the_last_day_says_that_it_has_passed(follow: Follow) -> None:
    claim = filed()
    decide.withdraw(claim, by=ACMES_BUYER, now=BOUND)
    follow(BOUND)
    assert "The time to file another claim for October 2026 has passed" in mail("claim_withdrawn")


def minutes(start: str, end: str) -> Ranges:
    return Ranges.of((minute_of(at(start)), minute_of(at(end))))


def test_operators_are_warned_and_told_of_the_miss_and_customers_are_not(follow: Follow) -> None:
    claim = filed()
    for moment in (HALF, DUE):
        settle_moments({claim: moment}, now=moment)
        follow(moment)
    assert mails(OPERATOR) == ["operator_deadline_warning", "operator_deadline_missed"]
    assert "Due in 7 days: claim 2026-10/1 of Acme (acme)" in mail("operator_deadline_warning", OPERATOR)
    missed = mail("operator_deadline_missed", OPERATOR)
    assert "24 November 2026, 00:00 (Asia/Hong_Kong)" in missed
    assert "The claim stays open and stands first on the desk until it is decided." in missed
    assert mails(ADA) == ["entitlement_opened", "claim_filed"]


def test_the_window_is_reminded_of_and_its_end_is_told(follow: Follow) -> None:
    entitlement = Entitlement.objects.get(account=ACME).id
    for moment in (BOUND - timedelta(days=7), BOUND - timedelta(days=1), BOUND):
        attend(entitlement, now=moment)
        follow(moment)
    assert mails() == ["entitlement_opened", "entitlement_reminder", "entitlement_reminder", "entitlement_lapsed"]
    subjects = Mail.objects.filter(kind="entitlement_reminder").order_by("queued_at")
    assert [one.subject for one in subjects] == [
        "7 days left to claim your credit for October 2026",
        "1 day left to claim your credit for October 2026",
    ]


def test_a_correction_is_told_with_both_figures_and_pays_the_difference_without_a_claim(follow: Follow) -> None:
    """4,509 minutes down: 89.9 %, half of $200, which is the cap."""
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    with october.measured_by(m2026_10=month_of(first_minutes(4509))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=WEDNESDAY_11TH)
        review_october(follow, WEDNESDAY_11TH)
    told = mail("statement_corrected")
    for figure in ("The probe was blind.", "93.951 %", "89.899 %", "50.00 USD", "100.00 USD"):
        assert figure in told
    assert "The difference is added to your balance without a new claim." in told
    assert mails()[-2:] == ["statement_corrected", "claim_credited"]


def test_a_credit_that_is_taken_back_is_told_with_its_reason_and_what_is_left(follow: Follow) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    reverse_posting(ACME, 1, reason="It was posted twice by hand.", by=MIRA, now=WEDNESDAY_11TH)
    follow(WEDNESDAY_11TH)
    told = mail("credit_reversed")
    for words in ("50.00 USD", "October 2026", "It was posted twice by hand.", "Your credit balance is 0.00 USD"):
        assert words in told
    assert "Of the credit of your claim 2026-10/1, 0.00 USD stands." in told


def test_a_month_without_usage_warns_the_operators_with_the_accounts_it_waits_for(follow: Follow) -> None:
    september = OCTOBER.previous()
    with october.measured_by(m2026_09=month_of(first_minutes(2700, month=september), month=september)):
        october.close(september)
        follow(at("2026-11-02T01:00Z"))
    assert "Usage of September 2026 is missing for 1 account" in mail("operator_usage_missing", OPERATOR)
    assert "Acme" in mail("operator_usage_missing", OPERATOR)
