"""One month judged by apicheap's table: target, row, credit, cap, and the sentence about it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.judging import Outcome, amount, judge
from agreements.terms import load
from kernel.money import Money, share_down
from tests.agreements.texts import APICHEAP, APISEC, bent

TERMS = load(APICHEAP)
USAGE = Money.of("200", "USD")

shares = st.fractions(min_value=0, max_value=1)
amounts = st.decimals(min_value=0, max_value=10**7, places=2).map(lambda amount: Money(amount, "USD"))
tiers = st.sampled_from(sorted(TERMS.tiers))


def percent(text: str) -> Fraction:
    return Fraction(text) / 100


@pytest.mark.parametrize(
    ("tier", "uptime", "code", "pays", "credit"),
    [
        # $200 times the row's percent
        ("pro", "94", Outcome.BELOW_TARGET, "25", "50.00"),
        ("basic", "98.99", Outcome.BELOW_TARGET, "10", "20.00"),
        ("basic", "99", Outcome.MET, None, "0.00"),
        ("basic", "99.2", Outcome.MET, None, "0.00"),
        ("pro", "99.2", Outcome.BELOW_TARGET, "5", "10.00"),
        ("pro", "99.5", Outcome.MET, None, "0.00"),
        ("enterprise", "99.4999", Outcome.BELOW_TARGET, "5", "10.00"),
        ("enterprise", "99.5", Outcome.UNMATCHED_MISS, "0", "0.00"),
        ("enterprise", "99.7", Outcome.UNMATCHED_MISS, "0", "0.00"),
        ("enterprise", "99.9", Outcome.MET, None, "0.00"),
        ("enterprise", "95", Outcome.BELOW_TARGET, "10", "20.00"),
        ("enterprise", "94.9999", Outcome.BELOW_TARGET, "25", "50.00"),
        ("enterprise", "90", Outcome.BELOW_TARGET, "25", "50.00"),
        ("enterprise", "0", Outcome.BELOW_TARGET, "50", "100.00"),
        ("free", "0", Outcome.NOT_COVERED, None, "0.00"),
    ],
)
def test_a_month_is_judged_by_target_and_table(
    tier: str, uptime: str, code: Outcome, pays: str | None, credit: str
) -> None:
    judgement = judge(TERMS, tier=tier, uptime=percent(uptime), base=USAGE)
    assert judgement.code is code
    assert judgement.percent == (None if pays is None else percent(pays))
    assert judgement.credit == Money.of(credit, "USD")


@pytest.mark.parametrize(("down", "met"), [(432, True), (433, False)])
def test_432_minutes_of_43200_are_exactly_99_percent(down: int, met: bool) -> None:
    judgement = judge(TERMS, tier="basic", uptime=Fraction(43_200 - down, 43_200), base=USAGE)
    assert judgement.missed is not met


def test_the_sentence_names_target_row_and_clause() -> None:
    judgement = judge(TERMS, tier="pro", uptime=percent("94"), base=USAGE)
    assert judgement.sentence == (
        "The uptime misses the 99.5 % that the Pro tier is promised. The row from 90 % to below 95 % pays 25 %."
    )
    assert (judgement.clause, judgement.row) == ("§3.1", "from 90% to below 95%")
    assert (judgement.target, judgement.cap) == (percent("99.5"), Money.of("100", "USD"))


def test_a_month_without_usage_knows_its_percent_and_no_amount() -> None:
    judgement = judge(TERMS, tier="pro", uptime=percent("94"), base=None)
    assert (judgement.code, judgement.percent, judgement.credit) == (Outcome.AWAITING_USAGE, percent("25"), None)


def test_a_month_without_usage_that_pays_nothing_awaits_nothing() -> None:
    judgement = judge(TERMS, tier="enterprise", uptime=percent("99.7"), base=None)
    assert (judgement.code, judgement.credit) == (Outcome.UNMATCHED_MISS, Money.zero("USD"))


def test_a_month_in_which_nothing_was_measured_has_no_uptime() -> None:
    judgement = judge(TERMS, tier="pro", uptime=None, base=USAGE)
    assert (judgement.code, judgement.missed) == (Outcome.NOT_MEASURABLE, None)


def test_without_a_tier_there_is_no_credit() -> None:
    assert judge(TERMS, tier=None, uptime=percent("12"), base=USAGE).code is Outcome.NO_TIER


def test_a_tier_that_a_later_version_has_dropped_is_not_covered() -> None:
    judgement = judge(TERMS, tier="gold", uptime=percent("12"), base=USAGE)
    assert (judgement.code, judgement.sentence) == (Outcome.NOT_COVERED, "The gold tier is not covered.")


def test_an_agreement_without_a_target_cannot_be_missed() -> None:
    judgement = judge(load(APISEC), tier="client", uptime=percent("12"), base=None)
    assert (judgement.code, judgement.target, judgement.missed) == (Outcome.NO_TARGET, None, None)


def test_the_smallest_credit_is_paid_where_the_terms_say_so() -> None:
    terms = load(bent("unmatched_miss: nothing", "unmatched_miss: smallest_credit", text=APICHEAP))
    judgement = judge(terms, tier="enterprise", uptime=percent("99.7"), base=USAGE)
    assert (judgement.percent, judgement.credit) == (percent("5"), Money.of("10", "USD"))
    assert judgement.code is Outcome.UNMATCHED_MISS


def test_an_undecided_miss_has_no_amount() -> None:
    terms = load(bent("unmatched_miss: nothing", "unmatched_miss: undecided", text=APICHEAP))
    judgement = judge(terms, tier="enterprise", uptime=percent("99.7"), base=USAGE)
    assert (judgement.code, judgement.missed, judgement.credit) == (Outcome.UNDECIDED, True, None)


@pytest.mark.parametrize(
    ("usage", "credit"),
    [
        # 25%, half even to the cent
        ("0.02", "0.00"),  # 0.005
        ("0.06", "0.02"),  # 0.015
        ("0.10", "0.02"),  # 0.025
        ("199.99", "50.00"),  # 49.9975
    ],
)
def test_a_credit_is_rounded_once_half_even(usage: str, credit: str) -> None:
    judgement = judge(TERMS, tier="pro", uptime=percent("94"), base=Money.of(usage, "USD"))
    assert judgement.credit == Money.of(credit, "USD")


def test_the_cap_is_rounded_down_and_holds() -> None:
    judgement = judge(TERMS, tier="pro", uptime=percent("12"), base=Money.of("0.07", "USD"))
    # half of 0.07 is 0.035: half even gives 0.04, the cap is 0.03
    assert (judgement.credit, judgement.cap) == (Money.of("0.03", "USD"), Money.of("0.03", "USD"))


@given(tier=tiers, uptime=shares, base=amounts)
def test_a_credit_never_exceeds_half_of_the_usage(tier: str, uptime: Fraction, base: Money) -> None:
    credit = judge(TERMS, tier=tier, uptime=uptime, base=base).credit
    assert credit is not None
    assert Money.zero("USD") <= credit <= share_down(base, Fraction(1, 2))


@given(tier=tiers, first=shares, second=shares, base=amounts)
def test_less_uptime_never_pays_less(tier: str, first: Fraction, second: Fraction, base: Money) -> None:
    worse, better = sorted((first, second))
    less = judge(TERMS, tier=tier, uptime=better, base=base).credit
    more = judge(TERMS, tier=tier, uptime=worse, base=base).credit
    assert less is not None
    assert more is not None
    assert less <= more


@given(tier=tiers, uptime=shares)
def test_a_met_target_is_never_paid(tier: str, uptime: Fraction) -> None:
    judgement = judge(TERMS, tier=tier, uptime=uptime, base=USAGE)
    target = TERMS.target(tier)
    if target is None or uptime >= target:
        assert judgement.credit == Money.zero("USD")


CAPPED = load(
    bent(
        "      cap:\n        is: 50% of usage of the month",
        "      minimum: above 1 USD\n      cap:\n        is: [50% of usage of the month, 40 USD per month]",
        text=APICHEAP,
    )
)


@given(uptime=shares, base=amounts)
def test_an_amount_alone_is_what_the_judgement_gives(uptime: Fraction, base: Money) -> None:
    judged = judge(CAPPED, tier="enterprise", uptime=uptime, base=base)
    if judged.percent and judged.cap is not None:
        assert amount(CAPPED, judged.percent, base) == (judged.credit, judged.cap)
