"""What a portal, an API or a desk reads: months as they run, statements with all versions, explanations."""

from datetime import datetime
from fractions import Fraction
from uuid import UUID

import pytest

from agreements.explaining import Step, walk
from claims.commands.reviewing import review_entitlements
from claims.commands.statements import complete_statement, restate
from claims.events.finding import ExclusionUsed
from claims.explain.running import explain_running
from claims.explain.statement import explain_statement
from claims.queries import months, statements
from eventstore import NotFound
from kernel.ids import AccountId, derived
from tests.claims.plain_steps import one, recomputed, recomputed_so_far
from tests.claims.statements.given import Scene
from tests.claims.statements.scenes import (
    OCTOBER,
    SEPTEMBER,
    account,
    at,
    dollars,
    first_minutes,
    month_of,
    outage,
    stretch,
)
from tests.personas import JONAS

FOUR_HOURS = stretch("2026-10-05T10:00Z", "2026-10-05T14:00Z")
WRONG = "The probe in Frankfurt was broken."


def standing(account: UUID, now: datetime) -> Step:
    """Explain how October stands."""
    view = months.month_of(account, OCTOBER, now=now)
    assert view is not None
    tree = explain_running(view)
    assert tree is not None
    return tree


class TestARunningMonth:
    def test_it_shows_the_exact_allowance_and_what_is_left(self, october: Scene) -> None:
        acme = october.account("acme")
        october.measured(month_of(stretch("2026-10-05T10:00Z", "2026-10-05T10:40Z")))
        (view,) = months.months_of(acme, now=at("2026-10-06T00:00Z"))
        running = view.running
        assert running is not None
        assert running.allowance is not None
        # 0.5 % of 44,640 minutes are 223.2.
        assert (running.allowance.allowed_minutes, running.allowance.left_minutes) == (223, 183)
        assert (running.passed_minutes, running.total_minutes) == (5 * 1440, 44_640)
        assert running.uptime == Fraction(5 * 1440 - 40, 5 * 1440)
        assert (view.state, view.is_over, view.statement, running.certain) == ("open", False, None, None)

    def test_minutes_that_have_left_the_total_allow_nothing(self, october: Scene) -> None:
        acme = october.account("acme")
        window = stretch("2026-10-02T00:00Z", "2026-10-03T00:00Z")
        october.measured(month_of(window=window))
        running = months.months_of(acme, now=at("2026-10-06T00:00Z"))[0].running
        assert running is not None
        assert running.allowance is not None
        # 0.5 % of 43,200 minutes.
        assert (running.allowance.counted_minutes, running.allowance.allowed_minutes) == (43_200, 216)

    def test_what_has_not_happened_yet_is_not_unknown(self, october: Scene) -> None:
        acme = october.account("acme")
        ahead = stretch("2026-10-06T00:00Z", "2026-11-01T00:00Z")
        october.measured(month_of(unknown=ahead, unmeasured=ahead))
        running = months.months_of(acme, now=at("2026-10-06T00:00Z"))[0].running
        assert running is not None
        assert (running.classes.unknown, running.classes.up) == (0, 5 * 1440)
        assert running.allowance is not None
        assert running.allowance.allowed_minutes == 223

    def test_it_is_explained_by_the_minutes_that_have_passed(self, october: Scene) -> None:
        acme = october.account("acme")
        unknown = stretch("2026-10-03T00:00Z", "2026-10-03T01:00Z")
        october.measured(month_of(stretch("2026-10-05T10:00Z", "2026-10-05T10:40Z"), unknown=unknown))
        tree = standing(acme, at("2026-10-06T00:00Z"))
        assert recomputed_so_far(tree) == 182, "0.5 % of 44,580 minutes are 222.9, and 40 were down"
        assert tree.sentence == "182 minutes may still be down before the target is missed."
        assert one(tree, "Passed").sentence == "7,200 minutes of October 2026 have passed."
        assert one(tree, "Share of good minutes").inputs[0] == ("counted minutes", "7,140")

    def test_a_certain_miss_is_explained_by_the_best_that_it_can_still_reach(self, october: Scene) -> None:
        acme = october.account("acme")
        october.measured(month_of(FOUR_HOURS))
        tree = standing(acme, at("2026-10-06T00:00Z"))
        assert recomputed_so_far(tree) == 223 - 240
        assert tree.result == "missed"
        assert one(tree, "Certain").sentence.startswith(
            "Even if all that was not measured down turns out good, the uptime is 99.462365… % at best: "
        )

    def test_minutes_that_nobody_measured_are_no_certain_miss_where_they_count_as_down(self, october: Scene) -> None:
        acme = october.account("acme")
        october.measured(month_of(FOUR_HOURS, unmeasured=FOUR_HOURS))
        tree = standing(acme, at("2026-10-06T00:00Z"))
        assert tree.sentence == "More was down than the target allows, by 17 minutes: as it stands, it is missed."
        assert "Certain" not in {step.rule for step in walk(tree)}
        october.measured(month_of(FOUR_HOURS))
        tree = standing(acme, at("2026-10-06T00:00Z"))
        assert tree.sentence == "More was down than the target allows, by 17 minutes: it can no longer be met."

    def test_a_month_without_a_target_is_explained_by_its_minutes(self, october: Scene) -> None:
        assert recomputed_so_far(standing(october.account("free", "free"), at("2026-10-06T00:00Z"))) is None

    def test_a_tier_without_a_target_has_no_allowance(self, october: Scene) -> None:
        free = october.account("free", "free")
        running = months.months_of(free, now=at("2026-10-06T00:00Z"))[0].running
        assert running is not None
        assert (running.target, running.allowance) == (None, None)

    def test_a_certain_miss_and_its_entitlement_stand_beside_it(self, october: Scene) -> None:
        acme = october.account("acme")
        october.measured(month_of(FOUR_HOURS))
        review_entitlements("apicheap", OCTOBER, now=at("2026-10-05T14:05Z"))
        view = months.month_of(acme, OCTOBER, now=at("2026-10-06T00:00Z"))
        assert view is not None
        assert view.running is not None
        assert view.running.certain is not None
        assert view.entitlement is not None
        assert view.entitlement.bound is not None
        assert view.entitlement.bound.until == at("2026-11-05T00:00Z")


class TestTheMonthsOfAnAccount:
    def test_the_newest_comes_first_and_only_those_in_which_it_held_a_tier(self, october: Scene) -> None:
        october.opens("2026-09-01T00:00Z", month=SEPTEMBER)
        acme = october.account("acme", start="2026-09-15T00:00Z")
        later = october.account("later", start="2026-10-15T00:00Z")
        october.closes("2026-10-02T00:00Z", month=SEPTEMBER)
        seen = months.months_of(acme, now=at("2026-10-20T00:00Z"))
        assert [(one.month, one.state, one.statement is None) for one in seen] == [
            (OCTOBER, "open", True),
            (SEPTEMBER, "closed", False),
        ]
        assert [one.month for one in months.months_of(later, now=at("2026-10-20T00:00Z"))] == [OCTOBER]
        assert months.month_of(later, SEPTEMBER, now=at("2026-10-20T00:00Z")) is None


@pytest.fixture
def stated(october: Scene) -> AccountId:
    """Give Acme a closed October in three steps: no usage, its usage, a correction."""
    acme = october.account("acme")
    october.measured(month_of(FOUR_HOURS))
    october.closes()
    october.uses(acme, "200", now="2026-11-10T00:00Z")
    complete_statement(acme, OCTOBER, now=at("2026-11-10T00:00Z"))
    october.measured(month_of(FOUR_HOURS | stretch("2026-10-06T00:00Z", "2026-10-06T08:00Z")))
    restate("apicheap", OCTOBER, cause="correction", reason=WRONG, by=JONAS, now=at("2026-11-20T10:00Z"))
    return acme


class TestStatements:
    def test_all_versions_are_told_with_their_reasons(self, stated: AccountId) -> None:
        said = statements.versions(stated, "apicheap", OCTOBER)
        assert [(one.statement_version, one.cause, one.figures.credit) for one in said] == [
            (1, "issued", None),
            (1, "completed", dollars("10")),
            (2, "correction", dollars("20")),
        ]
        assert (said[-1].reason, said[-1].by) == (WRONG, "operator jonas")
        assert said[-1].difference is not None
        assert said[-1].difference.credit == dollars("10")

    def test_the_newest_version_is_the_row(self, stated: AccountId) -> None:
        view = statements.newest(stated, "apicheap", OCTOBER)
        assert view is not None
        assert (view.statement_version, view.figures.credit) == (2, dollars("20"))
        assert statements.of_account(stated) == [view]
        assert list(statements.of_month("apicheap", OCTOBER)) == [view]
        assert statements.newest(account("nobody"), "apicheap", OCTOBER) is None

    def test_any_version_can_be_read_again(self, stated: AccountId) -> None:
        assert statements.figures_of(stated, "apicheap", OCTOBER).credit == dollars("20")
        assert statements.figures_of(stated, "apicheap", OCTOBER, version=1).credit == dollars("10")
        with pytest.raises(NotFound):
            statements.figures_of(stated, "apicheap", OCTOBER, version=3)

    def test_what_stood_before_a_version_can_be_read(self, stated: AccountId) -> None:
        view = statements.newest(stated, "apicheap", OCTOBER)
        assert view is not None
        assert statements.version_before(view.id, 3).credit == dollars("10")
        with pytest.raises(NotFound):
            statements.version_before(view.id, 1)

    def test_operators_see_which_amounts_await_usage(self, october: Scene) -> None:
        acme, rival = october.account("acme"), october.account("rival", usage="200")
        october.measured(month_of(FOUR_HOURS))
        october.closes()
        assert statements.awaiting_usage("apicheap", OCTOBER) == [acme]
        (month,) = statements.months_awaiting_usage()
        assert (month.month, month.accounts) == (OCTOBER, 1)
        assert rival not in statements.awaiting_usage("apicheap", OCTOBER)


class TestTheExplanation:
    """Every figure is told down to minutes, exclusions, clause and terms version (SEMANTICS 28)."""

    def test_the_whole_computation_stands_in_sentences_with_clauses(self, stated: AccountId) -> None:
        told = explain_statement(stated, "apicheap", OCTOBER)
        assert told is not None
        assert {one.name: one.sentence for one in told.steps} == {
            "month": "October 2026 has 44,640 minutes in UTC.",
            "counted": "44,640 minutes count.",
            "uptime": (
                "43,920 of 44,640 were up or count as up, 720 were down: 98.387096… %, "
                "shown rounded down as 98.387 % and compared exactly."
            ),
            "tier": "Pro is the best tier that was held in an unexcused down minute.",
            "target": "98.387096… % misses the target of at least 99.5 % for Pro.",
            "allowance": "The target of 99.5 % allows 223 minutes down of 44,640; 720 were: it is missed.",
            "judgement": (
                "The uptime misses the 99.5 % that the Pro tier is promised. The row from 95 % to below 99 % pays 10 %."
            ),
            "amount": "10 % of 200.00 USD, the month's usage, are 20.00 USD.",
            "cap": "At most 50 % of usage of the month: 100.00 USD; the credit is within it.",
        }
        assert {one.name: one.clause for one in told.steps}["cap"] == "§3.3"
        assert (told.terms_version, told.document_date, told.statement_version) == (1, "2026-03-30", 2)

    def test_every_version_can_be_computed_again_from_its_explanation(self, stated: AccountId) -> None:
        for said in statements.versions(stated, "apicheap", OCTOBER):
            told = explain_statement(stated, "apicheap", OCTOBER, statement_version=said.statement_version)
            assert told is not None
            assert recomputed(told.tree) == said.figures.uptime == told.uptime

    def test_an_earlier_version_is_explained_by_its_own_minutes(self, stated: AccountId) -> None:
        told = explain_statement(stated, "apicheap", OCTOBER, statement_version=1)
        assert told is not None
        assert [one.unexcused_minutes for one in told.outages] == [240]
        assert explain_statement(stated, "apicheap", OCTOBER, statement_version=9) is None

    def test_every_minute_of_the_month_is_in_one_class(self, stated: AccountId) -> None:
        told = explain_statement(stated, "apicheap", OCTOBER)
        assert told is not None
        assert sum(one.minutes for one in told.classes) == told.total_minutes
        assert sum(one.minutes for one in told.classes if one.in_total) == told.counted_minutes
        assert sum(one.minutes for one in told.classes if one.good) == told.good_minutes
        for shown in told.classes:
            assert sum(one.minutes for one in shown.stretches) == shown.minutes

    def test_outages_name_what_excused_their_parts(self, october: Scene) -> None:
        acme = october.account("acme")
        excused = stretch("2026-10-05T12:00Z", "2026-10-05T14:00Z")
        left = FOUR_HOURS - excused
        exclusion = ExclusionUsed(
            exclusion=derived("exclusion", 1),
            category="third_party",
            treatment="counts_as_up",
            minutes=stretch("2026-10-05T12:00Z", "2026-10-05T18:00Z"),
            reason="The upstream model provider was down.",
        )
        whole = outage(FOUR_HOURS.first, FOUR_HOURS.end, unexcused=left)
        october.measured(month_of(left, excused_as_up=excused, outages=(whole,)), exclusions=(exclusion,))
        october.closes()
        told = explain_statement(acme, "apicheap", OCTOBER)
        assert told is not None
        (shown,) = told.outages
        assert (shown.start, shown.end) == (at("2026-10-05T10:00Z"), at("2026-10-05T14:00Z"))
        assert (shown.minutes, shown.unexcused_minutes) == (240, 120)
        (by,) = shown.excused_by
        assert (by.minutes, by.category, by.clause) == (120, "third_party", "§4")
        assert by.reason == "The upstream model provider was down."
        (used,) = told.exclusions
        assert used.minutes == 360
        told_of = one(told.tree, "Exclusion")
        assert told_of.sentence == "120 minutes of them are excused: The upstream model provider was down."

    def test_unmeasured_minutes_and_the_source_of_the_rest_are_shown(self, october: Scene) -> None:
        acme = october.account("acme")
        gone = stretch("2026-10-09T00:00Z", "2026-10-09T01:00Z")
        october.measured(month_of(window=gone, unmeasured=gone))
        october.closes()
        told = explain_statement(acme, "apicheap", OCTOBER)
        assert told is not None
        assert [one.minutes for one in told.unmeasured] == [60]
        assert one(told.tree, "Not measured").sentence == "60 minutes were not measured: 60 lie in planned windows."
        assert [(one.monitor, one.checks) for one in told.sources] == [("api.apicheap.net", 44_640)]

    def test_every_tier_is_shown_with_the_downtime_that_fell_in_it(self, october: Scene) -> None:
        acme = october.account("acme", "basic")
        october.measured(month_of(FOUR_HOURS))
        october.holds(acme, "pro", "2026-10-05T13:00Z")
        october.closes()
        told = explain_statement(acme, "apicheap", OCTOBER)
        assert told is not None
        assert [(one.title, one.down_minutes, one.judges) for one in told.tiers] == [
            ("Basic", 180, False),
            ("Pro", 60, True),
        ]

    def test_a_month_that_pays_nothing_says_why(self, october: Scene) -> None:
        big = october.account("big", "enterprise", usage="200")
        october.measured(month_of(first_minutes(130)))
        october.closes()
        told = explain_statement(big, "apicheap", OCTOBER)
        assert told is not None
        assert (told.code, told.credit) == ("unmatched_miss", None)
        assert "no row of the table" in told.tree.sentence

    def test_there_is_nothing_to_explain_without_a_statement(self, october: Scene) -> None:
        assert explain_statement(account("nobody"), "apicheap", OCTOBER) is None
