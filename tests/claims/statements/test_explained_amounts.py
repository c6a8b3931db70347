"""The amount of a month is explained with every cap and with the least that is paid out."""

from __future__ import annotations

import pytest

from claims.explain.decision import Decided, decision, listed
from claims.rules.statement import Assessor, tiers_held
from kernel.money import Money
from tests.claims.statements.scenes import FINDING, SEPTEMBER, dollars, first_minutes, holding, month_of, terms

BOUNDED = terms(
    ("is: 50% of usage of the month", "is: [50% of usage of the month, 30 USD per month]"),
    ("unmatched_miss: nothing", "minimum: at least 10 USD\n      unmatched_miss: nothing"),
)


@pytest.mark.parametrize(
    ("usage", "credit", "caps", "minimum"),
    [
        # 433 of 43,200 minutes down pay Basic 10 %
        ("200", "20", ("100.00 USD", "20.00 USD"), "20.00 USD, so it is paid out."),
        ("400", "30", ("200.00 USD", "40.00 USD"), "30.00 USD, so it is paid out."),
        ("99.90", "0", ("49.95 USD", "9.99 USD"), "9.99 USD, so nothing is paid."),
    ],
)
def test_caps_and_the_minimum_are_told_as_they_were_applied(
    usage: str, credit: str, caps: tuple[str, str], minimum: str
) -> None:
    minutes = month_of(first_minutes(433, month=SEPTEMBER), month=SEPTEMBER)
    held = tiers_held((holding("basic"),), first=minutes.first, last=minutes.last)
    assessor = Assessor(terms=BOUNDED, terms_version=1)
    figures = assessor.assess(minutes, finding=FINDING, held=held, base=Money.of(usage, "USD"))
    tree = decision(Decided(figures=figures, minutes=minutes, terms=BOUNDED, month=SEPTEMBER))
    told = [(one.name, one.sentence) for one in listed(tree)]
    assert figures.credit == dollars(credit)
    first, second = (sentence for name, sentence in told if name == "cap")
    assert first == f"At most 50 % of usage of the month: {caps[0]}; the credit is within it."
    within = "the credit is within it" if usage != "400" else f"{caps[1]} are cut to 30.00 USD"
    assert second == f"At most 30 USD per month: 30.00 USD; {within}."
    assert [sentence for name, sentence in told if name == "minimum"] == [
        f"Paid out is at least 10.00 USD; the credit is {minimum}"
    ]
