"""Mails of a claim's smaller steps: what came and is awaited, contested time, a credit that rises, a missed deadline.

Under an agreement that approves what was not decided in time.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from claims.commands import closing
from claims.commands.claims import appeal, decide, verify
from claims.commands.claims.credit import pay_difference
from claims.commands.claims.deadlines import settle_moments
from claims.commands.claims.evidence import add_evidence, add_times
from claims.commands.periods import ask_review
from claims.events import claim as events
from claims.evidence import KeptFile
from eventstore import Event
from eventstore.models import Parked
from kernel.intervals import Interval
from tests.claims import october
from tests.claims.history import OCTOBER, at
from tests.claims.october import AGREEMENT, MONDAY_9TH, OUTAGE, SPRING, TUESDAY_10TH, filed, sent
from tests.claims.statements.scenes import first_minutes, month_of
from tests.personas import ACMES_BUYER, JONAS, MIRA
from tests.workflows.conftest import Follow
from tests.workflows.post import OPERATOR, mail, mails
from uptime.commands import define_service
from workflows.subscriptions import MAILS

DUE = at("2026-11-23T16:00Z")
LATER = DUE + timedelta(hours=5)
HOUR = Interval(at("2026-10-25T10:00Z"), at("2026-10-25T11:00Z"))
TOLD_HOUR = "from 25 October 2026, 10:00 (UTC) to 25 October 2026, 11:00 (UTC)"
LOG = KeptFile(name="a.log", media_type="text/plain", size=3, sha256="ab" * 32, stored_as="cd")
DAY_10 = "Monday, 23 November 2026 (Asia/Hong_Kong) (§3.4)"


@pytest.fixture
def changes() -> tuple[tuple[str, str], ...]:
    return (("on_missed_deadline: escalate", "on_missed_deadline: approve"),)


@pytest.fixture(autouse=True)
def _nothing_is_parked(october_told: None) -> Iterator[None]:
    define_service(AGREEMENT, "api", by=JONAS, now=SPRING)
    yield
    assert list(Parked.objects.values_list("type", "error")) == []


def taken_up(**told: Any) -> UUID:
    claim = filed(sent(**told))
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    return claim


def asked(claim: UUID, *parts: str) -> None:
    verify.ask_for_evidence(claim, parts=parts, question="What did you see?", by=MIRA, now=MONDAY_9TH)


def deny(claim: UUID) -> None:
    reason = "All nine probes answered."
    verify.deny_contested(claim, stretch=HOUR, code="measured_up", reason=reason, by=MIRA, now=TUESDAY_10TH)


def test_every_event_of_a_claim_is_mailed_or_left_out_on_purpose() -> None:
    """What the customer adds is confirmed by the page, and answered by a mail where it was asked for."""
    found = (one for one in vars(events).values() if isinstance(one, type) and issubclass(one, Event))
    left_out = {events.EvidenceAdded, events.TimesAdded, events.ClaimPrepared}
    assert {one for one in found if one is not Event} - set(MAILS) == left_out


def test_an_answer_that_is_complete_is_told_with_the_last_day_of_the_decision(follow: Follow) -> None:
    claim = taken_up()
    asked(claim, "evidence")
    add_evidence(claim, files=[LOG], by=ACMES_BUYER, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    told = mail("answer_arrived")
    assert "That is all that we had asked you for." in told
    assert f"The last day to settle it is {DAY_10}" in told


def test_a_part_of_an_answer_that_lets_the_clock_run_again_is_told_with_what_is_still_awaited(follow: Follow) -> None:
    """Asked on Monday: an answer is awaited until day 10, which here is the last day of the decision too."""
    claim = taken_up(times=(), evidence=(LOG,))
    asked(claim, "times", "evidence")
    add_times(claim, times=(OUTAGE,), by=ACMES_BUYER, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    told = mail("answer_arrived")
    assert "By Monday, 23 November 2026 (Asia/Hong_Kong) we still need from you: - evidence" in told
    assert "That does not stop our time to settle the claim." in told
    assert f"The last day to settle it is {DAY_10}" in told


def test_who_was_asked_is_told_that_nobody_waits_any_more_and_why(follow: Follow) -> None:
    claim = taken_up()
    asked(claim, "evidence")
    verify.go_on(claim, reason="Our own log shows it.", by=MIRA, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    told = mail("request_dropped")
    assert "- evidence: error logs, screenshots or monitoring data" in told
    assert "The reason: Our own log shows it." in told
    assert f"The last day to settle the claim is {DAY_10}" in told
    assert "You can still add it until the claim is decided." in told


def test_contested_time_that_is_denied_is_told_with_what_was_found_and_what_can_be_done(follow: Follow) -> None:
    claim = taken_up(times=(OUTAGE, HOUR))
    deny(claim)
    follow(TUESDAY_10TH)
    told = mail("contest_denied")
    assert TOLD_HOUR in told
    assert "our measurement stands: the time does not count as down (§2.2)" in told
    assert "Our checks of these minutes succeeded, and nothing shows that they erred. All nine probes answered." in told
    assert "Until it is decided you can add evidence or other times. If it is rejected, you can appeal." in told


def test_who_has_appealed_once_is_not_told_to_appeal_again(follow: Follow) -> None:
    """The month was met after all; the hour is claimed with the appeal."""
    with october.measured_by():
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=MONDAY_9TH)
        closing.close_month(AGREEMENT, OCTOBER, now=MONDAY_9TH)
        claim = taken_up(times=())
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=MONDAY_9TH)
        appeal.appeal(claim, words="It was down.", by=ACMES_BUYER, now=MONDAY_9TH)
        verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
        add_times(claim, times=(HOUR,), by=ACMES_BUYER, now=MONDAY_9TH)
        deny(claim)
        follow(TUESDAY_10TH)
    assert "Until it is decided you can add evidence or other times." in mail("contest_denied")
    assert "If it is rejected" not in mail("contest_denied")


def test_contested_time_that_is_granted_is_told_with_what_follows(follow: Follow) -> None:
    claim = taken_up(times=(OUTAGE, HOUR))
    grant(claim, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    told = mail("contest_granted")
    assert TOLD_HOUR in told
    assert "found you right: the time counts as down (§2.2)" in told
    assert "Our monitoring failed to see it. The probe was down." in told
    assert "your claim is decided by the corrected month" in told


def grant(claim: UUID, *, now: Any) -> None:
    verify.grant_contested(
        claim, stretch=HOUR, code="monitoring_failed", reason="The probe was down.", by=MIRA, now=now
    )


def test_a_missed_deadline_that_approves_is_told_as_that(follow: Follow) -> None:
    claim = filed(sent(times=(OUTAGE, HOUR)))
    settle_moments({claim: DUE}, now=LATER)
    follow(LATER)
    missed = mail("operator_deadline_missed", OPERATOR)
    assert "the claim is approved by what its statement shows as soon as that is a credit" in missed
    assert "what it contests stays on the desk to be decided" in missed
    approved = mail("claim_approved")
    assert "- 25 October 2026, 10:00 (UTC) to 25 October 2026, 11:00 (UTC)" in approved
    assert "What is found right of them is added to your credit without a new claim." in approved
    assert "It will be on your account within moments" in approved
    assert mails()[-2:] == ["claim_approved", "claim_credited"]


def test_what_is_decided_about_a_contest_after_the_credit_is_told_as_such(follow: Follow) -> None:
    claim = filed(sent(times=(OUTAGE, HOUR)))
    settle_moments({claim: DUE}, now=LATER)
    follow(LATER)
    verify.deny_contested(
        claim,
        stretch=Interval(HOUR.start, HOUR.start + timedelta(minutes=30)),
        code="measured_up",
        reason="All nine probes answered.",
        by=MIRA,
        now=LATER,
    )
    follow(LATER)
    assert "The credit that you were granted stays as it is." in mail("contest_denied")
    grant(claim, now=LATER)
    follow(LATER)
    assert "the difference is added to your balance without a new claim" in mail("contest_granted")


def test_an_examined_approval_leaves_nothing_to_be_decided(follow: Follow) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    assert "A person still decides" not in mail("claim_approved")
    assert "by Monday, 23 November 2026 (Asia/Hong_Kong)" in mail("claim_approved")


def test_a_wait_that_ends_with_the_missed_deadline_asks_for_nothing_any_more(follow: Follow) -> None:
    """Evidence was there at filing, so that asking for more pauses nothing."""
    claim = taken_up(evidence=(LOG,))
    verify.ask_for_evidence(claim, parts=["evidence"], question="More?", by=MIRA, now=TUESDAY_10TH)
    settle_moments({claim: DUE}, now=LATER)
    follow(LATER)
    told = mail("request_dropped")
    assert "The reason: the deadline has passed" in told
    assert "What was decided is told in a mail of its own." in told
    assert "You can still add it" not in told


def test_a_credit_that_rises_before_it_is_posted_is_told_with_both_amounts(follow: Follow) -> None:
    """4,509 minutes down: 89.9 %, half of $200."""
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    with october.measured_by(m2026_10=month_of(first_minutes(4509))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=TUESDAY_10TH)
        closing.close_month(AGREEMENT, OCTOBER, now=TUESDAY_10TH)
        pay_difference(claim, now=TUESDAY_10TH)
        follow(TUESDAY_10TH)
    told = mail("credit_raised")
    assert "Its version 2 gives you a service credit of 100.00 USD instead of 50.00 USD (§3.1)" in told
    for figure in ("89.899 %", "99.5 %", "50 %", "200.00 USD"):
        assert figure in told
