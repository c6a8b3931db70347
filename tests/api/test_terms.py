"""The API tells an account's programs which terms apply to it, and what is negotiated of them; nobody else's.

It is Monday, 9 November 2026. Acme (Pro) has 99.9 % from 1 December for a year.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from agreements import overrides, overriding
from tests.agreements.overriding import agreed
from tests.api.conftest import SetClock
from tests.api.programs import Program
from tests.claims.history import at
from tests.claims.october import MONDAY_9TH
from tests.personas import ACME, MIRA

BEGINS = at("2026-12-01T00:00Z")
TEXT = """\
overrides: apicheap
account: acme
document_date: 2026-11-08
in_force_from: 2026-12-01
until: 2027-12-01
clause: Order form 17, §2
changes:
  commitments: [{name: uptime, target: {pro: 99.9%}}]
"""
CHANGE = {
    "clause": "Order form 17, §2",
    "rule": "Target of uptime, Pro",
    "old": "at least 99.5 %, maximum downtime ~3.6 hours",
    "new": "99.9 %",
}
NOTHING: Final[dict[str, Any]] = {
    "terms_version": 1,
    "override": None,
    "called": "version 1",
    "negotiated": None,
    "coming": [],
}


@pytest.fixture
def negotiated(acme: Program) -> Program:
    """Let Acme agree."""
    agreed(TEXT, ACME, now=MONDAY_9TH)
    return acme


def test_without_anything_negotiated_the_agreements_version_applies(acme: Program) -> None:
    assert acme.get("account").json()["terms"] == NOTHING


def test_a_draft_is_nobodys_business(acme: Program) -> None:
    overriding.draft_override(TEXT, ACME, by=MIRA, now=MONDAY_9TH)
    assert acme.get("account").json()["terms"] == NOTHING


def test_what_is_to_come_is_told_with_what_it_changes(negotiated: Program) -> None:
    terms = negotiated.get("account").json()["terms"]
    assert (terms["override"], terms["negotiated"]) == (None, None)
    assert terms["coming"] == [
        {
            "override": 1,
            "standing": "agreed",
            "where": "Order form 17, §2",
            "document_date": "2026-11-08",
            "start": "2026-12-01T00:00:00Z",
            "end": "2027-12-01T00:00:00Z",
            "agreed_on": "2026-11-09",
            "changes": [CHANGE],
        }
    ]


def test_what_applies_is_told_beside_what_is_published(negotiated: Program, set_clock: SetClock) -> None:
    overriding.let_override_take_effect(overrides.override_stream("apicheap", ACME), now=BEGINS)
    set_clock(at("2026-12-02T00:00Z"))
    terms = negotiated.get("account").json()["terms"]
    assert (terms["override"], terms["called"]) == (1, "version 1 with negotiated terms 1")
    assert terms["negotiated"]["changes"] == [CHANGE]
    assert terms["coming"] == []


def test_what_is_announced_has_no_day_of_agreement(acme: Program) -> None:
    begins = TEXT.replace("2026-12-01", "2027-01-01").replace("until: 2027-12-01\n", "")
    overriding.draft_override(begins, ACME, by=MIRA, now=MONDAY_9TH)
    overriding.announce_override("apicheap", ACME, 1, by=MIRA, now=MONDAY_9TH)
    [coming] = acme.get("account").json()["terms"]["coming"]
    assert (coming["standing"], coming["agreed_on"], coming["end"]) == ("announced", None, None)


def test_nobody_elses_program_is_told_of_it(negotiated: Program, rival: Program) -> None:
    assert rival.get("account").json()["terms"] == NOTHING
