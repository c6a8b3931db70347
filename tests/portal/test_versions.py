"""The versions of an agreement at the portal: what was announced, what it changes, and nothing of drafts."""

from __future__ import annotations

from agreements import commands, queries
from tests.claims.october import MONDAY_9TH
from tests.claims.statements.scenes import terms_text
from tests.personas import MIRA
from tests.portal.visitors import Visitor

DRAFT = terms_text(
    ("in_force_from: 2026-03-30 ", "in_force_from: 2027-01-01 "),
    ("file_within: {is: 30 days", "file_within: {is: 45 days"),
)


def draft() -> None:
    commands.draft(DRAFT, by=MIRA, now=MONDAY_9TH)


def announce() -> None:
    commands.announce("apicheap", 2, by=MIRA, now=MONDAY_9TH)


def test_the_version_in_force_is_there_from_the_beginning(ada: Visitor) -> None:
    page = ada.read("versions/")
    assert "Version 1 in force" in page
    assert "Version 2" not in page


def test_a_draft_is_not_seen(ada: Visitor) -> None:
    draft()
    assert "Version 2" not in ada.read("versions/")
    assert "changes on" not in ada.read()


def test_an_announced_change_is_told_on_the_first_page_and_by_clause(ada: Visitor) -> None:
    draft()
    announce()
    assert "Your agreement changes on 1 January 2027, 00:00 (UTC)" in ada.read()
    page = ada.read("versions/")
    assert "Version 2 announced" in page
    assert "§3.3 Time to claim a credit 30 days 45 days" in page


def test_a_change_that_was_withdrawn_is_still_told_with_its_reason(ada: Visitor) -> None:
    draft()
    announce()
    commands.withdraw("apicheap", 2, reason="We found a mistake.", by=MIRA, now=MONDAY_9TH)
    page = ada.read("versions/")
    assert "Version 2 withdrawn, never in force" in page
    assert "It was withdrawn: We found a mistake." in page
    assert "changes on" not in ada.read()


def test_a_draft_that_was_withdrawn_was_never_seen(ada: Visitor) -> None:
    draft()
    commands.withdraw("apicheap", 2, reason="We found a mistake.", by=MIRA, now=MONDAY_9TH)
    assert "Version 2" not in ada.read("versions/")


def test_what_is_promised_now_stays_what_is_in_force(ada: Visitor) -> None:
    draft()
    announce()
    assert queries.version("apicheap", 2).was_told
    assert "30 days of the incident" in ada.read("promises/")
