"""The outbox at the desk: what became of each mail, and sending it again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import User
from kernel import clock
from kernel.ids import derived
from notices import commands
from notices.kinds import Notice
from notices.models import Mail, Standing
from notices.rules import Outcome, Verdict
from tests.notices.letters import FILED, INVITATION

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OUTBOX = "admin:notices_mail_changelist"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_user("mira@provider.example", name="Mira", is_staff=True))
    return client


def mail(to: str = "ada@acme.example", notice: Notice = FILED, outcome: Outcome | None = None) -> UUID:
    key = derived("mail about", to)
    commands.queue_mail(key=key, to=[to], notice=notice, now=MONDAY)
    id_ = commands.mail_id(key, to)
    if outcome is not None:
        claimed = commands.claim(id_, now=MONDAY)
        assert claimed is not None
        commands.settle(claimed, outcome, now=MONDAY)
    return id_


def test_the_outbox_shows_how_each_mail_stands(desk: Client) -> None:
    mail("ada@acme.example", outcome=Outcome(Verdict.SENT))
    mail("bob@acme.example", outcome=Outcome(Verdict.REFUSED, "550 no such user"))
    shown = desk.get(reverse(OUTBOX)).content.decode()
    for words in ("ada@acme.example", "sent", "bob@acme.example", "refused by the server", "550 no such user"):
        assert words in shown
    assert "2026-11-02 09:00 UTC" in shown


@pytest.mark.parametrize("standing", Standing.values)
def test_mails_are_picked_by_how_they_stand(desk: Client, standing: str) -> None:
    mail("waiting@acme.example")
    mail("sent@acme.example", outcome=Outcome(Verdict.SENT))
    mail("refused@acme.example", outcome=Outcome(Verdict.REFUSED, "550"))
    given_up = mail("given_up@acme.example")
    Mail.objects.filter(id=given_up).update(attempt_at=None, given_up_at=MONDAY)
    shown = desk.get(reverse(OUTBOX), {"standing": standing}).content.decode()
    assert [one for one in Standing.values if f"{one}@acme.example" in shown] == [standing]


def test_a_mail_that_did_not_arrive_is_sent_again(desk: Client) -> None:
    refused = mail(outcome=Outcome(Verdict.REFUSED, "550 no such user"))
    page = reverse("admin:notices_mail_send_again", args=[refused])
    assert "once more" in desk.get(page).content.decode()
    assert Mail.objects.get(id=refused).standing == Standing.REFUSED
    answer = desk.post(page, follow=True)
    assert "is on its way again" in answer.content.decode()
    assert commands.claim(refused, now=clock.now()) is not None


def test_a_secret_is_not_shown_and_not_sent_again_once_it_is_forgotten(desk: Client) -> None:
    invitation = mail(notice=INVITATION)
    page = reverse("admin:notices_mail_change", args=[invitation])
    shown = desk.get(page).content.decode()
    assert "This mail is for its reader only." in shown
    assert "a-secret" not in shown
    claimed = commands.claim(invitation, now=MONDAY)
    assert claimed is not None
    commands.settle(claimed, Outcome(Verdict.SENT), now=MONDAY)
    answer = desk.post(reverse("admin:notices_mail_send_again", args=[invitation]))
    assert "Ask for a new one instead." in answer.content.decode()


def test_the_text_of_a_mail_is_shown_as_text(desk: Client) -> None:
    shown = desk.get(reverse("admin:notices_mail_change", args=[mail()])).content.decode()
    assert "Acme &amp; Sons" in shown


def test_customers_see_no_outbox(client: Client) -> None:
    client.force_login(User.objects.create_user("ada@acme.example", name="Ada"))
    assert client.get(reverse(OUTBOX)).status_code == 302
