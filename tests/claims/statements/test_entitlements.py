"""An account is entitled, reminded, and out of time: SEMANTICS 20 through the real commands."""

from datetime import datetime
from uuid import UUID

import pytest

from claims.commands.claims import decide
from claims.commands.claims.file import Received, file_claim
from claims.commands.entitlements import attend, use
from claims.commands.reviewing import review_account, review_entitlements
from claims.commands.statements import complete_statement, restate
from claims.events.entitlement import EntitlementLapsed, EntitlementReminded
from claims.models.claim import Claim
from claims.models.entitlement import Entitlement, State
from claims.queries import entitlements as queries
from claims.tasks import entitlement_due
from deadlines.queries import open_for
from deadlines.registry import HANDLERS
from deadlines.sweeping import sweep_all
from eventstore import history
from kernel.ids import AccountId, derived
from kernel.intervals import Interval
from tests.claims.statements.given import Scene
from tests.claims.statements.scenes import OCTOBER, at, dollars, first_minutes, month_of, outage, stretch
from tests.personas import ACMES_BUYER, JONAS

# Four hours on the 5th: 240 minutes, where 99.5 % of October allows 223.
FOUR_HOURS = stretch("2026-10-05T10:00Z", "2026-10-05T14:00Z")
WRONG = "The probe in Frankfurt was broken."


def reviewed(now: str = "2026-10-05T14:05Z", **given: object) -> int:
    return review_entitlements("apicheap", OCTOBER, now=at(now), **given)  # type: ignore[arg-type]


def until(row: Entitlement) -> datetime | None:
    return row.bound.until if row.bound else None


@pytest.fixture
def acme(october: Scene) -> AccountId:
    """Give Acme, a Pro, an October with four hours of downtime on the 5th."""
    account = october.account("acme")
    october.measured(month_of(FOUR_HOURS))
    return account


class TestEarlyOpening:
    """The customer hears of a certain miss while the month runs."""

    def test_it_opens_for_every_account_whose_target_is_out_of_reach(self, october: Scene, acme: AccountId) -> None:
        october.account("small", "basic")
        october.account("free", "free")
        big = october.account("big", "enterprise")
        assert reviewed() == 2
        row = october.entitlement(acme)
        assert (row.state, row.cause, row.due.down_minutes) == (State.OPEN, "certain_miss", 240)
        assert until(row) == at("2026-11-05T00:00Z")
        assert october.entitlement(big).due.tier == "enterprise"

    def test_a_second_review_changes_nothing(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        assert reviewed("2026-10-05T14:10Z") == 0
        assert len(history(october.entitlement(acme).id)) == 1

    def test_an_account_that_signed_up_after_the_outage_is_not_affected(self, october: Scene) -> None:
        october.account("later", start="2026-10-06T00:00Z")
        october.measured(month_of(FOUR_HOURS))
        assert reviewed("2026-10-06T12:00Z") == 0

    def test_while_the_outage_is_open_there_is_no_bound_and_no_deadline(self, october: Scene) -> None:
        account = october.account("acme")
        still = outage(FOUR_HOURS.first, None, unexcused=FOUR_HOURS)
        october.measured(month_of(FOUR_HOURS, outages=(still,)))
        reviewed("2026-10-05T14:00Z")
        row = october.entitlement(account)
        assert (row.state, row.bound) == (State.OPEN, None)
        assert open_for([row.id]) == {}
        october.measured(month_of(FOUR_HOURS))
        reviewed("2026-10-05T14:05Z")
        row = october.entitlement(account)
        assert until(row) == at("2026-11-05T00:00Z")
        (timer,) = open_for([row.id])[row.id]
        assert (timer.late_from, timer.next_at) == (at("2026-11-05T00:00Z"), at("2026-10-29T00:00Z"))

    def test_a_later_outage_moves_the_bound(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        october.measured(month_of(FOUR_HOURS | stretch("2026-10-20T10:00Z", "2026-10-20T10:30Z")))
        assert reviewed("2026-10-20T10:31Z") == 1
        # Day 30 after 20 October is Thursday 19 November.
        assert until(october.entitlement(acme)) == at("2026-11-20T00:00Z")

    def test_an_exclusion_approved_later_ends_it_with_its_reason(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        october.measured(month_of(excused_as_up=FOUR_HOURS))
        reviewed("2026-10-07T09:00Z", reason="Time was excused: the upstream provider was down.")
        row = october.entitlement(acme)
        assert (row.state, row.ended_reason) == (State.ENDED, "Time was excused: the upstream provider was down.")
        assert open_for([row.id]) == {}

    def test_revoking_the_exclusion_opens_a_second_with_thirty_days_from_then(
        self, october: Scene, acme: AccountId
    ) -> None:
        reviewed()
        october.measured(month_of(excused_as_up=FOUR_HOURS))
        reviewed("2026-10-07T09:00Z")
        october.measured(month_of(FOUR_HOURS))
        reviewed("2026-10-12T09:00Z", published_at=at("2026-10-12T09:00Z"))
        second = october.entitlement(acme, number=2)
        assert (second.cause, until(second)) == ("correction", at("2026-11-12T00:00Z"))

    def test_a_correction_that_shows_a_higher_credit_gives_thirty_days_to_whom_it_shows_it(
        self, october: Scene, acme: AccountId
    ) -> None:
        """Eight hours more on the 6th, for Rival; the credit of Acme stays as it was."""
        rival = october.account("rival")
        reviewed()
        named = {rival: month_of(FOUR_HOURS | stretch("2026-10-06T00:00Z", "2026-10-06T08:00Z"))}
        october.measured(month_of(FOUR_HOURS), named=named)
        assert reviewed("2026-10-20T02:00Z", published_at=at("2026-10-20T02:00Z")) == 1
        # Day 30 after 20 October is Thursday 19 November.
        assert until(october.entitlement(rival)) == at("2026-11-20T00:00Z")
        assert until(october.entitlement(acme)) == at("2026-11-05T00:00Z")

    def test_a_correction_that_shows_no_more_opens_no_window_that_has_lapsed(
        self, october: Scene, acme: AccountId
    ) -> None:
        """Minutes that nobody measured hold the month up; they are found to have been up."""
        gone = stretch("2026-10-12T00:00Z", "2026-10-12T06:00Z")
        october.measured(month_of(FOUR_HOURS, unknown=gone, unmeasured=gone))
        reviewed()
        attend(october.entitlement(acme).id, now=at("2026-11-05T00:00Z"))
        october.measured(month_of(FOUR_HOURS))
        assert reviewed("2026-11-07T09:00Z", published_at=at("2026-11-07T08:59Z")) == 0
        assert october.entitlement(acme).state == State.LAPSED
        assert Claim.objects.get(id=filed(acme, "2026-11-07T10:00Z")).refused_code == "late"

    def test_a_month_that_still_can_meet_its_target_opens_nothing(self, october: Scene) -> None:
        october.account("acme")
        october.measured(month_of(first_minutes(223)))
        assert reviewed("2026-10-02T00:00Z") == 0


class TestAtTheClose:
    def test_what_was_told_early_is_not_told_again(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        october.closes()
        row = october.entitlement(acme)
        assert (row.version, until(row)) == (1, at("2026-11-05T00:00Z"))

    def test_an_outage_on_the_first_of_a_31_day_month_can_be_claimed_after_a_miss_shows_at_the_close(
        self, october: Scene
    ) -> None:
        # 223 minutes on the 1st are allowed; with a day of unknown minutes gone from the total they are too many.
        gone = stretch("2026-10-20T00:00Z", "2026-10-21T00:00Z")
        account = october.account("acme")
        october.measured(month_of(first_minutes(223), window=gone))
        reviewed("2026-10-31T12:00Z")
        assert queries.newest(account, "apicheap", OCTOBER) is None
        october.closes("2026-11-02T00:05Z")
        row = october.entitlement(account)
        # Day 30 is Saturday 31 October, rolled to the day of the close: seven days more, to Monday 9 November.
        assert (row.cause, until(row)) == ("statement", at("2026-11-10T00:00Z"))

    def test_by_the_percent_while_usage_is_unset_and_by_the_amount_once_it_is(self, october: Scene) -> None:
        unset, nothing = october.account("unset"), october.account("nothing", usage="0")
        october.measured(month_of(FOUR_HOURS, window=stretch("2026-10-20T00:00Z", "2026-10-21T00:00Z")))
        october.closes()
        assert october.entitlement(unset).due.credit is None
        assert queries.newest(nothing, "apicheap", OCTOBER) is None

    def test_what_lapsed_before_the_close_stays_lapsed(self, october: Scene) -> None:
        account = october.account("acme")
        october.measured(month_of(first_minutes(240)))
        reviewed("2026-10-01T05:00Z")
        row = october.entitlement(account)
        assert until(row) == at("2026-11-03T00:00Z")
        attend(row.id, now=at("2026-11-03T00:00Z"))
        october.closes("2026-11-04T00:00Z")
        assert october.entitlement(account).state == State.LAPSED
        assert queries.newest(account, "apicheap", OCTOBER).number == 1  # type: ignore[union-attr]


class TestAfterTheClose:
    def test_a_miss_that_only_a_correction_shows_can_be_claimed_for_thirty_days(self, october: Scene) -> None:
        account = october.account("acme", usage="200")
        october.closes()
        october.measured(month_of(FOUR_HOURS))
        restate("apicheap", OCTOBER, cause="correction", reason=WRONG, by=JONAS, now=at("2026-11-20T10:00Z"))
        reviewed("2026-11-20T10:01Z")
        row = october.entitlement(account)
        # Day 0 is 20 November; day 30 is Sunday 20 December, rolled to Monday.
        assert (row.cause, until(row), row.due.credit) == ("correction", at("2026-12-22T00:00Z"), dollars("10"))

    def test_an_account_that_is_stated_only_after_the_close_has_thirty_days_as_well(self, october: Scene) -> None:
        """Its tier was booked late: before, it could claim nothing."""
        october.measured(month_of(FOUR_HOURS))
        october.closes()
        account = october.account("late", usage="200")
        restate("apicheap", OCTOBER, cause="correction", reason=WRONG, by=JONAS, now=at("2026-11-20T10:00Z"))
        reviewed("2026-11-20T10:01Z")
        row = october.entitlement(account)
        assert (row.cause, until(row), row.due.credit) == ("correction", at("2026-12-22T00:00Z"), dollars("10"))

    def test_a_higher_credit_opens_what_had_lapsed(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        october.closes()
        attend(october.entitlement(acme).id, now=at("2026-11-05T00:00Z"))
        october.measured(month_of(FOUR_HOURS | stretch("2026-10-06T00:00Z", "2026-10-06T08:00Z")))
        restate("apicheap", OCTOBER, cause="correction", reason=WRONG, by=JONAS, now=at("2026-11-20T10:00Z"))
        reviewed("2026-11-20T10:01Z")
        assert october.entitlement(acme, number=2).cause == "correction"

    def test_usage_that_turns_out_higher_opens_what_would_have_paid_nothing(self, october: Scene) -> None:
        account = october.account("acme", usage="0")
        october.measured(month_of(FOUR_HOURS))
        october.closes()
        october.uses(account, "200", now="2026-11-20T10:00Z")
        complete_statement(account, OCTOBER, now=at("2026-11-20T10:00Z"))
        assert review_account(account, OCTOBER, now=at("2026-11-20T10:00Z")) == 1
        assert october.entitlement(account).due.credit == dollars("10")


class TestReminders:
    def test_seven_days_and_one_day_before_the_end_and_then_it_lapses(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        row = october.entitlement(acme)
        for now in ("2026-10-28T23:59Z", "2026-10-29T00:00Z", "2026-11-04T00:00Z", "2026-11-05T00:00Z"):
            swept(now)
        told = [one.event for one in history(row.id)][1:]
        assert [one.moment for one in told if isinstance(one, EntitlementReminded)] == [
            at("2026-10-29T00:00Z"),
            at("2026-11-04T00:00Z"),
        ]
        assert isinstance(told[-1], EntitlementLapsed)
        assert october.entitlement(acme).state == State.LAPSED

    def test_a_lapse_happened_at_the_bound_however_late_it_is_noticed(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        row = october.entitlement(acme)
        swept("2026-11-09T07:00Z")
        lapsed = history(row.id)[-1]
        assert lapsed.occurred_at == at("2026-11-05T00:00Z")
        assert october.entitlement(acme).over_at == at("2026-11-05T00:00Z")

    def test_reminders_that_were_slept_through_are_one(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        row = october.entitlement(acme)
        attend(row.id, now=at("2026-11-04T06:00Z"))
        assert [one.type_name for one in history(row.id)].count("claims.entitlement_reminded") == 1
        assert october.entitlement(acme).remind_at == ()

    def test_nobody_is_reminded_of_what_is_over(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        row = october.entitlement(acme)
        attend(row.id, now=at("2026-11-05T00:00Z"))
        assert [one.type_name for one in history(row.id)] == [
            "claims.entitlement_opened",
            "claims.entitlement_lapsed",
        ]

    def test_it_does_not_lapse_early(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        row = october.entitlement(acme)
        attend(row.id, now=at("2026-11-04T23:59:59.999999Z"))
        assert october.entitlement(acme).state == State.OPEN


def swept(now: str) -> None:
    """Sweep with the handler that wakes entitlements, and only that one."""
    before = dict(HANDLERS)
    HANDLERS.clear()
    HANDLERS["claims.entitlement"] = entitlement_due
    try:
        sweep_all(now=at(now))
    finally:
        HANDLERS.clear()
        HANDLERS.update(before)


class TestUse:
    def test_filing_uses_it_up(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        claim = filed(acme, "2026-10-06T09:00Z")
        used(acme, claim, "2026-10-06T09:00Z")
        row = october.entitlement(acme)
        assert (row.state, row.claim) == (State.USED, claim)
        assert open_for([row.id]) == {}
        assert reviewed("2026-10-07T00:00Z") == 0

    def test_a_claim_before_any_miss_has_nothing_to_use_and_nothing_opens_beside_it(self, october: Scene) -> None:
        account = october.account("acme")
        claim = filed(account, "2026-10-06T09:00Z")
        assert used(account, claim, "2026-10-06T09:00Z") is None
        october.measured(month_of(FOUR_HOURS))
        assert reviewed("2026-10-06T10:00Z") == 0

    def test_a_filing_in_time_that_is_processed_late_still_used_it(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        row = october.entitlement(acme)
        attend(row.id, now=at("2026-11-05T00:00Z"))
        claim = derived("claim", 1)
        assert used(acme, claim, "2026-11-04T23:59:59Z", now="2026-11-05T00:10Z") == row.id
        assert october.entitlement(acme).state == State.USED

    def test_a_filing_after_the_bound_uses_nothing(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        attend(october.entitlement(acme).id, now=at("2026-11-05T00:00Z"))
        assert used(acme, derived("claim", 1), "2026-11-05T00:00Z") is None

    def test_a_right_that_a_withdrawn_claim_gives_back_has_the_bound_that_the_claim_was_told(
        self, october: Scene, acme: AccountId
    ) -> None:
        """A second outage, on the 20th, had moved it to 19 November when the claim was filed; it was excused since."""
        reviewed()
        october.measured(month_of(FOUR_HOURS | stretch("2026-10-20T10:00Z", "2026-10-20T10:30Z")))
        claim = filed(acme, "2026-10-21T09:00Z")
        used(acme, claim, "2026-10-21T09:00Z", "2026-10-21T09:00Z")
        october.measured(month_of(FOUR_HOURS))
        decide.withdraw(claim, by=ACMES_BUYER, now=at("2026-10-22T09:00Z"))
        assert review_account(acme, OCTOBER, now=at("2026-10-22T09:00Z")) == 1
        row = october.entitlement(acme)
        assert (row.state, until(row)) == (State.OPEN, at("2026-11-20T00:00Z"))
        assert review_account(acme, OCTOBER, now=at("2026-10-22T09:01Z")) == 0

    def test_a_lapse_that_finds_a_claim_received_in_time_is_a_use(self, october: Scene, acme: AccountId) -> None:
        reviewed()
        claim = filed(acme, "2026-11-04T23:00Z")
        row = october.entitlement(acme)
        attend(row.id, now=at("2026-11-05T00:00Z"))
        assert (october.entitlement(acme).state, october.entitlement(acme).claim) == (State.USED, claim)


def filed(account: AccountId, now: str) -> UUID:
    times = (Interval(at("2026-10-05T10:00Z"), at("2026-10-05T14:00Z")),)
    return file_claim(account, Received(month=OCTOBER, times=times), by=ACMES_BUYER, now=at(now))


def used(account: AccountId, claim: UUID, filed_at: str, now: str = "2026-11-05T00:00Z") -> object:
    return use(account, "apicheap", OCTOBER, claim=claim, filed_at=at(filed_at), now=at(now))


class TestTheFilingBound:
    """What a filing is judged by (SEMANTICS 16)."""

    def bound(self, account: AccountId, now: str, claimed_until: str | None = None) -> datetime | None:
        found = queries.filing_bound(
            account, "apicheap", OCTOBER, claimed_until=at(claimed_until) if claimed_until else None, now=at(now)
        )
        return found.until if found else None

    def test_it_is_that_of_the_last_claimable_outage(self, october: Scene, acme: AccountId) -> None:
        assert self.bound(acme, "2026-10-05T15:00Z") == at("2026-11-05T00:00Z")

    def test_while_an_outage_is_open_there_is_none(self, october: Scene, acme: AccountId) -> None:
        october.measured(month_of(FOUR_HOURS, outages=(outage(FOUR_HOURS.first, None, unexcused=FOUR_HOURS),)))
        assert self.bound(acme, "2026-10-05T15:00Z", "2026-10-05T14:00Z") is None

    def test_where_nothing_was_measured_it_runs_from_the_claimed_times(self, october: Scene) -> None:
        account = october.account("acme")
        assert self.bound(account, "2026-10-05T15:00Z", "2026-10-01T14:00Z") == at("2026-11-03T00:00Z")
        assert self.bound(account, "2026-10-05T15:00Z") is None

    def test_what_an_entitlement_promised_holds_whatever_is_measured_later(
        self, october: Scene, acme: AccountId
    ) -> None:
        reviewed()
        october.measured(month_of(stretch("2026-10-02T00:00Z", "2026-10-02T04:00Z")))
        assert self.bound(acme, "2026-10-20T00:00Z") == at("2026-11-05T00:00Z")
