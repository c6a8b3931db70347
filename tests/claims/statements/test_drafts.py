"""A draft of the terms, run over a month that is closed, tells what it would have paid (SEMANTICS 25)."""

from fractions import Fraction

from claims.queries.drafts import drafted_accounts, run_draft
from tests.claims.statements.given import Scene
from tests.claims.statements.scenes import OCTOBER, dollars, first_minutes, month_of, terms

GENEROUS = terms(
    ("pro: {at_least: 99.5%, maximum_downtime: ~3.6 hours}", "pro: {at_least: 99.9%, maximum_downtime: ~43 minutes}"),
    ("unmatched_miss: nothing", "unmatched_miss: smallest_credit"),
)


def test_the_same_terms_would_have_paid_the_same(october: Scene) -> None:
    october.account("acme", usage="200")
    october.account("rival", "basic", usage="80")
    october.measured(month_of(first_minutes(500)))
    october.closes()
    told = run_draft(terms(), "apicheap", OCTOBER)
    assert (told.accounts, told.different, told.awaiting_usage) == (2, 0, 0)
    assert told.stated == told.drafted == dollars("28")


def test_a_draft_with_a_higher_target_would_have_paid_more(october: Scene) -> None:
    acme = october.account("acme", usage="200")
    october.measured(month_of(first_minutes(100)))
    october.closes()
    # 100 of 44,640 minutes: 99.776 % meets 99.5 %, misses 99.9 %, and is paid the smallest credit.
    told = run_draft(GENEROUS, "apicheap", OCTOBER)
    assert (told.different, told.stated, told.drafted) == (1, dollars("0"), dollars("10"))
    (one,) = drafted_accounts(GENEROUS, "apicheap", OCTOBER)
    assert (one.account, one.stated.percent, one.drafted.percent) == (acme, None, Fraction(1, 20))
    assert october.statement(acme).statement_version == 1, "nothing is recorded"


def test_accounts_without_usage_are_counted_and_not_guessed(october: Scene) -> None:
    october.account("acme")
    october.measured(month_of(first_minutes(100)))
    october.closes()
    told = run_draft(GENEROUS, "apicheap", OCTOBER)
    assert (told.accounts, told.awaiting_usage, told.drafted) == (1, 1, dollars("0"))
