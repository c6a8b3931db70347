"""Deadlines of claims with real processes: each fires once in effect, at its own instant, whatever happens to them.

Forty claims were filed on Monday 9 November 2026: operators are warned at half and four fifths, and at midnight after
the tenth business day in Hong Kong each is missed.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest

from claims.commands.claims.file import file_claim
from claims.events.claim import SettlementMissed, SettlementWarned
from claims.models.claim import SETTLE, Claim
from config.services.redis import Server
from deadlines.models import Deadline
from deadlines.tasks import sweep_due
from eventstore import history
from eventstore.raw import one
from tests.claims import october
from tests.claims.history import OCTOBER, at
from tests.claims.october import MONDAY_9TH, sent
from tests.claims.statements.scenes import month_of
from tests.eventstore.sessions import session
from tests.personas import ACMES_BUYER
from tests.processes import Launcher
from tests.waiting import eventually

HALF: Final = at("2026-11-16T16:00Z")
FOUR_FIFTHS: Final = at("2026-11-20T20:48Z")
DUE: Final = at("2026-11-23T16:00Z")
NUMBERS: Final = [f"a{number}" for number in range(40)]


def clock_at(moment: datetime) -> dict[str, str]:
    """Move a process's clock to about this moment."""
    seconds = int((moment - datetime.now(UTC)).total_seconds())  # noqa: TID251 — the real time, to move it
    return {"MAKEGOOD_CLOCK": f"{seconds:+d}s"}


@pytest.fixture
def filed(database: object) -> Iterator[list[UUID]]:
    """File a claim for each account; October is measured and not closed."""
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        october.publish()
        october.open_accounts(**dict.fromkeys(NUMBERS, "pro"))
        yield [
            file_claim(october.account_of(number), sent(OCTOBER), by=ACMES_BUYER, now=MONDAY_9TH) for number in NUMBERS
        ]


def all_missed() -> bool:
    return not Claim.objects.filter(missed_at=None).exists()


def assert_each_missed_once(claims: list[UUID]) -> None:
    """Nothing was forgotten, nothing happened twice, and every miss has the deadline's own time."""
    for claim in claims:
        missed = [recorded for recorded in history(claim) if isinstance(recorded.event, SettlementMissed)]
        assert [recorded.occurred_at for recorded in missed] == [DUE]
    assert not Deadline.objects.filter(kind=SETTLE).exists()


def nobody_holds(due: datetime) -> bool:
    """Whether every due row could be taken now."""
    free = one(
        "SELECT count(*) FROM (SELECT 1 FROM deadlines WHERE next_at <= %s FOR UPDATE SKIP LOCKED) AS taken", (due,)
    )
    return bool(free and free[0] == len(NUMBERS))


def somebody_waits_for_a_lock() -> bool:
    return (
        one("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = current_user", ()) is not None
    )


def test_a_worker_that_is_killed_while_it_holds_due_claims_leaves_them_to_the_next(
    filed: list[UUID], processes: Launcher
) -> None:
    """It stops at a claim that another session has locked, in the middle of its batch, and is killed there."""
    with session() as other, other.transaction():
        other.do(lambda: Claim.objects.select_for_update().get(id=filed[20]))
        worker = processes.worker(extra=clock_at(DUE))
        sweep_due.delay()
        eventually(somebody_waits_for_a_lock)
        assert not nobody_holds(DUE)
        worker.kill()
    eventually(lambda: nobody_holds(DUE))
    assert not Claim.objects.exclude(missed_at=None).exists(), "the batch was one transaction"

    processes.worker(extra=clock_at(DUE + timedelta(minutes=5)))
    sweep_due.delay()
    eventually(all_missed, within=60)
    assert_each_missed_once(filed)


def test_a_redis_that_is_flushed_and_started_again_loses_no_deadline(
    filed: list[UUID], processes: Launcher, redis_server: Server
) -> None:
    """The nudge is lost with it; the next one finds the rows in PostgreSQL."""
    sweep_due.delay()
    redis_server.flush()
    processes.worker(extra=clock_at(DUE))
    redis_server.stop()
    redis_server.start()
    sweep_due.apply_async(retry=True)
    eventually(all_missed, within=60)
    assert_each_missed_once(filed)


def nudge() -> None:
    """Ask for more sweeps than there is work for, besides those that beat asks for."""
    for _ in range(4):
        sweep_due.delay()


def test_two_beats_and_two_workers_warn_and_miss_once(filed: list[UUID], processes: Launcher) -> None:
    """First at the hour of the second warning, when the first one was slept through, then at the deadline."""
    early = [processes.worker(extra=clock_at(FOUR_FIFTHS)), *[processes.beat(clock_at(FOUR_FIFTHS)) for _ in range(2)]]
    nudge()
    eventually(lambda: not Deadline.objects.filter(kind=SETTLE, next_at__lt=DUE).exists(), within=60)
    for process in early:
        process.stop()
    for _ in range(2):
        processes.worker(extra=clock_at(DUE))
        processes.beat(clock_at(DUE))
    nudge()
    eventually(all_missed, within=60)
    assert_each_missed_once(filed)
    warned = Counter(
        recorded.occurred_at
        for claim in filed
        for recorded in history(claim)
        if isinstance(recorded.event, SettlementWarned)
    )
    assert set(warned.values()) == {len(filed)}
    assert set(warned) <= {HALF, FOUR_FIFTHS}


def test_a_worker_that_was_down_for_a_day_records_the_misses_at_their_own_instant(
    filed: list[UUID], processes: Launcher
) -> None:
    processes.worker(extra=clock_at(DUE + timedelta(days=1)))
    sweep_due.delay()
    eventually(all_missed, within=60)
    assert_each_missed_once(filed)
