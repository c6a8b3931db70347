"""Acme and Rival under apicheap's agreement, with an owner each, and a letter box for invitations."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from agreements import commands as agreements
from customers import commands, post
from customers.commands import Opening
from customers.models import Member, Role, User
from customers.post import InvitationLetter
from tests.personas import MIRA

TERMS: Final = Path(__file__).resolve().parents[2] / "agreements" / "terms" / "apicheap-2026-03-30.yaml"
SPRING: Final = datetime(2026, 4, 1, tzinfo=UTC)
MONDAY: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PASSWORD: Final = "a long pass phrase for Ada"


def opening(number: str = "acme", tier: str | None = "pro", from_at: datetime = SPRING) -> Opening:
    return Opening(number, number.title(), "apicheap", tier, from_at, "Europe/London")


@pytest.fixture
def apicheap(db: None) -> str:
    """Publish apicheap's terms."""
    agreements.publish(TERMS.read_text(encoding="utf-8"), by=MIRA, now=SPRING)
    return "apicheap"


@pytest.fixture
def accounts(apicheap: str) -> None:
    """Open the accounts of Acme and Rival."""
    commands.open_account(opening("acme"), by=MIRA, now=SPRING)
    commands.open_account(opening("rival"), by=MIRA, now=SPRING)


def person(name: str, account: UUID, role: Role = Role.OWNER) -> User:
    """Let somebody belong to an account."""
    user = User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name, joined_at=SPRING)
    Member.objects.create(account=account, user=user, role=role, joined_at=SPRING)
    return user


@pytest.fixture
def letters() -> Iterator[list[InvitationLetter]]:
    """Collect invitations instead of mailing them."""
    carried: list[InvitationLetter] = []
    before = list(post._carriers)
    post.register(lambda letter, _now: carried.append(letter))
    yield carried
    post._carriers[:] = before
