"""Acme and Rival ask by key on Monday, 9 November 2026, after October closed with Acme's 45 hours of downtime."""

from collections.abc import Callable, Iterator
from datetime import datetime
from math import ceil
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from agreements import queries as agreements
from customers import commands as customers
from kernel import clock
from kernel.ids import AccountId
from tests.api.programs import Program
from tests.claims import october
from tests.claims.statements.scenes import month_of
from tests.personas import ACME, MIRA, RIVAL

SetClock = Callable[[datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Let it be another time from now on, or a moment later."""

    def move(to: datetime) -> None:
        monkeypatch.delenv(clock.VARIABLE, raising=False)
        seconds = ceil((to - clock.now()).total_seconds())
        monkeypatch.setenv(clock.VARIABLE, f"{seconds:+d}s")

    return move


@pytest.fixture
def monday(set_clock: SetClock) -> None:
    """Let it be Monday."""
    set_clock(october.MONDAY_9TH)


def open_october() -> None:
    """Publish the terms, open the accounts, set Acme's usage and close October."""
    agreements.forget()
    october.publish()
    october.open_accounts(acme="pro", rival="pro")
    october.use("200")
    october.close()


@pytest.fixture
def measured() -> Iterator[None]:
    """Let October be measured with 45 hours of downtime."""
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        yield


@pytest.fixture
def october_closed(db: None, measured: None, monday: None, settings: LazySettings, tmp_path: Path) -> None:
    """Close October: Acme's statement shows $50."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    open_october()


def key_of(account: AccountId) -> Program:
    """Give an account's program a key."""
    return Program(customers.create_key(account, "programs", by=MIRA, now=october.NOVEMBER_2ND).key)


@pytest.fixture
def acme(october_closed: None) -> Program:
    """Acme's program."""
    return key_of(ACME)


@pytest.fixture
def rival(october_closed: None) -> Program:
    """Rival's program."""
    return key_of(RIVAL)


@pytest.fixture
def billing(october_closed: None) -> Program:
    """The provider's billing."""
    return Program(customers.create_provider_key("billing", by=MIRA, now=october.NOVEMBER_2ND).key)
