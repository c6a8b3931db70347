"""A draft is run over past months: today's terms and the draft beside each other, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from django.db import connection

from agreements import commands as agreements
from agreements import queries
from agreements.errors import TermsRefused
from agreements.explaining import find, walk
from claims.commands import closing, periods
from claims.models.statement import Statement
from customers import commands as customers
from kernel.intervals import Interval
from kernel.money import Money
from tests.agreements.later import announced_in_time
from tests.personas import JONAS, MIRA
from tests.workflows.whatif.scenes import (
    DAY,
    NOW,
    OCTOBER,
    SEPTEMBER,
    STRICT,
    account,
    credits_of,
    draft,
    month_of,
    observed,
    tier_of,
    told,
    uses,
)
from uptime import commands as uptime
from uptime.events import Category, Finding, Scope
from workflows.whatif.errors import WhatIfRefused
from workflows.whatif.running import Progress, asked, run

pytestmark = pytest.mark.usefixtures("database")

LENIENT = ("is: [2xx, 3xx, 4xx]", "is: [2xx, 3xx, 4xx, 5xx]")
FORCE_MAJEURE_COUNTS = ("force_majeure:\n    treatment: counts_as_up", "force_majeure:\n    treatment: counts_as_down")
UNSUPPORTED = ("counted_from: {is: incident_end", "counted_from: {is: incident_start")
DAY_DOWN = Fraction(44_640 - 1_440, 44_640)


@pytest.fixture(autouse=True)
def _forgets() -> Iterator[None]:
    """Read published versions anew: another test's are gone."""
    queries.forget()
    yield
    queries.forget()


def test_the_terms_in_force_as_a_draft_change_nothing() -> None:
    observed(OCTOBER)
    uses(account("acme", "pro"), "200", OCTOBER)
    account("rival", "basic")
    report = told(draft())
    assert (report.total.accounts, report.total.differing, report.concerned) == (2, 0, 0)
    assert report.customers == ()
    assert credits_of(report.total) == ("20.00", "20.00"), "1,440 of 44,640 minutes: 96.774 % pays 10 % of 200"


def test_a_higher_target_pays_more_by_tier_and_month() -> None:
    observed(SEPTEMBER, OCTOBER, minutes=60)
    acme, rival = account("acme", "pro"), account("rival", "basic")
    uses(acme, "200", SEPTEMBER, OCTOBER)
    uses(rival, "80", SEPTEMBER, OCTOBER)
    report = told(draft(*STRICT), since=SEPTEMBER)
    # 60 of 44,640 minutes: 99.866 % meets 99.5 % and misses 99.95 %; no row pays, so the smallest credit does: 5 %.
    assert [one.month for one in report.months] == [SEPTEMBER, OCTOBER]
    for month in report.months:
        assert (tier_of(month.tiers, "pro").cell.today.missed, tier_of(month.tiers, "pro").cell.draft.missed) == (0, 1)
        assert credits_of(tier_of(month.tiers, "pro").cell) == ("0.00", "10.00")
        assert tier_of(month.tiers, "basic").cell.differing == 0
    assert credits_of(report.total) == ("0.00", "20.00")
    assert credits_of(tier_of(report.tiers, "pro").cell) == ("0.00", "20.00")
    (concerned,) = report.customers
    assert (concerned.account, concerned.number, concerned.name) == (acme, "acme", "Acme Ltd")
    assert str(concerned.difference) == "20.00 USD"
    assert [one.month for one in concerned.months] == [SEPTEMBER, OCTOBER]


def test_an_account_without_usage_is_shown_as_percent_without_amount() -> None:
    observed(OCTOBER, minutes=60)
    account("acme", "pro")
    report = told(draft(*STRICT))
    assert (report.total.draft.missed, report.total.draft.awaiting, report.total.draft.paid) == (1, 1, 0)
    assert credits_of(report.total) == ("0.00", "0.00"), "no amount is guessed"
    ((one,),) = (customer.months for customer in report.customers)
    assert (one.draft.percent, one.draft.credit) == (Fraction(1, 20), None)
    assert any("usage is not known" in note for note in report.notes)


def test_the_draft_measures_by_its_own_rules() -> None:
    """A success under the draft is what the draft calls one: 503 is none of its failures."""
    observed(OCTOBER)
    uses(account("acme", "pro"), "200", OCTOBER)
    lenient = draft(LENIENT)
    report = told(lenient)
    month = month_of(report)
    assert (month.today_uptime, month.draft_uptime) == (DAY_DOWN, Fraction(1))
    assert credits_of(report.total) == ("20.00", "0.00")


def test_the_draft_excuses_by_its_own_rules() -> None:
    service = observed(OCTOBER)
    uses(account("acme", "pro"), "200", OCTOBER)
    start = OCTOBER.start(UTC) + 19 * DAY
    stretch = Interval(start, start + DAY)
    proposed = uptime.propose(
        service, Category.FORCE_MAJEURE, [stretch], reason="flood", scope=Scope(), by=JONAS, now=NOW
    )
    uptime.approve(proposed, by=MIRA, now=NOW)
    month = month_of(told(draft(FORCE_MAJEURE_COUNTS)))
    assert month.today_uptime == Fraction(1)
    assert month.draft_uptime == DAY_DOWN


def test_an_account_with_minutes_of_its_own_is_judged_by_them() -> None:
    service = observed(OCTOBER, minutes=60)
    acme, other = account("acme", "pro"), account("other", "pro")
    uses(acme, "200", OCTOBER)
    uses(other, "200", OCTOBER)
    start = OCTOBER.start(UTC) + 9 * DAY
    uptime.correct(
        service,
        Finding.DOWN,
        Interval(start, start + DAY),
        reason="their route was down",
        accounts=(acme,),
        by=MIRA,
        now=NOW,
    )
    report = told(draft(*STRICT))
    assert credits_of(report.total) == ("20.00", "30.00"), "Acme 10 % by both, the other 5 % by the draft"
    (concerned,) = report.customers
    assert concerned.account == other


def test_todays_terms_are_what_was_in_force_in_the_month() -> None:
    observed(SEPTEMBER, OCTOBER, minutes=60)
    uses(account("acme", "pro"), "200", SEPTEMBER, OCTOBER)
    second, _, _ = draft(*STRICT, ("in_force_from: 2026-03-30", "in_force_from: 2026-10-01")).partition("\nexamples:")
    queries.forget()
    announced_in_time(second, by=JONAS, now=datetime(2026, 9, 1, tzinfo=UTC))
    report = told(second, since=SEPTEMBER)
    assert [one.version for one in report.months] == [1, 2]
    assert [credits_of(one.total) for one in report.months] == [("0.00", "10.00"), ("10.00", "10.00")]


def test_a_month_before_the_first_version_is_judged_by_it_and_says_so() -> None:
    observed(OCTOBER)
    account("acme", "pro", start=datetime(2026, 1, 1, tzinfo=UTC))
    (month,) = told(draft(), since=SEPTEMBER.plus(-7), until=SEPTEMBER.plus(-7)).months
    assert month.version == 1
    assert any("stands in for it" in note for note in month.notes)


def test_a_statement_that_says_otherwise_is_named() -> None:
    """Usage that was changed after the statement, and not followed yet, is one such difference."""
    observed(OCTOBER)
    acme = account("acme", "pro")
    uses(acme, "200", OCTOBER)
    periods.open_periods(now=datetime(2026, 10, 2, tzinfo=UTC))
    assert closing.close_month("apicheap", OCTOBER, now=datetime(2026, 11, 2, 1, tzinfo=UTC)) == "closed"
    (month,) = told(draft()).months
    assert (month.statements, month.unlike) == (1, 0)
    customers.set_usage(acme, OCTOBER, Money.of("300", "USD"), reason="metered anew", by=JONAS, now=NOW)
    (month,) = told(draft()).months
    assert (month.statements, month.unlike) == (1, 1)
    (unlike,) = month.unlike_shown
    assert unlike.what == ("usage", "credit")
    assert (str(unlike.stated.credit), str(unlike.today.credit)) == ("20.00 USD", "30.00 USD")


def test_todays_terms_give_what_the_close_gave() -> None:
    """Tiers that changed within the month, minutes of one's own and unknown usage are judged as by the close."""
    service = observed(OCTOBER, minutes=300)
    acme, other = account("acme", "basic"), account("other", "enterprise")
    account("poor", "pro")
    uses(acme, "200", OCTOBER)
    uses(other, "33.33", OCTOBER)
    start = OCTOBER.start(UTC) + 9 * DAY
    customers.set_tier(acme, "pro", from_at=start, reason="upgraded", by=MIRA, now=start)
    stretch = Interval(start - DAY, start + DAY)
    uptime.correct(service, Finding.DOWN, stretch, reason="their route", accounts=(other,), by=MIRA, now=NOW)
    periods.open_periods(now=datetime(2026, 10, 2, tzinfo=UTC))
    assert closing.close_month("apicheap", OCTOBER, now=datetime(2026, 11, 2, 1, tzinfo=UTC)) == "closed"
    (month,) = told(draft()).months
    assert (month.statements, month.unlike) == (3, 0)
    stated = [row.figures.credit.amount for row in Statement.objects.all() if row.figures.credit]
    assert month.total.today.credit.amount == sum(stated) > 0


def test_a_draft_of_another_name_is_run_over_the_agreement_that_is_named() -> None:
    observed(OCTOBER)
    uses(account("acme", "pro"), "200", OCTOBER)
    renamed = draft(("agreement: apicheap", "agreement: apinext"))
    report = run(asked(renamed, since=OCTOBER, until=OCTOBER, agreement="apicheap"), now=NOW)
    assert report.agreement == "apicheap"
    assert credits_of(report.total) == ("20.00", "20.00")


def test_both_sides_are_explained_by_the_tree_of_a_statement() -> None:
    observed(OCTOBER, minutes=60)
    uses(account("acme", "pro"), "200", OCTOBER)
    report = told(draft(*STRICT))
    ((one,),) = (customer.months for customer in report.customers)
    assert find_result(one.trees.today, "Target") == "met"
    assert find_result(one.trees.draft, "Target") == "missed"
    assert find_result(one.trees.draft, "Amount") == "10.00 USD"
    everybody = tier_of(month_of(report).tiers, "pro").trees
    assert everybody is not None
    assert any("19:00" in step.sentence or "20 October" in step.sentence for step in walk(everybody.draft))


def find_result(tree: object, rule: str) -> str:
    found = find(tree, rule)  # type: ignore[arg-type]
    assert found is not None, rule
    return found.result


def rows_of_every_table() -> dict[str, int]:
    """Count the rows of all tables."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


def end_of_the_log() -> object:
    """Tell the last id of the log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(position) FROM positions")
        return cursor.fetchone()


def test_nothing_is_written() -> None:
    observed(OCTOBER)
    uses(account("acme", "pro"), "200", OCTOBER)
    before = rows_of_every_table(), end_of_the_log()
    lenient = draft(LENIENT, *STRICT)
    assert told(lenient).concerned == 1
    assert (rows_of_every_table(), end_of_the_log()) == before
    assert before[0]["events"] > 0
    assert not Statement.objects.exists()


def test_nothing_can_be_written_while_it_runs() -> None:
    observed(OCTOBER)
    account("acme", "pro")

    def write(_progress: Progress) -> None:
        account("late", "pro")

    with pytest.raises(Exception, match="read-only transaction"):
        told(draft(), watch=write)


def test_it_tells_how_far_it_is_and_can_be_ended() -> None:
    observed(SEPTEMBER, OCTOBER)
    account("acme", "pro")
    heard: list[Progress] = []
    told(draft(), since=SEPTEMBER, watch=heard.append)
    assert [(one.month, one.done, one.accounts) for one in heard] == [
        (SEPTEMBER, 0, 0),
        (SEPTEMBER, 0, 1),
        (OCTOBER, 1, 0),
        (OCTOBER, 1, 1),
    ]

    class Enough(Exception):
        """Somebody ended it."""

    def end(_progress: Progress) -> None:
        raise Enough

    with pytest.raises(Enough):
        told(draft(), watch=end)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("currency: USD", "currency: EUR"), "counts in EUR"),
        (("agreement: apicheap", "agreement: nobody"), "No version of 'nobody' is published"),
    ],
)
def test_what_can_not_be_compared_is_refused(change: tuple[str, str], sentence: str) -> None:
    observed(OCTOBER)
    with pytest.raises(WhatIfRefused, match=sentence):
        told(draft(change).partition("\nexamples:")[0])


def test_a_draft_that_measures_what_nobody_observes_is_refused() -> None:
    observed(OCTOBER)
    renamed = draft(
        ("  api:\n    clause: §2.1", "  gateway:\n    clause: §2.1"), ("service: api\n", "service: gateway\n")
    )
    with pytest.raises(WhatIfRefused, match="the service 'gateway', which nobody observes under 'apicheap'"):
        told(renamed)


def test_what_the_running_system_can_not_carry_out_is_refused_as_by_load() -> None:
    observed(OCTOBER)
    text = draft(UNSUPPORTED)
    with pytest.raises(TermsRefused) as loading:
        agreements.publish(text, by=JONAS, now=NOW)
    with pytest.raises(TermsRefused) as trying:
        told(text)
    assert trying.value.sentence == loading.value.sentence


def test_a_month_that_is_not_over_is_refused() -> None:
    observed(OCTOBER)
    with pytest.raises(WhatIfRefused, match="November 2026 is not over"):
        told(draft(), until=OCTOBER.next())
    assert run(asked(draft(), since=OCTOBER), now=NOW).until == OCTOBER, "the last month that is over"


def test_a_tier_that_the_draft_does_not_have_is_named() -> None:
    observed(OCTOBER)
    account("acme", "basic")
    report = told(draft().replace("basic", "starter").replace("Basic", "Starter"))
    assert (report.total.today.missed, report.total.draft.missed) == (1, 0)
    assert "The draft has no tier 'basic', which accounts held: it judges no month by it." in report.notes
