"""Acme and Rival under apicheap on Monday, 9 November 2026; October closed with Acme's 45 hours of downtime.

Ada owns Acme's account and Max is a member of it; Rex owns Rival's.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from math import ceil
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client

from agreements import queries as agreements
from config.services.postgres import Cluster
from customers import post
from customers.models import Member, Role, User
from customers.post import InvitationLetter
from kernel import clock
from tests.claims import october
from tests.claims.statements.scenes import month_of
from tests.personas import ACME, RIVAL
from tests.portal.visitors import PASSWORD, Visitor

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


@pytest.fixture
def measured() -> Iterator[None]:
    """Let October be measured with 45 hours of downtime."""
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        yield


def open_accounts() -> None:
    """Publish the terms and open the accounts."""
    agreements.forget()
    october.publish()
    october.open_accounts(acme="pro", rival="pro")


@pytest.fixture
def accounts(db: None, measured: None, monday: None, settings: LazySettings, tmp_path: Path) -> None:
    """Open the accounts; no month is closed yet."""
    settings.MEDIA_ROOT = tmp_path
    open_accounts()


@pytest.fixture
def october_closed(accounts: None) -> None:
    """Close October: Acme's statement shows $50."""
    october.use("200")
    october.close()


@pytest.fixture
def october_closed_for_real(
    database: Cluster, measured: None, monday: None, settings: LazySettings, tmp_path: Path
) -> None:
    """Close October in committed transactions, for other threads to see."""
    settings.MEDIA_ROOT = tmp_path / "files"
    open_accounts()
    october.use("200")
    october.close()


def visitor(name: str, account: UUID, role: Role) -> Visitor:
    """Let a person belong to an account, and sign them in."""
    user = User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name, joined_at=october.SPRING)
    Member.objects.create(account=account, user=user, role=role, joined_at=october.SPRING)
    return at_another_desk(Visitor(Client(), user, account))


def at_another_desk(person: Visitor) -> Visitor:
    """Sign a person in once more, in a browser of its own."""
    client = Client()
    client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return Visitor(client, person.user, person.account)


@pytest.fixture
def ada(october_closed: None) -> Visitor:
    """Acme's owner."""
    return visitor("Ada", ACME, Role.OWNER)


@pytest.fixture
def max_(october_closed: None) -> Visitor:
    """A member of Acme's account who does not own it."""
    return visitor("Max", ACME, Role.MEMBER)


@pytest.fixture
def rex(october_closed: None) -> Visitor:
    """Rival's owner."""
    return visitor("Rex", RIVAL, Role.OWNER)


@pytest.fixture
def letters() -> Iterator[list[InvitationLetter]]:
    """Collect invitations instead of mailing them."""
    carried: list[InvitationLetter] = []
    before = list(post._carriers)
    post.register(lambda letter, _now: carried.append(letter))
    yield carried
    post._carriers[:] = before
