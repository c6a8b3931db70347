"""What an operator may correct (SEMANTICS 4, 6)."""

from __future__ import annotations

import pytest

from eventstore import AlreadyExists, history
from kernel.ids import ServiceId, derived
from kernel.intervals import Interval
from tests.personas import ACME, MIRA, RIVAL
from tests.uptime.given import NOW, november, october, published, service
from uptime import commands, queries
from uptime.errors import ConfinedToNobody, MonitorUnknown, NotWholeMinutes, NotYetPast, ReasonMissing
from uptime.events import CorrectionRecorded, Finding

pytestmark = pytest.mark.django_db

HOUR = Interval(october(5, 14), october(5, 15))


@pytest.fixture
def api() -> ServiceId:
    published()
    return service("web")


def test_a_correction_is_an_event_with_its_reason_and_evidence(api: ServiceId) -> None:
    found = commands.correct(
        api,
        Finding.CONFINED,
        HOUR,
        accounts=[RIVAL, ACME, ACME],
        reason=" only one region ",
        evidence="ticket 7",
        by=MIRA,
        now=NOW,
    )
    (recorded,) = history(found)
    assert recorded.event == CorrectionRecorded(
        service=api,
        finding=Finding.CONFINED,
        stretch=HOUR,
        accounts=tuple(sorted([ACME, RIVAL])),
        monitor=None,
        reason="only one region",
        evidence="ticket 7",
        corrected_by="mira",
        corrected_at=NOW,
    )
    (row,) = queries.corrections_of(api)
    assert (row.starts_at, row.ends_at) == (HOUR.start, HOUR.end)


def test_a_correction_is_of_whole_minutes_that_are_past(api: ServiceId) -> None:
    half = Interval(october(5, 14, 0, 30), october(5, 15))
    with pytest.raises(NotWholeMinutes):
        commands.correct(api, Finding.UP, half, reason="false alarm", by=MIRA, now=NOW)
    to_come = Interval(november(21), november(22, 0, 1))
    with pytest.raises(NotYetPast):
        commands.correct(api, Finding.UP, to_come, reason="false alarm", by=MIRA, now=NOW)


def test_a_confined_outage_names_accounts_and_every_correction_its_reason(api: ServiceId) -> None:
    with pytest.raises(ConfinedToNobody):
        commands.correct(api, Finding.CONFINED, HOUR, reason="one region", by=MIRA, now=NOW)
    with pytest.raises(ReasonMissing):
        commands.correct(api, Finding.UP, HOUR, reason="", by=MIRA, now=NOW)
    with pytest.raises(MonitorUnknown):
        commands.correct(api, Finding.UP, HOUR, monitor="wob", reason="broken", by=MIRA, now=NOW)


def test_what_follows_from_one_cause_is_corrected_once(api: ServiceId) -> None:
    cause = derived("correction", "claim 7")
    commands.correct(api, Finding.DOWN, HOUR, reason="granted", correction_id=cause, by=MIRA, now=NOW)
    with pytest.raises(AlreadyExists):
        commands.correct(api, Finding.DOWN, HOUR, reason="granted", correction_id=cause, by=MIRA, now=NOW)
