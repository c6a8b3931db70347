"""Every figure of a judgement has its step, whatever was measured."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.explaining import find, walk
from agreements.judging import Facts, Judgement, Outcome, judge_period, words
from agreements.terms import Terms, load
from kernel import shown
from kernel.money import Money
from tests.agreements.kinds import UPTIME, text

TABLES = {
    "bands": "rows: [{from: 99%, below: 99.9%, pays: 10%}, {below: 98%, pays: 30%}]",
    "smallest": "rows: [{from: 99%, below: 99.9%, pays: 10%}]\n  unmatched_miss: smallest_credit",
    "undecided": "rows: [{below: 98%, pays: 30%}]\n  unmatched_miss: undecided",
    "thresholds": "rows: [{below: 99.9%, pays: 10%}, {below: 98%, pays: 30%}]\n  rows_are: thresholds",
    "steps": "rows: [{pays: 3% per started 30 minutes beyond the allowance}]\n  cap: 50% of fee of the month",
    "lost": "rows: [{pays: 10 times the fee for the time lost}]\n  cap: [40 USD, 30% of fee of the month]",
    "minutes": "over: downtime\n  rows: [{above: 1 hour, pays: 7 USD per full hour}]\n  minimum: at least 20 USD",
    "days": "rows: [{pays: 2 days of service per started hour}]\n  cap: 9 days of service\n  form: extension",
}
KINDS = {
    name: load(
        text(f"{UPTIME}target: 99.9%\ncredits:\n  of: fee of the month\n  {table}", "uptime: 100%", "missed: false")
    )
    for name, table in TABLES.items()
}
MONTH = Fraction(43_200 * 60)

downtimes = st.integers(min_value=0, max_value=43_200).map(lambda minutes: Fraction(minutes * 60))
fees = st.decimals(min_value=0, max_value=10**5, places=2).map(lambda amount: Money(amount, "USD"))


@pytest.mark.parametrize("terms", KINDS.values(), ids=KINDS)
@given(down=downtimes, fee=st.none() | fees)
def test_every_figure_has_its_step(terms: Terms, down: Fraction, fee: Money | None) -> None:
    judged = judge_period(terms, Facts(tier="pro", total=MONTH, down=down, fee=fee))
    assert judged.explanation.sentence == judged.sentence
    assert judged.value == 1 - down / MONTH
    step = find(judged.explanation, "Uptime")
    assert step is not None
    assert step.result == words.share(judged.value)
    target = find(judged.explanation, "Target")
    assert target is not None
    assert target.result == ("missed" if judged.missed else "met")
    assert judged.explanation.result == due(judged)
    assert all(figure in told(judged) for figure in figures(judged))


def told(judged: Judgement) -> str:
    return " ".join(part for step in walk(judged.explanation) for part in (step.sentence, step.result))


def due(judged: Judgement) -> str:
    """Write what is owed as the root of the explanation tells it."""
    if judged.code is Outcome.UNDECIDED:
        return "undecided"
    if judged.credit is not None and judged.row is None:
        return "nothing"
    if judged.credit is not None:
        return words.money(judged.credit)
    if judged.service is not None:
        return words.service(*judged.service)
    return words.share(judged.percent) if judged.percent is not None else "awaits the fee of the month"


def figures(judged: Judgement) -> list[str]:
    found = [shown.percents(judged.row or "")]
    found += [words.share(judged.percent)] if judged.percent else []
    found += [words.money(judged.cap)] if judged.cap is not None else []
    return found


@pytest.mark.parametrize("terms", KINDS.values(), ids=KINDS)
@given(down=downtimes, fee=fees)
def test_the_last_step_about_money_is_what_is_paid(terms: Terms, down: Fraction, fee: Money) -> None:
    judged = judge_period(terms, Facts(tier="pro", total=MONTH, down=down, fee=fee))
    rules = ("Amount", "Rounding", "Cap", "Minimum")
    results = [step.result for step in walk(judged.explanation) if step.rule in rules]
    if judged.credit is not None and judged.row is not None and results:
        assert results[-1] == words.money(judged.credit)
