"""A customer's program files a claim, follows it until it is credited, and adds, withdraws, appeals."""

import json
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from django.test import Client

from claims.api.told import KEPT, TOLD
from claims.commands.claims import credit, decide, verify
from claims.events import claim as claim_events
from claims.events import ledger as ledger_events
from eventstore import Event, history
from eventstore.codec import TYPES
from tests.api.conftest import SetClock, key_of, open_october
from tests.api.programs import JSON, Program, refused
from tests.claims import october
from tests.claims.october import BOUND, MONDAY_9TH, TUESDAY_10TH
from tests.personas import ACME, JONAS, MIRA

OUTAGE: Final = {"start": "2026-10-20T10:00:00Z", "end": "2026-10-22T07:00:00Z"}
OCTOBER: Final = {"month": "2026-10", "times": [OUTAGE], "words": "We were down for two days."}


def filed(program: Program, **told: Any) -> dict[str, Any]:
    """File a claim that is accepted."""
    response = program.post("claims", {**OCTOBER, **told})
    assert response.status_code == 201, response.content
    claim: dict[str, Any] = response.json()
    return claim


def test_a_claim_is_filed_followed_and_credited(acme: Program) -> None:
    response = acme.post("claims", OCTOBER)
    assert response.status_code == 201
    claim = response.json()
    assert response["Location"] == claim["url"]
    assert claim["url"].endswith(f"/api/v1/claims/{claim['id']}")
    assert (claim["state"], claim["times"], claim["missing"]) == ("filed", [OUTAGE], ["evidence"])
    assert (claim["bound"], claim["due_at"]) == ("2026-11-24T00:00:00Z", "2026-11-23T16:00:00Z")
    verify.take_up(UUID(claim["id"]), by=MIRA, now=TUESDAY_10TH)
    decide.approve(UUID(claim["id"]), by=MIRA, now=TUESDAY_10TH)
    credit.credit(UUID(claim["id"]), now=TUESDAY_10TH)
    credited = acme.get(f"claims/{claim['id']}").json()
    assert credited["state"] == "credited"
    assert credited["posted"] == {"amount": "50.00", "currency": "USD"}
    assert credited["due_at"] is None
    assert acme.get("credit").json()["balance"] == {"amount": "50.00", "currency": "USD"}


def test_its_history_is_told_in_order_with_who_acted(acme: Program) -> None:
    claim = UUID(filed(acme)["id"])
    verify.take_up(claim, by=MIRA, now=TUESDAY_10TH)
    verify.prepare(claim, note="looks right", by=MIRA, now=TUESDAY_10TH)
    decide.approve(claim, by=JONAS, now=TUESDAY_10TH)
    credit.credit(claim, now=TUESDAY_10TH)
    response = acme.get(f"claims/{claim}/history")
    told = response.json()["items"]
    assert [(one["type"], one["by"]) for one in told] == [
        ("claims.claim_filed", "program"),
        ("claims.claim_taken_up", "operator"),
        ("claims.claim_approved", "operator"),
        ("claims.claim_credited", "system"),
    ]
    assert told[0]["details"]["words"] == "We were down for two days."
    assert told[2]["details"]["credit"] == {"amount": "50.00", "currency": "USD"}
    assert told[2]["details"]["percent"] == {"numerator": 1, "denominator": 4, "percent": "25.000"}
    assert "looks right" not in response.content.decode()
    assert "mira" not in response.content.decode()


def test_every_event_is_told_to_customers_or_kept_on_purpose() -> None:
    rooms = (claim_events.__name__, ledger_events.__name__)
    known: set[type[Event]] = {one for one in TYPES.values() if one.__module__ in rooms}
    assert set(TOLD) | KEPT == known
    assert not set(TOLD) & KEPT


def test_the_program_is_named_in_the_log(acme: Program) -> None:
    claim = filed(acme)["id"]
    (recorded,) = history(claim)
    assert recorded.actor.startswith("program ")


def test_a_late_filing_is_recorded_and_answered_with_its_clause(acme: Program, set_clock: SetClock) -> None:
    set_clock(BOUND)
    problem = refused(acme.post("claims", OCTOBER), 409, "late")
    assert problem["clause"] == "§3.3"
    assert "23 November 2026" in problem["detail"]
    assert problem["claim"] is None
    filing = acme.get(problem["filing"].partition("/api/v1/")[2]).json()
    assert (filing["state"], filing["refused"]["code"]) == ("refused", "late")


def test_a_duplicate_is_answered_with_the_claim_that_stands(acme: Program) -> None:
    claim = filed(acme)
    problem = refused(acme.post("claims", OCTOBER), 409, "duplicate")
    assert problem["claim"] == claim["url"]
    assert problem["filing"] != claim["url"]


def test_naming_another_account_is_refused(acme: Program) -> None:
    assert refused(acme.post("claims", {**OCTOBER, "account": "rival"}), 409, "other_account")["clause"] == "§3.4"
    assert filed(acme, account="acme")["state"] == "filed"


def test_times_and_words_are_added(acme: Program) -> None:
    claim = filed(acme, times=[])["id"]
    added = acme.post(f"claims/{claim}/add", {"times": [OUTAGE], "words": "Here they are."})
    assert added.status_code == 200
    assert added.json()["times"] == [OUTAGE]
    assert (added.json()["missing"], acme.get(f"claims/{claim}").json()["missing"]) == (["evidence"], ["evidence"])
    (fault,) = refused(acme.post(f"claims/{claim}/add", {"words": "Hello?"}), 422, "nothing_to_add")["errors"]
    assert (fault["field"], fault["value"]) == ("times", None)


def test_an_open_claim_is_withdrawn_and_may_be_filed_again(acme: Program) -> None:
    claim = filed(acme)["id"]
    assert acme.post(f"claims/{claim}/withdraw", {"words": "A slip."}).json()["state"] == "withdrawn"
    assert refused(acme.post(f"claims/{claim}/withdraw"), 409, "transition_refused")
    assert filed(acme)["id"] != claim


def test_a_rejection_is_appealed_once(db: None, monday: None) -> None:
    """October met its target: nothing was measured down."""
    with october.measured_by():
        open_october()
        acme = key_of(ACME)
        claim = UUID(filed(acme, times=[])["id"])
        refused(acme.post(f"claims/{claim}/appeal", {"words": "No!"}), 409, "transition_refused")
        verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=MONDAY_9TH)
        rejected = acme.get(f"claims/{claim}").json()
        assert rejected["rejected"] == {"code": "met", "clause": "§2.1", "sentence": "October met its target."}
        assert rejected["appeal_bound"] == "2026-12-10T00:00:00Z"
        refused(acme.post(f"claims/{claim}/appeal", {"words": ""}), 422, "fields_unusable")
        appealed = acme.post(f"claims/{claim}/appeal", {"words": "Your probe was blind."}).json()
    assert (appealed["state"], appealed["appeal_words"]) == ("appealed", "Your probe was blind.")


@pytest.mark.parametrize(
    ("told", "field", "value", "mend"),
    [
        ({"month": "October"}, "month", "October", "Write year and month, such as 2026-10."),
        ({"month": None}, "month", None, "Write year and month, such as 2026-10."),
        (
            {"times": [{"start": "2026-10-20T10:00", "end": OUTAGE["end"]}]},
            "times.0.start",
            "2026-10-20T10:00",
            "offset",
        ),
        (
            {"times": [{"start": "0001-01-01T00:00:00+14:00", "end": OUTAGE["end"]}]},
            "times.0.start",
            "0001-01-01T00:00:00+14:00",
            "offset",
        ),
        (
            {"times": [OUTAGE, {"start": OUTAGE["end"], "end": OUTAGE["start"]}]},
            "times.1.end",
            OUTAGE["start"],
            "later",
        ),
        ({"times": [{"start": OUTAGE["start"]}]}, "times.0.end", None, "later instant"),
        ({"times": "all day"}, "times", "all day", "List up to 50 stretches"),
        ({"evidence": ["a picture"]}, "evidence.0", "a picture", "as parts of a form"),
        ({"month": 202610}, "month", 202610, "such as 2026-10."),
        ({"month": "9998-12"}, "month", "9998-12", "such as 2026-10."),
        ({"month": " 2026-10"}, "month", " 2026-10", "such as 2026-10."),
        ({"words": 5}, "words", 5, "Write up to 10000 characters."),
        ({"account": "x" * 61}, "account", "x" * 61, "by its number"),
        ({"wrods": "We were down."}, "wrods", "We were down.", "Known are:"),
        ({"words": "x" * 10_001}, "words", "x" * 200, "Write up to 10000 characters."),
    ],
)
def test_what_cannot_be_read_is_named_with_its_value_and_the_mend(
    acme: Program, told: dict[str, Any], field: str, value: Any, mend: str
) -> None:
    (fault,) = refused(acme.post("claims", {**OCTOBER, **told}), 422, "fields_unusable")["errors"]
    assert (fault["field"], fault["value"]) == (field, value)
    assert fault["problem"]
    assert mend in fault["mend"]


def test_a_number_that_json_cannot_hold_is_named_as_a_text(acme: Program) -> None:
    body = b'{"month": "2026-10", "credit": 1e999}'
    sent = Client().post("/api/v1/claims", body, content_type=JSON, headers={"Authorization": f"Bearer {acme.key}"})
    values = [one["value"] for one in refused(sent, 422, "fields_unusable")["errors"]]
    assert "Infinity" in values


@pytest.mark.parametrize(
    ("start", "end", "code", "problem"),
    [
        (
            "2026-12-01T00:00:00Z",
            "2026-12-02T00:00:00Z",
            "times_outside_month",
            "begins on 1 December 2026, 00:00 (UTC), and does not touch October 2026.",
        ),
        (
            "2026-09-01T00:00:00Z",
            "2026-10-01T00:00:00Z",
            "times_outside_month",
            "ends on 1 October 2026, 00:00 (UTC), and does not touch October 2026.",
        ),
        (
            "2026-10-09T00:00:00Z",
            "2026-11-20T00:00:00Z",
            "times_in_future",
            "ends on 20 November 2026, 00:00 (UTC), which has not passed yet.",
        ),
        (
            "2026-10-09T00:00:00Z",
            "9999-12-31T23:59:00Z",
            "times_in_future",
            "ends on 31 December 9999, 23:59 (UTC), which has not passed yet.",
        ),
    ],
)
def test_times_that_no_claim_of_the_month_can_mean_are_sent_back_with_their_number(
    acme: Program, start: str, end: str, code: str, problem: str
) -> None:
    stretch = {"start": start, "end": end}
    claim = filed(acme)["id"]
    ways = (
        acme.post("claims", {"month": "2026-10", "times": [OUTAGE, stretch]}),
        acme.send("claims", {"month": "2026-10", "times": [json.dumps(OUTAGE), json.dumps(stretch)]}),
        acme.send("claims", {"month": "2026-10", "times": json.dumps([OUTAGE, stretch])}),
        acme.post(f"claims/{claim}/add", {"times": [OUTAGE, stretch]}),
    )
    for answer in ways:
        (fault,) = refused(answer, 422, code)["errors"]
        assert (fault["field"], json.loads(fault["value"])) == ("times.1", stretch)
        assert fault["problem"] == f"The claimed time {problem}"
        assert fault["mend"].startswith("Send times that")
    assert [one["times"] for one in acme.get("claims").json()["items"]] == [[OUTAGE]]


def test_claims_are_listed_newest_first_in_pages(acme: Program, set_clock: SetClock) -> None:
    """A claim and two refused filings, each received a day after the one before."""
    for day in range(3):
        set_clock(MONDAY_9TH + timedelta(days=day))
        acme.post("claims", OCTOBER)
    listed = acme.get("claims").json()["items"]
    assert [one["state"] for one in listed] == ["refused", "refused", "filed"]
    seen, address = [], "claims?limit=1"
    while address:
        page = acme.get(address).json()
        seen += page["items"]
        address = (page["next"] or "").partition("/api/v1/")[2]
    assert seen == listed


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "201"}, {"after": "nothing"}, {"page": "2"}])
def test_a_page_that_there_is_not_is_refused(acme: Program, query: dict[str, str]) -> None:
    (fault,) = refused(acme.get("claims", query), 422, "fields_unusable")["errors"]
    assert (fault["field"], fault["value"]) == next(iter(query.items()))


def test_another_accounts_claim_does_not_exist(acme: Program, rival: Program) -> None:
    claim = filed(acme)["id"]
    unknown = rival.get(f"claims/{ACME}")
    for path in (f"claims/{claim}", f"claims/{claim}/history", f"claims/{claim}/evidence/{claim}"):
        found = rival.get(path)
        assert (found.status_code, found.content) == (404, unknown.content)
    for act in ("withdraw", "appeal", "add"):
        found = rival.post(f"claims/{claim}/{act}", {"words": "Ours.", **({"times": [OUTAGE]} if act == "add" else {})})
        assert (found.status_code, found.content) == (404, unknown.content)
    assert acme.get(f"claims/{claim}").json()["state"] == "filed"
