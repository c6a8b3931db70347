"""Months, statements and credit as programs read them."""

from typing import Any
from uuid import UUID

import pytest

from claims.commands import closing
from claims.commands.claims import credit, decide, verify
from claims.commands.periods import ask_review
from claims.queries.entitlements import newest
from claims.tasks import entitlement_due
from deadlines.registry import Wake
from tests.api.conftest import SetClock
from tests.api.programs import Program, refused
from tests.claims import october
from tests.claims.history import OCTOBER
from tests.claims.october import AGREEMENT, TUESDAY_10TH
from tests.claims.statements.scenes import month_of, stretch
from tests.personas import ACME, MIRA

FIFTY = {"amount": "50.00", "currency": "USD"}
UPTIME = {"numerator": 233, "denominator": 248, "percent": "93.951"}  # 41,940 of 44,640 minutes


def test_months_are_listed_newest_first_in_pages(acme: Program) -> None:
    months = acme.get("months").json()
    assert [one["month"] for one in months["items"]] == [f"2026-{month:02}" for month in range(11, 3, -1)]
    assert months["next"] is None
    page = acme.get("months", {"limit": 2}).json()
    assert [one["month"] for one in page["items"]] == ["2026-11", "2026-10"]
    assert page["next"].endswith("/api/v1/months?limit=2&after=2026-10")
    following = acme.get("months", {"limit": 2, "after": "2026-10"}).json()
    assert [one["month"] for one in following["items"]] == ["2026-09", "2026-08"]


def test_a_closed_month_shows_its_statement_and_what_can_be_claimed(acme: Program) -> None:
    month = acme.get("months/2026-10").json()
    assert (month["state"], month["running"]) == ("closed", None)
    assert month["statement"]["uptime"] == UPTIME
    assert (month["statement"]["credit"], month["statement"]["code"]) == (FIFTY, "below_target")
    assert month["entitlement"]["bound"] == {"last_day": "2026-11-23", "until": "2026-11-24T00:00:00Z"}
    assert (month["entitlement"]["state"], month["entitlement"]["over_at"]) == ("open", None)


def test_what_was_not_claimed_in_time_has_lapsed_with_its_last_day(acme: Program, set_clock: SetClock) -> None:
    entitlement = newest(ACME, AGREEMENT, OCTOBER)
    assert entitlement is not None
    set_clock(october.BOUND)
    entitlement_due([Wake(entitlement.id, "due", october.BOUND)], october.BOUND)

    lapsed = acme.get("months/2026-10").json()["entitlement"]
    assert (lapsed["state"], lapsed["over_at"]) == ("lapsed", "2026-11-24T00:00:00Z")


def test_a_month_that_runs_shows_how_it_stands(acme: Program) -> None:
    month = acme.get("months/2026-11").json()
    assert (month["state"], month["statement"]) == ("open", None)
    running = month["running"]
    assert running["total_minutes"] == 43_200
    assert running["allowance"]["allowed_minutes"] == running["allowance"]["left_minutes"] == 216
    assert month["explanation"]["result"] == "216 minutes left"
    assert acme.get("months/2026-10").json()["explanation"] is None


def test_a_statement_is_explained_down_to_its_outage(acme: Program) -> None:
    told = acme.get("months/2026-10/explanation").json()
    assert told["uptime"] == UPTIME
    assert sum(one["minutes"] for one in told["classes"]) == told["total_minutes"] == 44_640
    (outage,) = told["outages"]
    assert (outage["start"], outage["end"]) == ("2026-10-20T10:00:00Z", "2026-10-22T07:00:00Z")
    assert outage["unexcused_minutes"] == 2_700
    assert {one["name"]: one["clause"] for one in told["steps"]}["target"] == "§2.1"


def test_every_version_of_a_statement_stays_readable(acme: Program) -> None:
    """A correction of 10 November leaves 100 minutes down: 99.775 %, the target is met."""
    with october.measured_by(m2026_10=month_of(stretch("2026-10-20T10:00Z", "2026-10-20T11:40Z"))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="A probe was blind.", now=TUESDAY_10TH)
        closing.close_month(AGREEMENT, OCTOBER, now=TUESDAY_10TH)
        newest = acme.get("months/2026-10/statement").json()
        first = acme.get("months/2026-10/statement", {"version": 1}).json()
        listed = acme.get("months/2026-10/versions").json()["items"]
    assert (newest["statement_version"], newest["reason"]) == (2, "A probe was blind.")
    assert newest["difference"]["down_minutes"] == -2_600
    assert first["figures"]["credit"] == FIFTY
    assert listed == [first, newest]
    assert acme.get("months/2026-10/explanation", {"version": 1}).json()["credit"] == FIFTY


@pytest.mark.parametrize(
    "path",
    [
        "months/2020-01",
        "months/2026-11/statement",
        "months/2026-10/statement?version=2",
        "months/2026-11/versions",
        "months/2026-11/explanation",
        "months/2026-10/explanation?version=2",
    ],
)
def test_what_was_never_stated_does_not_exist(acme: Program, path: str) -> None:
    refused(acme.get(path), 404, "not_found")


@pytest.mark.parametrize("version", ["0", "first", "-1"])
def test_a_version_that_is_no_number_is_named(acme: Program, version: str) -> None:
    (fault,) = refused(acme.get("months/2026-10/statement", {"version": version}), 422, "fields_unusable")["errors"]
    assert (fault["field"], fault["value"]) == ("version", version)


def deadlines(program: Program, path: str) -> dict[str, dict[str, Any]]:
    """Give what is to happen by when, by name."""
    return {one["name"]: one for one in program.get(f"{path}/deadlines").json()["items"]}


def test_every_deadline_of_a_month_is_explained(acme: Program) -> None:
    """The outage ended on 22 October: day 30 is Saturday 21 November, which rolls to Monday."""
    closed, running = deadlines(acme, "months/2026-10"), deadlines(acme, "months/2026-11")
    assert list(closed) == ["file"]
    assert closed["file"]["due_at"] == acme.get("months/2026-10").json()["entitlement"]["bound"]["until"]
    told = [(step["rule"], step["result"]) for step in closed["file"]["explanation"]["steps"]]
    assert told == [
        ("Day 0", "Thursday, 22 October 2026"),
        ("Counted days", "Saturday, 21 November 2026"),
        ("Roll", "Monday, 23 November 2026"),
        ("At least until", "Monday, 9 November 2026"),
    ]
    assert running["close"]["due_at"] == acme.get("months/2026-11").json()["close_due_at"]
    assert {"name": "grace", "value": "24 hours"} in running["close"]["explanation"]["inputs"]


def test_every_deadline_of_a_claim_is_explained_and_only_to_its_account(acme: Program, rival: Program) -> None:
    filed = acme.post("claims", {"month": "2026-10"}).json()
    found = deadlines(acme, f"claims/{filed['id']}")
    assert {name: one["due_at"] for name, one in found.items()} == {"settle": filed["due_at"], "file": filed["bound"]}
    assert found["settle"]["explanation"]["steps"][1]["result"] == "Monday, 23 November 2026"
    refused(rival.get(f"claims/{filed['id']}/deadlines"), 404, "not_found")
    refused(acme.get("months/2020-01/deadlines"), 404, "not_found")


def credited(program: Program) -> None:
    """Let October be claimed and credited."""
    claim = UUID(program.post("claims", {"month": "2026-10"}).json()["id"])
    verify.take_up(claim, by=MIRA, now=TUESDAY_10TH)
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    credit.credit(claim, now=TUESDAY_10TH)


def amounts(lines: list[dict[str, Any]]) -> dict[str, str]:
    """Give what was posted to each book."""
    return {one["book"]: one["amount"]["amount"] for one in lines}


def test_credit_is_shown_with_its_postings(acme: Program, rival: Program) -> None:
    nothing = {"amount": "0.00", "currency": "USD"}
    assert acme.get("credit").json() == {"balance": nothing, "reserved": nothing, "earned": [], "cycles": []}
    credited(acme)
    shown = acme.get("credit").json()
    assert (shown["balance"], shown["earned"]) == (FIFTY, [{"month": "2026-10", "amount": FIFTY}])
    (posting,) = acme.get("credit/postings").json()["items"]
    assert amounts(posting["lines"]) == {"granted": "-50.00", "balance": "50.00"}
    assert posting["details"]["month"] == "2026-10"
    assert (posting["explanation"]["rule"], posting["explanation"]["result"]) == ("Credit posted", "50.00 USD")
    assert rival.get("credit").json()["balance"] == nothing
    assert rival.get("credit/postings").json()["items"] == []


def test_bills_are_given_as_csv(acme: Program, rival: Program) -> None:
    answer = acme.get("credit.csv", Accept="text/csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    head = "cycle,account,currency,gross,credit_applied,remainder"
    assert answer.content.decode().splitlines() == [head, "2026-10,acme,USD,200.00,0.00,200.00"]
    assert rival.get("credit.csv").content.decode().splitlines() == [head]
