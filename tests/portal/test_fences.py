"""Who gets in: an account is there for its members only, and its owners' acts for its owners only."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from claims.models.claim import Claim
from customers import commands as customers
from customers import queries
from customers.commands import people
from customers.models import Role
from eventstore import Actor
from eventstore.models import LoggedEvent
from kernel import clock
from kernel.months import Month
from portal.urls import urlpatterns
from tests.portal.visitors import Visitor, text_of, upload

OPEN_TO_ALL = {"home", "invitation"}
OWNERS_ACTS = {"invite", "role", "take-back", "create-key", "end-key"}


@pytest.fixture
def addresses(ada: Visitor, max_: Visitor, letters: list[object]) -> dict[str, str]:
    """Every address of Acme's account, of things that are there; a new route is found by its pattern."""
    claim = ada.filed(evidence=upload())
    owner, now = Actor("customer", str(ada.user.pk)), clock.now()
    invited = people.invite(ada.account, "new@acme.example", Role.MEMBER, by=owner, now=now)  # type: ignore[arg-type]
    issued = customers.create_key(ada.account, "export", by=owner, now=now)  # type: ignore[arg-type]
    known = {
        "account": ada.account,
        "month": Month(2026, 10),
        "claim": claim,
        "evidence": Claim.objects.get(id=claim).evidence[0].id,
        "person": max_.user.pk,
        "invitation": invited.id,
        "key": issued.id,
    }
    return {
        str(one.name): reverse(f"portal:{one.name}", kwargs={name: known[name] for name in one.pattern.converters})
        for one in urlpatterns
        if one.name not in OPEN_TO_ALL
    }


def answers(client: Client, address: str) -> set[int]:
    """Ask and send, and give the answers' statuses."""
    return {client.get(address).status_code, client.post(address, {"key": uuid4(), "role": "owner"}).status_code}


def test_a_member_of_another_account_finds_nothing(addresses: dict[str, str], ada: Visitor, rex: Visitor) -> None:
    before = (Claim.objects.count(), queries.role_of(ada.user.pk, ada.account))

    for name, address in addresses.items():
        assert answers(rex.client, address) == {404}, name

    assert (Claim.objects.count(), queries.role_of(ada.user.pk, ada.account)) == before
    assert len(queries.keys_of(ada.account)) == 1


def test_nothing_tells_another_account_from_one_that_is_not_there(
    addresses: dict[str, str], ada: Visitor, rex: Visitor
) -> None:
    for address in addresses.values():
        nowhere = address.replace(str(ada.account), str(UUID(int=1)))
        assert rex.client.get(address).status_code == rex.client.get(nowhere).status_code


def test_who_is_not_signed_in_is_asked_to(addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        response = Client().get(address)
        assert response.status_code == 302, name
        assert response["Location"] == f"/accounts/login/?next={address}"


def test_a_member_reaches_everything_but_the_acts_of_owners(
    addresses: dict[str, str], ada: Visitor, max_: Visitor
) -> None:
    for name, address in addresses.items():
        if name in OWNERS_ACTS:
            assert max_.client.post(address).status_code == 404, name
        else:
            assert max_.client.get(address, follow=True).status_code == 200, name


def test_who_comes_to_the_address_of_a_form_without_the_form_is_led_to_its_page(
    addresses: dict[str, str], ada: Visitor
) -> None:
    """By reload, by the back button, or because the sign-in had run out when the form was sent."""
    by_form = {*OWNERS_ACTS, "remove", "add", "withdraw", "appeal"}
    before = LoggedEvent.objects.count()
    for name in sorted(by_form):
        address = addresses[name]
        response = ada.client.get(address, follow=True)
        page = "claim" if "/claims/" in address else "people"
        assert [one[0] for one in response.redirect_chain] == [addresses[page]], name
        assert "Nothing was sent." in text_of(response), name
        assert ada.client.put(address).status_code == 405, name
    assert LoggedEvent.objects.count() == before


def test_nothing_on_the_way_keeps_what_is_an_accounts_own(addresses: dict[str, str], ada: Visitor) -> None:
    """Nor does the browser, for whoever sits down at it next."""
    for name, address in [*addresses.items(), ("home", reverse("portal:home"))]:
        response = ada.client.get(address)
        assert "no-store" in response["Cache-Control"], name


def test_a_member_removes_nobody_but_themselves(ada: Visitor, max_: Visitor) -> None:
    assert max_.post(f"people/{ada.user.pk}/remove/").status_code == 404
    assert max_.post(f"people/{max_.user.pk}/remove/").status_code == 302
    assert [one.name for one in queries.members_of(ada.account)] == ["Ada"]


def test_a_claim_of_another_account_is_not_there_under_ones_own(ada: Visitor, rex: Visitor) -> None:
    claim = ada.filed()

    assert rex.get(f"claims/{claim}/").status_code == 404
    assert rex.post(f"claims/{claim}/withdraw/", key=uuid4(), sure="on").status_code == 404
    assert Claim.objects.get(id=claim).state == "filed"
