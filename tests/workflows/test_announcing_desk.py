"""The desk tells, while there is time, whom the announcement of a version does not reach."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agreements import commands, queries
from customers.models import User
from kernel.ids import derived
from notices.models import Mail
from notices.queries import PATIENCE
from notices.rules import Verdict
from tests.personas import MIRA, RIVAL
from tests.workflows.conftest import Follow
from tests.workflows.post import ADA
from tests.workflows.test_announcing import ANNOUNCED, REX, UNTIL, _announced, attend, hand_over

__all__ = ["_announced"]

SOON = ANNOUNCED + timedelta(minutes=1)
NOT_REACHED = "not reached by version 2 of apicheap"


@pytest.fixture
def desk(follow: Follow) -> Client:
    """Sign an operator in."""
    client = Client()
    client.force_login(User.objects.get(email="mira@makegood.example"), "django.contrib.auth.backends.ModelBackend")
    follow(SOON)
    return client


def tiles(desk: Client, follow: Follow, now: datetime = SOON) -> dict[str, tuple[int, str]]:
    """Give the tiles of the first page at a moment: what each counts, how many, and where it leads."""
    follow(now)
    shown = desk.get(reverse("admin:index")).context["tiles"]
    return {one.words: (one.count, one.address) for one in shown if NOT_REACHED in one.words}


def test_mails_on_their_way_are_nothing_to_do(desk: Client, follow: Follow) -> None:
    assert tiles(desk, follow) == {}
    for one in (ADA, REX):
        hand_over(one, SOON)
    assert tiles(desk, follow, SOON + PATIENCE) == {}


def test_an_account_whose_mail_is_refused_is_counted_with_the_page_of_the_version(desk: Client, follow: Follow) -> None:
    hand_over(ADA, SOON)
    hand_over(REX, SOON, verdict=Verdict.REFUSED)
    page = reverse("admin:agreements_agreement_change", args=[derived("agreement", "apicheap")])
    words = f"account {NOT_REACHED}; the notice ends 2 December 2026, 00:00 (UTC)"
    assert tiles(desk, follow) == {words: (1, f"{page}#version-2")}
    assert 'id="version-2"' in desk.get(page).content.decode()


def test_mails_that_wait_for_long_are_counted(desk: Client, follow: Follow) -> None:
    (counted,) = tiles(desk, follow, SOON + PATIENCE).values()
    assert counted[0] == 2


def test_one_of_an_accounts_people_is_enough(desk: Client, follow: Follow) -> None:
    hand_over(ADA, SOON)
    hand_over(REX, SOON, verdict=Verdict.REFUSED)
    refused = Mail.objects.get(recipient=REX, kind="version_announced")
    Mail.objects.filter(recipient=ADA, kind="version_announced").update(key=refused.key)
    assert tiles(desk, follow) == {}


def test_an_account_that_was_told_otherwise_is_counted_no_more(desk: Client, follow: Follow) -> None:
    hand_over(ADA, SOON)
    hand_over(REX, SOON, verdict=Verdict.REFUSED)
    assert tiles(desk, follow)
    commands.note_told("apicheap", 2, RIVAL, told_at=SOON, how="By letter.", by=MIRA, now=SOON)
    assert tiles(desk, follow) == {}


def test_once_the_notice_is_over_there_is_nothing_left_to_do(desk: Client, follow: Follow) -> None:
    hand_over(ADA, SOON)
    hand_over(REX, SOON, verdict=Verdict.REFUSED)
    assert tiles(desk, follow)
    attend(UNTIL)
    assert tiles(desk, follow, UNTIL) == {}
    assert queries.version("apicheap", 2).standing == "lapsed"
