"""A month closes by itself, waits for a person, and is told in one statement for each account (SEMANTICS 27)."""

from fractions import Fraction
from uuid import UUID

import pytest

from claims.commands import closing, periods
from claims.commands.judged_month import JudgedMonth
from claims.commands.statements import issue_statements
from claims.errors import NoSuchMonth, NothingToAccept, OperatorsAccept, ReasonMissing
from claims.events.period import PeriodClosed, PeriodUnknownAccepted
from claims.events.statement import StatementIssued
from claims.measuring import Undecided
from claims.models.finding import Finding
from claims.models.period import State
from claims.models.statement import Statement
from claims.queries.periods import unfinished, waiting_periods
from claims.rules.identity import period_id
from customers import queries as customers
from customers.commands.accounts import end_tier
from deadlines.queries import open_for
from eventstore import SYSTEM, NotFound, history
from kernel.ids import derived
from kernel.months import Month
from tests.claims.statements.given import Scene
from tests.claims.statements.scenes import OCTOBER, SEPTEMBER, at, dollars, first_minutes, month_of, outage, stretch
from tests.personas import ACMES_BUYER, JONAS, MIRA

HOUR = stretch("2026-10-09T00:00Z", "2026-10-09T01:00Z")


class TestOpening:
    def test_every_month_that_has_begun_is_opened_and_closes_a_day_after_its_end(self, scene: Scene) -> None:
        scene.terms()
        scene.account("acme")
        opened = periods.open_periods(now=at("2026-06-15T12:00Z"))
        months = [Month(2026, month) for month in (4, 5, 6)]
        assert opened == [period_id("apicheap", month) for month in months]
        assert scene.period(Month(2026, 6)).close_due_at == at("2026-07-02T00:00Z")
        assert periods.open_periods(now=at("2026-06-30T23:59Z")) == []
        assert periods.open_periods(now=at("2026-07-01T00:00Z")) == [period_id("apicheap", Month(2026, 7))]

    def test_nothing_is_opened_before_an_account_holds_a_tier(self, scene: Scene) -> None:
        scene.terms()
        assert periods.open_periods(now=at("2026-06-15T12:00Z")) == []
        scene.account("acme", start="2026-06-10T00:00Z")
        assert periods.open_periods(now=at("2026-06-15T12:00Z")) == [period_id("apicheap", Month(2026, 6))]

    def test_a_tier_that_was_booked_back_opens_the_months_before(self, scene: Scene) -> None:
        scene.terms()
        scene.account("acme", start="2026-06-10T00:00Z")
        periods.open_periods(now=at("2026-06-15T12:00Z"))
        scene.account("rival", start="2026-05-31T23:00Z")
        assert periods.open_periods(now=at("2026-06-15T12:00Z")) == [period_id("apicheap", Month(2026, 5))]

    def test_a_month_in_which_the_terms_began_is_not_judged(self, scene: Scene) -> None:
        scene.terms()
        with pytest.raises(NotFound):
            scene.opens("2026-03-31T00:00Z", month=Month(2026, 3))

    def test_an_agreement_may_judge_its_first_partial_month(self, scene: Scene) -> None:
        scene.terms(("first_partial_month: skip", "first_partial_month: judge"))
        scene.account("acme", start="2026-03-30T00:00Z")
        assert periods.open_periods(now=at("2026-04-01T00:00Z")) == [
            period_id("apicheap", Month(2026, 3)),
            period_id("apicheap", Month(2026, 4)),
        ]

    def test_the_close_is_a_durable_deadline(self, october: Scene) -> None:
        period = october.period()
        (timer,) = open_for([period.id])[period.id]
        assert (timer.kind, timer.due_at) == ("claims.period.close", at("2026-11-02T00:00Z"))
        october.closes()
        assert open_for([period.id]) == {}


class TestTheClose:
    def test_it_waits_for_the_grace_and_then_states_every_account(self, october: Scene) -> None:
        acme, rival = october.account("acme", usage="200"), october.account("rival", "basic", usage="80")
        october.measured(month_of(first_minutes(500)))
        assert october.closes("2026-11-01T23:59Z") == State.OPEN
        assert october.closes("2026-11-02T00:00Z") == State.CLOSED
        assert october.statement(acme).figures.credit == dollars("20")
        assert october.statement(rival).figures.credit == dollars("8")
        assert october.period().statements == 2

    def test_a_month_that_was_never_opened_cannot_close(self, scene: Scene) -> None:
        with pytest.raises(NoSuchMonth):
            scene.closes()

    def test_accounts_that_share_everything_share_one_finding(self, october: Scene) -> None:
        acme, rival, third = (october.account(name) for name in ("acme", "rival", "third"))
        october.measured(month_of(first_minutes(500)), named={third: month_of(first_minutes(10))})
        october.closes()
        found = {name: october.statement(name).figures.finding for name in (acme, rival, third)}
        assert found[acme] == found[rival] != found[third]
        assert Finding.objects.count() == 2
        assert Finding.objects.get(id=found[third]).minutes.down.total == 10

    def test_an_outage_that_is_confined_to_one_account_counts_for_it_alone(self, october: Scene) -> None:
        acme, rival = october.account("acme"), october.account("rival")
        october.measured(month_of(), named={acme: month_of(first_minutes(500))})
        october.closes()
        assert october.statement(acme).figures.code == "awaiting_usage"
        assert october.statement(rival).figures.code == "met"

    def test_an_account_that_held_no_tier_in_the_month_gets_no_statement(self, october: Scene) -> None:
        october.account("later", start="2026-11-01T00:00Z")
        gone = october.account("gone")
        end_tier(gone, at=at("2026-10-01T00:00Z"), reason="left", by=MIRA, now=at("2026-10-01T00:00Z"))
        october.closes()
        assert Statement.objects.count() == 0
        assert october.period().statements == 0

    def test_closing_twice_changes_nothing(self, october: Scene) -> None:
        acme = october.account("acme")
        october.closes()
        october.closes("2026-11-03T00:00Z")
        assert len(history(october.statement(acme).id)) == 1
        closed = [one for one in history(october.period().id) if isinstance(one.event, PeriodClosed)]
        assert len(closed) == 1

    def test_a_close_that_was_interrupted_goes_on_where_it_stopped(self, october: Scene) -> None:
        accounts = [october.account(f"account-{number}") for number in range(5)]
        period = periods.consider_close(october.period().id, now=at("2026-11-02T00:00Z"))
        half = [customers.account(one) for one in accounts[:2]]
        judged = JudgedMonth.of(october.period(), now=at("2026-11-02T00:00Z"))
        assert issue_statements(judged, half, by=SYSTEM, now=at("2026-11-02T00:00Z")) == 2
        assert october.closes("2026-11-02T00:10Z") == State.CLOSED
        assert [len(history(october.statement(one).id)) for one in accounts] == [1] * 5
        assert october.statement(accounts[0]).issued_at == at("2026-11-02T00:00Z")
        assert october.statement(accounts[4]).issued_at == at("2026-11-02T00:10Z")
        assert period == october.period().id

    def test_an_outage_that_is_still_open_is_cut_at_the_months_end(self, october: Scene) -> None:
        acme = october.account("acme", usage="200")
        down = stretch("2026-10-31T12:00Z", "2026-11-01T00:00Z")
        october.measured(month_of(down, outages=(outage(down.first, None, unexcused=down),)))
        october.closes()
        figures = october.statement(acme).figures
        assert figures.classes.down == 720
        assert figures.uptime == Fraction(44_640 - 720, 44_640)

    def test_the_statement_names_terms_tiers_and_the_amount(self, october: Scene) -> None:
        acme = october.account("acme", "pro", usage="200")
        october.measured(month_of(first_minutes(500)))
        october.closes()
        (issued,) = history(october.statement(acme).id)
        assert isinstance(issued.event, StatementIssued)
        figures = issued.event.figures
        assert (figures.terms_version, figures.tier, figures.target) == (1, "pro", Fraction(995, 1000))
        assert (figures.base, figures.cap) == (dollars("200"), dollars("100"))
        assert issued.actor == "system makegood"


class TestWaiting:
    def test_unknown_minutes_make_it_wait_until_they_are_resolved(self, october: Scene) -> None:
        october.measured(month_of(unknown=HOUR, unmeasured=HOUR))
        assert october.closes() == State.WAITING
        (reason,) = october.period().reasons
        assert (reason.kind, reason.minutes, reason.sentence) == ("unknown", HOUR, "60 minutes are unknown.")
        october.measured(month_of())
        assert october.closes("2026-11-05T00:00Z") == State.CLOSED

    def test_missing_data_that_counts_as_up_is_unknown_all_the_same(self, october: Scene) -> None:
        october.measured(month_of(unmeasured=HOUR))
        assert october.closes() == State.WAITING

    def test_minutes_inside_a_window_that_leaves_the_total_are_not_missed(self, october: Scene) -> None:
        october.measured(month_of(window=HOUR, unmeasured=HOUR))
        assert october.closes() == State.CLOSED

    def test_an_undecided_exclusion_makes_it_wait(self, october: Scene) -> None:
        undecided = Undecided(exclusion=derived("exclusion", 1), minutes=HOUR, sentence="Proposed by Jonas.")
        october.measured(month_of(HOUR), undecided=(undecided,))
        assert october.closes() == State.WAITING
        (reason,) = october.period().reasons
        assert (reason.kind, reason.reference) == ("exclusion", str(derived("exclusion", 1)))

    def test_an_operator_accepts_by_name_and_reason(self, october: Scene) -> None:
        acme = october.account("acme")
        october.measured(month_of(unknown=HOUR, unmeasured=HOUR))
        october.closes()
        accept("The monitor was rebooted; nobody complained.")
        assert october.closes("2026-11-03T00:00Z") == State.CLOSED
        assert october.statement(acme).figures.classes.unknown == 60
        (accepted,) = [
            one.event for one in history(october.period().id) if isinstance(one.event, PeriodUnknownAccepted)
        ]
        assert (accepted.accepted_by, accepted.minutes) == ("mira", HOUR)
        assert accepted.reason == "The monitor was rebooted; nobody complained."

    def test_what_appears_after_an_acceptance_makes_it_wait_again(self, october: Scene) -> None:
        october.measured(month_of(unknown=HOUR, unmeasured=HOUR))
        october.closes()
        accept()
        more = HOUR | stretch("2026-10-20T00:00Z", "2026-10-20T00:10Z")
        october.measured(month_of(unknown=more, unmeasured=more))
        assert october.closes("2026-11-03T00:00Z") == State.WAITING
        (reason,) = october.period().reasons
        assert reason.sentence == "10 minutes are unknown."

    def test_only_an_operator_accepts_and_says_why(self, october: Scene) -> None:
        october.measured(month_of(unknown=HOUR, unmeasured=HOUR))
        with pytest.raises(NothingToAccept):
            accept()
        october.closes()
        with pytest.raises(OperatorsAccept):
            periods.accept_as_it_stands(
                "apicheap", OCTOBER, reason="please", by=ACMES_BUYER, now=at("2026-11-02T01:00Z")
            )
        with pytest.raises(ReasonMissing):
            accept(" ")

    def test_waiting_months_stand_on_the_desk_since_when_and_for_what(self, october: Scene) -> None:
        october.opens("2026-09-01T00:00Z", month=SEPTEMBER)
        october.measured(month_of(unknown=HOUR, unmeasured=HOUR))
        gone = stretch("2026-09-09T00:00Z", "2026-09-09T00:05Z")
        october.measured(month_of(month=SEPTEMBER, unknown=gone, unmeasured=gone), month=SEPTEMBER)
        october.closes()
        october.closes("2026-10-02T00:00Z", month=SEPTEMBER)
        first, second = waiting_periods()
        assert (first.month, second.month) == (SEPTEMBER, OCTOBER)
        assert second.waiting_since == at("2026-11-02T00:00Z")


class TestWhatIsLeftToDo:
    """A tick looks after every month that is to be closed or reviewed, and after no other."""

    def test_a_month_is_looked_after_from_its_close_on_until_it_is_reviewed(self, october: Scene) -> None:
        period = october.period().id
        assert unfinished(now=at("2026-11-01T23:59Z")) == []
        assert unfinished(now=at("2026-11-02T00:00Z")) == [period]
        closing.close(period, now=at("2026-11-02T00:00Z"))
        assert october.period().state == State.CLOSED
        assert unfinished(now=at("2026-11-02T00:01Z")) == [period], "it is to be reviewed"
        closing.tend(period, now=at("2026-11-02T00:01Z"))
        assert unfinished(now=at("2026-11-02T00:02Z")) == []

    def test_a_close_that_was_interrupted_is_taken_up_again_after_ten_minutes(self, october: Scene) -> None:
        period = periods.consider_close(october.period().id, now=at("2026-11-02T00:00Z"))
        assert unfinished(now=at("2026-11-02T00:09Z")) == []
        assert unfinished(now=at("2026-11-02T00:10Z")) == [period]
        (timer,) = open_for([period])[period]
        assert timer.next_at == at("2026-11-02T00:10Z")

    def test_a_waiting_month_and_one_that_was_asked_about_are(self, october: Scene) -> None:
        october.opens("2026-09-01T00:00Z", month=SEPTEMBER)
        october.measured(month_of(unknown=HOUR, unmeasured=HOUR))
        october.closes()
        october.closes(month=SEPTEMBER)
        assert unfinished(now=at("2026-11-03T00:00Z")) == [october.period().id]
        periods.ask_review("apicheap", SEPTEMBER, cause="correction", reason="Wrong.", now=at("2026-11-03T00:00Z"))
        assert unfinished(now=at("2026-11-03T00:00Z")) == [october.period(SEPTEMBER).id, october.period().id]


def accept(reason: str = "It does not matter.") -> UUID:
    return periods.accept_as_it_stands("apicheap", OCTOBER, reason=reason, by=MIRA, now=at("2026-11-02T01:00Z"))


def test_jonas_sees_the_same_reasons_until_something_changes(october: Scene) -> None:
    october.measured(month_of(unknown=HOUR, unmeasured=HOUR))
    october.closes()
    version = october.period().version
    closing.tend(october.period().id, by=JONAS, now=at("2026-11-02T02:00Z"))
    assert october.period().version == version
