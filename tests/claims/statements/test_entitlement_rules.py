"""Which entitlement there should be: SEMANTICS 20, decided on plain values."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.events.entitlement import Bound, Due
from claims.rules.entitlement import (
    ClaimsOfMonth,
    Decision,
    End,
    Move,
    Open,
    Restore,
    Reviewed,
    Standing,
    Told,
    certain_due,
    stated_due,
)
from claims.rules.filing_bound import Incident, incident_bound, known_bound
from claims.rules.statement import tiers_held
from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes
from tests.claims.statements.scenes import (
    OCTOBER,
    SEPTEMBER,
    ZONE,
    at,
    dollars,
    figures,
    first_minutes,
    held_all_october,
    holding,
    month_of,
    rule,
    stretch,
    terms,
)

APICHEAP = terms()
RULE = rule()
DUE = Due(
    tier="pro",
    target=Fraction(995, 1000),
    uptime=Fraction(98, 100),
    percent=Fraction(1, 10),
    credit=None,
    down_minutes=893,
)
FIRST = Incident(ended_at=at("2026-10-01T14:00Z"))
FIFTH = Incident(ended_at=at("2026-10-05T14:00Z"))
TWENTIETH = Incident(ended_at=at("2026-10-20T14:00Z"))
STILL_OPEN = Incident(ended_at=None)


def bound_of(incident: Incident) -> Bound:
    assert incident.ended_at is not None
    return incident_bound(incident.ended_at, RULE)


def told(state: str = "open", **known: object) -> Told:
    """Write down an entitlement that opened on 5 October with the bound of that day's outage."""
    bound = bound_of(FIFTH)
    fields = {
        "number": 1,
        "state": state,
        "opened_on": date(2026, 10, 5),
        "opened_at": at("2026-10-05T15:00Z"),
        "bound": bound,
        "promised": bound,
    }
    return Told(**{**fields, **known})  # type: ignore[arg-type]


def decided(
    incident: Incident | None = FIFTH,
    *,
    due: Due | None = DUE,
    before: Told | None = None,
    claims: ClaimsOfMonth | None = None,
    raised_at: str | None = None,
    closed: bool = False,
    now: str = "2026-10-05T15:00Z",
) -> Decision | None:
    """Decide about an account's month."""
    return Reviewed(
        rule=RULE,
        told=before,
        standing=Standing(
            due=due,
            code="can_be_met",
            incident=incident,
            closed=closed,
            raised_at=at(raised_at) if raised_at else None,
        ),
        claims=claims or ClaimsOfMonth(),
        now=at(now),
    ).decision()


class TestWhatIsCertain:
    """A month is missed for certain when its downtime exceeds what the whole month allows."""

    # September has 43,200 minutes; Basic may be down 432 of them, Pro 216.
    CASES = [
        ("basic", 432, None, "exactly what the month allows"),
        ("basic", 433, Fraction(1, 10), "one minute more"),
        ("pro", 216, None, "exactly what the month allows"),
        ("pro", 217, Fraction(1, 20), "one minute more, in the row from 99.0 % to 99.5 %"),
        ("enterprise", 130, None, "a miss that no row pays"),
        ("enterprise", 217, Fraction(1, 20), "until the uptime reaches a row"),
        ("free", 43_200, None, "free tier gets no credit"),
    ]

    @pytest.mark.parametrize(("tier", "down", "percent"), [row[:3] for row in CASES], ids=[row[3] for row in CASES])
    def test_by_the_minute(self, tier: str, down: int, percent: Fraction | None) -> None:
        month = month_of(first_minutes(down, month=SEPTEMBER), month=SEPTEMBER)
        held = tiers_held([holding(tier)], first=month.first, last=month.last)
        found = certain_due(month, held, APICHEAP, end=month.last)
        assert (found and found.percent) == percent

    def test_the_figures_are_the_best_that_the_month_can_still_reach(self) -> None:
        month = month_of(first_minutes(433, month=SEPTEMBER), month=SEPTEMBER)
        held = tiers_held([holding("basic")], first=month.first, last=month.last)
        found = certain_due(month, held, APICHEAP, end=month.last)
        assert found is not None
        assert (found.uptime, found.down_minutes) == (Fraction(42_767, 43_200), 433)

    def test_unknown_and_planned_minutes_make_a_miss_certain_only_at_the_close(self) -> None:
        window = stretch("2026-10-02T02:00Z", "2026-10-02T06:00Z")
        gone = stretch("2026-10-03T00:00Z", "2026-10-04T00:00Z")
        month = month_of(first_minutes(223), window=window, unknown=gone, unmeasured=gone)
        # 223 of 44,640 minutes leave 99.5004 %; of the 42,960 that count they leave 99.481 %.
        assert month.uptime == Fraction(42_737, 42_960)
        assert month.uptime < Fraction(995, 1000)
        assert certain_due(month, held_all_october("pro"), APICHEAP, end=month.last) is None

    def test_minutes_that_nobody_measured_make_no_miss_certain_where_the_agreement_counts_them_as_down(self) -> None:
        """`no_data: down`: the probe may have been blind, and be found so before the month closes."""
        gone = stretch("2026-10-03T19:00Z", "2026-10-04T00:00Z")
        blind = month_of(gone, unmeasured=gone)
        assert certain_due(blind, held_all_october("pro"), APICHEAP, end=blind.last) is None
        both = month_of(gone | stretch("2026-10-05T10:00Z", "2026-10-05T14:00Z"), unmeasured=gone)
        found = certain_due(both, held_all_october("pro"), APICHEAP, end=both.last)
        assert found is not None
        assert found.down_minutes == 240

    def test_the_whole_month_counts_however_little_of_it_has_passed(self) -> None:
        # 223 of October's 44,640 minutes are what Pro allows: 99.5 % of them are 44,416.8.
        first, end = OCTOBER.first_minute(ZONE), OCTOBER.last_minute(ZONE)
        so_far = MonthMinutes(first=first, last=first + 223, down=Ranges.of((first, first + 223)))
        assert certain_due(so_far, held_all_october("pro"), APICHEAP, end=end) is None
        so_far = MonthMinutes(first=first, last=first + 224, down=Ranges.of((first, first + 224)))
        assert certain_due(so_far, held_all_october("pro"), APICHEAP, end=end) is not None

    def test_a_statement_that_would_pay_nothing_opens_nothing(self) -> None:
        assert stated_due(figures(percent=None)) is None
        assert stated_due(figures(base=dollars("0"), credit=dollars("0"))) is None
        by_percent = stated_due(figures())
        assert by_percent is not None
        assert by_percent.percent == Fraction(1, 10)


class TestOpening:
    def test_it_opens_with_the_bound_of_the_last_outage(self) -> None:
        opened = decided()
        assert isinstance(opened, Open)
        assert (opened.number, opened.cause, opened.opened_on) == (1, "certain_miss", date(2026, 10, 5))
        assert opened.bound == bound_of(FIFTH)
        assert opened.remind_at == (at("2026-10-29T00:00Z"), at("2026-11-04T00:00Z"))

    def test_a_month_that_pays_nothing_opens_nothing(self) -> None:
        assert decided(due=None) is None

    def test_while_an_outage_is_open_it_opens_without_a_bound(self) -> None:
        opened = decided(STILL_OPEN)
        assert isinstance(opened, Open)
        assert (opened.bound, opened.remind_at) == (None, ())

    def test_what_only_the_close_shows_can_be_claimed_for_seven_days(self) -> None:
        # An outage on 1 October; the month closes on 2 November, the day on which its bound would end.
        opened = decided(FIRST, closed=True, now="2026-11-02T00:05Z")
        assert isinstance(opened, Open)
        assert (opened.cause, opened.bound) == ("statement", known_bound(date(2026, 11, 2), RULE))
        assert opened.bound is not None
        assert opened.bound.until == at("2026-11-10T00:00Z")
        assert opened.remind_at == (at("2026-11-03T00:00Z"), at("2026-11-09T00:00Z"))

    def test_a_claim_that_stands_is_enough(self) -> None:
        assert decided(claims=ClaimsOfMonth(covering=True)) is None

    def test_after_a_rejection_only_a_later_raise_opens_one(self) -> None:
        rejected = ClaimsOfMonth(rejected_at=at("2026-11-10T09:00Z"))
        assert decided(closed=True, claims=rejected, now="2026-11-20T09:00Z") is None
        raised = "2026-11-10T09:00Z"
        assert decided(closed=True, claims=rejected, raised_at=raised, now="2026-11-20T09:00Z") is None
        opened = decided(closed=True, claims=rejected, raised_at="2026-11-20T08:00Z", now="2026-11-20T09:00Z")
        assert isinstance(opened, Open)
        assert opened.cause == "correction"

    def test_a_correction_gives_thirty_days_from_its_publication(self) -> None:
        opened = decided(FIRST, closed=True, raised_at="2026-11-20T08:00Z", now="2026-11-20T09:00Z")
        assert isinstance(opened, Open)
        assert opened.bound is not None
        # Day 30 after 20 November is Sunday 20 December: Monday 21 December is the last day.
        assert (opened.bound.by, opened.bound.until) == ("publication", at("2026-12-22T00:00Z"))


class TestMoving:
    def test_a_later_outage_moves_the_bound_later(self) -> None:
        moved = decided(TWENTIETH, before=told(), now="2026-10-20T14:01Z")
        assert isinstance(moved, Move)
        assert moved.bound == bound_of(TWENTIETH)
        assert moved.reason == "an outage of the month ended later"

    def test_an_outage_that_is_open_takes_the_bound_away_until_it_ends(self) -> None:
        moved = decided(STILL_OPEN, before=told(), now="2026-10-20T14:01Z")
        assert isinstance(moved, Move)
        assert (moved.bound, moved.remind_at) == (None, ())
        without = told(bound=None)
        assert decided(STILL_OPEN, before=without, now="2026-10-20T14:02Z") is None
        again = decided(TWENTIETH, before=without, now="2026-10-20T14:03Z")
        assert isinstance(again, Move)
        assert again.bound == bound_of(TWENTIETH)

    def test_a_bound_once_told_never_moves_earlier(self) -> None:
        late = told(bound=bound_of(TWENTIETH), promised=bound_of(TWENTIETH))
        assert decided(FIFTH, before=late, now="2026-10-21T00:00Z") is None
        opened_again = decided(FIFTH, before=replace(late, bound=None), now="2026-10-21T00:00Z")
        assert isinstance(opened_again, Move)
        assert opened_again.bound == bound_of(TWENTIETH)

    def test_a_correction_that_raises_the_credit_of_an_open_one_gives_it_thirty_days(self) -> None:
        moved = decided(before=told(), closed=True, raised_at="2026-11-03T08:00Z", now="2026-11-03T09:00Z")
        assert isinstance(moved, Move)
        assert moved.bound is not None
        assert moved.bound.until == at("2026-12-04T00:00Z")

    def test_a_bound_that_a_claim_was_told_holds_for_the_entitlement_too(self) -> None:
        """Told on 21 October, withdrawn; since then the outage of the 20th was excused."""
        moved = decided(FIFTH, before=told(), claims=TOLD_AND_WITHDRAWN, now="2026-10-22T00:00Z")
        assert isinstance(moved, Move)
        assert moved.bound is not None
        assert (moved.bound.until, moved.bound.by) == (bound_of(TWENTIETH).until, "told")
        assert moved.reason == "a claim was told a later last day"

    def test_nothing_new_changes_nothing(self) -> None:
        assert decided(before=told(), now="2026-10-06T00:00Z") is None


TOLD_AND_WITHDRAWN = ClaimsOfMonth(
    withdrawn=True, told_until=bound_of(TWENTIETH).until, told_at=at("2026-10-21T09:00Z")
)


class TestEnding:
    def test_an_exclusion_that_was_approved_later_ends_what_nobody_used(self) -> None:
        assert decided(None, due=None, before=told()) == End(code="can_be_met")

    def test_what_a_claim_covers_is_left_to_the_claim(self) -> None:
        assert decided(None, due=None, before=told(), claims=ClaimsOfMonth(covering=True)) is None

    @pytest.mark.parametrize("state", ["used", "lapsed", "ended"])
    def test_what_is_over_does_not_end_again(self, state: str) -> None:
        assert decided(None, due=None, before=told(state)) is None


class TestOpeningAgain:
    def test_what_ended_opens_again_when_the_exclusion_is_revoked(self) -> None:
        opened = decided(before=told("ended"), raised_at="2026-10-12T09:00Z", now="2026-10-12T09:00Z")
        assert isinstance(opened, Open)
        assert (opened.number, opened.cause) == (2, "correction")
        # Day 30 after 12 October is Wednesday 11 November.
        assert opened.bound is not None
        assert opened.bound.until == at("2026-11-12T00:00Z")

    def test_what_lapsed_does_not_open_again_at_the_close(self) -> None:
        assert decided(before=told("lapsed"), closed=True, now="2026-11-07T00:00Z") is None

    def test_what_lapsed_opens_again_for_an_outage_that_came_to_light_later(self) -> None:
        opened = decided(TWENTIETH, before=told("lapsed"), closed=True, now="2026-11-07T00:00Z")
        assert isinstance(opened, Open)
        assert (opened.number, opened.cause, opened.bound) == (2, "later_outage", bound_of(TWENTIETH))

    def test_a_higher_credit_that_a_correction_shows_opens_what_lapsed(self) -> None:
        opened = decided(before=told("lapsed"), closed=True, raised_at="2026-12-01T00:00Z", now="2026-12-01T00:00Z")
        assert isinstance(opened, Open)
        assert opened.cause == "correction"

    def test_a_raise_that_was_told_already_opens_nothing_more(self) -> None:
        again = told("lapsed", number=2, opened_at=at("2026-12-01T00:01Z"))
        assert decided(before=again, closed=True, raised_at="2026-12-01T00:00Z", now="2027-02-01T00:00Z") is None

    def test_a_withdrawn_claim_gives_it_back_within_the_bound(self) -> None:
        withdrawn = ClaimsOfMonth(withdrawn=True)
        given_back = decided(before=told("used"), claims=withdrawn, now="2026-10-30T00:00Z")
        assert given_back == Restore(remind_at=(at("2026-11-04T00:00Z"),))
        assert decided(before=told("used"), claims=withdrawn, now="2026-11-05T00:00Z") is None

    def test_what_is_given_back_has_the_bound_that_it_should_have_by_now(self) -> None:
        """While the claim stood, a second outage ended on the 20th; nothing was told of it."""
        given_back = decided(
            TWENTIETH, before=told("used"), claims=ClaimsOfMonth(withdrawn=True), now="2026-11-03T00:00Z"
        )
        assert isinstance(given_back, Restore)
        assert given_back.remind_at == (at("2026-11-04T00:00Z"),)
        assert given_back.then is not None
        assert given_back.then.bound == bound_of(TWENTIETH)

    def test_what_was_claimed_during_the_outage_is_given_back_until_the_bound_of_its_end(self) -> None:
        """A claim may be withdrawn before the outage ends, after it has ended, and when the days are over."""
        before, withdrawn = told("used", bound=None, promised=None), ClaimsOfMonth(withdrawn=True)
        assert decided(STILL_OPEN, before=before, claims=withdrawn) == Restore(remind_at=())
        ended = decided(FIFTH, before=before, claims=withdrawn, now="2026-11-03T00:00Z")
        assert isinstance(ended, Restore)
        assert ended.then is not None
        assert ended.then.bound == bound_of(FIFTH)
        assert decided(FIFTH, before=before, claims=withdrawn, now="2026-11-05T00:00Z") is None

    def test_one_that_ended_before_the_bound_that_its_claim_was_told_opens_again_until_then(self) -> None:
        before = told("used")
        assert before.bound is not None
        opened = decided(FIFTH, before=before, claims=TOLD_AND_WITHDRAWN, now="2026-11-10T00:00Z")
        assert isinstance(opened, Open)
        assert opened.bound is not None
        assert opened.bound.until == bound_of(TWENTIETH).until
        over = told("used", promised=opened.bound)
        assert decided(FIFTH, before=over, claims=TOLD_AND_WITHDRAWN, now="2026-11-10T00:00Z") is None

    def test_a_used_one_stays_used_while_its_claim_stands_or_was_rejected(self) -> None:
        assert decided(before=told("used"), claims=ClaimsOfMonth(covering=True)) is None
        rejected = ClaimsOfMonth(rejected_at=at("2026-11-03T09:00Z"))
        assert decided(before=told("used"), claims=rejected, closed=True, now="2026-11-04T00:00Z") is None


INCIDENTS = st.one_of(
    st.none(),
    st.just(STILL_OPEN),
    st.integers(0, 30).map(lambda days: Incident(ended_at=at("2026-10-01T12:00Z") + timedelta(days=days))),
)


@given(incidents=st.lists(INCIDENTS, max_size=8), closed=st.booleans())
def test_whatever_happens_a_promised_bound_never_moves_earlier(incidents: list[Incident | None], closed: bool) -> None:
    now, last = at("2026-10-05T15:00Z"), told()
    promised: datetime = at("2026-11-05T00:00Z")
    for incident in incidents:
        now += timedelta(hours=5)
        standing = Standing(due=DUE, code="", incident=incident, closed=closed)
        reviewed = Reviewed(rule=RULE, told=last, standing=standing, claims=ClaimsOfMonth(), now=now)
        decision = reviewed.decision()
        if isinstance(decision, Move):
            last = replace(last, bound=decision.bound, promised=decision.bound or last.promised)
            assert decision.bound is None or decision.bound.until >= promised
            promised = decision.bound.until if decision.bound else promised
        assert replace(reviewed, told=last).decision() is None, "a second review changes nothing"


def downtime() -> st.SearchStrategy[MonthMinutes]:
    """Make running months with any first minutes down."""
    return st.integers(0, 44_640).map(lambda count: month_of(first_minutes(count)))


@given(month=downtime(), tier=st.sampled_from(["basic", "pro", "enterprise"]))
def test_what_is_certain_is_never_taken_back_by_good_minutes(month: MonthMinutes, tier: str) -> None:
    found = certain_due(month, held_all_october(tier), APICHEAP, end=month.last)
    target = APICHEAP.target(tier)
    assert target is not None
    if found is not None:
        assert month.uptime is not None
        assert month.uptime < target
