"""A monitor that is added today changes nothing of what closed months state (SEMANTICS 4, 6, 27)."""

import io
from datetime import datetime, timedelta

import pytest

from claims.commands import closing, periods
from claims.models.statement import Statement
from claims.rules.identity import period_id
from tests.claims import october
from tests.claims.october import AGREEMENT
from tests.personas import ACME, JONAS
from tests.uptime.given import NOW, OCTOBER, daily, november
from uptime.observations.importing import Watched, import_observations
from uptime.observations.names import Mapped
from uptime.observations.reading import stop

pytestmark = pytest.mark.django_db


def imported(*lines: str, now: datetime) -> None:
    text = "\n".join(["checked_at,monitor,http_status", *lines])
    import_observations(
        io.BytesIO(text.encode()),
        agreement=AGREEMENT,
        service="api",
        mapped=Mapped(names={}, defines=True, max_gap=timedelta(hours=26)),
        watched=Watched(on_fault=stop, reading=lambda *_: None, storing=lambda *_: None),
        by=JONAS,
        now=now,
    )


def test_a_second_monitor_credits_nobody_for_the_months_before_it() -> None:
    october.publish()
    october.open_accounts(acme="pro")
    imported(*(f"{at.isoformat()},web,{status}" for at, status in daily(OCTOBER)), now=november(1))
    october.use("200", now=november(1))
    periods.open_periods(now=november(2, 1))
    assert closing.close_month(AGREEMENT, OCTOBER, now=november(2, 1)) == "closed"
    imported("2026-11-21T00:00:00Z,api,200", now=NOW)
    imported("2026-10-05T12:00:00Z,web,503", "2026-10-05T12:01:00Z,web,200", now=NOW)
    closing.note_measurement(AGREEMENT, OCTOBER, now=NOW)
    closing.tend(period_id(AGREEMENT, OCTOBER), now=NOW)
    figures = Statement.objects.get(account=ACME, month=OCTOBER).figures
    assert (figures.classes.down, figures.classes.unknown) == (1, 0)
    assert (figures.code, figures.credit) == ("met", None)
