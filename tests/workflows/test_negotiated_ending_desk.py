"""The desk's first page tells which negotiated terms are about to end, while there is time to renew them.

Acme (Pro) negotiated 99.9 % for the year 2027; sixty days before its end are 2 November.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from agreements import overriding, queries
from customers.models import User
from tests.agreements.overriding import agreed
from tests.claims.history import at
from tests.claims.october import MONDAY_9TH
from tests.personas import ACME, MIRA
from tests.workflows.conftest import Follow
from tests.workflows.test_announcing_negotiated import STREAM, TEXT
from tests.workflows.test_negotiated_desk import page, text_of

BEFORE = at("2027-11-01T12:00Z")
SOON = at("2027-11-03T12:00Z")
NEXT = TEXT.replace("2028-01-01", "2029-01-01").replace("2027-01-01", "2028-01-01")
NONE = "None ends within sixty days, or others follow."


@pytest.fixture
def first_page(october_told: None, follow: Follow) -> Iterator[Callable[[datetime], str]]:
    """Agree Acme's terms; give what Mira reads on the desk's first page at some time."""
    agreed(TEXT, ACME, now=MONDAY_9TH)
    overriding.let_override_take_effect(STREAM, now=at("2027-01-01T00:00Z"))
    client = Client()
    client.force_login(User.objects.get(email="mira@makegood.example"), "django.contrib.auth.backends.ModelBackend")

    def read(now: datetime) -> str:
        follow(now)
        answer = client.get(reverse("admin:index"))
        assert (f"{page()}#version-1" in answer.content.decode()) == (NONE not in text_of(answer))
        return text_of(answer)

    yield read
    queries.forget()


def test_terms_that_end_within_sixty_days_stand_on_the_first_page(first_page: Callable[[datetime], str]) -> None:
    assert NONE in first_page(BEFORE)
    shown = first_page(SOON)
    assert "1 negotiated terms end soon" in shown
    assert (
        "Acme , version 1 Until 1 January 2028, 00:00 (UTC) ; from then on apicheap applies as it is published. "
        "58 days left"
    ) in shown


def test_what_is_certain_to_follow_is_no_end_and_a_draft_is_named(first_page: Callable[[datetime], str]) -> None:
    overriding.draft_override(NEXT, ACME, by=MIRA, now=SOON)
    assert "On its way, not certain yet: version 2: draft. 58 days left" in first_page(SOON)
    overriding.withdraw_override("apicheap", ACME, 2, reason="A slip.", by=MIRA, now=SOON)
    agreed(NEXT, ACME, now=SOON)
    assert NONE in first_page(SOON)
