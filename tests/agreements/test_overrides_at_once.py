"""Two at once on what was negotiated with one account, on real connections: one wins, the other is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connections

from agreements import commands, overrides, overriding, queries
from agreements.errors import NotAgreeable, NotWithdrawable
from agreements.events import VersionAgreed, VersionWithdrawn
from agreements.standing import Standing
from eventstore import ConcurrencyConflict, history
from tests.agreements.overriding import negotiated
from tests.agreements.texts import SOUND
from tests.personas import ACME, JONAS, MIRA

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _published(database: object) -> Iterator[None]:
    queries.forget()
    commands.publish(SOUND, by=MIRA, now=NOW)
    yield
    queries.forget()


def at_once(*works: Callable[[], object]) -> list[object]:
    ready = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        ready.wait(timeout=10)
        try:
            return work()
        except (ConcurrencyConflict, NotAgreeable, NotWithdrawable) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def refusals(outcomes: list[object]) -> int:
    return sum(isinstance(one, Exception) for one in outcomes)


def test_two_first_drafts_at_once_are_never_the_same_version() -> None:
    outcomes = at_once(
        lambda: overriding.draft_override(negotiated(), ACME, by=MIRA, now=NOW),
        lambda: overriding.draft_override(negotiated(target="99.95%"), ACME, by=JONAS, now=NOW),
    )
    numbers = [one.number for one in overrides.every_override("sound", ACME)]
    assert numbers == [1, 2][: 2 - refusals(outcomes)]


def test_two_who_note_that_the_customer_agreed_note_it_once() -> None:
    overriding.draft_override(negotiated(), ACME, by=MIRA, now=NOW)
    outcomes = at_once(
        *[
            lambda: overriding.agree_override(
                "sound", ACME, 1, who="Ada", agreed_on=NOW.date(), where="Order form 17", by=MIRA, now=NOW
            )
        ]
        * 2
    )
    assert refusals(outcomes) == 1
    assert overrides.override("sound", ACME, 1).standing == Standing.AGREED


def test_agreeing_and_withdrawing_at_once_happen_one_after_the_other_or_once() -> None:
    stream = overriding.draft_override(negotiated(), ACME, by=MIRA, now=NOW)
    at_once(
        lambda: overriding.agree_override(
            "sound", ACME, 1, who="Ada", agreed_on=NOW.date(), where="Order form 17", by=MIRA, now=NOW
        ),
        lambda: overriding.withdraw_override("sound", ACME, 1, reason="Not signed.", by=JONAS, now=NOW),
    )
    _, *happened = [type(one.event) for one in history(stream)]
    assert happened in ([VersionAgreed], [VersionWithdrawn], [VersionAgreed, VersionWithdrawn])
    withdrawn = happened[-1] is VersionWithdrawn
    assert overrides.override("sound", ACME, 1).standing == (Standing.WITHDRAWN if withdrawn else Standing.AGREED)
