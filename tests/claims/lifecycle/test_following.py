"""What follows from a claim's events in other streams, run from the sealed log as the log process runs it."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from claims.commands import closing
from claims.commands.claims import decide, verify
from claims.commands.claims.appeal import appeal
from claims.commands.claims.deadlines import settle_moments
from claims.commands.periods import ask_review
from claims.events.claim import ClaimAppealed
from claims.queries import claims as queries
from claims.queries import entitlements
from claims.queries import ledger as books
from eventstore import history
from kernel import clock
from kernel.intervals import Ranges
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, MONDAY_9TH, TUESDAY_10TH, filed, sent
from tests.claims.statements.scenes import month_of
from tests.personas import ACME, ACMES_BUYER, MIRA
from workflows.following import claim_appealed
from workflows.subscriptions import FOLLOWING

WEDNESDAY_11TH = at("2026-11-11T10:00Z")
THURSDAY_12TH = at("2026-11-12T10:00Z")
DUE = at("2026-11-23T16:00Z")


@pytest.fixture(autouse=True)
def _late_november(monkeypatch: pytest.MonkeyPatch) -> None:
    """Move the clock of the subscriptions' edge to the days of these cases."""
    ahead = at("2026-11-25T00:00Z") - clock.now()
    monkeypatch.setenv(clock.VARIABLE, f"{'+' if ahead.days >= 0 else '-'}{abs(ahead.days)}d")


@pytest.fixture
def october_measured(database: object) -> Iterator[None]:
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        yield


def published(*changes: tuple[str, str]) -> None:
    october.publish(*changes)
    october.open_accounts(acme="pro")


def test_what_is_approved_is_posted_at_once(october_measured: None, sealed: Callable[..., None]) -> None:
    published()
    october.use("200")
    october.close()
    claim = filed()
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    sealed(FOLLOWING)
    assert queries.claim(claim).state == "credited"
    assert books.balance(ACME).balance == dollars("50")  # type: ignore[union-attr]


def test_filing_uses_up_the_entitlement(october_measured: None, sealed: Callable[..., None]) -> None:
    published()
    october.use("200")
    october.close()
    sealed(FOLLOWING)
    claim = filed()
    sealed(FOLLOWING)
    entitlement = entitlements.newest(ACME, AGREEMENT, OCTOBER)
    assert entitlement is not None
    assert (entitlement.state, entitlement.claim) == ("used", claim)


def test_an_appeal_uses_up_what_a_correction_had_opened(database: object, sealed: Callable[..., None]) -> None:
    """Met and rejected, then corrected; the appeal is credited, and nobody is asked to claim the month any more."""
    published()
    october.use("200")
    with october.measured_by():
        claim = filed(sent(times=()))
        october.close()
        verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=MONDAY_9TH)
    corrected(october.OUTAGE_MINUTES, sealed)
    appeal(claim, words="Look again.", by=ACMES_BUYER, now=THURSDAY_12TH)
    sealed(FOLLOWING)
    assert standing() == (1, "used", claim)
    verify.take_up(claim, by=MIRA, now=THURSDAY_12TH)
    decide.approve(claim, by=MIRA, now=THURSDAY_12TH)
    sealed(FOLLOWING)
    assert queries.claim(claim).state == "credited"
    assert standing() == (1, "used", claim)


def test_neither_a_filing_nor_an_appeal_uses_what_opens_after_its_rejection(
    database: object, sealed: Callable[..., None]
) -> None:
    """Also where the log is read late, or again."""
    published()
    october.use("200")
    with october.measured_by():
        claim = filed(sent(times=()))
        october.close()
        verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=MONDAY_9TH)
        appeal(claim, words="Look again.", by=ACMES_BUYER, now=TUESDAY_10TH)
        verify.take_up(claim, by=MIRA, now=TUESDAY_10TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=TUESDAY_10TH)
    corrected(october.OUTAGE_MINUTES, sealed)
    (appealed,) = (one for one in history(claim) if isinstance(one.event, ClaimAppealed))
    claim_appealed(appealed.event, appealed, THURSDAY_12TH)  # type: ignore[arg-type]
    assert standing() == (1, "open", None)


def corrected(minutes: Ranges, sealed: Callable[..., None]) -> None:
    """Correct October on the 11th, which opens an entitlement for Acme."""
    with october.measured_by(m2026_10=month_of(minutes)):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="A probe was blind.", now=WEDNESDAY_11TH)
        closing.close_month(AGREEMENT, OCTOBER, now=WEDNESDAY_11TH)
        sealed(FOLLOWING)
    assert standing() == (1, "open", None)


def standing() -> tuple[int, str, UUID | None]:
    """Tell the number of Acme's newest entitlement for October, its state and the claim that used it."""
    found = entitlements.newest(ACME, AGREEMENT, OCTOBER)
    assert found is not None
    return found.number, found.state, found.claim


def overdue_and_without_an_amount() -> UUID:
    published(("on_missed_deadline: escalate", "on_missed_deadline: approve"))
    october.close()
    claim = filed()
    settle_moments({claim: DUE}, now=DUE)
    assert queries.claim(claim).missed_at == DUE
    assert queries.claim(claim).state == "filed"
    return claim


def test_an_overdue_claim_is_approved_when_its_amount_is_known_where_the_agreement_says_so(
    october_measured: None, sealed: Callable[..., None]
) -> None:
    claim = overdue_and_without_an_amount()
    october.use("200", now=DUE)
    sealed(FOLLOWING)
    assert queries.claim(claim).state == "credited"
    assert books.balance(ACME).balance == dollars("50")  # type: ignore[union-attr]
