"""Contested time is decided before an operator decides the claim, or after an approval that nobody gave (17)."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from claims.commands import closing
from claims.commands.claims import decide, verify
from claims.commands.claims.credit import credit, pay_difference
from claims.commands.claims.deadlines import approve_overdue, settle_moments
from claims.commands.periods import ask_review
from claims.commands.statements import complete_statement
from claims.errors import ContestUndecided, NotContested, OperatorsDecide
from claims.events.claim import ClaimApproved, ContestDenied, ContestGranted
from claims.queries import claims as queries
from claims.queries.desk import claims_on_desk
from eventstore import TransitionRefused, history
from eventstore.codec import decode
from kernel.intervals import Interval, Ranges, minute_of
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, MONDAY_9TH, OUTAGE, OUTAGE_MINUTES, TUESDAY_10TH, filed, sent
from tests.claims.statements.scenes import month_of
from tests.personas import ACME, ACMES_BUYER, MIRA

# 5,760 minutes that we measured as up: with the 2,700 of the outage October is below 90 % and owes half.
FOUR_DAYS = Interval(at("2026-10-10T00:00Z"), at("2026-10-14T00:00Z"))
TWO_DAYS = Interval(FOUR_DAYS.start, at("2026-10-12T00:00Z"))
OTHER_TWO_DAYS = Interval(TWO_DAYS.end, FOUR_DAYS.end)
DUE = at("2026-11-23T16:00Z")
LATER = DUE + timedelta(hours=5)
BEFORE = sorted((Path(__file__).parent / "before_contests_were_left").glob("*.json"))


def contesting() -> UUID:
    return filed(sent(times=(OUTAGE, FOUR_DAYS)))


def examined() -> UUID:
    claim = contesting()
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    return claim


def deny(claim: UUID, stretch: Interval, **told: Any) -> None:
    verify.deny_contested(
        claim, stretch=stretch, code="measured_up", reason="All probes answered.", **{"by": MIRA, "now": LATER, **told}
    )


def grant(claim: UUID, stretch: Interval, **told: Any) -> None:
    verify.grant_contested(
        claim, stretch=stretch, code="monitoring_failed", reason="It was down.", **{"by": MIRA, "now": LATER, **told}
    )


def minutes_of(stretch: Interval) -> Ranges:
    return Ranges.of((minute_of(stretch.start), minute_of(stretch.end)))


def corrected(*stretches: Interval) -> None:
    """State October anew with these stretches down besides the outage, as a granted contest leads to."""
    down = Ranges.union((OUTAGE_MINUTES, *(minutes_of(one) for one in stretches)))
    with october.measured_by(m2026_10=month_of(down)):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="It was down.", now=LATER)
        closing.close_month(AGREEMENT, OCTOBER, now=LATER)


def test_a_claim_is_not_approved_while_it_contests_what_was_measured(october_closed: None) -> None:
    claim = examined()
    with pytest.raises(ContestUndecided) as refused:
        decide.approve(claim, by=MIRA, now=MONDAY_9TH)
    assert refused.value.clause == "§3.3, §3.4"
    deny(claim, TWO_DAYS, now=MONDAY_9TH)
    with pytest.raises(ContestUndecided):
        decide.approve(claim, by=MIRA, now=MONDAY_9TH)
    deny(claim, OTHER_TWO_DAYS, now=MONDAY_9TH)
    decide.approve(claim, by=MIRA, now=MONDAY_9TH)
    assert queries.claim(claim).credit == dollars("50")


def test_what_is_granted_before_the_approval_is_approved_with_it(october_closed: None) -> None:
    claim = examined()
    grant(claim, FOUR_DAYS, now=TUESDAY_10TH)
    with pytest.raises(ContestUndecided):
        decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    corrected(FOUR_DAYS)
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    assert queries.claim(claim).credit == dollars("100")


@pytest.fixture
def approves_when_missed(db: None, october_measured: None) -> None:
    october.publish(("on_missed_deadline: escalate", "on_missed_deadline: approve"))
    october.open_accounts(acme="pro")
    october.use("200")
    october.close()


def approved_unasked() -> UUID:
    """A claim that contests four days and that nobody decided in time: approved by what is stated, and credited."""
    claim = contesting()
    settle_moments({claim: DUE}, now=LATER)
    credit(claim, now=LATER)
    return claim


def test_an_approval_that_nobody_gave_leaves_the_contest_to_be_decided(approves_when_missed: None) -> None:
    claim = approved_unasked()
    event = next(one.event for one in history(claim) if isinstance(one.event, ClaimApproved))
    assert (event.because, event.undecided) == ("missed_deadline", (FOUR_DAYS,))
    view = queries.claim(claim)
    assert (view.state, view.posted, view.undecided) == ("credited", dollars("50"), (FOUR_DAYS,))
    assert queries.contested_times(claim, now=LATER) == (FOUR_DAYS,)


def test_what_is_granted_after_it_pays_the_difference(approves_when_missed: None) -> None:
    """8,460 of 44,640 minutes down: below 90 %, half of $200, of which $50 were paid."""
    claim = approved_unasked()
    grant(claim, FOUR_DAYS)
    assert queries.claim(claim).undecided == ()
    corrected(FOUR_DAYS)
    pay_difference(claim, now=LATER)
    view = queries.claim(claim)
    assert (view.credit, view.posted, view.granted) == (dollars("100"), dollars("100"), (FOUR_DAYS,))


def test_what_is_denied_after_it_is_decided_and_takes_nothing_back(approves_when_missed: None) -> None:
    claim = approved_unasked()
    deny(claim, TWO_DAYS)
    assert queries.claim(claim).undecided == (OTHER_TWO_DAYS,)
    deny(claim, FOUR_DAYS)
    with pytest.raises(NotContested):
        deny(claim, FOUR_DAYS)
    view = queries.claim(claim)
    assert (view.undecided, view.denied, view.posted) == ((), (TWO_DAYS, FOUR_DAYS), dollars("50"))


def test_a_stretch_that_a_correction_of_its_own_shows_down_is_decided(approves_when_missed: None) -> None:
    claim = approved_unasked()
    corrected(TWO_DAYS)
    assert queries.claim(claim).undecided == (OTHER_TWO_DAYS,)
    corrected(FOUR_DAYS)
    assert queries.claim(claim).undecided == ()
    assert claims_on_desk() == []


def test_only_an_operator_decides_what_was_left(approves_when_missed: None) -> None:
    claim = approved_unasked()
    with pytest.raises(OperatorsDecide):
        grant(claim, FOUR_DAYS, by=ACMES_BUYER)


def test_a_credited_claim_stands_on_the_desk_until_what_it_left_is_decided(approves_when_missed: None) -> None:
    claim = approved_unasked()
    assert [(one.id, one.state, one.left_minutes) for one in claims_on_desk()] == [(claim, "credited", 5760)]
    assert claims_on_desk(state="approved") == []
    deny(claim, FOUR_DAYS)
    assert claims_on_desk() == []


def test_a_contest_that_the_operator_decided_before_is_not_left(approves_when_missed: None) -> None:
    claim = examined()
    deny(claim, FOUR_DAYS, now=TUESDAY_10TH)
    settle_moments({claim: DUE}, now=LATER)
    assert queries.claim(claim).undecided == ()


def test_what_was_granted_before_is_not_left_although_its_correction_is_still_to_come(
    approves_when_missed: None,
) -> None:
    claim = examined()
    grant(claim, TWO_DAYS, now=TUESDAY_10TH)
    settle_moments({claim: DUE}, now=LATER)
    assert queries.claim(claim).undecided == (OTHER_TWO_DAYS,)
    credit(claim, now=LATER)
    corrected(TWO_DAYS)
    pay_difference(claim, now=LATER)
    assert queries.claim(claim).undecided == (OTHER_TWO_DAYS,)


def test_an_approval_that_waited_for_an_amount_leaves_the_contest_as_well(db: None, october_measured: None) -> None:
    october.publish(("on_missed_deadline: escalate", "on_missed_deadline: approve"))
    october.open_accounts(acme="pro")
    october.close()
    claim = contesting()
    settle_moments({claim: DUE}, now=LATER)
    october.use("200", now=LATER)
    complete_statement(ACME, OCTOBER, now=LATER)
    approve_overdue(claim, now=LATER)
    assert queries.claim(claim).undecided == (FOUR_DAYS,)


def test_minutes_that_read_differently_after_an_examined_approval_are_no_contest(october_closed: None) -> None:
    """An exclusion, approved later, leaves half of the claimed outage up: the claim was decided, and stays so."""
    claim = filed()
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    with october.measured_by(m2026_10=month_of(Ranges.of((OUTAGE_MINUTES.first, OUTAGE_MINUTES.first + 1340)))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="An exclusion was approved.", now=LATER)
        closing.close_month(AGREEMENT, OCTOBER, now=LATER)
    assert not queries.contested_minutes(claim, now=LATER)
    with pytest.raises(NotContested):
        deny(claim, OUTAGE)


def test_a_rejected_claim_contests_nothing_that_could_be_decided(db: None) -> None:
    october.publish()
    october.open_accounts(acme="pro")
    october.use("200")
    with october.measured_by():
        october.close()
        claim = filed(sent(times=(FOUR_DAYS,)))
        verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
        deny(claim, FOUR_DAYS, now=TUESDAY_10TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=TUESDAY_10TH)
        assert not queries.contested_minutes(claim, now=LATER)
        with pytest.raises((NotContested, TransitionRefused)):
            deny(claim, FOUR_DAYS)


@pytest.mark.parametrize("sample", BEFORE, ids=lambda sample: sample.stem)
def test_an_event_recorded_before_anything_was_left_leaves_nothing(sample: Path) -> None:
    payload = sample.read_text(encoding="utf-8")
    assert "undecided" not in payload
    event = decode(sample.stem, 1, payload)
    assert isinstance(event, ClaimApproved | ContestDenied | ContestGranted)
    assert event.undecided == ()


def test_there_is_a_sample_of_every_event_that_can_leave_something() -> None:
    assert [one.stem for one in BEFORE] == ["claims.claim_approved", "claims.contest_denied", "claims.contest_granted"]
