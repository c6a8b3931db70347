"""Every figure of a statement's explanation comes out again when its step's own inputs are computed plainly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.explaining import Step, walk
from agreements.rendering import as_html, as_text
from agreements.terms import Terms
from claims.events.finding import ExclusionUsed
from claims.events.statement import Figures
from claims.explain.decision import Decided, decision
from claims.rules.statement import Assessor, tiers_held
from kernel.ids import derived
from kernel.intervals import EMPTY, Ranges, instant_of
from kernel.minutes import MonthMinutes
from kernel.money import Money
from tests.claims.plain_steps import one, recomputed, share
from tests.claims.statements.scenes import FINDING, SEPTEMBER, ZONE, dollars, month_of, terms

FIRST, LAST = SEPTEMBER.first_minute(ZONE), SEPTEMBER.last_minute(ZONE)
PLAIN = terms()
CAPPED = terms(
    ("is: 50% of usage of the month", "is: [12.5% of usage of the month, 30 USD per month]"),
    ("unmatched_miss: nothing", "minimum: at least 10 USD\n      unmatched_miss: smallest_credit"),
)
AGREEMENTS = {"plain": PLAIN, "capped": CAPPED}
TIERS = st.sampled_from(["free", "basic", "pro", "enterprise"])
CLASSES = ("window", "unknown", "excused_leaving", "excused_as_up", "down")
TREATMENTS = {
    "window": "window_leaves_total",
    "excused_leaving": "outage_leaves_total",
    "excused_as_up": "counts_as_up",
}
amounts = st.none() | st.integers(0, 10_000_000).map(lambda cents: Money.of(f"{cents // 100}.{cents % 100:02}", "USD"))


@st.composite
def months(draw: st.DrawFn) -> MonthMinutes:
    """Cut a month at some minutes, and give the pieces to the classes in turn; some of it nobody measured."""
    cuts = sorted(draw(st.sets(st.integers(FIRST, LAST), max_size=16)))
    pieces = zip([FIRST, *cuts], [*cuts, LAST], strict=True)
    classes: dict[str, list[tuple[int, int]]] = {}
    for piece in pieces:
        classes.setdefault(draw(st.sampled_from([*CLASSES, "up", "up"])), []).append(piece)
    window, unknown, leaving, as_up, down = (Ranges.of(*classes.get(name, [])) for name in CLASSES)
    at = draw(st.integers(FIRST, LAST - 1))
    unmeasured = draw(st.sampled_from([EMPTY, Ranges.of((at, min(LAST, at + 90)))])) | unknown
    return MonthMinutes(
        first=FIRST,
        last=LAST,
        window=window,
        unknown=unknown,
        excused_leaving=leaving,
        excused_as_up=as_up,
        down=down,
        unmeasured=unmeasured,
    )


def decided(
    minutes: MonthMinutes, agreement: Terms, tiers: tuple[str, str], change: int, base: Money | None
) -> Decided:
    """Judge a month for somebody who held one tier and then another, with usage or without."""
    held = tiers_held([Held(tiers[0], FIRST, change), Held(tiers[1], change, LAST)], first=FIRST, last=LAST)
    figures = Assessor(terms=agreement, terms_version=1).assess(minutes, finding=FINDING, held=held, base=base)
    exclusions = tuple(excluding(minutes))
    return Decided(figures=figures, minutes=minutes, terms=agreement, month=SEPTEMBER, exclusions=exclusions)


class Held:
    """A tier that was held between two minutes."""

    def __init__(self, tier: str, first: int, last: int) -> None:
        self.tier, self.start, self.end = tier, instant_of(first), instant_of(last)


def excluding(minutes: MonthMinutes) -> list[ExclusionUsed]:
    """Name an exclusion for each class that exclusions make."""
    return [
        ExclusionUsed(
            exclusion=derived("exclusion", name),
            category="third_party",
            treatment=treatment,
            minutes=getattr(minutes, name),
            reason=f"It was {name}.",
        )
        for name, treatment in TREATMENTS.items()
    ]


@given(
    minutes=months(),
    agreement=st.sampled_from(sorted(AGREEMENTS)),
    tiers=st.tuples(TIERS, TIERS),
    change=st.integers(FIRST, LAST),
    base=amounts,
)
def test_every_figure_is_what_its_inputs_make(
    minutes: MonthMinutes, agreement: str, tiers: tuple[str, str], change: int, base: Money | None
) -> None:
    found = decided(minutes, AGREEMENTS[agreement], tiers, change, base)
    agrees_with_the_statement(decision(found), found.figures, found.terms)


def agrees_with_the_statement(tree: Step, figures: Figures, agreement: Terms) -> None:
    """Compute the tree again, and compare what it tells with what the statement says."""
    assert recomputed(tree) == figures.uptime
    results = {step.rule: step.result for step in walk(tree)}
    assert results["Tier"] == (agreement.tiers[figures.tier].title if figures.tier else "none")
    assert ("Row" in results and results["Row"] != "no row") or figures.percent is None or figures.row
    if figures.percent and "Row" in results and results["Row"] != "no row":
        assert share(results["Row"]) == figures.percent
    if figures.percent is None:
        assert tree.result == "nothing"
    elif figures.credit is None:
        assert results["Amount"] == "awaiting usage"
    else:
        assert tree.result == f"{figures.credit.amount:,f} {figures.credit.currency}"
    for step in walk(tree):
        assert step.sentence in as_text(tree)
    assert as_html(tree).count("<details") == sum(1 for _ in walk(tree))


def paid() -> Step:
    """Explain 433 minutes down on Basic with 399.99 USD of usage: 10 % are 39.999, rounded 40.00, capped at 30."""
    minutes = month_of(Ranges.of((FIRST, FIRST + 433)), month=SEPTEMBER)
    return decision(decided(minutes, CAPPED, ("basic", "basic"), LAST, dollars("399.99")))


WRONG: dict[str, Callable[[Step], Step]] = {
    "The month": lambda step: replace(step, result="44,640 minutes"),
    "Counted minutes": lambda step: replace(step, result="43,199 minutes"),
    "Share of good minutes": lambda step: replace(step, result="98.997684… %"),
    "Down": lambda step: replace(step, result="432 minutes"),
    "Stretch": lambda step: replace(step, result="434 minutes"),
    "Uptime": lambda step: replace(step, result="99 %"),
    "Target": lambda step: replace(step, result="met"),
    "Allowance": lambda step: replace(step, result="433 minutes"),
    "Row": lambda step: replace(step, inputs=(*step.inputs[:1], ("row", "from 99 % to below 99.5 %"))),
    "Amount": lambda step: replace(step, result="40.00 USD"),
    "Rounding": lambda step: replace(step, result="39.99 USD"),
    "Cap": lambda step: replace(step, result="40.01 USD"),
    "At most": lambda step: replace(step, result="50.00 USD"),
    "Minimum": lambda step: replace(step, result="0.00 USD"),
    "Tier": lambda step: replace(step, result="Pro"),
    "Credit": lambda step: replace(step, result="40.00 USD"),
}


@pytest.mark.parametrize("rule", WRONG)
def test_a_wrong_explanation_of_a_right_number_is_found(rule: str) -> None:
    """The reading that finds nothing wrong in the tests above finds each of these."""
    tree = paid()
    assert recomputed(tree)
    with pytest.raises((AssertionError, ValueError)):
        recomputed(bent(tree, rule))


def bent(step: Step, rule: str) -> Step:
    """Falsify every step of the rule."""
    changed = replace(step, steps=tuple(bent(below, rule) for below in step.steps))
    return WRONG[rule](changed) if step.rule == rule else changed


def test_the_example_tells_rounding_cap_and_minimum() -> None:
    assert [(step.rule, step.result) for step in paid().steps if step.clause or step.rule == "Rounding"][-4:] == [
        ("Rounding", "40.00 USD"),
        ("Cap", "40.00 USD"),
        ("Cap", "30.00 USD"),
        ("Minimum", "30.00 USD"),
    ]
    assert one(paid(), "At most").sentence == "12.5 % of 399.99 USD are 49.99875 USD, rounded down to 49.99 USD."


def test_many_stretches_are_told_one_by_one_up_to_fifty_and_still_add_up() -> None:
    down = Ranges.of(*((FIRST + 10 * number, FIRST + 10 * number + 3) for number in range(60)))
    minutes = month_of(down, month=SEPTEMBER)
    tree = decision(decided(minutes, PLAIN, ("pro", "pro"), LAST, None))
    recomputed(tree)
    assert one(tree, "Stretches after these").sentence == "10 more stretches, 30 minutes in all."


def test_a_statement_that_today_would_be_another_says_so_and_stands() -> None:
    minutes = month_of(Ranges.of((FIRST, FIRST + 433)), month=SEPTEMBER)
    found = decided(minutes, CAPPED, ("basic", "basic"), LAST, dollars("399.99"))
    assert not [step for step in walk(decision(found)) if step.rule == "Stated"]
    other = replace(found, figures=replace(found.figures, credit=dollars("25")))
    stated = one(decision(other), "Stated")
    assert (stated.result, stated.inputs) == ("25.00 USD", (("computed now", "30.00 USD"),))
    with pytest.raises(AssertionError, match="Stated"):
        recomputed(decision(other))
