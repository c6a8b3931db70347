"""Examining: what is missing is asked for, the clock pauses by SEMANTICS 18, contested minutes are decided."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from claims.commands.claims import decide, verify
from claims.commands.claims.deadlines import answer_moment
from claims.commands.claims.evidence import add_evidence, add_times
from claims.errors import (
    ContestUndecided,
    NotContested,
    NothingToAdd,
    OperatorsDecide,
    ReasonMissing,
    UnknownPart,
    UnknownReason,
)
from claims.evidence import KeptFile
from claims.queries import claims as queries
from eventstore import TransitionRefused
from kernel.intervals import Interval
from tests.claims import october
from tests.claims.history import at
from tests.claims.october import MONDAY_9TH, OUTAGE, TUESDAY_10TH, filed, sent
from tests.personas import ACMES_BUYER, JONAS, MIRA

DUE = at("2026-11-23T16:00Z")  # the Hong Kong midnight that ends Monday 23 November
WEDNESDAY = at("2026-11-11T02:00Z")  # 10:00 in Hong Kong
A_LOG = KeptFile(name="errors.log", media_type="text/plain", size=3, sha256="a" * 64, stored_as="b" * 64)
A_PICTURE = KeptFile(name="screen.png", media_type="image/png", size=9, sha256="c" * 64, stored_as="d" * 64)


def taken_up(**told: Any) -> UUID:
    claim = filed(sent(**told))
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    return claim


def ask(claim: UUID, *parts: str, now: datetime = WEDNESDAY) -> None:
    verify.ask_for_evidence(claim, parts=parts, question="What did you see?", by=MIRA, now=now)


def test_only_an_operator_examines(october_closed: None) -> None:
    claim = filed()
    with pytest.raises(OperatorsDecide):
        verify.take_up(claim, by=ACMES_BUYER, now=MONDAY_9TH)


def test_a_part_missing_at_filing_pauses_the_clock_while_it_is_awaited(october_closed: None) -> None:
    """Asked on Wednesday 11th at 10:00, answered on Monday 16th at 10:00 (Hong Kong): Thursday 12th and Friday
    13th lie wholly inside, so that day 10 is Wednesday 25th instead of Monday 23rd."""
    claim = taken_up()
    ask(claim, "evidence")
    waiting = queries.claim(claim)
    assert waiting.state == "waiting"
    assert waiting.request is not None
    assert waiting.request.pauses
    assert waiting.request.question == "What did you see?"
    add_evidence(claim, files=[A_LOG], by=ACMES_BUYER, now=at("2026-11-16T02:00Z"))
    answered = queries.claim(claim)
    assert answered.state == "verifying"
    assert answered.request is None
    assert answered.due_at == DUE + timedelta(days=2)
    assert [one.name for one in answered.evidence] == ["errors.log"]


def test_a_part_that_was_there_at_filing_pauses_nothing(october_closed: None) -> None:
    claim = taken_up(evidence=(A_LOG,))
    ask(claim, "evidence")
    assert queries.claim(claim).due_at == DUE
    add_evidence(claim, files=[A_PICTURE], by=ACMES_BUYER, now=at("2026-11-16T02:00Z"))
    assert queries.claim(claim).state == "verifying"
    assert queries.claim(claim).due_at == DUE


def test_an_agreement_may_let_nothing_pause(db: None, october_measured: None) -> None:
    october.publish(("pause_for_evidence: true ", "pause_for_evidence: false "))
    october.open_accounts(acme="pro")
    october.use("200")
    october.close()
    claim = taken_up()
    ask(claim, "evidence")
    assert queries.claim(claim).due_at == DUE


def test_the_claim_waits_until_every_part_is_there(october_closed: None) -> None:
    claim = taken_up(times=())
    ask(claim, "times", "evidence")
    add_times(claim, times=(OUTAGE,), by=ACMES_BUYER, now=WEDNESDAY)
    assert queries.claim(claim).state == "waiting"
    add_evidence(claim, files=[A_LOG], by=ACMES_BUYER, now=WEDNESDAY)
    assert queries.claim(claim).state == "verifying"


def test_the_pause_ends_with_the_last_part_that_was_missing_at_filing(october_closed: None) -> None:
    """Evidence was sent with the claim, times were not: they come an hour after they were asked for, on the Monday.

    More evidence is asked for besides and comes ten days later, which pauses nothing: day 10 stays Monday 23rd.
    """
    claim = taken_up(times=(), evidence=(A_LOG,))
    ask(claim, "times", "evidence", now=MONDAY_9TH)
    add_times(claim, times=(OUTAGE,), by=ACMES_BUYER, now=MONDAY_9TH + timedelta(hours=1))
    waiting = queries.claim(claim)
    assert (waiting.state, waiting.due_at) == ("waiting", DUE)
    assert waiting.request is not None
    assert (waiting.request.parts, waiting.request.pauses) == (("evidence",), False)
    add_evidence(claim, files=[A_PICTURE], by=ACMES_BUYER, now=at("2026-11-19T10:00Z"))
    answered = queries.claim(claim)
    assert (answered.state, answered.due_at) == ("verifying", DUE)
    assert answered.pauses == (Interval(MONDAY_9TH, MONDAY_9TH + timedelta(hours=1)),)


def test_the_pause_goes_on_while_one_of_the_parts_that_caused_it_is_missing(october_closed: None) -> None:
    """Both were missing; the times come on Wednesday, the evidence on Monday 16th: Thursday and Friday were paused."""
    claim = taken_up(times=())
    ask(claim, "times", "evidence")
    add_times(claim, times=(OUTAGE,), by=ACMES_BUYER, now=WEDNESDAY + timedelta(hours=1))
    assert queries.claim(claim).request.pauses  # type: ignore[union-attr]
    add_evidence(claim, files=[A_LOG], by=ACMES_BUYER, now=at("2026-11-16T02:00Z"))
    assert queries.claim(claim).due_at == DUE + timedelta(days=2)


@pytest.mark.parametrize("end", ["lapses", "is given up"])
def test_a_wait_whose_clock_runs_again_ends_without_another_pause(october_closed: None, end: str) -> None:
    """Thursday 12th and Friday 13th were paused; what is awaited from Monday 16th on pauses nothing."""
    claim = taken_up(times=(), evidence=(A_LOG,))
    ask(claim, "times", "evidence")
    add_times(claim, times=(OUTAGE,), by=ACMES_BUYER, now=at("2026-11-16T02:00Z"))
    if end == "lapses":
        answer_moment(claim, now=at("2026-11-25T16:00Z"))
    else:
        verify.go_on(claim, reason="It is clear.", by=MIRA, now=at("2026-11-19T02:00Z"))
    over = queries.claim(claim)
    assert (over.state, over.pauses) == ("verifying", (Interval(WEDNESDAY, at("2026-11-16T02:00Z")),))
    assert over.settlement is not None
    assert over.settlement.due_at == DUE + timedelta(days=2)


def test_operators_are_warned_again_of_the_time_that_runs_again(october_closed: None) -> None:
    claim = taken_up(times=(), evidence=(A_LOG,))
    ask(claim, "times", "evidence", now=MONDAY_9TH)
    add_times(claim, times=(OUTAGE,), by=ACMES_BUYER, now=MONDAY_9TH + timedelta(hours=1))
    settlement = queries.claim(claim).settlement
    assert settlement is not None
    assert settlement.warn_at == (at("2026-11-16T16:00Z"), at("2026-11-20T20:48Z"))


def test_after_ten_business_days_our_own_measurement_decides(october_closed: None) -> None:
    """Asked on Wednesday 11th; day 10 is Wednesday 25th, and what comes next finds the claim being verified."""
    claim = taken_up()
    ask(claim, "evidence")
    end_of_wait = at("2026-11-25T16:00Z")
    assert queries.claim(claim).request.answer_due_at == end_of_wait  # type: ignore[union-attr]
    add_evidence(claim, files=[A_LOG], by=ACMES_BUYER, now=end_of_wait)
    told = [(one.type, one.occurred_at) for one in queries.happenings(claim)]
    assert told[-2:] == [("claims.request_lapsed", end_of_wait), ("claims.evidence_added", end_of_wait)]
    # Counted are 10 and 11 November, then 26, 27, 30, and 1, 2, 3, 4, 7 December.
    assert queries.claim(claim).due_at == at("2026-12-07T16:00Z")
    decide.approve(claim, by=MIRA, now=end_of_wait)


def test_a_part_pauses_the_clock_only_once(october_closed: None) -> None:
    claim = taken_up()
    ask(claim, "evidence")
    verify.go_on(claim, reason="The monitoring is clear.", by=MIRA, now=at("2026-11-16T02:00Z"))
    due = queries.claim(claim).due_at
    ask(claim, "evidence", now=at("2026-11-16T03:00Z"))
    assert queries.claim(claim).due_at == due
    assert not queries.claim(claim).request.pauses  # type: ignore[union-attr]


def test_evidence_and_times_can_be_added_while_the_claim_is_open(october_closed: None) -> None:
    claim = filed()
    add_evidence(claim, files=[A_LOG, A_LOG], by=ACMES_BUYER, now=MONDAY_9TH)
    add_evidence(claim, files=[A_LOG, A_PICTURE], by=ACMES_BUYER, now=MONDAY_9TH)
    later = Interval(at("2026-10-25T10:00Z"), at("2026-10-25T11:00Z"))
    add_times(claim, times=(later,), by=ACMES_BUYER, now=MONDAY_9TH)
    view = queries.claim(claim)
    assert [one.name for one in view.evidence] == ["errors.log", "screen.png"]
    assert view.times == (OUTAGE, later)
    decide.withdraw(claim, by=ACMES_BUYER, now=MONDAY_9TH)
    with pytest.raises(TransitionRefused):
        add_evidence(claim, files=[A_LOG], by=ACMES_BUYER, now=MONDAY_9TH)


def test_what_is_asked_has_words_and_known_parts(october_closed: None) -> None:
    claim = taken_up()
    with pytest.raises(UnknownPart):
        ask(claim, "passport")
    with pytest.raises(UnknownPart):
        ask(claim)
    with pytest.raises(ReasonMissing):
        verify.ask_for_evidence(claim, parts=["times"], question="  ", by=MIRA, now=WEDNESDAY)
    with pytest.raises(NothingToAdd):
        add_times(claim, times=(), by=ACMES_BUYER, now=WEDNESDAY)
    with pytest.raises(NothingToAdd):
        add_evidence(claim, files=[], by=ACMES_BUYER, now=WEDNESDAY)


UP_HOUR = Interval(at("2026-10-25T10:00Z"), at("2026-10-25T11:00Z"))


def test_claimed_minutes_that_were_measured_up_are_contested_until_they_are_decided(db: None) -> None:
    october.publish()
    october.open_accounts(acme="pro")
    october.use("200")
    with october.measured_by():
        october.close()
        claim = taken_up(times=(UP_HOUR,))
        assert queries.contested_minutes(claim, now=TUESDAY_10TH).total == 60
        with pytest.raises(ContestUndecided):
            decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=TUESDAY_10TH)
        verify.deny_contested(
            claim, stretch=UP_HOUR, code="measured_up", reason="All probes answered.", by=MIRA, now=TUESDAY_10TH
        )
        assert not queries.contested_minutes(claim, now=TUESDAY_10TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=TUESDAY_10TH)
    assert queries.claim(claim).state == "rejected"


def test_a_granted_stretch_stays_contested_until_the_measurement_is_corrected(october_closed: None) -> None:
    claim = taken_up(times=(OUTAGE, UP_HOUR))
    verify.grant_contested(
        claim, stretch=UP_HOUR, code="monitoring_failed", reason="The probe was down.", by=JONAS, now=TUESDAY_10TH
    )
    assert queries.claim(claim).granted == (UP_HOUR,)
    assert queries.contested_minutes(claim, now=TUESDAY_10TH).total == 60


def test_only_contested_minutes_are_decided_and_only_for_a_coded_reason(october_closed: None) -> None:
    claim = taken_up()
    with pytest.raises(NotContested):
        verify.deny_contested(claim, stretch=OUTAGE, code="measured_up", reason="Up.", by=MIRA, now=TUESDAY_10TH)
    with pytest.raises(UnknownReason):
        verify.deny_contested(claim, stretch=OUTAGE, code="no_evidence", reason="None.", by=MIRA, now=TUESDAY_10TH)
