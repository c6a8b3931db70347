"""Agreements at the desk: shown with their findings; later versions are drafted, announced and withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agreements import commands, queries
from agreements.models import Agreement
from customers.commands import Opening, open_account
from eventstore import SYSTEM
from tests.agreements.texts import APICHEAP, bent
from tests.personas import MIRA

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return Agreement.objects.get(pk=commands.publish(APICHEAP, by=SYSTEM, now=NOW))


@pytest.fixture
def operator() -> Client:
    return signed_in(is_staff=True)


def signed_in(*, is_staff: bool) -> Client:
    client = Client()
    user = get_user_model().objects.create_user(email="mira@makegood.example", password=None, is_staff=is_staff)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_operator_sees_the_agreements_and_their_newest_version(operator: Client, agreement: Agreement) -> None:
    page = operator.get(reverse("admin:agreements_agreement_changelist")).content.decode()
    assert "Service Level Agreement of apicheap.net" in page
    assert "2026-03-30 00:00" in page


def test_an_operator_reads_the_text_with_what_the_linter_finds_in_it(operator: Client, agreement: Agreement) -> None:
    page = operator.get(reverse("admin:agreements_agreement_change", args=[agreement.pk])).content.decode()
    assert "Enterprise: an uptime from 99.5% to below 99.9% misses the target of 99.9%" in page
    assert "Basic: the row from 99% to below 99.5% pays 5%" in page
    assert '<a href="#v1-line-87">87</a>' in page
    assert "- {from: 99.0%, below: 99.5%, pays: 5%}" in page


@pytest.mark.parametrize("act", ["change", "delete"])
def test_nobody_changes_or_deletes_what_was_published(operator: Client, agreement: Agreement, act: str) -> None:
    address = reverse(f"admin:agreements_agreement_{act}", args=[agreement.pk])
    assert operator.post(address, {"title": "another", "post": "yes"}).status_code == 403
    assert Agreement.objects.get(pk=agreement.pk).title == "Service Level Agreement of apicheap.net"


def test_nobody_adds_an_agreement_by_hand(operator: Client) -> None:
    assert operator.get(reverse("admin:agreements_agreement_add")).status_code == 403


def test_a_customer_sees_nothing_of_it(agreement: Agreement) -> None:
    customer = signed_in(is_staff=False)
    answer = customer.get(reverse("admin:agreements_agreement_change", args=[agreement.pk]))
    assert answer.status_code in (302, 404)
    assert b"apicheap.net" not in answer.content


# Later versions


LATER = bent("in_force_from: 2026-03-30 ", "in_force_from: 2099-02-01 ", text=APICHEAP)


def page_of(agreement: Agreement, act: str = "") -> str:
    return reverse("admin:agreements_agreement_change", args=[agreement.pk]).replace("change/", act)


def sent(client: Client, address: str, **fields: object) -> str:
    return client.post(address, fields, follow=True).content.decode()


def drafted(operator: Client, text: str = LATER) -> str:
    address = reverse("admin:agreements_agreement_changelist") + "draft/"
    return sent(operator, address, file=SimpleUploadedFile("later.yaml", text.encode()))


def test_a_draft_is_taken_from_a_file_and_shown_with_what_it_changes(operator: Client, agreement: Agreement) -> None:
    page = drafted(operator)
    assert "The draft is kept; customers do not see it." in page
    assert "What differs from version 1" in page
    assert "2099-02-01" in page
    assert "Draft." in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no terms", "The file holds no terms"),
        (LATER.replace("2099-02-01 ", "2099-02-02 "), "takes effect at the start of a billing period"),
    ],
)
def test_a_file_that_can_not_be_drafted_is_refused_with_the_reason(
    operator: Client, agreement: Agreement, text: str, told: str
) -> None:
    assert told in drafted(operator, text)
    assert len(queries.every_version("apicheap")) == 1


def test_announcing_asks_first_and_shows_what_will_be_told(operator: Client, agreement: Agreement) -> None:
    drafted(operator)
    asked = operator.get(page_of(agreement, "announce/")).content.decode()
    assert "Every account under the agreement is mailed what differs." in asked
    assert "In force from" in asked
    assert queries.version("apicheap", 2).standing == "draft"
    page = sent(operator, page_of(agreement, "announce/"), version="2")
    assert "its mails are on their way" in page
    assert "the mails have to be handed over by" in page
    assert "2099-01-02 00:00" in page


def test_an_announced_version_is_withdrawn_with_its_reason(operator: Client, agreement: Agreement) -> None:
    drafted(operator)
    sent(operator, page_of(agreement, "announce/"), version="2")
    assert "This field is required" in sent(operator, page_of(agreement, "withdraw/"), version="2")
    page = sent(operator, page_of(agreement, "withdraw/"), version="2", reason="We found a mistake.")
    assert "Withdrawn: We found a mistake." in page


def test_telling_an_account_otherwise_is_noted(operator: Client, agreement: Agreement) -> None:
    drafted(operator)
    sent(operator, page_of(agreement, "announce/"), version="2")
    told = {"version": "2", "told_at": "2026-05-20T12:00:00", "how": "By letter."}
    assert "There is no account" in sent(operator, page_of(agreement, "note-told/"), account="nobody", **told)
    opening = Opening("acme", "Acme", "apicheap", "pro", NOW)
    open_account(opening, by=MIRA, now=NOW)
    assert "It is noted." in sent(operator, page_of(agreement, "note-told/"), account="acme", **told)
    assert [one.how for one in queries.version("apicheap", 2).told] == ["By letter."]


def test_customers_can_do_nothing_of_it(operator: Client, agreement: Agreement) -> None:
    drafted(operator)
    operator.logout()
    for act in ("announce/", "withdraw/", "note-told/"):
        sent(operator, page_of(agreement, act), version="2", reason="Mine.")
    assert queries.version("apicheap", 2).standing == "draft"
