"""Two at once, on real connections: one wins, the other is told; the cap and the month hold."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connections

from claims.commands import closing
from claims.commands.claims import credit as crediting
from claims.commands.claims import decide, verify
from claims.commands.claims.credit import credit, pay_difference
from claims.commands.claims.file import Received, file_claim
from claims.commands.claims.stated import Stated, stated
from claims.commands.ledger import reverse_posting
from claims.commands.periods import ask_review
from claims.models.claim import Claim
from claims.models.ledger import CreditAccount
from claims.queries import claims as queries
from claims.queries import ledger as books
from eventstore import ConcurrencyConflict, TransitionRefused, once
from eventstore.catalogue import aggregates
from eventstore.replaying import replay
from kernel.intervals import Ranges
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, MONDAY_9TH, OUTAGE, TUESDAY_10TH, filed, sent
from tests.claims.statements.scenes import ZONE, first_minutes, month_of
from tests.personas import ACME, ACMES_BUYER, JONAS, MIRA

SEPTEMBER = OCTOBER.previous()


@pytest.fixture
def october_committed(database: object) -> Iterator[None]:
    """Commit the scene, with a September that was down just as long at its end."""
    end = SEPTEMBER.last_minute(ZONE)
    september = Ranges.of((end - 2700, end))
    minutes = {"m2026_10": month_of(october.OUTAGE_MINUTES), "m2026_09": month_of(september, month=SEPTEMBER)}
    with october.measured_by(**minutes):
        october.publish()
        october.open_accounts(acme="pro")
        for month in (SEPTEMBER, OCTOBER):
            october.use("200", month=month)
            october.close(month)
        yield


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run works in threads of their own, each with its own connection, all released together."""
    ready = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        ready.wait(timeout=10)
        try:
            return work()
        except (ConcurrencyConflict, TransitionRefused) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def taken_up(received: Received | None = None) -> UUID:
    claim = filed(received)
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    return claim


def test_two_who_decide_at_once_one_wins_and_the_other_is_told(october_committed: None) -> None:
    claim = taken_up()
    outcomes = at_once(
        lambda: decide.approve(claim, by=MIRA, now=TUESDAY_10TH),
        lambda: decide.withdraw(claim, by=ACMES_BUYER, now=TUESDAY_10TH),
    )
    assert outcomes.count(claim) == 1
    assert sum(isinstance(one, ConcurrencyConflict | TransitionRefused) for one in outcomes) == 1
    assert queries.claim(claim).state in {"approved", "withdrawn"}


def test_two_approvals_at_once_leave_one(october_committed: None) -> None:
    claim = taken_up()
    outcomes = at_once(
        lambda: decide.approve(claim, by=MIRA, now=TUESDAY_10TH),
        lambda: decide.approve(claim, by=JONAS, now=TUESDAY_10TH),
    )
    assert outcomes.count(claim) == 1
    approvals = [one for one in queries.happenings(claim) if one.type == "claims.claim_approved"]
    assert len(approvals) == 1


def test_two_filings_at_once_give_one_claim_and_one_duplicate(october_committed: None) -> None:
    outcomes = at_once(*[lambda: file_claim(ACME, sent(), by=ACMES_BUYER, now=MONDAY_9TH)] * 4)
    answers = [queries.answer(one) for one in outcomes if isinstance(one, UUID)]
    assert len(answers) == 4
    assert sorted(one.filing.state for one in answers) == ["filed", "refused", "refused", "refused"]
    assert len({one.claim.id for one in answers if one.claim}) == 1


def test_a_repeated_command_gives_back_the_first_outcome(october_committed: None) -> None:
    key = uuid4()

    def attempt() -> UUID:
        with once(key):
            return file_claim(ACME, sent(words="Once."), by=ACMES_BUYER, now=MONDAY_9TH)

    first = attempt()
    assert attempt() == first
    assert at_once(attempt, attempt) == [first, first]
    assert Claim.objects.count() == 1


def test_two_months_credited_at_once_reach_one_ledger(october_committed: None) -> None:
    """Both touch the account's ledger: one tries again, and nothing is lost or doubled."""
    claims = [taken_up(), taken_up(Received(month=SEPTEMBER, received_at=at("2026-10-12T00:00Z")))]
    for claim in claims:
        decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    outcomes = at_once(*[lambda claim=claim: credit(claim, now=TUESDAY_10TH) for claim in claims])
    assert sorted(outcomes, key=str) == sorted(claims, key=str)
    assert books.balance(ACME).balance == dollars("100")  # type: ignore[union-attr]


def test_a_claim_credited_by_two_workers_is_posted_once(october_committed: None) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    outcomes = at_once(*[lambda: credit(claim, now=TUESDAY_10TH)] * 3)
    assert outcomes.count(claim) == 1
    assert books.balance(ACME).balance == dollars("50")  # type: ignore[union-attr]


def test_the_cap_holds_while_a_restated_month_is_credited(october_committed: None) -> None:
    """89.9 % pays half of $200, which is the cap: however the postings interleave, they come to $100."""
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    with october.measured_by(m2026_10=month_of(first_minutes(4509))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=TUESDAY_10TH)
        closing.close_month(AGREEMENT, OCTOBER, now=TUESDAY_10TH)
    at_once(
        lambda: credit(claim, now=TUESDAY_10TH),
        lambda: pay_difference(claim, now=TUESDAY_10TH),
        lambda: pay_difference(claim, now=TUESDAY_10TH),
    )
    pay_difference(claim, now=TUESDAY_10TH)
    assert queries.claim(claim).posted == dollars("100")
    assert books.balance(ACME).balance == dollars("100")  # type: ignore[union-attr]


def test_a_reversal_while_a_difference_is_paid_is_not_paid_again(
    october_committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is undone after the difference has read the claim and before it reads the ledger."""
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    credit(claim, now=TUESDAY_10TH)
    with october.measured_by(m2026_10=month_of(first_minutes(4509))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=TUESDAY_10TH)
        closing.close_month(AGREEMENT, OCTOBER, now=TUESDAY_10TH)

    def read_and_overtaken(of: Claim) -> Stated:
        found = stated(of)
        monkeypatch.undo()
        at_once(lambda: reverse_posting(ACME, 1, reason="Fraud.", by=MIRA, now=TUESDAY_10TH))
        return found

    monkeypatch.setattr(crediting, "stated", read_and_overtaken)
    pay_difference(claim, now=TUESDAY_10TH)
    assert queries.claim(claim).posted == dollars("50")
    assert books.balance(ACME).balance == dollars("50")  # type: ignore[union-attr]


def test_a_reversal_and_differences_at_once_come_to_what_the_claim_shows(october_committed: None) -> None:
    claim = taken_up()
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    credit(claim, now=TUESDAY_10TH)
    with october.measured_by(m2026_10=month_of(first_minutes(4509))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=TUESDAY_10TH)
        closing.close_month(AGREEMENT, OCTOBER, now=TUESDAY_10TH)

    def undo() -> UUID:
        return reverse_posting(ACME, 1, reason="Fraud.", by=MIRA, now=TUESDAY_10TH)

    outcomes = at_once(
        undo, lambda: pay_difference(claim, now=TUESDAY_10TH), lambda: pay_difference(claim, now=TUESDAY_10TH)
    )
    if isinstance(outcomes[0], ConcurrencyConflict):
        undo()
    pay_difference(claim, now=TUESDAY_10TH)
    assert queries.claim(claim).posted == dollars("50")
    assert books.balance(ACME).balance == dollars("50")  # type: ignore[union-attr]


def test_the_rows_are_the_fold_of_their_events(october_committed: None) -> None:
    claim = taken_up(sent(words="We were down."))
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    credit(claim, now=TUESDAY_10TH)
    before = list(Claim.objects.order_by("id").values()), list(CreditAccount.objects.order_by("id").values())
    replay(aggregates())
    after = list(Claim.objects.order_by("id").values()), list(CreditAccount.objects.order_by("id").values())
    assert after == before
    assert queries.claim(claim).times == (OUTAGE,)
