"""October with Acme's claim, and the desk as Mira has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from claims.queries.claims import ClaimView
from claims.queries.claims import claim as claim_view
from customers.models import User
from kernel import clock
from kernel.ids import new_id
from tests.claims import october
from tests.claims.october import MONDAY_9TH
from tests.claims.statements.scenes import month_of


@pytest.fixture
def october_measured() -> Iterator[None]:
    """Let October be measured with Acme's 45 hours of downtime."""
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        yield


@pytest.fixture
def october_running(db: None, october_measured: None) -> None:
    """Give the agreement, Acme (Pro) and Rival (Free), and an October that is not closed."""
    october.publish()
    october.open_accounts(acme="pro", rival="free")


@pytest.fixture
def october_closed(october_running: None) -> None:
    """Close October with Acme's usage: its statement shows $50."""
    october.use("200")
    october.close()


def it_is(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Move the clock, which only the edges read."""
    monkeypatch.delenv(clock.VARIABLE, raising=False)
    seconds = round((moment - clock.now()).total_seconds()) + 1
    monkeypatch.setenv(clock.VARIABLE, f"{'+' if seconds >= 0 else '-'}{abs(seconds)}s")
    return moment


@pytest.fixture
def at_the_desk(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Let it be the Monday on which the claim is filed."""
    return it_is(MONDAY_9TH, monkeypatch)


def operator(name: str) -> User:
    """Give an operator who can sign in."""
    return User.objects.create_user(f"{name.lower()}@provider.example", "a long pass phrase", name=name, is_staff=True)


@pytest.fixture
def mira(db: None) -> User:
    return operator("Mira")


@pytest.fixture
def jonas(db: None) -> User:
    return operator("Jonas")


@dataclass(frozen=True)
class Desk:
    """The desk as one operator has it."""

    client: Client
    user: User

    def get(self, name: str, *args: object, **query: Any) -> Any:
        return self.client.get(reverse(f"admin:{name}", args=args), query)

    def text(self, name: str, *args: object, **query: Any) -> str:
        answer = self.get(name, *args, **query)
        assert answer.status_code == 200, answer
        return str(answer.content.decode())

    def act(self, name: str, row: object, *, seen: int, key: UUID | None = None, **given: Any) -> Any:
        """Send the form of an act, as the page with this version would."""
        form = {"key": str(key or new_id()), "seen": seen, **given}
        return self.client.post(reverse(f"admin:{name}", args=[row]), form, follow=True)

    def claim(self, act: str, claim: UUID, **given: Any) -> str:
        """Act on a claim as its page stands now, and give the sentence that is told."""
        seen = given.pop("seen", claim_view(claim).version)
        return told(self.act(f"claims_claim_{act}", claim, seen=seen, **given))


def desk_of(user: User) -> Desk:
    """Sign an operator in."""
    client = Client()
    client.force_login(user)
    return Desk(client, user)


@pytest.fixture
def desk(mira: User, at_the_desk: datetime) -> Desk:
    """Give the desk as Mira has it."""
    return desk_of(mira)


@pytest.fixture
def claim(october_closed: None, at_the_desk: datetime) -> UUID:
    """Give Acme's claim for October, filed on Monday."""
    return october.filed()


def told(response: Any) -> str:
    """Give the sentence that the desk shows after an act."""
    assert response.status_code == 200, response
    assert response.redirect_chain, response.content.decode()
    [message] = response.context["messages"]
    return str(message)


def view(claim: UUID) -> ClaimView:
    """Read a claim."""
    return claim_view(claim)
