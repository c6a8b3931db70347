"""What a month's statement says of an account: SEMANTICS 11 to 14, with the arithmetic on each row."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.terms import Terms
from claims.events.statement import Figures, TierHeld
from claims.rules.statement import (
    Assessor,
    awaits_usage,
    classes_of,
    completes,
    difference,
    judging_tier,
    raises,
    same_minutes,
    says_the_same,
    tiers_held,
    with_usage,
)
from customers.events import Holding
from kernel.intervals import EMPTY, Ranges
from kernel.minutes import MonthMinutes
from kernel.money import Money
from tests.claims.statements.scenes import (
    FINDING,
    OCTOBER,
    SEPTEMBER,
    ZONE,
    dollars,
    figures,
    first_minutes,
    held_all_october,
    holding,
    minute,
    month_of,
    outage,
    stretch,
    terms,
)

APICHEAP = terms()
SMALLEST = terms(("unmatched_miss: nothing", "unmatched_miss: smallest_credit"))
AT_MONTH_END = terms(("tier_of_month: best_during_downtime", "tier_of_month: at_month_end"))


def assessed(minutes: MonthMinutes, *held: Holding, base: Money | None = None, by: Terms = APICHEAP) -> Figures:
    """Assess a month for an account with these tiers."""
    assessor = Assessor(terms=by, terms_version=1)
    tiers = tiers_held(held or (holding("pro"),), first=minutes.first, last=minutes.last)
    return assessor.assess(minutes, finding=FINDING, held=tiers, base=base)


# September has 43,200 minutes: 1 % is 432. Tier, minutes down, usage → percent, credit, cap.
CREDITS = [
    ("basic", 432, "200", None, None, "exactly 99.0 % meets a target of 99.0 %"),
    ("basic", 433, "200", "1/10", "20.00", "one minute more does not, and 98.998 % is in the row below 99.0 %"),
    ("basic", 346, "200", None, None, "99.199 % pays 5 % to a Pro, and Basic's target of 99.0 % is met"),
    ("pro", 216, "200", None, None, "exactly 99.5 %"),
    ("pro", 217, "200", "1/20", "10.00", "99.498 % is in the row from 99.0 % to 99.5 %"),
    ("pro", 2592, "200", "1/4", "50.00", "94 %: the document's own example"),
    ("pro", 4320, "200", "1/4", "50.00", "exactly 90 % is still in the row from 90 % to 95 %"),
    ("pro", 4321, "200", "1/2", "100.00", "below 90 % pays half, which is the cap"),
    ("enterprise", 130, "200", None, None, "99.699 % misses 99.9 %, and no row pays"),
    ("enterprise", 217, "200", "1/20", "10.00", "99.498 % misses it too, and a row pays"),
    ("free", 43200, "200", None, None, "free tier gets no credit"),
    ("pro", 2592, "0.02", "1/4", "0.00", "a quarter of 2 cents is half a cent, rounded half even"),
    ("pro", 2592, "0.06", "1/4", "0.02", "a quarter of 6 cents is a cent and a half, rounded half even"),
    ("pro", 4321, "0.01", "1/2", "0.00", "half of a cent, rounded half even; the cap rounds down to nothing"),
    ("pro", 4321, "0.03", "1/2", "0.01", "a cent and a half would round to two, but the cap rounds down"),
]


@pytest.mark.parametrize(
    ("tier", "down", "usage", "percent", "credit", "why"), CREDITS, ids=[row[-1] for row in CREDITS]
)
def test_a_credit_needs_a_missed_target_and_a_row_that_pays(
    tier: str, down: int, usage: str, percent: str | None, credit: str | None, why: str
) -> None:
    month = month_of(first_minutes(down, month=SEPTEMBER), month=SEPTEMBER)
    said = assessed(month, holding(tier), base=dollars(usage))
    assert said.percent == (None if percent is None else Fraction(percent))
    assert said.credit == (None if credit is None else dollars(credit))
    assert said.uptime == Fraction(43200 - down, 43200)


def test_a_miss_that_no_row_pays_is_said_and_another_agreement_may_pay_the_smallest_credit() -> None:
    month = month_of(first_minutes(130, month=SEPTEMBER), month=SEPTEMBER)
    said = assessed(month, holding("enterprise"), base=dollars("200"))
    assert (said.code, said.target, said.percent) == ("unmatched_miss", Fraction(999, 1000), None)
    paid = assessed(month, holding("enterprise"), base=dollars("200"), by=SMALLEST)
    assert (paid.code, paid.percent, paid.credit) == ("unmatched_miss", Fraction(1, 20), dollars("10"))


def test_a_month_without_a_counted_minute_has_no_uptime() -> None:
    whole = Ranges.of((OCTOBER.first_minute(ZONE), OCTOBER.last_minute(ZONE)))
    said = assessed(month_of(unknown=whole, unmeasured=whole), base=dollars("200"))
    assert (said.code, said.uptime, said.percent, said.credit) == ("not_measurable", None, None, None)


def test_without_usage_the_percent_is_said_and_the_amount_is_awaited() -> None:
    said = assessed(month_of(first_minutes(2592, month=SEPTEMBER), month=SEPTEMBER))
    assert (said.percent, said.base, said.credit, said.code) == (Fraction(1, 4), None, None, "awaiting_usage")
    assert awaits_usage(said)
    complete = with_usage(said, dollars("200"), APICHEAP)
    assert (complete.base, complete.credit, complete.cap) == (dollars("200"), dollars("50"), dollars("100"))
    assert not awaits_usage(complete)


def test_a_month_that_pays_nothing_awaits_no_usage() -> None:
    said = assessed(month_of(), base=None)
    assert (said.code, awaits_usage(said)) == ("met", False)


def test_unmeasured_minutes_are_shown_whatever_they_count_as() -> None:
    gone = stretch("2026-10-09T00:00Z", "2026-10-09T01:00Z")
    said = assessed(month_of(gone, unmeasured=gone))
    assert (said.classes.down, said.classes.unknown, said.classes.unmeasured) == (60, 0, 60)


class TestTheTierOfTheMonth:
    """The best tier that was held in an unexcused down minute judges the whole month (SEMANTICS 14)."""

    DOWN = stretch("2026-10-10T10:00Z", "2026-10-10T14:00Z")

    def test_a_better_tier_before_and_after_the_outage_does_not_count(self) -> None:
        said = assessed(
            month_of(self.DOWN),
            holding("enterprise", end="2026-10-10T10:00Z"),
            holding("basic", "2026-10-10T10:00Z", "2026-10-10T14:00Z"),
            holding("enterprise", "2026-10-10T14:00Z"),
        )
        assert said.tier == "basic"
        assert [one.tier for one in said.tiers] == ["enterprise", "basic", "enterprise"]

    def test_one_down_minute_in_a_better_tier_is_enough(self) -> None:
        said = assessed(
            month_of(self.DOWN), holding("basic", end="2026-10-10T13:59Z"), holding("pro", "2026-10-10T13:59Z")
        )
        assert said.tier == "pro"

    def test_a_tier_is_held_during_a_minute_if_held_at_its_start(self) -> None:
        late = holding("pro", "2026-10-10T13:59:00.000001Z")
        assert assessed(month_of(self.DOWN), holding("basic", end="2026-10-10T13:59:00.000001Z"), late).tier == "basic"

    def test_an_upgrade_in_excused_downtime_does_not_count(self) -> None:
        excused = stretch("2026-10-20T10:00Z", "2026-10-20T11:00Z")
        whole = outage(excused.first, excused.end, unexcused=EMPTY)
        month = month_of(self.DOWN, excused_as_up=excused, outages=(outage(self.DOWN.first, self.DOWN.end), whole))
        said = assessed(month, holding("basic", end="2026-10-20T00:00Z"), holding("pro", "2026-10-20T00:00Z"))
        assert said.tier == "basic"

    def test_without_a_tier_in_any_down_minute_there_is_no_credit(self) -> None:
        said = assessed(month_of(self.DOWN), holding("pro", "2026-10-11T00:00Z"), base=dollars("200"))
        assert (said.tier, said.code, said.percent) == (None, "no_tier", None)

    def test_without_downtime_the_tier_at_the_months_end_is_shown(self) -> None:
        said = assessed(
            month_of(), holding("enterprise", end="2026-10-20T00:00Z"), holding("basic", "2026-10-20T00:00Z")
        )
        assert (said.tier, said.code) == ("basic", "met")

    def test_an_agreement_may_judge_by_the_tier_at_the_months_end(self) -> None:
        said = assessed(
            month_of(self.DOWN),
            holding("enterprise", end="2026-10-20T00:00Z"),
            holding("basic", "2026-10-20T00:00Z"),
            by=AT_MONTH_END,
        )
        assert said.tier == "basic"

    def test_a_tier_that_ended_with_the_month_was_held_at_its_end(self) -> None:
        said = assessed(month_of(), holding("pro", end="2026-11-01T00:00Z"), holding("basic", "2026-11-01T00:00Z"))
        assert (said.tier, [one.tier for one in said.tiers]) == ("pro", ["pro"])


class TestSharing:
    """Accounts that share minutes and tiers share one judgement."""

    def test_the_same_month_and_tiers_give_the_same_object(self) -> None:
        assessor = Assessor(terms=APICHEAP, terms_version=1)
        month, held = month_of(first_minutes(500)), held_all_october("pro")
        first = assessor.assess(month, finding=FINDING, held=held, base=None)
        assert assessor.assess(month, finding=FINDING, held=held_all_october("pro"), base=None) is first

    def test_usage_of_ones_own_gives_figures_of_ones_own_with_the_same_parts(self) -> None:
        assessor = Assessor(terms=APICHEAP, terms_version=1)
        month, held = month_of(first_minutes(500)), held_all_october("pro")
        shared = assessor.assess(month, finding=FINDING, held=held, base=None)
        own = assessor.assess(month, finding=FINDING, held=held, base=dollars("200"))
        assert own.classes is shared.classes
        assert own.credit == dollars("20")

    @pytest.mark.parametrize("usage", ["0", "0.01", "0.03", "199.99", "1000000.00"])
    def test_a_shared_judgement_gives_the_amount_that_a_judgement_of_ones_own_gives(self, usage: str) -> None:
        assessor = Assessor(terms=APICHEAP, terms_version=1)
        month, held = month_of(first_minutes(9_000)), held_all_october("pro")
        assessor.assess(month, finding=FINDING, held=held, base=dollars("80"))
        alone = Assessor(terms=APICHEAP, terms_version=1)
        own = alone.assess(month, finding=FINDING, held=held, base=dollars(usage))
        assert assessor.assess(month, finding=FINDING, held=held, base=dollars(usage)) == own


class TestVersions:
    """A later version says what it changes (SEMANTICS 13, 27)."""

    def test_first_usage_completes_a_statement(self) -> None:
        complete = with_usage(figures(), dollars("200"), APICHEAP)
        assert completes(figures(), complete)
        assert not completes(complete, with_usage(complete, dollars("300"), APICHEAP))

    def test_usage_that_comes_with_another_figure_corrects_it(self) -> None:
        assert not completes(figures(), with_usage(figures(percent=Fraction(1, 4)), dollars("200"), APICHEAP))

    def test_a_higher_credit_is_a_raise_and_a_lower_one_is_none(self) -> None:
        before = with_usage(figures(), dollars("200"), APICHEAP)
        after = with_usage(figures(), dollars("300"), APICHEAP)
        assert difference(before, after).credit == dollars("10")
        assert raises(difference(before, after))
        assert difference(after, before).credit == dollars("-10")
        assert not raises(difference(after, before))

    def test_a_first_miss_is_a_raise_by_its_percent_while_usage_is_unset(self) -> None:
        met = figures(percent=None, row=None, code="met")
        assert difference(met, figures()).percent == Fraction(1, 10)
        assert raises(difference(met, figures()))

    def test_a_first_miss_of_a_month_in_which_nothing_was_used_is_no_raise(self) -> None:
        met = figures(percent=None, row=None, code="met")
        assert not raises(difference(met, with_usage(figures(), dollars("0"), APICHEAP)))

    def test_a_reworded_clause_is_no_new_version(self) -> None:
        assert says_the_same(figures(), figures(clause="§3.1, §3.2"))
        assert not says_the_same(figures(), figures(percent=Fraction(1, 4)))

    def test_downtime_at_another_time_of_the_same_length_is_a_difference(self) -> None:
        first, second = month_of(first_minutes(60)), month_of(stretch("2026-10-09T00:00Z", "2026-10-09T01:00Z"))
        assert classes_of(first) == classes_of(second)
        assert not same_minutes(first, second)

    def test_the_end_of_an_outage_after_the_month_is_none(self) -> None:
        down = stretch("2026-10-31T23:00Z", "2026-11-01T00:00Z")
        still = month_of(down, outages=(outage(down.first, None, unexcused=down),))
        ended = month_of(down, outages=(outage(down.first, minute("2026-11-01T02:00Z"), unexcused=down),))
        assert same_minutes(still, ended)


def parts_of_a_month() -> st.SearchStrategy[MonthMinutes]:
    """Make months whose minutes are of every class, cut at any six places."""
    first, last = OCTOBER.first_minute(ZONE), OCTOBER.last_minute(ZONE)
    cuts = st.lists(st.integers(first, last), min_size=6, max_size=6).map(sorted)
    names = st.permutations(["window", "unknown", "excused_leaving", "excused_as_up", "down"])

    def made(at: list[int], order: list[str]) -> MonthMinutes:
        ranges = {name: Ranges.of((at[i], at[i + 1])) for i, name in enumerate(order)}
        return MonthMinutes(
            first=first,
            last=last,
            window=ranges["window"],
            unknown=ranges["unknown"],
            excused_leaving=ranges["excused_leaving"],
            excused_as_up=ranges["excused_as_up"],
            down=ranges["down"],
            unmeasured=ranges["unknown"],
        )

    return st.builds(made, cuts, names)


@given(month=parts_of_a_month())
def test_the_classes_sum_to_the_month(month: MonthMinutes) -> None:
    counted = classes_of(month)
    classes = (
        counted.window,
        counted.unknown,
        counted.excused_leaving,
        counted.excused_as_up,
        counted.down,
        counted.up,
    )
    assert sum(classes) == OCTOBER.minutes(ZONE)


@given(
    month=parts_of_a_month(),
    tier=st.sampled_from(["free", "basic", "pro", "enterprise"]),
    cents=st.integers(min_value=0, max_value=10_000_000),
)
def test_a_credit_is_never_more_than_half_of_the_usage(month: MonthMinutes, tier: str, cents: int) -> None:
    base = dollars(f"{cents // 100}.{cents % 100:02d}")
    said = assessed(month, holding(tier), base=base)
    if said.percent is not None:
        assert said.credit is not None
        assert said.cap is not None
        assert dollars("0") <= said.credit <= said.cap
        assert Fraction(said.cap.amount) * 2 <= Fraction(base.amount)


@given(
    month=parts_of_a_month(),
    start=st.integers(0, 44_640),
    tiers=st.lists(st.sampled_from(["free", "basic", "pro", "enterprise"]), min_size=2, max_size=2),
)
def test_the_tier_of_the_month_was_held_in_downtime(month: MonthMinutes, start: int, tiers: list[str]) -> None:
    cut = month.first + start
    held = tuple(
        TierHeld(tier=tier, first=a, last=b)
        for tier, a, b in ((tiers[0], month.first, cut), (tiers[1], cut, month.last))
        if a < b
    )
    tier = judging_tier(month, held, APICHEAP)
    if month.down:
        hit = {one.tier for one in held if month.down & Ranges.of((one.first, one.last))}
        assert tier == max(hit, key=APICHEAP.tier_rank)
