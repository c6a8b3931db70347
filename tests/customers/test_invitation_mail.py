"""An invitation reaches its reader: by the registered carrier, through the outbox, to a page that is there."""

import re
from collections.abc import Iterator

import pytest
from django.urls import resolve

from customers import commands, post, queries
from customers.models import Role
from notices.models import Mail
from tests.customers.conftest import MONDAY, PASSWORD
from tests.personas import ACME, MIRA
from workflows.mails.invitations import invited

pytestmark = pytest.mark.usefixtures("accounts")


@pytest.fixture(autouse=True)
def _carried() -> Iterator[None]:
    before = list(post._carriers)
    post.register(invited)
    yield
    post._carriers[:] = before


def test_an_invitation_is_mailed_with_a_link_that_lets_its_reader_in() -> None:
    commands.invite(ACME, "ada@example.com", Role.OWNER, by=MIRA, now=MONDAY)
    mail = Mail.objects.get()
    assert (mail.recipient, mail.kind, mail.secret) == ("ada@example.com", "invitation", True)
    assert mail.subject == "mira invites you to Acme at LOOM AGENCY LIMITED"
    assert "9 November 2026, 09:00" in " ".join(mail.text.split())
    link = re.search(r"https?://[^/]+(/\S+)", mail.text)
    assert link is not None
    page = resolve(link[1])
    assert page.view_name == "portal:invitation"
    commands.accept_as_newcomer(page.kwargs["token"], name="Ada", password=PASSWORD, now=MONDAY)
    assert [one.name for one in queries.members_of(ACME)] == ["Ada"]
