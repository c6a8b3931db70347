"""Deciding: by the closed month's newest statement, for a coded reason, by two people where the amount asks for it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from claims.commands import closing
from claims.commands.claims import decide, verify
from claims.commands.claims.credit import credit, pay_difference
from claims.commands.periods import ask_review
from claims.commands.statements import complete_statement
from claims.errors import (
    AwaitingUsage,
    MonthNotClosed,
    NothingToApprove,
    OperatorsDecide,
    PreparationOutdated,
    PreparationRequired,
    ReasonContradictsStatement,
    ReasonMissing,
    SecondPersonRequired,
    StatementShowsCredit,
    UnknownReason,
)
from claims.events.claim import ClaimApproved
from claims.queries import claims as queries
from customers.commands import set_tier
from eventstore import TransitionRefused, history
from kernel.intervals import Ranges
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, MONDAY_9TH, OUTAGE, TUESDAY_10TH, filed, sent
from tests.claims.statements.scenes import first_minutes, month_of
from tests.personas import ACME, ACMES_BUYER, JONAS, MIRA


def taken_up(**told: Any) -> UUID:
    claim = filed(sent(**told))
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    return claim


def test_approval_grants_the_credit_that_the_statement_shows(october_closed: None) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    event = history(claim)[-1].event
    assert isinstance(event, ClaimApproved)
    assert (event.credit, event.cap, event.base) == (dollars("50"), dollars("100"), dollars("200"))
    assert (event.statement_version, event.tier, event.clause) == (1, "pro", "§3.1")
    assert queries.claim(claim).state == "approved"


def test_a_claim_waits_for_the_months_close(october_running: None) -> None:
    claim = taken_up()
    with pytest.raises(MonthNotClosed):
        decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    with pytest.raises(MonthNotClosed):
        decide.reject(claim, code="met", sentence="It met its target.", by=MIRA, now=TUESDAY_10TH)


def test_approval_waits_for_usage_and_so_does_rejection(october_running: None) -> None:
    october.close()
    claim = taken_up()
    with pytest.raises(AwaitingUsage):
        decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    with pytest.raises(AwaitingUsage):
        decide.reject(claim, code="met", sentence="It met its target.", by=MIRA, now=TUESDAY_10TH)
    october.use("200", now=TUESDAY_10TH)
    complete_statement(ACME, OCTOBER, now=TUESDAY_10TH)
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    assert queries.claim(claim).credit == dollars("50")


def test_a_month_without_usage_pays_nothing_and_says_so(october_running: None) -> None:
    october.use("0")
    october.close()
    claim = taken_up()
    with pytest.raises(NothingToApprove):
        decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    decide.reject(claim, code="no_usage", sentence="Nothing was used.", by=MIRA, now=TUESDAY_10TH)
    assert queries.claim(claim).state == "rejected"


def test_a_claim_is_not_rejected_against_its_own_statement(october_closed: None) -> None:
    claim = taken_up()
    with pytest.raises(StatementShowsCredit):
        decide.reject(claim, code="met", sentence="No.", by=MIRA, now=TUESDAY_10TH)


def test_a_rejection_has_the_reason_that_the_statement_shows(db: None) -> None:
    """Nothing shows a miss: the claim is decided after the close, by a coded reason with its clause."""
    october.publish()
    october.open_accounts(acme="pro")
    october.use("200")
    with october.measured_by():
        claim = taken_up(times=())
        october.close()
        with pytest.raises(UnknownReason):
            decide.reject(claim, code="no_evidence", sentence="No evidence.", by=MIRA, now=TUESDAY_10TH)
        with pytest.raises(ReasonContradictsStatement):
            decide.reject(claim, code="unmatched_miss", sentence="No row.", by=MIRA, now=TUESDAY_10TH)
        with pytest.raises(ReasonMissing):
            decide.reject(claim, code="met", sentence=" ", by=MIRA, now=TUESDAY_10TH)
        with pytest.raises(NothingToApprove):
            decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=TUESDAY_10TH)
    rejected = queries.claim(claim).rejected
    assert rejected is not None
    assert (rejected.code, rejected.clause, rejected.sentence) == ("met", "§2.1", "October met its target.")


def test_a_miss_that_no_row_pays_is_rejected_as_such(db: None) -> None:
    """Enterprise at 99.7 %: 134 of 44,640 minutes down."""
    october.publish()
    october.open_accounts(acme="enterprise")
    october.use("200")
    start = october.OUTAGE_MINUTES.first
    with october.measured_by(m2026_10=month_of(Ranges.of((start, start + 134)))):
        october.close()
        claim = taken_up(times=())
        decide.reject(claim, code="unmatched_miss", sentence="No row pays it.", by=MIRA, now=MONDAY_9TH)
    assert queries.claim(claim).state == "rejected"


def test_only_an_operator_decides(october_closed: None) -> None:
    claim = taken_up()
    with pytest.raises(OperatorsDecide):
        decide.approve(claim, by=ACMES_BUYER, now=TUESDAY_10TH)
    with pytest.raises(OperatorsDecide):
        decide.reject(claim, code="met", sentence="No.", by=ACMES_BUYER, now=TUESDAY_10TH)


@pytest.fixture
def two_above_40(settings: Any) -> None:
    settings.MAKEGOOD_SECOND_PERSON_ABOVE = Decimal(40)


def test_a_second_person_must_approve_a_large_credit(october_closed: None, two_above_40: None) -> None:
    claim = taken_up()
    with pytest.raises(PreparationRequired):
        decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    verify.prepare(claim, note="All as stated.", by=MIRA, now=TUESDAY_10TH)
    with pytest.raises(SecondPersonRequired):
        decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    decide.approve(claim, by=JONAS, now=TUESDAY_10TH)
    assert queries.claim(claim).decided_by == JONAS.id


@pytest.mark.parametrize("above", [Decimal(50), None])
def test_one_person_is_enough_up_to_the_amount(october_closed: None, settings: Any, above: Decimal | None) -> None:
    settings.MAKEGOOD_SECOND_PERSON_ABOVE = above
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    assert queries.claim(claim).state == "approved"


def test_a_preparation_counts_only_for_the_statement_that_it_was_made_on(
    october_closed: None, two_above_40: None
) -> None:
    claim = taken_up()
    verify.prepare(claim, by=MIRA, now=TUESDAY_10TH)
    october.use("240", now=TUESDAY_10TH)
    complete_statement(ACME, OCTOBER, now=TUESDAY_10TH)
    with pytest.raises(PreparationOutdated):
        decide.approve(claim, by=JONAS, now=TUESDAY_10TH)
    verify.prepare(claim, by=MIRA, now=TUESDAY_10TH)
    decide.approve(claim, by=JONAS, now=TUESDAY_10TH)
    assert queries.claim(claim).credit == dollars("60")


def test_approval_takes_the_newest_statement_and_nothing_is_reduced_after_it(october_closed: None) -> None:
    """An exclusion approved after filing lowers October to 97 %: before the approval that counts, after it not."""
    first = taken_up()
    decide.approve(first, by=MIRA, now=TUESDAY_10TH)
    restated(1340)  # 97.0 %: 10 % of $200
    pay_difference(first, now=TUESDAY_10TH)
    credit(first, now=TUESDAY_10TH)
    assert queries.claim(first).posted == dollars("50")


def test_an_open_claim_takes_the_newest_version(october_closed: None) -> None:
    """The corrected October is down on other minutes than the claim states: those are decided first."""
    claim = taken_up()
    restated(1340)
    verify.deny_contested(claim, stretch=OUTAGE, code="measured_up", reason="Up.", by=MIRA, now=TUESDAY_10TH)
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    view = queries.claim(claim)
    assert (view.credit, view.statement_version) == (dollars("20"), 2)


def restated(down: int) -> None:
    """Let October be measured with another number of down minutes, and its statements corrected."""
    with october.measured_by(m2026_10=month_of(first_minutes(down))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="An exclusion was approved.", now=TUESDAY_10TH)
        closing.close_month(AGREEMENT, OCTOBER, now=TUESDAY_10TH)


def test_a_claim_that_is_decided_is_not_decided_again(october_closed: None) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    with pytest.raises(TransitionRefused):
        decide.approve(claim, by=JONAS, now=TUESDAY_10TH)
    with pytest.raises(TransitionRefused):
        decide.withdraw(claim, by=ACMES_BUYER, now=TUESDAY_10TH)


def test_a_tier_held_only_after_the_downtime_earns_nothing(db: None, october_measured: None) -> None:
    """Acme was Free until 25 October: no covered tier in any unexcused down minute (SEMANTICS 14)."""
    october.publish()
    october.open_accounts(acme="free")
    set_tier(ACME, "pro", from_at=at("2026-10-25T00:00Z"), by=MIRA, now=at("2026-10-25T00:00Z") + timedelta(days=1))
    october.use("200")
    october.close()
    claim = taken_up()
    decide.reject(claim, code="not_covered", sentence="Free is not covered.", by=MIRA, now=TUESDAY_10TH)
    assert queries.claim(claim).state == "rejected"
