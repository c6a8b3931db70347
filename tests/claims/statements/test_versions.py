"""A statement is completed by first usage, and corrected by later versions that say what changed."""

import pytest

from claims.commands import closing, periods
from claims.commands.statements import complete_statement, restate
from claims.errors import MonthNotClosed, ReasonMissing
from claims.events.statement import StatementCompleted, StatementCorrected
from claims.models.statement import State, Statement
from customers.commands.accounts import set_tier
from eventstore import history
from kernel.ids import AccountId, derived
from tests.claims.statements.given import Scene
from tests.claims.statements.scenes import OCTOBER, at, dollars, first_minutes, month_of, outage, stretch
from tests.personas import JONAS, MIRA

WRONG = "The probe in Frankfurt was broken on 9 October."


def events_of(row: Statement) -> list[object]:
    return [one.event for one in history(row.id)]


def corrected(reason: str = WRONG, now: str = "2026-11-20T10:00Z") -> int:
    return restate("apicheap", OCTOBER, cause="correction", reason=reason, by=JONAS, now=at(now))


def completed(account: AccountId, now: str = "2026-11-10T00:00Z") -> object:
    return complete_statement(account, OCTOBER, now=at(now))


@pytest.fixture
def acme(october: Scene) -> AccountId:
    """Give Acme's October: 500 minutes down of 44,640, so 98.88 %, closed without usage."""
    account = october.account("acme")
    october.measured(month_of(first_minutes(500)))
    october.closes()
    return account


class TestUsage:
    def test_a_month_that_closes_without_usage_awaits_it(self, october: Scene, acme: AccountId) -> None:
        row = october.statement(acme)
        assert (row.pays, row.awaits_usage, row.figures.credit) == (True, True, None)

    def test_first_usage_completes_the_statement(self, october: Scene, acme: AccountId) -> None:
        october.uses(acme, "200", now="2026-11-10T00:00Z")
        completed(acme)
        row = october.statement(acme)
        assert (row.statement_version, row.awaits_usage, row.figures.credit) == (1, False, dollars("20"))
        assert isinstance(events_of(row)[-1], StatementCompleted)

    def test_changed_usage_makes_version_2_with_the_difference(self, october: Scene, acme: AccountId) -> None:
        october.uses(acme, "200", now="2026-11-10T00:00Z")
        completed(acme)
        october.uses(acme, "250.50", now="2026-11-12T00:00Z")
        completed(acme, "2026-11-12T00:00Z")
        row = october.statement(acme)
        assert (row.state, row.statement_version, row.figures.credit) == (State.CORRECTED, 2, dollars("25.05"))
        event = events_of(row)[-1]
        assert isinstance(event, StatementCorrected)
        assert (event.difference.credit, event.cause) == (dollars("5.05"), "changed_usage")
        assert row.raised_at == at("2026-11-12T00:00Z")

    def test_lowered_usage_is_a_version_that_raises_nothing(self, october: Scene, acme: AccountId) -> None:
        october.uses(acme, "200", now="2026-11-10T00:00Z")
        completed(acme)
        october.uses(acme, "100", now="2026-11-12T00:00Z")
        completed(acme, "2026-11-12T00:00Z")
        row = october.statement(acme)
        assert (row.statement_version, row.figures.credit, row.raised_at) == (2, dollars("10"), None)

    def test_the_same_usage_again_changes_nothing(self, october: Scene, acme: AccountId) -> None:
        october.uses(acme, "200", now="2026-11-10T00:00Z")
        completed(acme)
        assert completed(acme, "2026-11-11T00:00Z") is None
        assert len(events_of(october.statement(acme))) == 2

    def test_usage_of_a_month_that_pays_nothing_changes_nothing(self, october: Scene) -> None:
        account = october.account("acme")
        october.closes()
        october.uses(account, "200", now="2026-11-10T00:00Z")
        assert completed(account) is None

    def test_usage_before_the_close_is_in_the_first_version(self, october: Scene) -> None:
        account = october.account("acme", usage="200")
        october.measured(month_of(first_minutes(500)))
        assert completed(account, "2026-11-01T00:00Z") is None
        october.closes()
        assert october.statement(account).figures.credit == dollars("20")


class TestCorrection:
    def test_a_correction_issues_version_2_with_the_difference_and_the_reason(
        self, october: Scene, acme: AccountId
    ) -> None:
        october.uses(acme, "200", now="2026-11-10T00:00Z")
        completed(acme)
        october.measured(month_of(first_minutes(2_233)))
        assert corrected() == 1
        row = october.statement(acme)
        # 2,233 of 44,640 minutes are 5.002 %: the uptime is below 95 %, and the row pays 25 %.
        assert (row.statement_version, row.figures.credit) == (2, dollars("50"))
        event = events_of(row)[-1]
        assert isinstance(event, StatementCorrected)
        assert (event.difference.down_minutes, event.difference.credit) == (1_733, dollars("30"))
        assert (event.cause, event.reason) == ("correction", WRONG)
        assert row.raised_at == at("2026-11-20T10:00Z")

    def test_the_first_version_stays_as_it_was(self, october: Scene, acme: AccountId) -> None:
        first = october.statement(acme).figures
        october.measured(month_of(first_minutes(10)))
        corrected()
        issued = events_of(october.statement(acme))[0]
        assert issued.figures == first  # type: ignore[attr-defined]
        assert october.statement(acme).figures.code == "met"

    def test_correcting_twice_changes_nothing(self, october: Scene, acme: AccountId) -> None:
        october.measured(month_of(first_minutes(10)))
        assert corrected() == 1
        assert corrected(now="2026-11-21T10:00Z") == 0

    def test_only_accounts_that_read_differently_get_a_version(self, october: Scene, acme: AccountId) -> None:
        rival = october.account("rival")
        october.measured(month_of(first_minutes(500)), named={rival: month_of()})
        assert corrected() == 1
        assert october.statement(acme).statement_version == 1
        assert october.statement(rival).statement_version == 1, "its first: it was opened after the close"

    def test_downtime_at_another_time_is_a_version_that_owes_the_same(self, october: Scene, acme: AccountId) -> None:
        october.measured(month_of(stretch("2026-10-09T00:00Z", "2026-10-09T08:20Z")))
        assert corrected() == 1
        event = events_of(october.statement(acme))[-1]
        assert isinstance(event, StatementCorrected)
        assert (event.difference.down_minutes, event.raised_at) == (0, None)

    def test_the_end_of_an_outage_that_was_cut_is_no_new_version(self, october: Scene) -> None:
        october.account("acme")
        down = stretch("2026-10-31T12:00Z", "2026-11-01T00:00Z")
        october.measured(month_of(down, outages=(outage(down.first, None, unexcused=down),)))
        october.closes()
        october.measured(month_of(down, outages=(outage(down.first, down.end + 300, unexcused=down),)))
        assert corrected() == 0

    def test_a_tier_that_was_booked_late_corrects_the_month(self, october: Scene, acme: AccountId) -> None:
        set_tier(
            acme,
            "enterprise",
            from_at=at("2026-10-01T00:00Z"),
            reason="signed in September",
            by=MIRA,
            now=at("2026-11-15T00:00Z"),
        )
        assert corrected("The contract was booked late.") == 1
        assert october.statement(acme).figures.tier == "enterprise"

    def test_a_month_that_is_not_closed_has_nothing_to_correct(self, october: Scene) -> None:
        with pytest.raises(MonthNotClosed):
            corrected()

    def test_a_version_needs_a_reason(self, october: Scene, acme: AccountId) -> None:
        with pytest.raises(ReasonMissing):
            corrected(" ")


class TestReview:
    """What happens after the close is noted on the month, and a review answers it."""

    def test_a_review_that_was_asked_for_corrects_and_is_done(self, october: Scene, acme: AccountId) -> None:
        october.measured(month_of(first_minutes(2_233)))
        ask()
        assert october.period().review_at == at("2026-11-20T09:00Z")
        closing.tend(october.period().id, now=at("2026-11-20T10:00Z"))
        period = october.period()
        assert (period.asked, period.review_at) == ((), None)
        assert october.statement(acme).statement_version == 2

    def test_a_closed_month_is_not_reviewed_without_a_reason(self, october: Scene, acme: AccountId) -> None:
        with pytest.raises(ReasonMissing):
            ask(reason="")

    def test_a_month_that_nobody_opened_has_nothing_to_review(self, scene: Scene) -> None:
        scene.terms()
        assert ask() is None

    def test_a_measurement_that_shows_nothing_new_asks_for_nothing(self, october: Scene, acme: AccountId) -> None:
        assert note("2026-11-20T09:00Z") is None
        october.measured(month_of(first_minutes(501)))
        assert note("2026-11-20T09:01Z") == october.period().id

    def test_a_running_month_asks_when_it_can_no_longer_meet_a_target(self, october: Scene) -> None:
        october.measured(month_of(first_minutes(40)))
        closing.tend(october.period().id, now=at("2026-10-01T01:00Z"))
        ask(now="2026-10-01T01:00Z")
        closing.tend(october.period().id, now=at("2026-10-01T01:00Z"))
        assert note("2026-10-01T01:01Z") is None
        october.measured(month_of(first_minutes(44)))
        assert note("2026-10-01T01:02Z") is None, "Enterprise may be down for 44.64 minutes"
        october.measured(month_of(first_minutes(45)))
        assert note("2026-10-01T01:03Z") is None, "and for more than that no row pays"
        october.measured(month_of(first_minutes(224)))
        assert note("2026-10-01T04:00Z") is not None


def ask(reason: str = WRONG, now: str = "2026-11-20T09:00Z") -> object:
    return periods.ask_review("apicheap", OCTOBER, cause="correction", reason=reason, published_at=at(now), now=at(now))


def note(now: str) -> object:
    return closing.note_measurement("apicheap", OCTOBER, now=at(now))


def test_a_finding_is_named_by_what_it_says(october: Scene, acme: AccountId) -> None:
    first = october.statement(acme).figures.finding
    october.measured(month_of(first_minutes(501)))
    corrected()
    assert october.statement(acme).figures.finding != first
    october.measured(month_of(first_minutes(500)))
    corrected(now="2026-11-21T10:00Z")
    assert october.statement(acme).figures.finding == first
    assert first != derived("finding")
