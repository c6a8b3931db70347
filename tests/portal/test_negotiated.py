"""What was negotiated with an account at its portal: what applies to it, what comes, what was, and to nobody else.

It is Monday, 9 November 2026. Acme (Pro) has 99.9 % with a row of its own from 1 January 2027 for a year.
"""

from __future__ import annotations

from datetime import UTC

import pytest

from agreements import commands, overrides, overriding, queries
from customers.models import Role
from tests.agreements.overriding import agreed
from tests.claims import october
from tests.claims.history import OCTOBER, at
from tests.claims.october import MONDAY_9TH
from tests.claims.statements.scenes import terms_text
from tests.personas import ACME, MIRA, RIVAL
from tests.portal.conftest import SetClock, visitor
from tests.portal.visitors import Visitor

SIGNED = at("2026-09-15T10:00Z")
BEGINS = at("2027-01-01T00:00Z")
JANUARY = at("2027-01-15T12:00Z")
AFTERWARDS = at("2028-01-15T12:00Z")
TEXT = """\
overrides: apicheap
account: "acme"
document_date: 2026-11-08
in_force_from: 2027-01-01
until: 2028-01-01
clause: Order form 17, §2
changes:
  commitments:
    - name: uptime
      target: {pro: 99.9%}
      credits:
        rows:
          - {from: 99.0%, below: 99.9%, pays: 7%}
          - {from: 95.0%, below: 99.0%, pays: 10%}
          - {from: 90.0%, below: 95.0%, pays: 25%}
          - {below: 90.0%, pays: 50%}
  claims:
    file_within: {is: 45 days, clause: "Order form 17, §3"}
"""
WITH_ROW = "Credit for uptime, row 1 from 99.0 %, below 99.5 %, pays 5 % from 99.0 %, below 99.9 %, pays 7 %"


def draft(text: str = TEXT) -> None:
    overriding.draft_override(text, ACME, by=MIRA, now=MONDAY_9TH)


def announce() -> None:
    draft()
    overriding.announce_override("apicheap", ACME, 1, by=MIRA, now=MONDAY_9TH)


@pytest.fixture
def in_force(ada: Visitor, rex: Visitor, set_clock: SetClock) -> Visitor:
    """Let it be January, in which the negotiated terms apply."""
    agreed(TEXT, ACME, now=MONDAY_9TH)
    overriding.let_override_take_effect(overrides.override_stream("apicheap", ACME), now=BEGINS)
    set_clock(JANUARY)
    return ada


def test_a_draft_is_not_seen(ada: Visitor) -> None:
    draft()
    for page in ("", "promises/", "versions/"):
        assert "egotiated" not in ada.read(page)


def test_what_is_announced_is_told_on_the_first_page_and_by_clause(ada: Visitor) -> None:
    announce()
    assert "Your negotiated terms change on 1 January 2027, 00:00 (UTC)" in ada.read()
    page = ada.read("promises/")
    assert "Your terms from 1 January 2027, 00:00 (UTC) announced" in page
    assert "until 1 January 2028, 00:00 (UTC) ; then the agreement applies to you as it is published." in page
    assert "Order form 17, §2 Target of uptime, Pro at least 99.5 %, maximum downtime ~3.6 hours 99.9 %" in page
    assert "Order form 17, §3 Time to claim a credit 30 days 45 days" in page
    assert "30 days of the incident" in page, "nothing of it applies yet"


def test_what_was_agreed_names_who_agreed_and_where_that_is_written(ada: Visitor) -> None:
    agreed(TEXT, ACME, now=MONDAY_9TH)
    page = ada.read("promises/")
    assert "Your terms from 1 January 2027, 00:00 (UTC) agreed" in page
    assert "Agreed for you on 9 November 2026 by Ada Acme, head of buying: Order form 17, signed." in page


def test_what_applies_is_shown_beside_what_is_published(in_force: Visitor) -> None:
    page = in_force.read("promises/")
    assert "Version 1 with negotiated terms 1, dated 30 March 2026." in page
    assert "Negotiated with you in force" in page
    assert "until 1 January 2028, 00:00 (UTC) ; then the agreement applies to you as it is published." in page
    assert "Order form 17, §2 Target of uptime, Pro at least 99.5 %, maximum downtime ~3.6 hours 99.9 %" in page
    assert WITH_ROW in page
    assert "Pro yours negotiated with you 99.9 % published: 99.5 % Order form 17, §2" in page
    assert "Basic 99 % §2.1" in page
    assert "Credits negotiated with you" in page
    assert "From 99 % to below 99.9 % 7 %" in page
    assert "45 days of the incident" in page
    assert "change on" not in in_force.read()


def test_nobody_else_sees_any_of_it(in_force: Visitor, rex: Visitor) -> None:
    for page in ("", "promises/", "versions/"):
        shown = rex.read(page)
        for told in ("egotiated", "Order form 17", "published: 99", "45 days"):
            assert told not in shown, page
    assert "Pro yours 99.5 % §2.1" in rex.read("promises/")


def test_from_its_end_on_the_agreement_applies_again(in_force: Visitor, set_clock: SetClock) -> None:
    set_clock(AFTERWARDS)
    page = in_force.read("promises/")
    assert "egotiated" not in page
    assert "Pro yours 99.5 % §2.1" in page
    overriding.let_override_take_effect(overrides.override_stream("apicheap", ACME), now=AFTERWARDS)
    assert "Negotiated terms 1 ended" in in_force.read("versions/")


def test_two_months_before_their_end_the_first_page_says_so_unless_others_follow(
    in_force: Visitor, set_clock: SetClock
) -> None:
    set_clock(at("2027-11-01T12:00Z"))
    assert "negotiated terms end on" not in in_force.read()
    set_clock(at("2027-11-03T12:00Z"))
    assert "Your negotiated terms end on 1 January 2028, 00:00 (UTC)" in in_force.read()
    agreed(
        TEXT.replace("2028-01-01", "2029-01-01").replace("2027-01-01", "2028-01-01"), ACME, now=at("2027-11-03T12:00Z")
    )
    assert "negotiated terms end on" not in in_force.read()


def test_every_version_that_the_account_knew_of_stays_to_be_read(in_force: Visitor) -> None:
    later = TEXT.replace("2027-01-01", "2027-04-01").replace("99.9%", "99.95%")
    overriding.draft_override(later, ACME, by=MIRA, now=JANUARY)
    assert "Negotiated terms 2" not in in_force.read("versions/")
    overriding.announce_override("apicheap", ACME, 2, by=MIRA, now=JANUARY)
    page = in_force.read("versions/")
    assert page.index("Negotiated terms 2 announced") < page.index("Negotiated terms 1 in force")
    assert "Target of uptime, Pro 99.9 % 99.95 %" in page


def test_what_was_agreed_and_withdrawn_is_told_with_its_reason(ada: Visitor) -> None:
    agreed(TEXT, ACME, now=MONDAY_9TH)
    overriding.withdraw_override("apicheap", ACME, 1, reason="The order was cancelled.", by=MIRA, now=MONDAY_9TH)
    page = ada.read("versions/")
    assert "Negotiated terms 1 withdrawn, never in force" in page
    assert "They were withdrawn: The order was cancelled." in page
    assert "Target of uptime" not in page
    assert "egotiated" not in ada.read("promises/")


def test_a_draft_that_was_withdrawn_was_never_seen(ada: Visitor) -> None:
    draft()
    overriding.withdraw_override("apicheap", ACME, 1, reason="A slip.", by=MIRA, now=MONDAY_9TH)
    assert "egotiated" not in ada.read("versions/")


def test_a_later_version_of_the_agreement_is_what_it_is_compared_with(in_force: Visitor, set_clock: SetClock) -> None:
    """The published target is another from February on; what is negotiated stays."""
    changed = terms_text(
        ("in_force_from: 2026-03-30 ", "in_force_from: 2027-03-01 "),
        ("pro: {at_least: 99.5%, maximum_downtime: ~3.6 hours}", "pro: 99.7%"),
    )
    commands.draft(changed, by=MIRA, now=JANUARY)
    commands.announce("apicheap", 2, by=MIRA, now=JANUARY)
    commands.settle_notice("apicheap", 2, reached=2, not_reached=(), now=at("2027-02-01T00:00Z"))
    set_clock(at("2027-03-02T00:00Z"))
    queries.forget()
    page = in_force.read("promises/")
    assert "Version 2 with negotiated terms 1" in page
    assert "Pro yours negotiated with you 99.9 % published: 99.7 %" in page
    assert "Target of uptime, Pro 99.7 % 99.9 %" in page


def test_a_change_of_the_agreement_is_told_as_far_as_it_concerns_the_account(in_force: Visitor, rex: Visitor) -> None:
    changed = terms_text(
        ("in_force_from: 2026-03-30 ", "in_force_from: 2027-03-01 "),
        ("pro: {at_least: 99.5%, maximum_downtime: ~3.6 hours}", "pro: 99.7%"),
        ("appeal_within: 30 days", "appeal_within: 60 days"),
    )
    commands.draft(changed, by=MIRA, now=JANUARY)
    commands.announce("apicheap", 2, by=MIRA, now=JANUARY)
    page, others = in_force.read("versions/"), rex.read("versions/")
    mine = page[page.index("Version 2 announced") : page.index("Version 1 in force")]
    assert "Time to appeal 30 days 60 days" in mine
    assert "For others this version also changes: Target of uptime, Pro. There your negotiated terms apply." in mine
    assert "99.7 %" not in mine
    assert "99.7 %" in others
    assert "For others" not in others


# A month that was judged by it


@pytest.fixture
def judged(accounts: None) -> Visitor:
    """Let the terms apply in October, which closes with Acme's 45 hours of downtime."""
    agreed(TEXT.replace("2027-01-01", "2026-10-01"), ACME, now=SIGNED)
    overriding.let_override_take_effect(overrides.override_stream("apicheap", ACME), now=OCTOBER.start(UTC))
    october.use("200")
    october.close()
    return visitor("Ada", ACME, Role.OWNER)


def test_a_month_says_that_it_was_judged_by_them(judged: Visitor) -> None:
    page = judged.read("months/2026-10/")
    assert "by version 1, with negotiated terms 1, of Service Level Agreement of apicheap.net" in page
    assert "misses the target of at least 99.9 % for Pro. Order form 17, §2" in page
    assert "Order form 17, §2" in page


def test_a_claim_says_that_it_was_judged_by_them(judged: Visitor) -> None:
    claim = judged.filed()
    assert "Terms version 1 with negotiated terms 1" in judged.read(f"claims/{claim}/")
    assert "negotiated" not in visitor("Rex", RIVAL, Role.OWNER).read("months/2026-10/")


def test_a_claim_under_the_agreement_alone_names_its_version(ada: Visitor) -> None:
    page = ada.read(f"claims/{ada.filed()}/")
    assert "Terms version 1 " in page
    assert "negotiated" not in page
