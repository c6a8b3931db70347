"""No statement is written from less than it was written from before: runs that go on at once, usage that arrives."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.db import connections

from claims import measuring
from claims.commands import closing, reviewing, statements
from claims.commands.closing import _review, note_measurement
from claims.commands.judged_month import Judging
from claims.commands.periods import ask_review
from claims.commands.statements import complete_statement, restate
from claims.measuring import Group, MeasuredMonth
from claims.models.finding import Finding
from claims.models.period import Period
from claims.models.statement import Statement
from claims.queries.entitlements import newest_of
from claims.rules.identity import period_id, statement_id
from customers import commands as customers
from customers import queries as reading
from eventstore import history
from eventstore.retrying import patiently
from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes
from kernel.months import Month
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, MONDAY_9TH, NOVEMBER_2ND, OUTAGE_MINUTES, TUESDAY_10TH, account_of
from tests.claims.statements.given import Scene
from tests.claims.statements.scenes import first_minutes, month_of, stretch
from tests.personas import ACME, MIRA, RIVAL
from tests.waiting import eventually

BLIND = "The probe was blind."
MEASURED = month_of(OUTAGE_MINUTES)
STALE = month_of(first_minutes(3000))  # 93.3 %: a quarter of $200
NEWEST = month_of(first_minutes(4509))  # 89.9 %: half of it


def elsewhere(work: Callable[[], object]) -> None:
    """Do it on another connection, to the end."""

    def alone() -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(alone).result()


def corrected() -> int:
    """Restate October for everybody."""
    return restate(AGREEMENT, OCTOBER, cause="correction", reason=BLIND, by=MIRA, now=TUESDAY_10TH)


def used(amount: str) -> None:
    """Set Acme's usage, and let its statement follow, as the log process does."""
    october.use(amount, now=TUESDAY_10TH)
    complete_statement(ACME, OCTOBER, now=TUESDAY_10TH)


def stated(whose: Any = ACME) -> Statement:
    """Read the newest version of October."""
    return Statement.objects.get(account=whose, month=OCTOBER)


def now_measured(*said: MonthMinutes, before: Callable[[int], None] = lambda _: None) -> None:
    """Let October be measured so, one after the other at each look, and the last one from then on."""
    looks = iter(range(1_000_000))

    def provider(agreement: str, month: Month, _now: datetime) -> MeasuredMonth:
        look = next(looks)
        minutes = said[min(look, len(said) - 1)]
        before(look)
        return MeasuredMonth(agreement=agreement, month=month, reference="test", everybody=Group(minutes=minutes))

    measuring.register(provider)


@pytest.fixture
def october_told(database: object) -> Iterator[None]:
    """Close October, in which Acme (Pro) and Rival (Free) were down for 45 hours; Acme's usage is known."""
    with october.measured_by(m2026_10=MEASURED):
        october.publish()
        october.open_accounts(acme="pro", rival="free")
        october.use("200")
        october.close()
        yield


@pytest.mark.usefixtures("october_told")
class TestUsage:
    def test_usage_that_arrives_while_a_month_is_restated_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is set, and its statement completed, after the run has read the usage and before it writes."""
        now_measured(STALE)
        with monkeypatch.context() as patched:
            overtake_usage(patched, lambda: used("400"))
            corrected()
        assert (stated().figures.base, stated().figures.credit) == (dollars("400"), dollars("100"))
        assert stated().figures.classes.down == 3000

    def test_usage_of_an_account_that_a_run_has_not_come_to_yet_is_in_its_version(
        self, monkeypatch: pytest.MonkeyPatch, superuser_dsn: str
    ) -> None:
        """The run has corrected one account, and waits for another writer just then; the next one's usage changes."""
        october.open_accounts(beta="pro", gamma="pro")
        corrected()
        ids = sorted([account_of("beta"), account_of("gamma")])
        monkeypatch.setattr(statements, "CHUNK", 1)
        now_measured(STALE)
        with beside() as start, held(superuser_dsn, statement_id(min(ids), AGREEMENT, OCTOBER)):
            run = start(corrected)
            eventually(lambda: waits(superuser_dsn))
            october.use("400", account=max(ids), now=TUESDAY_10TH)
            complete_statement(max(ids), OCTOBER, now=TUESDAY_10TH)
        assert run.result() == 4
        assert stated(max(ids)).figures.base == dollars("400")

    def test_the_first_usage_that_arrives_while_a_month_is_restated_completes_the_statement(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        october.open_accounts(beta="pro")
        beta = account_of("beta")
        corrected()
        assert stated(beta).awaits_usage
        now_measured(STALE)

        def first_used() -> None:
            october.use("400", account=beta, now=TUESDAY_10TH)
            complete_statement(beta, OCTOBER, now=TUESDAY_10TH)

        with monkeypatch.context() as patched:
            overtake_usage(patched, first_used)
            corrected()
        assert (stated(beta).awaits_usage, stated(beta).figures.base) == (False, dollars("400"))

    def test_usage_that_is_set_while_a_late_first_version_is_written_completes_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """There was no statement yet when the usage was followed: only this run knows of it."""
        october.open_accounts(beta="pro")
        beta = account_of("beta")

        def first_used() -> None:
            october.use("400", account=beta, now=TUESDAY_10TH)
            assert complete_statement(beta, OCTOBER, now=TUESDAY_10TH) is None

        with monkeypatch.context() as patched:
            overtake_usage(patched, first_used)
            assert corrected() == 1
        assert (stated(beta).awaits_usage, stated(beta).figures.base) == (False, dollars("400"))
        assert stated(beta).statement_version == 1

    def test_usage_that_was_read_before_a_newer_one_was_stated_is_not_taken_over(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two processes complete one statement: the slower one had read less."""
        october.use("300", now=TUESDAY_10TH)
        read = reading.usage_of

        def read_and_overtaken(whose: Any, month: Month) -> Any:
            found = read(whose, month)
            monkeypatch.undo()
            elsewhere(lambda: used("400"))
            return found

        monkeypatch.setattr(reading, "usage_of", read_and_overtaken)
        patiently(lambda: complete_statement(ACME, OCTOBER, now=TUESDAY_10TH))
        assert stated().figures.base == dollars("400")


@pytest.mark.usefixtures("october_told")
class TestMeasurement:
    def test_a_run_that_measured_before_another_one_does_not_write_over_it(self) -> None:
        """Redis was flushed, or an operator pressed the button: two runs at once, and the slower one knew less."""
        now_measured(STALE, NEWEST, before=lambda look: elsewhere(corrected) if look == 0 else None)
        corrected()
        assert (stated().figures.classes.down, stated().figures.credit) == (4509, dollars("100"))
        assert stated().statement_version == 2

    def test_a_run_that_goes_on_after_another_one_measured_more_takes_that_over(
        self, monkeypatch: pytest.MonkeyPatch, superuser_dsn: str
    ) -> None:
        """The slower one waits to write its first account while the other one restates the second."""
        first, second = sorted([ACME, RIVAL])
        monkeypatch.setattr(statements, "CHUNK", 1)
        now_measured(STALE)
        with beside() as start, held(superuser_dsn, statement_id(first, AGREEMENT, OCTOBER)):
            run = start(corrected)
            eventually(lambda: waits(superuser_dsn))
            now_measured(NEWEST)
            of_two = statements._Restating(
                Period.objects.get(month=OCTOBER),
                Judging(Period.objects.get(month=OCTOBER), now=TUESDAY_10TH),
                "correction",
                BLIND,
                MIRA,
                TUESDAY_10TH,
            )
            assert of_two.restate([second]) == 1
        run.result()
        assert stated(second).figures.classes.down == 4509

    def test_a_month_is_measured_again_only_where_anything_was_recorded(self) -> None:
        """Runs over many accounts ask after each chunk what their measurement stands on."""
        looks, standing = list[int](), [1]

        def provider(agreement: str, month: Month, _now: datetime) -> MeasuredMonth:
            looks.append(standing[0])
            return MeasuredMonth(agreement=agreement, month=month, reference="test", everybody=Group(minutes=STALE))

        measuring.register(provider, lambda _agreement, _month: standing[0])
        judging = Judging(Period.objects.get(month=OCTOBER), now=TUESDAY_10TH)
        assert judging.current() is judging.current()
        standing[0] = 2
        again = judging.current()
        assert (judging.current() is again, looks) == (True, [1, 2])

    def test_a_tier_that_was_read_before_a_newer_one_was_stated_is_not_stated_again(
        self, monkeypatch: pytest.MonkeyPatch, superuser_dsn: str
    ) -> None:
        first, second = sorted([ACME, RIVAL])
        monkeypatch.setattr(statements, "CHUNK", 1)
        now_measured(STALE)
        with beside() as start, held(superuser_dsn, statement_id(first, AGREEMENT, OCTOBER)):
            run = start(corrected)
            eventually(lambda: waits(superuser_dsn))
            customers.set_tier(
                second, "enterprise", from_at=at("2026-10-01T00:00Z"), reason="Signed.", by=MIRA, now=TUESDAY_10TH
            )
        run.result()
        assert reading.account(second).tier_at(NOVEMBER_2ND) == "enterprise"
        assert stated(second).figures.tier == "enterprise"

    def test_what_a_version_was_made_from_is_recorded_though_its_first_attempt_failed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now_measured(STALE)
        with monkeypatch.context() as patched:
            overtake_usage(patched, lambda: used("400"))
            corrected()
        assert Finding.objects.get(id=stated().figures.finding).minutes == STALE

    def test_what_was_measured_and_taken_back_during_a_review_is_reviewed_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who hears of it while the review runs sees what had been shown before it, and asks for nothing."""
        closing.tend(period_id(AGREEMENT, OCTOBER), now=MONDAY_9TH)
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason=BLIND, now=MONDAY_9TH)

        def reviewed_and_taken_back(*told: Any, **named: Any) -> int:
            changed = reviewing.review_entitlements(*told, **named)
            now_measured(MEASURED)
            assert note_measurement(AGREEMENT, OCTOBER, now=TUESDAY_10TH) is None
            return changed

        now_measured(STALE)
        with monkeypatch.context() as patched:
            patched.setattr(closing, "review_entitlements", reviewed_and_taken_back)
            _review(Period.objects.get(month=OCTOBER), by=MIRA, now=TUESDAY_10TH)
        assert stated().figures.classes.down == 3000
        closing.tend(period_id(AGREEMENT, OCTOBER), now=TUESDAY_10TH)
        assert stated().figures.classes.down == 2700


def test_a_review_that_measured_less_moves_no_bound_back(
    committed_october: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had read what was told, and a review that knew a later outage told more before it wrote."""
    acme = committed_october.account("acme")

    def down_on(*days: int) -> None:
        stretches = [stretch(f"2026-10-{day:02}T10:00Z", f"2026-10-{day:02}T14:00Z") for day in days]
        committed_october.measured(month_of(Ranges.union(stretches)))

    def reviewed() -> int:
        return reviewing.review_entitlements(AGREEMENT, OCTOBER, now=at("2026-10-20T00:00Z"))

    down_on(5)
    reviewed()
    down_on(5, 6)

    def read_and_overtaken(*asked: Any) -> Any:
        found = newest_of(*asked)
        monkeypatch.undo()
        down_on(5, 6, 14)
        elsewhere(reviewed)
        return found

    monkeypatch.setattr(reviewing, "newest_of", read_and_overtaken)
    reviewed()
    told = [one.event.bound.until for one in history(committed_october.entitlement(acme).id)]  # type: ignore[attr-defined]
    assert told == sorted(told)
    assert told[-1] == at("2026-11-14T00:00Z"), "day 30 of the outage of the 14th is 13 November"


def overtake_usage(patched: pytest.MonkeyPatch, work: Callable[[], None]) -> None:
    """Let this happen on another connection right after the next run has read what was used."""
    read = reading.usage_for

    def read_and_overtaken(*asked: Any) -> Any:
        found = read(*asked)
        patched.undo()
        elsewhere(work)
        return found

    patched.setattr(reading, "usage_for", read_and_overtaken)


@contextmanager
def beside() -> Iterator[Callable[[Callable[[], int]], Future[int]]]:
    """Let a run go on beside the test, on a connection of its own, and wait for its end."""

    def alone(work: Callable[[], int]) -> int:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        yield lambda work: pool.submit(alone, work)


HOLD = "SELECT 1 FROM statements WHERE id = %s FOR UPDATE"
WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'"


@contextmanager
def held(dsn: str, statement: Any) -> Iterator[None]:
    """Let whoever writes this statement wait."""
    with psycopg.connect(dsn) as holding:
        holding.execute(HOLD, (statement,))
        yield


def waits(dsn: str) -> bool:
    """Whether anybody waits for somebody else."""
    with psycopg.connect(dsn) as looking:
        return looking.execute(WAITING).fetchone() is not None
