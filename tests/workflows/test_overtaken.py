"""What is overtaken on its way: a decision by a new statement, a close by a measurement, a review by a request."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from claims.commands.claims import decide, verify
from claims.commands.claims.stated import Stated, stated
from claims.commands.closing import _review, close, close_month, note_measurement, review
from claims.commands.periods import ask_review, open_periods
from claims.commands.statements import restate
from claims.models.claim import Claim
from claims.models.entitlement import Entitlement
from claims.models.period import Period
from claims.models.statement import Statement
from claims.queries import ledger
from claims.rules.identity import period_id
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, MONDAY_9TH, TUESDAY_10TH, filed, sent
from tests.claims.statements.scenes import first_minutes, month_of
from tests.personas import ACME, JONAS, MIRA
from tests.workflows.conftest import Follow

NOVEMBER = OCTOBER.next()
DECEMBER_2ND = at("2026-12-02T01:00Z")
BLIND = "The probe was blind."
WORSE = {"m2026_10": month_of(first_minutes(4509))}  # 89.9 %: half of $200

pytestmark = pytest.mark.usefixtures("october_told")


def elsewhere(work: Callable[[], object]) -> None:
    """Do it on another connection, to the end."""

    def alone() -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(alone).result()


def test_an_approval_that_had_read_the_statement_before_pays_what_the_new_one_shows(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new version is stated and followed after the approval has read the old one and before it is written."""
    claim = filed(sent(times=()))
    verify.take_up(claim, by=JONAS, now=MONDAY_9TH)
    follow(MONDAY_9TH)

    def corrected() -> None:
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason=BLIND, now=TUESDAY_10TH)
        close_month(AGREEMENT, OCTOBER, now=TUESDAY_10TH)
        follow(TUESDAY_10TH)

    def read_and_overtaken(of: Claim) -> Stated:
        read = stated(of)
        elsewhere(corrected)
        return read

    with october.measured_by(**WORSE):
        with monkeypatch.context() as patched:
            patched.setattr(decide, "stated", read_and_overtaken)
            decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
        follow(TUESDAY_10TH)
    assert Claim.objects.get(id=claim).posted == dollars("100")
    assert ledger.balance(ACME).balance == dollars("100")  # type: ignore[union-attr]


def test_a_rejection_while_a_correction_is_being_stated_leaves_what_it_shows_to_be_claimed(follow: Follow) -> None:
    """The run over all accounts began a minute before the rejection, and came to this one after it."""
    with october.measured_by():  # nothing was down after all
        restate(AGREEMENT, OCTOBER, cause="correction", reason=BLIND, by=MIRA, now=MONDAY_9TH)
        follow(MONDAY_9TH)
        claim = filed()
        verify.take_up(claim, by=JONAS, now=MONDAY_9TH)
        for stretch in Claim.objects.get(id=claim).times:
            verify.deny_contested(claim, stretch=stretch, code="measured_up", reason="Up.", by=MIRA, now=MONDAY_9TH)
        follow(MONDAY_9TH)
        decide.reject(claim, code="met", sentence="It met its target.", by=MIRA, now=TUESDAY_10TH)
    began = TUESDAY_10TH - timedelta(minutes=1)
    with october.measured_by(**WORSE):
        restate(AGREEMENT, OCTOBER, cause="correction", reason=BLIND, by=MIRA, now=began)
        follow(TUESDAY_10TH + timedelta(minutes=1))
    newest = Entitlement.objects.filter(account=ACME).order_by("number").last()
    assert newest is not None
    assert (newest.state, newest.due.credit) == ("open", dollars("100"))
    again = filed(now=TUESDAY_10TH + timedelta(days=1))
    assert Claim.objects.get(id=again).state == "filed"


def test_what_was_measured_between_the_close_and_its_review_is_stated(follow: Follow) -> None:
    """The log hears of the measurement only after the review; a worker was killed between the two."""
    period = period_id(AGREEMENT, NOVEMBER)
    with october.measured_by():
        open_periods(now=DECEMBER_2ND)
        close(period, now=DECEMBER_2ND)
    with october.measured_by(m2026_11=month_of(first_minutes(2700, month=NOVEMBER), month=NOVEMBER)):
        review(period, now=DECEMBER_2ND)
        follow(DECEMBER_2ND)
        note_measurement(AGREEMENT, NOVEMBER, now=DECEMBER_2ND)
        review(period, now=DECEMBER_2ND)
    assert Statement.objects.get(account=ACME, month=NOVEMBER).figures.classes.down == 2700


def test_a_review_that_two_workers_carried_out_answers_only_what_both_had_read(follow: Follow) -> None:
    """Redis was flushed, and with it the lock: what is asked between the two answers stays asked."""
    ask_review(AGREEMENT, OCTOBER, cause="correction", reason=BLIND, now=MONDAY_9TH)
    one, other = (Period.objects.get(id=period_id(AGREEMENT, OCTOBER)) for _ in range(2))
    _review(one, by=MIRA, now=MONDAY_9TH)
    ask_review(AGREEMENT, OCTOBER, cause="usage", reason="Usage arrived.", now=MONDAY_9TH)
    _review(other, by=MIRA, now=MONDAY_9TH)
    assert [left.cause for left in Period.objects.get(id=one.id).asked] == ["usage"]
