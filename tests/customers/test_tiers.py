"""Which tier an account holds when: holdings never overlap, and a change of tier is one act."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import rules
from customers.errors import CustomersError, HoldingBackward, HoldingsOverlap, NoTierHeld, UnknownTier
from customers.events import AccountOpened, Holding, TierEnded, TierHeld
from customers.identity import account_id
from customers.models import Account
from eventstore import Event

JANUARY, MARCH, MAY, JULY = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 5, 7))


def held(tier: str, start: datetime, end: datetime | None = None) -> TierHeld:
    return TierHeld(tier=tier, from_at=start, until_at=end, reason="")


def ended(tier: str, start: datetime, end: datetime) -> TierEnded:
    return TierEnded(tier=tier, from_at=start, ended_at=end, reason="")


def holdings(*events: Event) -> tuple[Holding, ...]:
    opened = AccountOpened(number="acme", agreement="apicheap")
    folded: tuple[Holding, ...] = Account.fold(account_id("acme"), [opened, *events]).holdings
    return folded


def hold(before: tuple[Holding, ...], tier: str, start: datetime, end: datetime | None = None) -> tuple[Event, ...]:
    return rules.hold(before, tier, start=start, end=end, reason="")


def test_a_first_tier_is_held_from_its_date() -> None:
    assert hold((), "pro", JANUARY) == (held("pro", JANUARY),)


def test_a_change_of_tier_ends_the_one_that_was_held() -> None:
    basic = holdings(held("basic", JANUARY))
    assert hold(basic, "pro", MARCH) == (ended("basic", JANUARY, MARCH), held("pro", MARCH))
    assert holdings(held("basic", JANUARY), *hold(basic, "pro", MARCH)) == (
        Holding("basic", JANUARY, MARCH),
        Holding("pro", MARCH),
    )


def test_a_tier_that_is_held_throughout_already_records_nothing() -> None:
    pro = holdings(held("pro", JANUARY))
    assert hold(pro, "pro", MARCH) == ()
    assert hold(pro, "pro", MARCH, MAY) == ()


def test_a_gap_is_filled_and_what_follows_stays() -> None:
    before = holdings(held("basic", JANUARY, MARCH), held("pro", MAY))
    assert hold(before, "pro", MARCH, MAY) == (held("pro", MARCH, MAY),)


def test_holdings_that_would_overlap_are_refused_with_the_one_in_the_way() -> None:
    later = holdings(held("pro", MAY))
    with pytest.raises(HoldingsOverlap, match="holds pro from 2026-05-01 00:00 until further notice"):
        hold(later, "basic", MARCH)
    assert hold(later, "basic", MARCH, MAY) == (held("basic", MARCH, MAY),)


def test_a_tier_from_the_same_instant_is_an_overlap_not_a_change() -> None:
    with pytest.raises(HoldingsOverlap):
        hold(holdings(held("basic", MARCH)), "pro", MARCH)


def test_a_tier_can_not_end_before_it_starts() -> None:
    with pytest.raises(HoldingBackward):
        hold((), "pro", MARCH, MARCH)


def test_a_tier_ends_at_an_instant() -> None:
    events = rules.end_holding(holdings(held("pro", JANUARY)), at=MARCH, reason="")
    assert events == (ended("pro", JANUARY, MARCH),)
    assert holdings(held("pro", JANUARY), *events) == (Holding("pro", JANUARY, MARCH),)


def test_a_tier_that_ends_at_its_start_was_never_held() -> None:
    events = rules.end_holding(holdings(held("pro", MARCH)), at=MARCH, reason="")
    assert holdings(held("pro", MARCH), *events) == ()


def test_ending_again_what_has_ended_records_nothing() -> None:
    assert rules.end_holding(holdings(held("pro", JANUARY, MARCH)), at=MARCH, reason="") == ()


def test_ending_where_nothing_is_held_is_refused() -> None:
    with pytest.raises(NoTierHeld):
        rules.end_holding(holdings(held("pro", MARCH)), at=JANUARY, reason="")


def test_a_holding_includes_its_start_and_not_its_end() -> None:
    pro = Holding("pro", MARCH, MAY)
    assert pro.held_at(MARCH)
    assert not pro.held_at(MAY)


def test_a_tier_that_the_agreement_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(UnknownTier, match="no tier 'gold'; it has free, basic, pro"):
        rules.require_tier("gold", ["free", "basic", "pro"])


INSTANTS = st.sampled_from([datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)])
WISHES = st.tuples(st.sampled_from(["basic", "pro"]), INSTANTS, st.none() | INSTANTS, st.booleans())


@given(st.lists(WISHES, max_size=12))
def test_whatever_is_asked_holdings_stay_in_order_and_never_overlap(
    wishes: list[tuple[str, datetime, datetime, bool]],
) -> None:
    events: list[Event] = []
    for tier, start, end, ending in wishes:
        before = holdings(*events)
        try:
            events += rules.end_holding(before, at=start, reason="") if ending else hold(before, tier, start, end)
        except CustomersError:
            continue
    now_held = holdings(*events)
    for one, next_one in pairwise(now_held):
        assert one.end is not None
        assert one.start < one.end <= next_one.start
