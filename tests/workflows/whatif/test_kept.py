"""Runs are kept in the real Redis, numbered and for a day, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from django.core.cache import caches
from pytest_django import Settings
from redis import Redis

from kernel.money import Money
from tests.workflows.whatif.scenes import NOW, OCTOBER, SEPTEMBER
from workflows.whatif import kept
from workflows.whatif.report import Cell, MonthTold, Report
from workflows.whatif.running import Progress

ASKED = kept.Asked(
    draft="draft.yaml", text="format: 1", agreement="apicheap", since=SEPTEMBER, until=OCTOBER, by="Mira"
)


@pytest.fixture(autouse=True)
def redis_cache(redis_url: str, settings: Settings) -> Iterator[None]:
    """Keep what is cached where production keeps it."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": "makegood",
        }
    }
    yield
    caches["default"].close()


def report() -> Report:
    """Give a report of one month in which the draft would have paid 10 more."""
    cell = Cell.empty("USD")
    cell.draft.credit = Money.of("10", "USD")
    month = MonthTold(
        month=OCTOBER,
        version=1,
        notes=(),
        today_uptime=Fraction(1),
        draft_uptime=Fraction(1),
        tiers=(),
        total=cell,
        statements=0,
        unlike=0,
        unlike_shown=(),
    )
    return Report(
        agreement="apicheap",
        title="SLA",
        draft_title="SLA",
        draft_date="2026-03-30",
        draft_digest="ab",
        currency="USD",
        run_at=NOW,
        notes=(),
        months=(month,),
        tiers=(),
        total=cell,
        concerned=1,
        customers=(),
    )


def test_runs_are_numbered_and_listed_the_newest_first() -> None:
    first, second = kept.keep(ASKED, now=NOW), kept.keep(replace(ASKED, draft="another.yaml"), now=NOW)
    assert second.number == first.number + 1
    assert [one.draft for one in kept.newest()] == ["another.yaml", "draft.yaml"]
    assert kept.text_of(first.number) == "format: 1"


def test_a_run_goes_from_waiting_over_its_months_to_its_report() -> None:
    run = kept.keep(ASKED, now=NOW)
    assert (run.state, run.share) == (kept.State.WAITING, 0)
    kept.hear(run, Progress(month=OCTOBER, done=1, months=2, accounts=0), now=NOW)
    heard = kept.found(run.number)
    assert heard is not None
    assert (heard.state, heard.share) == (kept.State.RUNNING, 50)
    kept.finish(heard, report(), page="<p>ä</p>", table="month\n", now=NOW)
    done = kept.found(run.number)
    assert done is not None
    assert (done.state, done.drafted, done.concerned) == (kept.State.DONE, Money.of("10", "USD"), 1)
    assert (kept.page_of(run.number), kept.table_of(run.number)) == ("<p>ä</p>", "month\n")


def test_what_is_kept_ends_after_a_day(redis_url: str) -> None:
    run = kept.keep(ASKED, now=NOW)
    kept.finish(run, report(), page="page", table="table", now=NOW)
    with Redis.from_url(redis_url) as client:
        left = {key: client.ttl(key) for key in client.keys("makegood:*") if b"newest" not in key}
    assert len(left) == 4, "the run, its draft, its page and its table"
    assert all(0 < seconds <= 86_400 for seconds in left.values())


def test_a_run_that_says_nothing_for_two_minutes_is_silent() -> None:
    run = kept.keep(ASKED, now=NOW)
    assert not run.is_silent(NOW + timedelta(minutes=2))
    assert run.is_silent(NOW + timedelta(minutes=2, seconds=1))
    assert not kept.refuse(run, "No.", now=NOW).is_silent(NOW + timedelta(days=1))


def test_a_run_that_was_never_kept_is_not_there() -> None:
    assert kept.found(1) is None
    assert kept.newest() == []
    assert kept.page_of(1) is None
