"""Filing: SEMANTICS 16 and 17. A filing is judged by its receipt; what may not be filed is recorded as refused."""

from datetime import timedelta
from uuid import UUID

import pytest

from claims.commands import closing
from claims.commands.claims import decide, verify
from claims.commands.claims.file import file_claim
from claims.commands.periods import ask_review
from claims.errors import ReceivedInFuture, TimesInFuture, TimesOutsideMonth
from claims.events.claim import ClaimFiled, FilingRefused
from claims.explain.deadlines import of_claim
from claims.queries import claims as queries
from claims.rules.identity import claim_id
from eventstore import history
from kernel.intervals import Interval, Ranges, minute_of
from tests.claims import october
from tests.claims.history import OCTOBER, at
from tests.claims.october import AGREEMENT, BOUND, MONDAY_9TH, OUTAGE, filed, sent
from tests.claims.statements.scenes import month_of, outage
from tests.personas import ACME, ACMES_BUYER, MIRA, RIVAL, RIVALS_BUYER

SECOND = timedelta(seconds=1)


def test_a_claim_in_time_is_filed_with_its_bound_and_its_deadline(october_closed: None) -> None:
    claim = queries.claim(filed())
    assert claim.state == "filed"
    assert claim.id == claim_id(ACME, AGREEMENT, OCTOBER, 0)
    assert claim.received_at == MONDAY_9TH
    assert claim.bound == BOUND
    assert claim.due_at == at("2026-11-23T16:00Z")
    assert claim.terms_version == 1


def test_missing_parts_are_named_and_the_filing_stands(october_closed: None) -> None:
    claim = queries.claim(filed(sent(times=())))
    assert claim.state == "filed"
    assert claim.missing == ("times", "evidence")


def test_the_bound_is_exclusive_and_judged_by_receipt(october_closed: None) -> None:
    late = queries.claim(filed(sent(received_at=BOUND), now=BOUND))
    assert late.state == "refused"
    assert late.refused is not None
    assert (late.refused.code, late.refused.clause) == ("late", "§3.3")
    assert "23 November 2026" in late.refused.sentence
    in_time = queries.claim(filed(sent(received_at=BOUND - SECOND), now=BOUND + timedelta(days=2)))
    assert in_time.state == "filed"
    assert in_time.received_at == BOUND - SECOND


def test_a_refusal_keeps_what_was_sent_and_occupies_nothing(october_closed: None) -> None:
    refused = filed(sent(words="We were down all day."), now=BOUND)
    (recorded,) = history(refused)
    assert isinstance(recorded.event, FilingRefused)
    assert recorded.event.times == (OUTAGE,)
    assert queries.claim(refused).words == "We were down all day."
    assert queries.claim_of_month(ACME, AGREEMENT, OCTOBER) is None


def test_the_free_tier_earns_no_credit(october_closed: None) -> None:
    claim = queries.claim(file_claim(RIVAL, sent(), by=RIVALS_BUYER, now=MONDAY_9TH))
    assert claim.state == "refused"
    assert claim.refused is not None
    assert (claim.refused.code, claim.refused.clause) == ("free_tier", "§1, §4")


def test_data_of_another_account_is_refused(october_closed: None) -> None:
    claim = queries.claim(filed(sent(stated_account="rival")))
    assert claim.refused is not None
    assert (claim.refused.code, claim.refused.clause) == ("other_account", "§3.4")
    assert queries.claim(filed(sent(stated_account="acme"))).state == "filed"


def test_a_duplicate_is_refused_and_answered_with_the_claim_that_stands(october_closed: None) -> None:
    first = filed()
    answer = queries.answer(filed())
    assert answer.filing.state == "refused"
    assert answer.filing.refused is not None
    assert answer.filing.refused.code == "duplicate"
    assert answer.claim is not None
    assert answer.claim.id == first


def test_a_withdrawn_claim_may_be_filed_again_within_the_bound(october_closed: None) -> None:
    first = filed()
    decide.withdraw(first, by=ACMES_BUYER, now=MONDAY_9TH)
    second = queries.claim(filed())
    assert (second.state, second.number) == ("filed", 1)
    decide.withdraw(second.id, by=ACMES_BUYER, now=MONDAY_9TH)
    assert queries.claim(filed(now=BOUND)).state == "refused"


ON_THE_2ND = Ranges.of((minute_of(at("2026-10-02T10:00Z")), minute_of(at("2026-10-02T10:20Z"))))
ON_THE_22ND = Ranges.of((minute_of(at("2026-10-22T10:00Z")), minute_of(at("2026-10-22T10:20Z"))))


def told_on_the_23rd() -> UUID:
    """File for both outages, too short to miss the target; day 30 after the 22nd rolls to Monday 23 November."""
    with october.measured_by(m2026_10=month_of(ON_THE_2ND | ON_THE_22ND)):
        claim = filed(sent(times=()), now=at("2026-10-23T09:00Z"))
    assert queries.claim(claim).bound == BOUND
    return claim


def test_a_bound_that_a_claim_was_told_stands_whatever_is_found_out_later(october_running: None) -> None:
    """Only the outage of the 2nd is left: by itself it could be claimed until 2 November."""
    decide.withdraw(told_on_the_23rd(), by=ACMES_BUYER, now=at("2026-10-23T10:00Z"))
    with october.measured_by(m2026_10=month_of(ON_THE_2ND)):
        again = filed(sent(times=()), now=MONDAY_9TH)
        assert (queries.claim(again).state, queries.claim(again).bound) == ("filed", BOUND)
        event = history(again)[0].event
        assert isinstance(event, ClaimFiled)
        assert event.bound_from == "told"
        decide.withdraw(again, by=ACMES_BUYER, now=MONDAY_9TH)
        late = queries.claim(filed(sent(times=()), now=BOUND))
    assert late.refused is not None
    assert "the last day to file it was 23 November 2026" in late.refused.sentence


def test_a_bound_that_a_refused_filing_was_told_stands_too(october_running: None) -> None:
    """The second filing repeats the first, and is told that of the outage since."""
    with october.measured_by(m2026_10=month_of(ON_THE_2ND)):
        first = filed(sent(times=()), now=at("2026-10-21T09:00Z"))
    with october.measured_by(m2026_10=month_of(ON_THE_2ND | ON_THE_22ND)):
        assert queries.claim(filed(sent(times=()), now=at("2026-10-23T09:00Z"))).bound == BOUND
    decide.withdraw(first, by=ACMES_BUYER, now=at("2026-10-23T10:00Z"))
    with october.measured_by(m2026_10=month_of(ON_THE_2ND)):
        assert queries.claim(filed(sent(times=()), now=MONDAY_9TH)).state == "filed"


def test_an_outage_that_is_open_takes_a_told_bound_away_until_it_ends(october_running: None) -> None:
    decide.withdraw(told_on_the_23rd(), by=ACMES_BUYER, now=at("2026-10-23T10:00Z"))
    first = minute_of(at("2026-10-24T00:00Z"))
    still = month_of(Ranges.of((first, first + 1)), outages=(outage(first, None),))
    with october.measured_by(m2026_10=still):
        assert queries.claim(filed(sent(times=()), now=at("2026-10-24T01:00Z"))).bound is None


def test_what_was_told_is_explained_as_told(october_running: None) -> None:
    claim = told_on_the_23rd()
    with october.measured_by(m2026_10=month_of(ON_THE_2ND)):
        (tree,) = (one.tree for one in of_claim(queries.claim(claim), now=MONDAY_9TH) if one.name == "file")
    (step,) = tree.steps
    assert step.sentence.startswith("A claim of Friday, 23 October 2026 was answered with Monday, 23 November 2026;")
    assert step.clause == "§3.3"


def test_a_claim_may_be_filed_before_the_month_ends(october_running: None) -> None:
    """Received on 23 October: day 0 of the settlement is the month's last day, Saturday 31 October."""
    claim = queries.claim(filed(now=at("2026-10-23T10:00Z")))
    assert claim.state == "filed"
    assert claim.settlement is not None
    assert claim.settlement.day_zero == OCTOBER.last_day
    assert claim.due_at == at("2026-11-13T16:00Z")


def test_a_claim_may_be_filed_before_any_miss_is_known(db: None) -> None:
    """Nothing was measured down: the bound runs from the end of the times that are claimed."""
    october.publish()
    october.open_accounts(acme="pro")
    stretch = Interval(at("2026-10-05T13:00Z"), at("2026-10-05T14:00Z"))
    with october.measured_by():
        claim = queries.claim(filed(sent(times=(stretch,)), now=at("2026-10-06T10:00Z")))
        late = queries.claim(filed(sent(times=(stretch,)), account=ACME, now=at("2026-11-05T00:00Z")))
    assert claim.state == "filed"
    assert claim.bound == at("2026-11-05T00:00Z")  # day 0 is 5 October, day 30 Wednesday 4 November
    assert late.state == "refused"


def test_without_any_times_the_days_count_from_the_months_end(db: None) -> None:
    """Day 0 is 31 October, day 30 Monday 30 November."""
    october.publish()
    october.open_accounts(acme="pro")
    with october.measured_by():
        assert queries.claim(filed(sent(times=()))).bound == at("2026-12-01T00:00Z")


def test_while_an_outage_is_open_there_is_no_bound(db: None) -> None:
    october.publish()
    october.open_accounts(acme="pro")
    down = october.OUTAGE_MINUTES
    still_open = month_of(down, outages=(outage(down.first, None, unexcused=down),))
    with october.measured_by(m2026_10=still_open):
        claim = queries.claim(filed(now=at("2027-03-01T10:00Z")))
    assert claim.state == "filed"
    assert claim.bound is None


def test_a_month_that_has_not_begun_cannot_be_claimed(october_running: None) -> None:
    december = OCTOBER.plus(2)
    refused = queries.claim(filed(sent(month=december, times=())))
    assert refused.refused is not None
    assert refused.refused.code == "month_not_begun"


def test_a_month_before_the_agreement_cannot_be_claimed(october_running: None) -> None:
    february = OCTOBER.plus(-8)
    refused = queries.claim(filed(sent(month=february, times=())))
    assert refused.refused is not None
    assert refused.refused.code == "no_credit"


def test_times_that_no_claim_of_the_month_can_mean_are_sent_back(october_closed: None) -> None:
    december = Interval(at("2026-12-01T00:00Z"), at("2026-12-02T00:00Z"))
    with pytest.raises(TimesOutsideMonth):
        filed(sent(times=(december,)))
    with pytest.raises(TimesInFuture):
        filed(sent(month=OCTOBER.plus(1), times=(Interval(at("2026-11-20T00:00Z"), at("2026-11-21T00:00Z")),)))
    with pytest.raises(ReceivedInFuture):
        filed(sent(received_at=MONDAY_9TH + SECOND))


def test_times_that_end_in_the_future_make_no_late_filing_timely(october_running: None) -> None:
    """Nothing was measured, and so the bound would run from the end of what is claimed."""
    next_year = at("2027-11-09T10:00Z")
    with october.measured_by():
        late = queries.claim(filed(now=next_year))
        assert late.refused is not None
        assert late.refused.code == "late"
        with pytest.raises(TimesInFuture):
            filed(sent(times=(Interval(OUTAGE.start, next_year + SECOND),)), now=next_year)


def test_the_customers_words_are_sealed(october_closed: None) -> None:
    claim = filed(sent(words="Ask Ada Lovelace."))
    (recorded,) = history(claim)
    assert isinstance(recorded.event, ClaimFiled)
    assert "Lovelace" not in recorded.payload
    assert queries.claim(claim).words == "Ask Ada Lovelace."


def test_a_rejected_claim_is_a_duplicate_until_a_later_entitlement_opens(db: None) -> None:
    """The month met its target, the claim was rejected; then a correction shows the miss (SEMANTICS 20)."""
    october.publish()
    october.open_accounts(acme="pro")
    october.use("200")
    corrected_at = at("2026-11-12T10:00Z")
    with october.measured_by():
        first = filed(sent(times=()))
        october.close()
        verify.take_up(first, by=MIRA, now=MONDAY_9TH)
        decide.reject(first, code="met", sentence="October met its target.", by=MIRA, now=MONDAY_9TH)
        assert queries.claim(filed()).state == "refused"
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        ask_review(
            AGREEMENT,
            OCTOBER,
            cause="correction",
            reason="A probe was blind.",
            published_at=corrected_at,
            now=corrected_at,
        )
        closing.close_month(AGREEMENT, OCTOBER, now=corrected_at)
        second = queries.claim(filed(now=corrected_at + timedelta(days=1)))
    assert (second.state, second.number) == ("filed", 1)
