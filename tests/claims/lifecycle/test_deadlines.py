"""The ten business days: SEMANTICS 18, 19, 24. Filed on Monday 9 November 2026; day 10 is Monday 23, in Hong Kong."""

from datetime import timedelta
from uuid import UUID

import pytest

from claims.commands.claims import decide, verify
from claims.commands.claims.credit import credit
from claims.commands.claims.deadlines import approve_overdue, move_deadline, settle_moments
from claims.commands.statements import complete_statement
from claims.errors import DeadlineMissed, DeadlineMovedBack, OperatorsDecide, ReasonMissing
from claims.models.claim import Claim
from claims.queries import claims as queries
from claims.tasks import answer_due, appeal_due, settle_due
from deadlines import registry
from deadlines.queries import next_due
from deadlines.sweeping import sweep_all
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import MONDAY_9TH, TUESDAY_10TH, filed, sent
from tests.personas import ACME, ACMES_BUYER, MIRA

DUE = at("2026-11-23T16:00Z")
# From midnight after day 0, 14 days: half is 7, four fifths 11 days, 4 hours and 48 minutes.
HALF, FOUR_FIFTHS = at("2026-11-16T16:00Z"), at("2026-11-20T20:48Z")
LATER = DUE + timedelta(hours=5)


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers = {"claims.settle": settle_due, "claims.answer": answer_due, "claims.appeal": appeal_due}
    for kind, handler in handlers.items():
        monkeypatch.setitem(registry.HANDLERS, kind, handler)


def told(claim: UUID, *kinds: str) -> list[tuple[str, object]]:
    wanted = {f"claims.{kind}" for kind in kinds}
    found = [one for one in queries.happenings(claim) if one.type in wanted]
    return [(one.type.removeprefix("claims."), one.occurred_at) for one in found]


def taken_up() -> UUID:
    claim = filed()
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    return claim


def test_operators_are_warned_at_half_and_four_fifths_and_the_miss_is_recorded_at_its_instant(
    october_closed: None,
) -> None:
    claim = filed()
    for now in (HALF - timedelta(seconds=1), HALF, HALF, FOUR_FIFTHS + timedelta(hours=3), LATER, LATER):
        sweep_all(now=now)
    assert told(claim, "settlement_warned", "settlement_missed") == [
        ("settlement_warned", HALF),
        ("settlement_warned", FOUR_FIFTHS),
        ("settlement_missed", DUE),
    ]
    assert queries.claim(claim).state == "filed"
    assert next_due(claim) is None


def test_what_is_due_at_once_is_decided_each_by_its_own_claim(db: None, october_measured: None) -> None:
    """Of three that a sweep takes together one was credited meanwhile, and two go on."""
    october.publish()
    october.open_accounts(acme="pro", second="pro", third="pro")
    october.use("200")
    october.close()
    credited, second, third = taken_up(), *(filed(account=october.account_of(one)) for one in ("second", "third"))
    decide.approve(credited, by=MIRA, now=TUESDAY_10TH)
    credit(credited, now=TUESDAY_10TH)
    settle_moments({credited: HALF, second: HALF}, now=HALF)
    settle_moments({credited: DUE, second: DUE, third: HALF}, now=DUE)
    kinds = ("settlement_warned", "settlement_missed")
    assert told(credited, *kinds) == []
    assert told(second, *kinds) == [("settlement_warned", HALF), ("settlement_missed", DUE)]
    assert told(third, *kinds) == [("settlement_missed", DUE)]


def test_a_sweep_that_was_away_until_after_the_deadline_records_the_miss_and_warns_no_more(
    october_closed: None,
) -> None:
    claim = filed()
    sweep_all(now=LATER)
    assert told(claim, "settlement_warned", "settlement_missed") == [("settlement_missed", DUE)]


def test_it_is_met_by_the_ledger_entry_and_not_by_the_approval(october_closed: None) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    assert next_due(claim) is not None
    sweep_all(now=HALF)
    credit(claim, now=HALF)
    sweep_all(now=LATER)
    assert told(claim, "settlement_warned", "settlement_missed") == [("settlement_warned", HALF)]
    assert next_due(claim) is None


def test_a_credit_a_microsecond_before_the_deadline_is_in_time_and_at_it_is_late(october_closed: None) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    credit(claim, now=DUE - timedelta(microseconds=1))
    assert queries.claim(claim).missed_at is None


def test_a_late_command_records_the_miss_together_with_its_own_event(october_closed: None) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    credit(claim, now=DUE)
    assert told(claim, "settlement_missed", "claim_credited") == [("settlement_missed", DUE), ("claim_credited", DUE)]
    assert queries.claim(claim).missed_at == DUE


def test_a_miss_is_recorded_once(october_closed: None) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=LATER)
    settle_moments({claim: DUE}, now=LATER)
    credit(claim, now=LATER)
    assert told(claim, "settlement_missed") == [("settlement_missed", DUE)]


def test_a_withdrawn_claim_awaits_nothing(october_closed: None) -> None:
    claim = filed()
    decide.withdraw(claim, by=ACMES_BUYER, now=TUESDAY_10TH)
    assert next_due(claim) is None


def test_a_deadline_is_moved_by_name_and_reason_only_later_and_warns_again(october_closed: None) -> None:
    claim = filed()
    sweep_all(now=FOUR_FIFTHS)
    later = DUE + timedelta(days=7)
    with pytest.raises(OperatorsDecide):
        move_deadline(claim, due_at=later, reason="Please.", by=ACMES_BUYER, now=FOUR_FIFTHS)
    with pytest.raises(ReasonMissing):
        move_deadline(claim, due_at=later, reason="", by=MIRA, now=FOUR_FIFTHS)
    with pytest.raises(DeadlineMovedBack) as refused:
        move_deadline(claim, due_at=DUE - timedelta(days=1), reason="No.", by=MIRA, now=FOUR_FIFTHS)
    due, sooner = "23 November 2026, 16:00 (UTC)", "22 November 2026, 16:00 (UTC)"
    assert refused.value.sentence == f"The decision is due before {due}: it is moved later only, not to {sooner}."
    with pytest.raises(DeadlineMovedBack):
        move_deadline(claim, due_at=DUE, reason="No.", by=MIRA, now=FOUR_FIFTHS)
    move_deadline(claim, due_at=later, reason="The customer asked for it.", by=MIRA, now=FOUR_FIFTHS)
    assert queries.claim(claim).due_at == later
    # 21 days: half of them has passed, four fifths are 16 days, 19 hours and 12 minutes.
    sweep_all(now=at("2026-11-26T12:00Z"))
    sweep_all(now=later)
    assert told(claim, "settlement_warned", "settlement_missed") == [
        ("settlement_warned", HALF),
        ("settlement_warned", FOUR_FIFTHS),
        ("settlement_warned", at("2026-11-26T11:12Z")),
        ("settlement_missed", later),
    ]


def test_a_miss_that_has_happened_stays_a_miss(october_closed: None) -> None:
    claim = filed()
    sweep_all(now=LATER)
    with pytest.raises(DeadlineMissed):
        move_deadline(claim, due_at=LATER + timedelta(days=7), reason="Too late.", by=MIRA, now=LATER)


@pytest.fixture
def approves_when_missed(db: None, october_measured: None) -> None:
    october.publish(("on_missed_deadline: escalate", "on_missed_deadline: approve"))
    october.open_accounts(acme="pro")


def test_an_agreement_may_approve_what_it_did_not_decide_in_time(approves_when_missed: None) -> None:
    october.use("200")
    october.close()
    claim = filed()
    sweep_all(now=LATER)
    assert told(claim, "settlement_missed", "claim_approved") == [("settlement_missed", DUE), ("claim_approved", LATER)]
    assert queries.claim(claim).credit == dollars("50")


def test_a_month_that_pays_nothing_is_not_approved_for_being_late(db: None) -> None:
    october.publish(("on_missed_deadline: escalate", "on_missed_deadline: approve"))
    october.open_accounts(acme="pro")
    october.use("200")
    with october.measured_by():
        october.close()
        claim = filed(sent(times=()))
        sweep_all(now=LATER)
        verify.take_up(claim, by=MIRA, now=LATER)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=LATER)
    assert told(claim, "settlement_missed", "claim_rejected") == [
        ("settlement_missed", DUE),
        ("claim_rejected", LATER),
    ]


def test_what_has_no_amount_at_the_deadline_is_approved_when_it_has(approves_when_missed: None) -> None:
    october.close()
    claim = filed()
    sweep_all(now=LATER)
    assert queries.claim(claim).state == "filed"
    october.use("200", now=LATER)
    complete_statement(ACME, OCTOBER, now=LATER)
    approve_overdue(claim, now=LATER)
    approve_overdue(claim, now=LATER)
    assert queries.claim(claim).credit == dollars("50")
    assert Claim.objects.get(id=claim).state == "approved"
