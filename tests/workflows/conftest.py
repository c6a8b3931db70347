"""October is closed and Acme, down for 45 hours, may claim $50; a person of each side gets mail."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from agreements import queries as agreements
from customers.models import Member, Role, User
from kernel import clock
from tests.claims import october
from tests.claims.october import NOVEMBER_2ND, SPRING
from tests.claims.statements.scenes import month_of
from tests.personas import ACME, RIVAL
from workflows.subscriptions import SUBSCRIPTIONS

Follow = Callable[[datetime], None]
PEOPLE = {"ada@acme.example": ACME, "rex@rival.example": RIVAL}


@pytest.fixture
def follow(sealed: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Follow:
    """Let the log process carry on until it is quiet, as if it were this moment."""

    def at_that_time(now: datetime) -> None:
        monkeypatch.delenv(clock.VARIABLE, raising=False)
        seconds = round((now - clock.now()).total_seconds())
        monkeypatch.setenv(clock.VARIABLE, f"{'+' if seconds >= 0 else '-'}{abs(seconds)}s")
        sealed(*SUBSCRIPTIONS)

    return at_that_time


@pytest.fixture
def changes() -> tuple[tuple[str, str], ...]:
    """Replace nothing in the terms; a module may have its own."""
    return ()


@pytest.fixture
def october_told(database: object, follow: Follow, changes: tuple[tuple[str, str], ...]) -> Iterator[None]:
    """Give the agreement, Acme (Pro) and Rival (Free), people to write to, and a closed October with usage."""
    agreements.forget()
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        october.publish(*changes)
        october.open_accounts(acme="pro", rival="free")
        for email, account in PEOPLE.items():
            user = User.objects.create_user(email=email, password="a password", name=email)
            Member.objects.create(account=account, user=user, role=Role.OWNER, joined_at=SPRING)
        User.objects.create_user(email="mira@makegood.example", password="a password", name="Mira", is_staff=True)
        october.use("200")
        october.close()
        follow(NOVEMBER_2ND)
        yield
    agreements.forget()
