"""The months: uptime, target and credit of each, and one explained down to its outages."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.commands.statements import complete_statement
from claims.explain.statement import explain_statement
from claims.queries import statements
from claims.queries.entitlements import newest
from claims.tasks import entitlement_due
from deadlines.registry import Wake
from kernel import shown
from kernel.months import Month
from tests.claims import october
from tests.claims.history import OCTOBER, at
from tests.personas import ACME
from tests.portal.conftest import SetClock
from tests.portal.visitors import Visitor, text_of


def test_each_month_shows_its_uptime_target_and_credit(ada: Visitor) -> None:
    """45 hours of 744: 93.951 %, rounded down; a quarter of $200."""
    row = "October 2026 93.951 % 99.5 % 50.00 USD Closed Claim now"

    assert row in ada.read()


def test_what_can_be_claimed_stands_first_with_its_amount_and_last_day(ada: Visitor) -> None:
    page = ada.read()

    assert "Uptime was 93.951 % against a target of 99.5 %: 25 % of the month" in page
    assert "usage, 50.00 USD. File by Monday, 23 November 2026 (UTC) , 14 days left." in page


def test_what_can_be_claimed_stands_above_the_claims_too(ada: Visitor, set_clock: SetClock) -> None:
    told = "You can claim a credit for October 2026 until Monday, 23 November 2026 (UTC) , 14 days left"
    assert told in ada.read("claims/")
    assert "You have not filed a claim." in ada.read("claims/")
    set_clock(october.BOUND)
    assert "You can claim a credit" not in ada.read("claims/")


def test_a_month_is_explained_as_its_statement_says(ada: Visitor) -> None:
    """Page, explanation and statement: one uptime, one percent, one amount, the same minutes."""
    figures = statements.figures_of(ACME, october.AGREEMENT, OCTOBER)
    explained = explain_statement(ACME, october.AGREEMENT, OCTOBER)
    assert explained is not None
    assert (explained.uptime, explained.percent, explained.credit) == (
        figures.uptime,
        figures.percent,
        figures.credit,
    )

    page = ada.read("months/2026-10/")

    assert f"Uptime {shown.uptime(figures.uptime)} 41,940 of the 44,640 minutes that count" in page
    assert "Target 99.5 % allows 223 minutes down" in page
    assert "Credit 50.00 USD 25 % of 200.00 USD" in page
    assert f"Down {figures.classes.down:,} yes no §2.2" in page
    assert "20 October 2026, 10:00 (UTC) 22 October 2026, 07:00 (UTC) 2,700 2,700 nothing" in page
    for step in explained.steps:
        assert step.sentence in page


def test_the_last_day_to_claim_is_explained_where_it_is_shown(ada: Visitor) -> None:
    for page in ("months/2026-10/", "months/2026-10/claim/"):
        shown = ada.read(page)
        assert "Time to claim: Monday, 23 November 2026" in shown
        assert "Day 30 is Saturday, 21 November 2026." in shown
        assert "to Monday, 23 November 2026." in shown


def test_every_version_of_a_statement_can_be_read(ada: Visitor) -> None:
    october.use("300", now=october.MONDAY_9TH)
    complete_statement(ACME, OCTOBER, now=october.MONDAY_9TH)

    assert "Credit 75.00 USD" in ada.read("months/2026-10/")
    assert "Credit 50.00 USD" in ada.read("months/2026-10/?version=1")
    assert ada.get("months/2026-10/?version=9").status_code == 404


def test_a_running_month_shows_what_is_left_of_its_allowance(ada: Visitor) -> None:
    """November: 30 days of 1,440 minutes, of which half a percent is 216."""
    page = ada.read("months/2026-11/")

    assert "Left of the allowance 216 minutes may still be down before the target is missed" in page
    assert "The month closes at 2 December 2026, 00:00 (UTC)" in page
    assert "allows 216 minutes down; 0 were: it can be met." in page
    assert "The month ends at 1 December 2026, 00:00 (UTC) and closes 24 hours later" in page


def test_a_lapsed_month_tells_what_lapsed_when_and_by_which_clause(ada: Visitor, set_clock: SetClock) -> None:
    entitlement = newest(ACME, october.AGREEMENT, OCTOBER)
    assert entitlement is not None
    set_clock(october.BOUND)
    entitlement_due([Wake(entitlement.id, "due", october.BOUND)], october.BOUND)

    page = ada.read("months/2026-10/")
    assert "The credit for this month has lapsed" in page
    assert "50.00 USD could be claimed until Monday, 23 November 2026 (UTC) (§3.3). No claim was filed by then" in page
    assert "Credit none 50.00 USD lapsed: the last day to claim was Monday, 23 November 2026 (UTC)" in page
    credit = "none 50.00 USD lapsed, last day Monday, 23 November 2026 (UTC), §3.3"
    assert f"October 2026 93.951 % 99.5 % {credit} Closed Lapsed" in ada.read()


def test_a_month_is_not_offered_between_its_last_day_and_the_sweep(ada: Visitor, set_clock: SetClock) -> None:
    set_clock(october.BOUND)

    for page in ("", "months/2026-10/"):
        assert "You can claim a credit" not in ada.read(page)
        assert "50.00 USD lapsed" in ada.read(page)


def test_a_claim_in_time_is_no_lapse(ada: Visitor, set_clock: SetClock) -> None:
    ada.filed()
    set_clock(october.BOUND)

    for page in ("", "months/2026-10/"):
        assert "lapsed" not in ada.read(page)


def test_a_claim_that_is_taken_back_after_the_last_day_leaves_nothing_due(ada: Visitor, set_clock: SetClock) -> None:
    claim = ada.filed()
    set_clock(october.BOUND)
    ada.post(f"claims/{claim}/withdraw/", sure="on", key=uuid4())

    assert "none 50.00 USD lapsed" in ada.read()
    assert "The claim was taken back, and no other was filed by then" in ada.read("months/2026-10/")


@pytest.mark.parametrize("page", ["months/2026-03/", "months/2026-13/", "months/2031-01/"])
def test_a_month_that_is_not_judged_is_not_there(ada: Visitor, page: str) -> None:
    assert ada.get(page).status_code == 404


def test_pages_ask_the_database_no_more_for_many_months_than_for_few(ada: Visitor) -> None:
    """With every month closed that is over: one, then four."""

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            ada.read()
        return len(asked)

    ada.read()
    before = queries()
    for month in (Month(2026, 6), Month(2026, 7), Month(2026, 8)):
        october.use("200", month=month)
        october.close(month)

    assert ada.read().count("Closed") == 4
    assert queries() <= before <= 25


def test_a_moved_clock_is_told_on_every_page(ada: Visitor, set_clock: SetClock) -> None:
    set_clock(at("2027-01-05T10:00Z"))
    assert "it is 5 January 2027, 10:00 (UTC) here" in ada.read()
    assert "The clock is moved by" in text_of(ada.client.get("/accounts/login/", follow=True))


def test_a_real_clock_has_no_banner(rex: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAKEGOOD_CLOCK")

    assert "The clock is moved" not in rex.read()
