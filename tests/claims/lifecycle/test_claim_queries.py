"""What faces read: one claim, an account's claims, the desk by next deadline, and nothing of others."""

from datetime import timedelta
from uuid import uuid4

import pytest

from claims.commands.claims import decide, verify
from claims.commands.claims.credit import credit
from claims.commands.claims.deadlines import settle_moments
from claims.commands.claims.file import file_claim
from claims.queries import claims as queries
from claims.queries.desk import claims_on_desk
from eventstore import NotFound
from eventstore.private import erase
from tests.claims import october
from tests.claims.history import OCTOBER, at
from tests.claims.october import AGREEMENT, MONDAY_9TH, TUESDAY_10TH, filed, sent
from tests.personas import ACME, ACMES_BUYER, MIRA, RIVAL, RIVALS_BUYER


def test_another_accounts_claim_is_not_there(october_closed: None) -> None:
    claim = filed()
    assert queries.claim(claim, account=ACME).id == claim
    for read in (queries.claim, queries.happenings):
        with pytest.raises(NotFound):
            read(claim, account=RIVAL)
    with pytest.raises(NotFound):
        queries.claim(uuid4())
    assert queries.claims_of(RIVAL) == []


def test_the_desk_shows_what_is_overdue_first_and_then_by_next_deadline(db: None, october_measured: None) -> None:
    october.publish()
    october.open_accounts(acme="pro", rival="pro", third="basic")
    october.use("200")
    october.close()
    ours = filed()
    third = file_claim(october.account_of("third"), sent(), by=ACMES_BUYER, now=MONDAY_9TH - timedelta(hours=1))
    theirs = file_claim(RIVAL, sent(), by=RIVALS_BUYER, now=at("2026-11-04T10:00Z"))
    assert [one.id for one in claims_on_desk()] == [theirs, third, ours], "of what is due at once, what came first"
    settle_moments({ours: at("2026-11-23T16:00Z")}, now=at("2026-11-23T16:00Z"))
    first, *others = claims_on_desk(agreement=AGREEMENT)
    assert first.id == ours
    assert first.missed_at == at("2026-11-23T16:00Z")
    assert [one.id for one in others] == [theirs, third]
    assert claims_on_desk(agreement="apisec") == []


def test_a_settled_claim_leaves_the_desk_and_an_approved_one_does_not(october_closed: None) -> None:
    claim = filed()
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    decide.approve(claim, by=MIRA, now=MONDAY_9TH)
    (on_desk,) = claims_on_desk()
    assert (on_desk.next_kind, on_desk.next_due_at) == ("claims.settle", at("2026-11-23T16:00Z"))
    credit(claim, now=TUESDAY_10TH)
    assert claims_on_desk() == []
    assert queries.granted_claim(ACME, AGREEMENT, OCTOBER) == claim


def test_history_tells_who_did_what_and_when(october_closed: None) -> None:
    claim = filed()
    verify.take_up(claim, by=MIRA, now=TUESDAY_10TH)
    told = [(one.version, one.type, one.actor, one.occurred_at) for one in queries.happenings(claim)]
    assert told == [
        (1, "claims.claim_filed", "customer ada@acme.example", MONDAY_9TH),
        (2, "claims.claim_taken_up", "operator mira", TUESDAY_10TH),
    ]


def test_a_claim_shows_how_its_deadline_was_computed(october_closed: None) -> None:
    settlement = queries.claim(filed()).settlement
    assert settlement is not None
    assert len(settlement.counted) == 10
    assert {one.why.partition(",")[0] for one in settlement.skipped} == {"weekend"}


def test_erasing_the_account_erases_what_was_written_and_leaves_the_rest(october_closed: None) -> None:
    claim = filed(sent(words="Ask Ada."))
    erase(ACME)
    view = queries.claim(claim)
    assert view.words == "(erased)"
    assert view.state == "filed"
