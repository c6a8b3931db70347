"""Crediting: claim and ledger in one transaction; differences; cycles, draws and what the bill takes."""

from uuid import UUID

import pytest

from claims.commands import closing
from claims.commands.claims.credit import credit, pay_difference
from claims.commands.ledger import draw, open_cycles, reverse_posting
from claims.commands.periods import ask_review
from claims.commands.statements import complete_statement
from claims.errors import OperatorsDecide, ReasonMissing
from claims.events.claim import ClaimCredited, CreditReversed, DifferenceCredited
from claims.events.ledger import CreditPosted, CycleOpened
from claims.models.ledger import CreditAccount
from claims.queries import claims as queries
from claims.queries import ledger as books
from claims.rules import ledger as rules
from claims.rules.identity import ledger_id
from eventstore import NotFound, TransitionRefused, change, history
from kernel.money import Money
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, MONDAY_9TH, TUESDAY_10TH
from tests.claims.statements.scenes import first_minutes, month_of
from tests.personas import ACME, ACMES_BUYER, MIRA, RIVAL

NOVEMBER, DECEMBER = OCTOBER.plus(1), OCTOBER.plus(2)
IN_DECEMBER = at("2026-12-01T06:00Z")
IN_JANUARY = at("2027-01-03T09:00Z")


def restate(down: int) -> None:
    """Let October be measured with another number of down minutes, and its statements corrected."""
    with october.measured_by(m2026_10=month_of(first_minutes(down))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=TUESDAY_10TH)
        closing.close_month(AGREEMENT, OCTOBER, now=TUESDAY_10TH)


def test_a_credited_claim_and_its_entry_are_one_transaction(approved: UUID) -> None:
    credit(approved, now=TUESDAY_10TH)
    claim = queries.claim(approved)
    assert (claim.state, claim.posted, claim.credited_at) == ("credited", dollars("50"), TUESDAY_10TH)
    (posting,) = books.postings(ACME)
    assert posting.occurred_at == TUESDAY_10TH
    assert [(line.book, line.amount) for line in posting.lines] == [
        ("granted", dollars("-50")),
        ("balance", dollars("50")),
    ]
    assert books.balance(RIVAL) is None


def test_a_claim_is_credited_once(approved: UUID) -> None:
    credit(approved, now=TUESDAY_10TH)
    with pytest.raises(TransitionRefused):
        credit(approved, now=TUESDAY_10TH)
    assert len(books.postings(ACME)) == 1
    with pytest.raises(NotFound):
        credit(ledger_id(ACME), now=TUESDAY_10TH)


def test_a_restated_month_that_shows_more_pays_the_difference_without_a_new_claim(approved: UUID) -> None:
    """89.9 %: half of $200 is $100, of which $50 were paid."""
    credit(approved, now=TUESDAY_10TH)
    restate(4509)
    pay_difference(approved, now=TUESDAY_10TH)
    pay_difference(approved, now=TUESDAY_10TH)
    claim = queries.claim(approved)
    assert (claim.credit, claim.posted, claim.statement_version) == (dollars("100"), dollars("100"), 2)
    assert [posting.lines[1].amount for posting in books.postings(ACME)] == [dollars("50"), dollars("50")]


def test_a_difference_before_the_posting_raises_the_approved_credit(approved: UUID) -> None:
    restate(4509)
    pay_difference(approved, now=TUESDAY_10TH)
    assert queries.claim(approved).state == "approved"
    credit(approved, now=TUESDAY_10TH)
    assert [posting.lines[1].amount for posting in books.postings(ACME)] == [dollars("100")]


def test_a_credit_that_was_paid_is_never_taken_back(approved: UUID) -> None:
    credit(approved, now=TUESDAY_10TH)
    restate(100)
    assert pay_difference(approved, now=TUESDAY_10TH) is None
    assert books.balance(ACME).balance == dollars("50")  # type: ignore[union-attr]


def test_usage_that_changes_after_the_credit_pays_the_difference_within_the_new_cap(approved: UUID) -> None:
    """A quarter of $240 is $60; then the usage falls to $80, whose cap of $40 takes nothing back."""
    credit(approved, now=TUESDAY_10TH)
    for usage, earned in (("240", "60"), ("80", "60"), ("260", "65")):
        october.use(usage, now=TUESDAY_10TH)
        complete_statement(ACME, OCTOBER, now=TUESDAY_10TH)
        pay_difference(approved, now=TUESDAY_10TH)
        assert books.balance(ACME).balance == dollars(earned)  # type: ignore[union-attr]


def test_only_a_granted_claim_is_paid_a_difference(october_closed: None) -> None:
    claim = october.filed()
    assert pay_difference(claim, now=TUESDAY_10TH) is None
    assert queries.granted_claim(ACME, AGREEMENT, OCTOBER) is None


def test_the_credit_is_reserved_when_the_next_cycle_opens_and_drawn_when_its_usage_is_set(approved: UUID) -> None:
    """Posted in November, reserved for December, whose bill is $30: $20 are carried forward."""
    credit(approved, now=TUESDAY_10TH)
    assert open_cycles(AGREEMENT, now=TUESDAY_10TH) == 0
    assert open_cycles(AGREEMENT, now=IN_DECEMBER) == 1
    assert open_cycles(AGREEMENT, now=IN_DECEMBER) == 0
    opened = history(ledger_id(ACME))[-1]
    assert opened.occurred_at == at("2026-12-01T00:00Z")
    assert books.balance(ACME).reserved == dollars("50")  # type: ignore[union-attr]
    draw(ACME, DECEMBER, usage=dollars("30"), set_at=IN_DECEMBER, now=IN_DECEMBER)
    assert books.balance(ACME).reserved == dollars("50")  # type: ignore[union-attr]
    draw(ACME, DECEMBER, usage=dollars("30"), set_at=IN_JANUARY, now=IN_JANUARY)
    draw(ACME, DECEMBER, usage=dollars("30"), set_at=IN_JANUARY, now=IN_JANUARY)
    after = books.balance(ACME)
    assert after is not None
    assert (after.balance, after.reserved) == (dollars("20"), dollars("0"))


def test_a_posting_names_the_cycle_that_will_set_it_aside(approved: UUID) -> None:
    """Also where it is posted in December, for which another balance is reserved already."""
    credit(approved, now=TUESDAY_10TH)
    open_cycles(AGREEMENT, now=IN_DECEMBER)
    restate(4509)
    pay_difference(approved, now=IN_DECEMBER)
    open_cycles(AGREEMENT, now=IN_JANUARY)
    events = [one.event for one in history(ledger_id(ACME))]
    posted = [one.applies_to for one in events if isinstance(one, CreditPosted)]
    assert posted == [one.cycle for one in events if isinstance(one, CycleOpened)] == [DECEMBER, DECEMBER.next()]
    told = [one.event for one in history(approved) if isinstance(one.event, ClaimCredited | DifferenceCredited)]
    assert [one.applies_to for one in told] == posted


def test_a_later_change_of_usage_posts_the_difference(approved: UUID) -> None:
    credit(approved, now=TUESDAY_10TH)
    open_cycles(AGREEMENT, now=IN_DECEMBER)
    for usage in ("30", "45", "10"):
        draw(ACME, DECEMBER, usage=dollars(usage), set_at=IN_JANUARY, now=IN_JANUARY)
    billed = [line.amount for one in books.postings(ACME) for line in one.lines if line.book == "billed"]
    assert billed == [dollars("30"), dollars("15"), dollars("-35")]


def test_a_credit_posted_after_the_cycle_began_waits_for_the_next_one(approved: UUID) -> None:
    """The cycle is opened by the posting itself where beat was away: nothing was there to reserve."""
    credit(approved, now=IN_DECEMBER)
    open_cycles(AGREEMENT, now=IN_DECEMBER)
    assert books.balance(ACME).balance == dollars("50")  # type: ignore[union-attr]
    assert open_cycles(AGREEMENT, now=IN_JANUARY) == 1


def test_usage_of_an_account_without_credit_draws_nothing(october_closed: None) -> None:
    assert draw(RIVAL, NOVEMBER, usage=dollars("10"), set_at=IN_DECEMBER, now=IN_DECEMBER) is None


def test_a_posting_is_reversed_by_an_entry_of_its_own(approved: UUID) -> None:
    credit(approved, now=TUESDAY_10TH)
    with pytest.raises(OperatorsDecide):
        reverse_posting(ACME, 1, reason="A mistake.", by=ACMES_BUYER, now=TUESDAY_10TH)
    with pytest.raises(ReasonMissing):
        reverse_posting(ACME, 1, reason=" ", by=MIRA, now=TUESDAY_10TH)
    reverse_posting(ACME, 1, reason="Posted to the wrong month.", by=MIRA, now=TUESDAY_10TH)
    first, second = books.postings(ACME)
    assert first.lines[1].amount == dollars("50")
    assert second.lines[1].amount == dollars("-50")
    assert books.balance(ACME).balance == dollars("0")  # type: ignore[union-attr]


def test_a_reversal_reaches_the_claim_whose_credit_it_undoes(approved: UUID) -> None:
    credit(approved, now=TUESDAY_10TH)
    reverse_posting(ACME, 1, reason="Fraud.", by=MIRA, now=TUESDAY_10TH)
    claim = queries.claim(approved)
    assert (claim.state, claim.credit, claim.posted) == ("credited", dollars("50"), dollars("0"))
    (event,) = [one.event for one in history(approved) if isinstance(one.event, CreditReversed)]
    assert (event.posting, event.amount, event.reason, event.reversed_by) == (1, dollars("50"), "Fraud.", MIRA.id)


def test_what_was_reversed_is_not_paid_again_by_a_later_raise(approved: UUID) -> None:
    """$50 were undone; the month now pays $100, which is $50 more than was granted, and these are posted."""
    credit(approved, now=TUESDAY_10TH)
    reverse_posting(ACME, 1, reason="Fraud.", by=MIRA, now=TUESDAY_10TH)
    restate(4509)
    pay_difference(approved, now=TUESDAY_10TH)
    pay_difference(approved, now=TUESDAY_10TH)
    claim = queries.claim(approved)
    assert (claim.credit, claim.posted, claim.cap) == (dollars("100"), dollars("50"), dollars("100"))
    assert balances() == [dollars("50"), dollars("-50"), dollars("50")]


def test_a_few_cents_of_usage_do_not_bring_back_what_was_reversed(approved: UUID) -> None:
    """A quarter of $200.04 is $50.01."""
    credit(approved, now=TUESDAY_10TH)
    reverse_posting(ACME, 1, reason="Fraud.", by=MIRA, now=TUESDAY_10TH)
    october.use("200.04", now=TUESDAY_10TH)
    complete_statement(ACME, OCTOBER, now=TUESDAY_10TH)
    pay_difference(approved, now=TUESDAY_10TH)
    assert (queries.claim(approved).credit, queries.claim(approved).posted) == (dollars("50.01"), dollars("0.01"))


def test_of_two_postings_the_one_that_was_not_reversed_stands(approved: UUID) -> None:
    credit(approved, now=TUESDAY_10TH)
    restate(4509)
    pay_difference(approved, now=TUESDAY_10TH)
    reverse_posting(ACME, 2, reason="The probe was right.", by=MIRA, now=TUESDAY_10TH)
    assert (queries.claim(approved).credit, queries.claim(approved).posted) == (dollars("100"), dollars("50"))


def test_a_reversal_that_its_claim_was_never_told_of_is_reached_by_the_next_raise(approved: UUID) -> None:
    """Version 0.1.0 recorded a reversal in the ledger alone."""
    credit(approved, now=TUESDAY_10TH)
    with change(CreditAccount, ledger_id(ACME), by=MIRA, now=TUESDAY_10TH) as ledger:
        ledger.record(rules.reversal(ledger, 1, reason="Fraud.", by=MIRA.id))
    assert queries.claim(approved).posted == dollars("50")
    restate(4509)
    pay_difference(approved, now=TUESDAY_10TH)
    assert queries.claim(approved).posted == dollars("50")
    assert books.balance(ACME).balance == dollars("50")  # type: ignore[union-attr]


def balances() -> list[Money]:
    """List what each posting did to Acme's balance."""
    return [line.amount for one in books.postings(ACME) for line in one.lines if line.book == "balance"]


def test_gross_credit_applied_and_remainder_of_each_account_as_csv(approved: UUID) -> None:
    credit(approved, now=TUESDAY_10TH)
    open_cycles(AGREEMENT, now=IN_DECEMBER)
    october.use("30", month=DECEMBER, now=IN_JANUARY)
    october.use("12.34", account=RIVAL, month=DECEMBER, now=IN_JANUARY)
    draw(ACME, DECEMBER, usage=dollars("30"), set_at=IN_JANUARY, now=IN_JANUARY)
    lines = sorted(books.bills_csv(AGREEMENT, DECEMBER))
    assert lines == [
        "2026-12,acme,USD,30.00,30.00,0.00\r\n",
        "2026-12,rival,USD,12.34,0.00,12.34\r\n",
        "cycle,account,currency,gross,credit_applied,remainder\r\n",
    ]


def test_the_account_is_the_only_one_that_its_credit_is_ever_at(approved: UUID) -> None:
    """Non-transferable: the ledger's stream is derived from the account, and one account has one ledger."""
    credit(approved, now=MONDAY_9TH)
    assert [(row.id, row.account) for row in CreditAccount.objects.order_by("id")] == [(ledger_id(ACME), ACME)]
