"""The scene of the ledger: October is closed, Acme's claim is approved for $50."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from claims.commands.claims import decide, verify
from tests.claims import october
from tests.claims.october import MONDAY_9TH
from tests.claims.statements.scenes import month_of
from tests.personas import MIRA


@pytest.fixture
def october_measured() -> Iterator[None]:
    """Let October be measured with Acme's 45 hours of downtime."""
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        yield


@pytest.fixture
def october_closed(db: None, october_measured: None) -> None:
    """Close October with Acme's usage: its statement shows $50."""
    october.publish()
    october.open_accounts(acme="pro", rival="free")
    october.use("200")
    october.close()


@pytest.fixture
def approved(october_closed: None) -> UUID:
    """Give a claim that is approved and not credited yet."""
    claim = october.filed()
    verify.take_up(claim, by=MIRA, now=MONDAY_9TH)
    decide.approve(claim, by=MIRA, now=MONDAY_9TH)
    return claim
