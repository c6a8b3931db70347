"""Appeals: SEMANTICS 17 and 18. Once, within thirty days counted like the filing window; ten new business days."""

from datetime import timedelta
from uuid import UUID

import pytest

from claims.commands.claims import decide, verify
from claims.commands.claims.appeal import appeal
from claims.commands.claims.deadlines import appeal_moment
from claims.errors import AppealedBefore, AppealTooLate, ReasonMissing, ReceivedInFuture
from claims.queries import claims as queries
from deadlines.queries import next_due
from eventstore import TransitionRefused
from tests.claims import october
from tests.claims.history import at
from tests.claims.october import MONDAY_9TH, TUESDAY_10TH, filed, sent
from tests.personas import ACMES_BUYER, MIRA

# Rejected on Tuesday 10 November: day 30 is Thursday 10 December.
BOUND = at("2026-12-11T00:00Z")
LAST_MOMENT = BOUND - timedelta(microseconds=1)


@pytest.fixture
def rejected(db: None) -> UUID:
    october.publish()
    october.open_accounts(acme="pro")
    october.use("200")
    with october.measured_by():
        claim = filed(sent(times=()))
        october.close()
        verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=TUESDAY_10TH)
    return claim


def test_a_rejection_is_appealed_within_thirty_days_of_its_date(rejected: UUID) -> None:
    assert queries.claim(rejected).appeal_bound == BOUND
    with pytest.raises(AppealTooLate) as late:
        appeal(rejected, words="Look again.", by=ACMES_BUYER, now=BOUND)
    assert late.value.sentence.startswith("The last day to appeal was Thursday, 10 December 2026 (UTC)")
    appeal(rejected, words="Look again.", by=ACMES_BUYER, now=LAST_MOMENT)
    view = queries.claim(rejected)
    assert (view.state, view.appeal_words) == ("appealed", "Look again.")


def test_an_appeal_starts_ten_new_business_days(rejected: UUID) -> None:
    """Appealed on Monday 16 November: day 10 is Monday 30 November, in Hong Kong."""
    appeal(rejected, words="Look again.", by=ACMES_BUYER, now=at("2026-11-16T10:00Z"))
    assert queries.claim(rejected).due_at == at("2026-11-30T16:00Z")


def test_an_appeal_is_judged_by_its_receipt_even_after_the_lapse_was_recorded(rejected: UUID) -> None:
    appeal_moment(rejected, now=BOUND + timedelta(hours=1))
    assert queries.claim(rejected).final_at == BOUND
    appeal(rejected, words="Sent in time.", received_at=LAST_MOMENT, by=ACMES_BUYER, now=BOUND + timedelta(days=1))
    assert queries.claim(rejected).state == "appealed"
    assert queries.claim(rejected).final_at is None


def test_an_appeal_is_examined_like_a_claim_and_its_rejection_is_final(rejected: UUID) -> None:
    appeal(rejected, words="Look again.", by=ACMES_BUYER, now=TUESDAY_10TH)
    verify.take_up(rejected, by=MIRA, now=TUESDAY_10TH)
    decide.reject(rejected, code="met", sentence="It met its target.", by=MIRA, now=TUESDAY_10TH)
    view = queries.claim(rejected)
    assert (view.state, view.appeal_bound, view.final_at) == ("rejected", None, TUESDAY_10TH)
    assert next_due(rejected) is None
    with pytest.raises(AppealedBefore):
        appeal(rejected, words="Once more.", by=ACMES_BUYER, now=TUESDAY_10TH)


def test_a_rejection_becomes_final_at_the_bound_and_not_before(rejected: UUID) -> None:
    deadline = next_due(rejected)
    assert deadline is not None
    assert (deadline.kind, deadline.late_from) == ("claims.appeal", BOUND)
    appeal_moment(rejected, now=LAST_MOMENT)
    assert queries.claim(rejected).final_at is None
    appeal_moment(rejected, now=BOUND + timedelta(days=1))
    appeal_moment(rejected, now=BOUND + timedelta(days=2))
    told = [one for one in queries.happenings(rejected) if one.type == "claims.appeal_lapsed"]
    assert [one.occurred_at for one in told] == [BOUND]
    assert next_due(rejected) is None


def test_an_appeal_says_why(rejected: UUID) -> None:
    with pytest.raises(ReasonMissing):
        appeal(rejected, words=" ", by=ACMES_BUYER, now=TUESDAY_10TH)
    with pytest.raises(ReceivedInFuture):
        appeal(rejected, words="Later.", received_at=BOUND, by=ACMES_BUYER, now=TUESDAY_10TH)


def test_an_appeal_can_be_withdrawn(rejected: UUID) -> None:
    appeal(rejected, words="Look again.", by=ACMES_BUYER, now=TUESDAY_10TH)
    decide.withdraw(rejected, by=ACMES_BUYER, now=TUESDAY_10TH)
    assert queries.claim(rejected).state == "withdrawn"


def test_only_a_rejection_is_appealed(october_closed: None) -> None:
    with pytest.raises(TransitionRefused):
        appeal(filed(), words="Look again.", by=ACMES_BUYER, now=TUESDAY_10TH)
