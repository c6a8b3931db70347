"""Acme and Rival with everything that an account can have, made by the real commands."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.files.base import ContentFile

from claims.commands.claims import credit, decide, verify
from claims.commands.claims.file import file_claim
from claims.evidence import keep
from claims.queries import claims
from customers import commands, post
from customers.identity import as_customer
from customers.models import Role, User
from customers.post import InvitationLetter
from kernel.ids import AccountId
from tests.agreements.overriding import agreed
from tests.api.conftest import measured as measured
from tests.api.conftest import monday as monday
from tests.api.conftest import open_october
from tests.api.conftest import set_clock as set_clock
from tests.claims.october import MONDAY_9TH, NOVEMBER_2ND, TUESDAY_10TH, sent
from tests.customers.conftest import person
from tests.personas import ACME, MIRA, RIVAL

PASSWORD: Final = "a long pass phrase"
NEGOTIATED: Final = """\
overrides: apicheap
account: {number}
document_date: 2026-11-08
in_force_from: 2026-12-01
clause: Order form of {number}
changes:
  claims: {{file_within: 45 days}}
"""


@dataclass(frozen=True)
class Holding:
    """Everything of one account that an address can name; `secrets` must never be seen by others."""

    owner: User
    api_key: str
    values: dict[str, Any]
    token: str

    @property
    def secrets(self) -> list[str]:
        """Give what would show that something of the account was seen."""
        ids = [str(self.values[name]) for name in ("account", "claim", "evidence", "person", "invitation", "key")]
        number = self.values["number"]
        return [*ids, self.token, self.owner.email, f"{number}'s words", f"{number}.log", f"Order form of {number}"]


@pytest.fixture
def letters() -> Iterator[list[InvitationLetter]]:
    """Collect invitations instead of mailing them."""
    carried: list[InvitationLetter] = []
    before = list(post._carriers)
    post.register(lambda letter, _now: carried.append(letter))
    yield carried
    post._carriers[:] = before


@pytest.fixture
def october(db: None, measured: None, monday: None, settings: LazySettings, tmp_path: Path) -> None:
    """Close October, in which everybody was down."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    open_october()


@pytest.fixture
def acme(october: None, letters: list[InvitationLetter]) -> Holding:
    """What Acme has: a credited claim among it."""
    found = holding("acme", ACME, letters)
    claim = UUID(str(found.values["claim"]))
    verify.take_up(claim, by=MIRA, now=TUESDAY_10TH)
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    credit.credit(claim, now=TUESDAY_10TH)
    return found


@pytest.fixture
def rival(october: None, letters: list[InvitationLetter]) -> Holding:
    """What Rival has."""
    return holding("rival", RIVAL, letters)


@pytest.fixture
def operator(october: None) -> User:
    """Somebody at the desk."""
    return User.objects.create_superuser("mira@makegood.example", PASSWORD, name="Mira")


def holding(number: str, account: AccountId, letters: list[InvitationLetter]) -> Holding:
    """Give an account an owner, a member, an invitation, a key, a claim with evidence, and terms of its own."""
    owner = person(f"Owner.{number}", account)
    member = person(f"Member.{number}", account, Role.MEMBER)
    by = as_customer(owner)
    invitation = commands.invite(account, f"new@{number}.example", Role.MEMBER, by=by, now=NOVEMBER_2ND)
    key = commands.create_key(account, f"{number}'s key", by=by, now=NOVEMBER_2ND)
    file = keep(ContentFile(f"{number} was down".encode()), name=f"{number}.log", account=account)
    filing = sent(words=f"{number}'s words", evidence=(file,))
    claim = file_claim(account, filing, by=by, now=MONDAY_9TH)
    agreed(NEGOTIATED.format(number=number), account, now=MONDAY_9TH)
    values = {
        "number": number,
        "account": account,
        "month": "2026-10",
        "claim": claim,
        "evidence": claims.claim(claim).evidence[0].id,
        "person": member.pk,
        "invitation": invitation.id,
        "key": key.id,
    }
    return Holding(owner, key.key, values, letters[-1].token)
