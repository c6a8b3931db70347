"""An account with terms of its own is judged with these laid over both sides: today's terms and the draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from agreements import overriding, queries
from tests.personas import MIRA
from tests.workflows.whatif.scenes import (
    OCTOBER,
    account,
    credits_of,
    draft,
    month_of,
    observed,
    told,
    uses,
)

pytestmark = pytest.mark.usefixtures("database")

SIGNED = datetime(2026, 8, 20, tzinfo=UTC)
ROWS = """\
      credits:
        rows:
          - {from: 95.0%, below: 99.9%, pays: 30%}
          - {below: 95.0%, pays: 50%}
"""
# A day down of October: 96.774 %, which pays Pro 10 %; the draft pays 20 % there.
MORE = draft(
    ("{from: 95.0%, below: 99.0%, pays: 10%}", "{from: 95.0%, below: 99.0%, pays: 20%}"),
)


@pytest.fixture(autouse=True)
def _forgets() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


def negotiated(number: str, changes: str) -> None:
    own = account(number, "pro")
    text = (
        f"overrides: apicheap\naccount: {number}\ndocument_date: 2026-08-20\nin_force_from: 2026-09-01\n"
        f"clause: Order form 17, §2\nchanges:\n  commitments:\n    - name: uptime\n{changes}"
    )
    overriding.draft_override(text, own, by=MIRA, now=SIGNED)
    overriding.agree_override(
        "apicheap", own, 1, who="Ada", agreed_on=SIGNED.date(), where="Order form 17", by=MIRA, now=SIGNED
    )
    uses(own, "100", OCTOBER)


def test_what_was_negotiated_counts_on_both_sides() -> None:
    observed(OCTOBER)
    uses(account("public", "pro"), "100", OCTOBER)
    negotiated("acme", ROWS)
    report = told(MORE)
    total = month_of(report).total
    assert credits_of(total) == ("40.00", "50.00")  # 10 + 30 today, 20 + 30 by the draft
    assert [one.number for one in report.customers] == ["public"], "the draft changes nothing for the other"


def test_where_only_a_target_was_negotiated_the_drafts_table_pays() -> None:
    observed(OCTOBER)
    negotiated("acme", "      target: {pro: 99.9%}\n")
    assert credits_of(month_of(told(MORE)).total) == ("10.00", "20.00")


def test_an_account_with_terms_of_its_own_does_not_stand_for_its_tier() -> None:
    observed(OCTOBER)
    negotiated("acme", ROWS)
    (tier,) = month_of(told(MORE)).tiers
    assert tier.trees is None


def test_a_draft_that_does_not_fit_says_so_by_name_and_judges_without() -> None:
    observed(OCTOBER)
    negotiated("acme", "      target: {pro: 99.9%}\n      credits: {cap: null}\n")
    cap = (
        "      cap:\n        is: 50% of usage of the month\n        clause: §3.3\n"
        "        words: Maximum credit per month is capped at 50% of that month's usage\n"
    )
    uncapped = draft((cap, ""))
    notes = month_of(told(uncapped)).notes
    misfit = "What was negotiated with account acme does not fit the draft, which judges it here without: "
    place = "Order form 17, §2, line 10: The agreement says no `cap`, so there is nothing to take away."
    assert notes == (misfit + place,)
