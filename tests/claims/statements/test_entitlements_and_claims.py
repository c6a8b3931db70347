"""What claims do to an entitlement, and what it does to them: SEMANTICS 17 and 20 through the real commands."""

from datetime import datetime
from uuid import UUID

import pytest

from claims.commands.claims import decide, verify
from claims.commands.claims.appeal import appeal
from claims.commands.claims.file import Received, file_claim
from claims.commands.entitlements import attend, use
from claims.commands.reviewing import review_entitlements
from claims.commands.statements import restate
from claims.events.claim import Times
from claims.models.claim import Claim
from claims.models.entitlement import Entitlement, State
from claims.queries.entitlements import filing_bound
from deadlines.queries import open_for
from eventstore import history
from kernel.ids import AccountId
from kernel.intervals import Interval
from tests.claims.statements.given import Scene
from tests.claims.statements.scenes import OCTOBER, at, month_of, outage, stretch
from tests.personas import ACMES_BUYER, JONAS, MIRA

# Four hours on the 5th: 240 minutes, where 99.5 % of October allows 223.
FOUR_HOURS = stretch("2026-10-05T10:00Z", "2026-10-05T14:00Z")
ON_THE_20TH = stretch("2026-10-20T10:00Z", "2026-10-20T14:00Z")
STILL_DOWN = month_of(FOUR_HOURS, outages=(outage(FOUR_HOURS.first, None, unexcused=FOUR_HOURS),))


@pytest.fixture
def acme(october: Scene) -> AccountId:
    """Give Acme, a Pro, in October."""
    return october.account("acme")


def reviewed(now: str) -> int:
    return review_entitlements("apicheap", OCTOBER, now=at(now))


DOWN = (Interval(at("2026-10-05T10:00Z"), at("2026-10-05T14:00Z")),)


def filed(account: AccountId, now: str, times: Times = DOWN) -> UUID:
    """File a claim, which uses the entitlement that there is."""
    claim = file_claim(account, Received(month=OCTOBER, times=times), by=ACMES_BUYER, now=at(now))
    if Claim.objects.get(id=claim).state == "filed":
        use(account, "apicheap", OCTOBER, claim=claim, filed_at=at(now), now=at(now))
    return claim


def answered(account: AccountId, now: str) -> tuple[str, str]:
    """File a claim; tell where it stands, and the code of a refusal."""
    claim = Claim.objects.get(id=filed(account, now))
    return claim.state, claim.refused_code


def until(row: Entitlement) -> datetime | None:
    return row.bound.until if row.bound else None


class TestAWithdrawnClaim:
    """It gives back what it had used, until the bound that the month has by now."""

    def test_the_outage_that_came_while_it_stood_counts(self, october: Scene, acme: AccountId) -> None:
        october.measured(month_of(FOUR_HOURS))
        reviewed("2026-10-05T14:05Z")
        claim = filed(acme, "2026-10-06T09:00Z")
        october.measured(month_of(FOUR_HOURS | ON_THE_20TH))
        reviewed("2026-10-20T14:05Z")
        october.closes()
        decide.withdraw(claim, by=ACMES_BUYER, now=at("2026-11-03T09:00Z"))
        assert reviewed("2026-11-03T09:00:05Z") == 1
        row = october.entitlement(acme)
        # Day 30 after 20 October is Thursday 19 November.
        assert (row.state, until(row)) == (State.OPEN, at("2026-11-20T00:00Z"))
        bound = filing_bound(acme, "apicheap", OCTOBER, claimed_until=None, now=at("2026-11-03T09:01Z"))
        assert bound is not None
        assert bound.until == until(row)
        attend(row.id, now=at("2026-11-05T00:00Z"))
        assert october.entitlement(acme).state == State.OPEN
        assert answered(acme, "2026-11-19T23:59Z") == ("filed", "")

    def test_what_was_claimed_while_the_outage_was_open_has_a_bound_once_it_has_ended(
        self, october: Scene, acme: AccountId
    ) -> None:
        claim = claimed_while_down(october, acme)
        decide.withdraw(claim, by=ACMES_BUYER, now=at("2026-11-03T09:00Z"))
        assert reviewed("2026-11-03T09:00:05Z") == 1
        row = october.entitlement(acme)
        assert (row.state, until(row)) == (State.OPEN, at("2026-11-05T00:00Z"))
        assert [timer.late_from for timer in open_for([row.id])[row.id]] == [at("2026-11-05T00:00Z")]
        attend(row.id, now=at("2026-11-05T00:00Z"))
        assert october.entitlement(acme).state == State.LAPSED

    def test_after_that_bound_it_gives_nothing_back(self, october: Scene, acme: AccountId) -> None:
        claim = claimed_while_down(october, acme)
        decide.withdraw(claim, by=ACMES_BUYER, now=at("2026-11-05T09:00Z"))
        assert reviewed("2026-11-05T09:00:05Z") == 0
        assert october.entitlement(acme).state == State.USED
        assert answered(acme, "2026-11-05T09:01Z") == ("refused", "late")


def claimed_while_down(october: Scene, account: AccountId) -> UUID:
    """File while the outage is open; it ends, and the month closes."""
    october.measured(STILL_DOWN)
    reviewed("2026-10-05T14:00Z")
    assert october.entitlement(account).bound is None
    claim = filed(account, "2026-10-05T14:01Z")
    october.measured(month_of(FOUR_HOURS))
    reviewed("2026-10-05T14:05Z")
    october.closes()
    return claim


class TestARejectedClaim:
    """The month met its target; then a correction shows the miss."""

    @pytest.fixture
    def rejected(self, october: Scene, acme: AccountId) -> UUID:
        """Reject Acme's claim of a month that meets its target."""
        return rejected_as_met(october, acme, "2026-11-03T09:00Z")

    def test_it_is_no_duplicate_where_it_was_rejected_while_the_correction_was_being_carried_out(
        self, october: Scene, acme: AccountId
    ) -> None:
        """The run over all accounts began ten seconds before the rejection, by a statement that it came to later."""
        first = rejected_as_met(october, acme, "2026-11-03T10:00:10Z")
        restated(october, "2026-11-03T10:00:00Z")
        row = october.entitlement(acme)
        # Day 30 after 3 November is Thursday 3 December.
        assert (row.state, until(row)) == (State.OPEN, at("2026-12-04T00:00Z"))
        assert answered(acme, "2026-11-04T09:00Z") == ("filed", "")
        assert october.entitlement(acme).state == State.USED
        again = Claim.objects.get(id=filed(acme, "2026-11-04T10:00Z"))
        assert (again.refused_code, again.existing) == ("duplicate", Claim.objects.get(number=1).id)
        assert Claim.objects.get(id=first).state == "rejected"

    def test_it_is_a_duplicate_while_no_later_statement_shows_more(
        self, october: Scene, acme: AccountId, rejected: UUID
    ) -> None:
        assert answered(acme, "2026-11-04T09:00Z") == ("refused", "duplicate")

    def test_who_appeals_it_is_not_reminded_to_claim(self, october: Scene, acme: AccountId, rejected: UUID) -> None:
        restated(october, "2026-11-04T09:00Z")
        row = october.entitlement(acme)
        # Day 30 after 4 November is Friday 4 December.
        assert (row.state, until(row)) == (State.OPEN, at("2026-12-05T00:00Z"))
        appeal(rejected, words="Look again.", by=ACMES_BUYER, now=at("2026-11-05T09:00Z"))
        attend(row.id, now=at("2026-11-28T00:00Z"))
        row = october.entitlement(acme)
        assert (row.state, row.claim, row.over_at) == (State.USED, rejected, at("2026-11-05T09:00Z"))
        assert "claims.entitlement_reminded" not in [one.type_name for one in history(row.id)]

    def test_an_appeal_in_time_that_is_processed_late_still_used_it(
        self, october: Scene, acme: AccountId, rejected: UUID
    ) -> None:
        restated(october, "2026-11-04T09:00Z")
        row = october.entitlement(acme)
        attend(row.id, now=at("2026-12-05T00:00Z"))
        received = at("2026-12-02T23:59Z")
        appeal(rejected, words="Sent in time.", received_at=received, by=ACMES_BUYER, now=at("2026-12-06T09:00Z"))
        assert use(acme, "apicheap", OCTOBER, claim=rejected, filed_at=received, now=at("2026-12-06T09:00Z")) == row.id
        assert october.entitlement(acme).state == State.USED


def rejected_as_met(october: Scene, account: AccountId, now: str) -> UUID:
    """Close a month that meets its target, and reject the claim that was filed for it."""
    claim = filed(account, "2026-10-20T09:00Z", times=())
    october.closes()
    verify.take_up(claim, by=JONAS, now=at("2026-11-02T09:00Z"))
    decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=at(now))
    return claim


def restated(october: Scene, now: str) -> None:
    """Correct the month to four hours of downtime, as a run that began at this instant."""
    october.measured(month_of(FOUR_HOURS))
    restate("apicheap", OCTOBER, cause="correction", reason="The probe was blind.", by=JONAS, now=at(now))
    assert reviewed(now) == 1
