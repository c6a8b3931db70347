"""What follows from a claim's events in other streams, run from the sealed log as the log process runs it."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from claims.commands.claims import decide, verify
from claims.commands.claims.deadlines import settle_moments
from claims.queries import claims as queries
from claims.queries import entitlements
from claims.queries import ledger as books
from kernel import clock
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, MONDAY_9TH, TUESDAY_10TH, filed
from tests.claims.statements.scenes import month_of
from tests.personas import ACME, MIRA
from workflows.subscriptions import FOLLOWING

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
