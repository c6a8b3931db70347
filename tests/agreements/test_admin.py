"""Agreements at the desk: shown with their findings, and out of reach of any change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from agreements import commands
from agreements.models import Agreement
from eventstore import SYSTEM
from tests.agreements.texts import APICHEAP

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
