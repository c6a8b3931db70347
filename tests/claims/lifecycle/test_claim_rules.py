"""May it be filed, what does it contest, which reasons count: SEMANTICS 12, 17, 18 and 20 on plain values."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.judging import Outcome
from claims.errors import (
    AppealedBefore,
    AppealTooLate,
    AwaitingUsage,
    NothingToApprove,
    PreparationOutdated,
    PreparationRequired,
    SecondPersonRequired,
    StatementShowsCredit,
)
from claims.events.entitlement import Bound
from claims.rules import claim as rules
from claims.rules import decision
from claims.rules.appeal import appeal_bound, require_appealable
from claims.rules.claim import EarlierClaim, Entitled, Filing
from kernel.ids import derived
from kernel.intervals import EMPTY, Interval, Ranges, instant_of
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.statements.scenes import figures, minute, month_of, stretch, terms

UTC = ZoneInfo("UTC")
RECEIVED = at("2026-11-09T10:00Z")
BEFORE = RECEIVED - timedelta(days=1)
UNTIL = at("2026-11-24T00:00Z")
GOOD = Filing(
    received_at=RECEIVED,
    month=OCTOBER,
    month_begins=OCTOBER.start(UTC),
    zone=UTC,
    stated_account=None,
    account_number="acme",
    promises_credit=True,
    tiers=("pro",),
    tiers_that_earn=frozenset({"basic", "pro", "enterprise"}),
    blocking=None,
    bound=Bound(day_zero=date(2026, 10, 22), last_day=date(2026, 11, 23), until=UNTIL, by="incident"),
)
FIRST = derived("claim", "first")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"stated_account": "acme"}, None),
        ({"stated_account": "rival"}, "other_account"),
        ({"promises_credit": False}, "no_credit"),
        ({"month_begins": RECEIVED + timedelta(seconds=1)}, "month_not_begun"),
        ({"month_begins": RECEIVED}, None),
        ({"blocking": FIRST}, "duplicate"),
        ({"tiers": ()}, "no_tier"),
        ({"tiers": ("free",)}, "free_tier"),
        ({"tiers": ("free", "pro")}, None),  # one covered tier in the month is enough to ask
        ({"bound": None}, None),  # an outage is open: there is no bound yet
        ({"received_at": UNTIL}, "late"),
        ({"received_at": UNTIL - timedelta(microseconds=1)}, None),
        # The rule that tells the customer most comes first; another account's data comes before all.
        ({"stated_account": "rival", "received_at": UNTIL}, "other_account"),
        ({"blocking": FIRST, "received_at": UNTIL}, "duplicate"),
        ({"tiers": ("free",), "received_at": UNTIL}, "free_tier"),
    ],
)
def test_a_filing_is_refused_by_the_first_rule_that_it_breaks(change: dict[str, Any], code: str | None) -> None:
    refusal = rules.refuse(replace(GOOD, **change))
    assert (refusal.code if refusal else None) == code


def test_a_late_filing_is_told_the_last_day_and_not_the_midnight_after_it() -> None:
    refusal = rules.refuse(replace(GOOD, received_at=UNTIL))
    assert refusal is not None
    assert refusal.sentence == (
        "The claim was received on 24 November 2026; the last day to file it was 23 November 2026 (UTC)."
    )
    assert refusal.rule == ("claims", "file_within")


@pytest.mark.parametrize(
    ("states", "entitled", "blocks"),
    [
        ([], None, False),
        (["filed"], None, True),
        (["appealed"], None, True),
        (["approved"], None, True),
        (["credited"], Entitled(opened_at=RECEIVED + timedelta(days=9)), True),
        (["withdrawn"], None, False),
        (["withdrawn", "filed"], None, True),
        (["rejected"], None, True),
        (["rejected"], Entitled(opened_at=BEFORE), True),
        (["rejected"], Entitled(opened_at=RECEIVED + timedelta(days=1)), False),  # a correction opened one after it
        # A run over all accounts bears the instant at which it began: what it shows tells that it came after.
        (["rejected"], Entitled(opened_at=BEFORE, version=2), False),
        (["rejected"], Entitled(opened_at=BEFORE, version=1), True),
        (["rejected"], Entitled(opened_at=BEFORE, version=2, used_by=FIRST), True),
        (["rejected"], Entitled(opened_at=BEFORE, version=2, ended=True), True),
    ],
)
def test_a_claim_of_the_month_blocks_another_unless_it_made_way(
    states: list[str], entitled: Entitled | None, blocks: bool
) -> None:
    earlier = [EarlierClaim(id=FIRST, state=state, rejected_at=RECEIVED, rejected_by=1) for state in states]
    assert (rules.blocking(earlier, entitled=entitled) == FIRST) is blocks


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2026-10-05T13:00Z", "2026-10-05T14:00Z", "2026-10-05T13:00Z", "2026-10-05T14:00Z"),
        # Only minutes that lie wholly inside: nobody contests the odd seconds at the ends.
        ("2026-10-05T13:00:01Z", "2026-10-05T13:59:59Z", "2026-10-05T13:01Z", "2026-10-05T13:59Z"),
        # Within one minute, and over a minute's end: the minutes that it touches.
        ("2026-10-05T13:00:10Z", "2026-10-05T13:00:50Z", "2026-10-05T13:00Z", "2026-10-05T13:01Z"),
        ("2026-10-05T13:00:40Z", "2026-10-05T13:01:20Z", "2026-10-05T13:00Z", "2026-10-05T13:02Z"),
    ],
)
def test_the_minutes_of_a_claimed_stretch(start: str, end: str, first: str, last: str) -> None:
    assert rules.claimed_minutes(Interval(at(start), at(end))) == stretch(first, last)


def test_claimed_minutes_are_contested_where_they_were_measured_up_or_unknown() -> None:
    """Claimed 10:00 to 16:00: an hour each of down, excused, unknown, inside a window, up and denied."""
    claimed = Interval(at("2026-10-05T10:00Z"), at("2026-10-05T16:00Z"))
    minutes = month_of(
        stretch("2026-10-05T10:00Z", "2026-10-05T11:00Z"),
        excused_as_up=stretch("2026-10-05T11:00Z", "2026-10-05T12:00Z"),
        unknown=stretch("2026-10-05T12:00Z", "2026-10-05T13:00Z"),
        window=stretch("2026-10-05T13:00Z", "2026-10-05T14:00Z"),
    )
    denied = (Interval(at("2026-10-05T15:00Z"), at("2026-10-05T16:00Z")),)
    assert rules.contested((claimed,), minutes, denied=denied) == Ranges.of(
        (minute("2026-10-05T12:00Z"), minute("2026-10-05T13:00Z")),
        (minute("2026-10-05T14:00Z"), minute("2026-10-05T15:00Z")),
    )
    assert rules.contested((), minutes) == EMPTY


def test_what_lies_outside_the_month_is_not_contested_in_it() -> None:
    """An outage over the month's end is claimed in one piece."""
    claimed = Interval(at("2026-10-31T23:00Z"), at("2026-11-01T01:00Z"))
    assert rules.contested((claimed,), month_of()) == stretch("2026-10-31T23:00Z", "2026-11-01T00:00Z")


MINUTES = st.integers(minute("2026-10-01T00:00Z"), minute("2026-10-03T00:00Z"))


@given(st.lists(st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] < pair[1])), MINUTES, MINUTES)
def test_no_down_minute_is_ever_contested(pairs: list[tuple[int, int]], one: int, other: int) -> None:
    down = Ranges.of((min(one, other), max(one, other)))
    claimed = tuple(Interval(instant_of(start), instant_of(end)) for start, end in pairs)
    found = rules.contested(claimed, month_of(down))
    assert not found & down
    assert found | (Ranges(pairs) & down) == Ranges(pairs)


def test_times_are_added_each_once_and_in_order() -> None:
    early = Interval(at("2026-10-01T10:00Z"), at("2026-10-01T11:00Z"))
    late = Interval(at("2026-10-02T10:00Z"), at("2026-10-02T11:00Z"))
    assert rules.merged((late,), (early, late)) == (early, late)
    assert rules.claimed_until((late, early)) == late.end
    assert rules.claimed_until(()) is None


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"percent": None, "code": Outcome.MET}, "met"),
        ({"percent": None, "code": Outcome.UNMATCHED_MISS}, "unmatched_miss"),
        ({"base": dollars("0"), "credit": dollars("0")}, "no_usage"),
    ],
)
def test_the_reason_of_a_rejection_is_the_one_that_the_statement_shows(known: dict[str, Any], shown: str) -> None:
    assert decision.rejection_code(figures(**known)) == shown


def test_a_month_without_a_statement_was_one_without_a_tier() -> None:
    assert decision.rejection_code(None) == "no_tier"
    with pytest.raises(NothingToApprove):
        decision.payable(None)


def test_what_a_statement_owes_is_neither_rejected_nor_guessed() -> None:
    owed = figures(base=dollars("200"), credit=dollars("20"), code=Outcome.BELOW_TARGET)
    assert decision.payable(owed) == dollars("20")
    with pytest.raises(StatementShowsCredit):
        decision.rejection_code(owed)
    for question in (decision.payable, decision.rejection_code):
        with pytest.raises(AwaitingUsage):
            question(figures())


def test_every_outcome_that_pays_nothing_is_a_reason_and_missing_evidence_is_none() -> None:
    paying = {Outcome.BELOW_TARGET, Outcome.AWAITING_USAGE}
    assert set(decision.REJECTIONS) == {*map(str, set(Outcome) - paying), decision.NO_USAGE}
    assert not any("evidence" in code for code in (*decision.REJECTIONS, *decision.DENIALS))


@pytest.mark.parametrize(
    ("credit", "above", "prepared_by", "error"),
    [
        ("50", None, "", None),
        ("50", "50", "", None),  # above, not from
        ("50.01", "50", "", PreparationRequired),
        ("50.01", "50", "mira", SecondPersonRequired),
        ("50.01", "50", "jonas", None),
    ],
)
def test_above_the_amount_the_one_who_approves_is_not_the_one_who_prepared(
    credit: str, above: str | None, prepared_by: str, error: type[Exception] | None
) -> None:
    def asked() -> None:
        most = None if above is None else dollars(above)
        decision.require_second_person(prepared_by, "mira", credit=dollars(credit), above=most)

    if error is None:
        asked()
    else:
        with pytest.raises(error):
            asked()


def test_a_preparation_is_of_one_statement() -> None:
    decision.require_current(None, 2)
    decision.require_current(2, 2)
    with pytest.raises(PreparationOutdated):
        decision.require_current(1, 2)


@pytest.mark.parametrize(
    ("rejected_at", "bound"),
    [
        # Tuesday 10 November, day 30 Thursday 10 December.
        ("2026-11-10T10:00Z", "2026-12-11T00:00Z"),
        # Friday 6 November, day 30 Sunday 6 December, which rolls to Monday.
        ("2026-11-06T23:59:59Z", "2026-12-08T00:00Z"),
    ],
)
def test_a_rejection_is_appealed_within_thirty_days_counted_like_the_filing_window(
    rejected_at: str, bound: str
) -> None:
    assert appeal_bound(at(rejected_at), terms()) == at(bound)


def test_an_appeal_is_possible_once_and_in_time() -> None:
    in_time = UNTIL - timedelta(microseconds=1)
    require_appealable(bound=UNTIL, appealed_before=False, received_at=in_time, zone=UTC)
    with pytest.raises(AppealTooLate, match=r"^The last day to appeal was .*, \d+ \w+ 2026 \(UTC\): the rejection is"):
        require_appealable(bound=UNTIL, appealed_before=False, received_at=UNTIL, zone=UTC)
    with pytest.raises(AppealTooLate, match="gives no time to appeal"):
        require_appealable(bound=None, appealed_before=False, received_at=RECEIVED, zone=UTC)
    with pytest.raises(AppealedBefore):
        require_appealable(bound=UNTIL, appealed_before=True, received_at=RECEIVED, zone=UTC)


def test_a_claim_lacks_the_parts_that_the_agreement_asks_for() -> None:
    required = ("account", "times", "evidence")
    hour = Interval(at("2026-10-05T13:00Z"), at("2026-10-05T14:00Z"))
    assert rules.missing(required, times=(), files=0) == ("times", "evidence")
    assert rules.missing(required, times=(hour,), files=0) == ("evidence",)
    assert rules.missing(required, times=(hour,), files=1) == ()
    assert rules.missing((), times=(), files=0) == ()
