"""The scene that most cases of a claim's life begin with."""

from collections.abc import Iterator

import pytest

from tests.claims import october
from tests.claims.statements.scenes import month_of


@pytest.fixture
def october_measured() -> Iterator[None]:
    """Let October be measured with Acme's 45 hours of downtime."""
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        yield


@pytest.fixture
def october_running(db: None, october_measured: None) -> None:
    """Give the agreement, Acme (Pro), Rival (Free) and a measured October that is not closed."""
    october.publish()
    october.open_accounts(acme="pro", rival="free")


@pytest.fixture
def october_closed(october_running: None) -> None:
    """Close October with Acme's usage: its statement shows $50."""
    october.use("200")
    october.close()
