"""Another customer's id gives 404 on every route: each is walked, one that is added later too.

Rival is signed in, or has a key, and asks for everything of Acme's that an address can name: Acme's account with
Acme's things, Rival's own account with Acme's things, and every mixture of them.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.test import Client

from agreements.overrides import override_stream
from claims.models.ledger import CreditAccount
from claims.models.period import Period
from claims.models.statement import Statement
from customers import commands, queries
from customers.identity import as_customer, usage_id
from customers.models import User
from kernel.ids import new_id
from kernel.months import Month
from tests.claims.october import TUESDAY_10TH
from tests.isolation.conftest import Holding
from tests.isolation.routes import DESK, KEYS, MEMBERS, OWN, PUBLIC, SIGN_IN, TABLE, TOKEN, Route, routes, routes_for
from tests.personas import ACME

SHARED: Final = frozenset({"month"})  # names of parameters whose values belong to nobody
REFUSALS: Final = (404, 405)


def test_every_route_is_for_somebody() -> None:
    assert {one.is_for for one in routes()} == {whom for _, whom in TABLE}


def test_a_route_that_nobody_thought_about_is_noticed() -> None:
    with pytest.raises(LookupError, match="who the route"):
        assert Route("b/<uuid:account>/", ("account",)).is_for
    with pytest.raises(LookupError, match="what of Acme's"):
        Route("a/<uuid:account>/<uuid:secret>/", ("account", "secret")).filled({"account": ACME})


def mixtures(route: Route, acme: Holding, rival: Holding) -> Iterator[tuple[str, str]]:
    """Give the route's addresses with things of Acme's in them; beside each, one with ids that there are not."""
    owned = [name for name in route.parameters if name not in SHARED]
    for chosen in product((True, False), repeat=len(owned)):
        acmes = [name for name, is_acmes in zip(owned, chosen, strict=True) if is_acmes and name in acme.values]
        if acmes or not set(owned) <= set(acme.values):
            theirs = route.filled({**rival.values, **{name: acme.values[name] for name in acmes}})
            yield theirs, route.filled({**rival.values, **{name: new_id() for name in acmes}})


def signed_in(person: User) -> Client:
    """Sign somebody in."""
    client = Client(raise_request_exception=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def asked(client: Client, address: str, **more: Any) -> list[Any]:
    """Ask for an address in every way, and take back what that did."""
    ways = (client.get, client.post, client.put, client.patch, client.delete)
    answers = []
    for ask in ways:
        with transaction.atomic():
            answers.append(ask(address, **more))
            transaction.set_rollback(True)
    return answers


def shows(answer: Any, holding: Holding) -> list[str]:
    """Tell what of an account an answer shows."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told = content.decode(errors="replace") + str(answer.headers)
    return [secret for secret in holding.secrets if secret in told]


def faults(answer: Any, address: str, acme: Holding) -> list[str]:
    """Say what is wrong with an answer to somebody who may not see what they asked for."""
    method = answer.request["REQUEST_METHOD"]
    found = [f"{method} {address} shows {secret}" for secret in shows(answer, acme) if secret not in address]
    if answer.status_code not in REFUSALS:
        found.append(f"{method} {address} gives {answer.status_code}")
    return found


def is_hidden(answers: list[Any]) -> bool:
    """Whether asking gave 404 at least once: 405 for every method would test nothing."""
    return any(answer.status_code == 404 for answer in answers)


def test_members_pages_of_another_account_do_not_exist(acme: Holding, rival: Holding) -> None:
    client = signed_in(rival.owner)
    found: list[str] = []
    walked = routes_for(MEMBERS)
    for route in walked:
        for address, _ in mixtures(route, acme, rival):
            answers = asked(client, address)
            found += [fault for answer in answers for fault in faults(answer, address, acme)]
            found += [] if is_hidden(answers) else [f"{address} is never hidden"]
    assert found == []
    assert len(walked) >= 15


def test_members_pages_are_there_for_their_own(acme: Holding) -> None:
    """What is hidden from others would be seen: else the walk above would prove nothing."""
    client = signed_in(acme.owner)
    for route in routes_for(MEMBERS):
        statuses = {answer.status_code for answer in asked(client, route.filled(acme.values))[:2]}
        assert not statuses & {403, 404, 500}, route
        assert statuses - {405}, route


def test_members_pages_send_a_stranger_to_the_sign_in(acme: Holding) -> None:
    for route in routes_for(MEMBERS):
        address = route.filled(acme.values)
        for answer in asked(Client(), address):
            assert answer.status_code in (302, 405), address
            assert answer.status_code == 405 or answer["Location"].startswith("/accounts/login/"), address


def key_of(holding: Holding) -> dict[str, dict[str, str]]:
    """Give the headers with which an account's program asks."""
    return {"headers": {"Authorization": f"Bearer {holding.api_key}"}}


def test_another_accounts_things_do_not_exist_in_the_api(acme: Holding, rival: Holding) -> None:
    found: list[str] = []
    walked = [route for route in routes_for(KEYS) if set(route.parameters) - SHARED]
    for route in walked:
        for address, nowhere in mixtures(route, acme, rival):
            answers, nothing = (asked(Client(), one, **key_of(rival)) for one in (address, nowhere))
            found += [fault for answer in answers for fault in faults(answer, address, acme)]
            found += [] if is_hidden(answers) else [f"{address} is never hidden"]
            if [one.content for one in answers] != [one.content for one in nothing]:
                found.append(f"{address} is answered otherwise than an id that there is not")
    assert found == []
    assert len(walked) >= 6


def test_what_needs_no_id_in_the_api_shows_the_keys_own_account_only(acme: Holding, rival: Holding) -> None:
    for route in routes_for(KEYS):
        if set(route.parameters) <= SHARED:
            address = route.filled(rival.values)
            for answer in asked(Client(), address, **key_of(rival)):
                assert not shows(answer, acme), address


def test_things_in_the_api_are_there_for_their_own_key_and_for_no_other_kind(acme: Holding) -> None:
    for route in routes_for(KEYS):
        address = route.filled(acme.values)
        own = {answer.status_code for answer in asked(Client(), address, **key_of(acme))[:2]}
        assert not own & {401, 404, 500} or address == "/api/v1/", address
        for answer in asked(Client(), address):
            assert answer.status_code in (401, 404), address


def desk_values(acme: Holding) -> dict[str, Any]:
    """Give values for the desk's parameters that are not of one kind of row."""
    known = {
        "content_type_id": 1,
        "run": 1,
        "app_label": "claims",
        "url": "nowhere/at/all",
        "upload": new_id(),
        "parked": 1,
    }
    return {**acme.values, **known, "stream": acme.values["claim"], "id": acme.values["person"]}


def rows_of(acme: Holding) -> dict[str, Any]:
    """Give Acme's row of each kind that the desk shows, by the route that it has there."""
    october = Month(2026, 10)
    return {
        "agreements/override/": override_stream("apicheap", ACME),
        "claims/claim/": acme.values["claim"],
        "claims/statement/": Statement.objects.get(account=ACME).id,
        "claims/creditaccount/": CreditAccount.objects.get(account=ACME).id,
        "claims/period/": Period.objects.get(month=october).id,
        "customers/account/": ACME,
        "customers/apikey/": acme.values["key"],
        "customers/usage/": usage_id(ACME, october),
        "customers/user/": acme.values["person"],
    }


def desk_address(route: Route, acme: Holding) -> str:
    """Give an address of the desk with Acme's row in it, where there is one."""
    rows = rows_of(acme)
    row = next((id_ for start, id_ in rows.items() if route.pattern.startswith(f"admin/{start}")), new_id())
    return route.filled({**desk_values(acme), "object_id": row})


def test_the_desk_lets_no_customer_in(acme: Holding, rival: Holding) -> None:
    """Neither Rival nor Acme's own people: they are sent to a sign-in, or told that nothing is there."""
    for person in (rival.owner, acme.owner):
        client = signed_in(person)
        for route in routes_for(DESK):
            address = desk_address(route, acme)
            for answer in asked(client, address):
                told = [secret for secret in shows(answer, acme) if secret not in address]
                assert answer.status_code in (302, 403, 404, 405), address
                assert not told or person is acme.owner, (address, told)
                if answer.status_code == 302:
                    assert answer["Location"].startswith(("/admin/", "/accounts/login/")), address
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")


def test_the_desk_shows_operators_what_it_hides_from_customers(acme: Holding, operator: User) -> None:
    client = signed_in(operator)
    shown = [route for route in routes_for(DESK) if route.pattern.endswith("<path:object_id>/change/")]
    for route in shown:
        if any(route.pattern.startswith(f"admin/{start}") for start in rows_of(acme)):
            assert client.get(desk_address(route, acme)).status_code == 200, route


def test_signing_in_concerns_oneself_only(acme: Holding, rival: Holding) -> None:
    """Every page is asked for with Acme's person in the link and a token that is Rival's."""
    client = signed_in(rival.owner)
    before = User.objects.get(pk=acme.owner.pk).password
    values = {"uidb36": user_pk_to_url_str(acme.owner), "key": default_token_generator.make_token(rival.owner)}
    for route in routes_for(SIGN_IN):
        address = route.filled(values)
        for ask in (client.get, client.post):
            answer = ask(address, {"password1": "quite another phrase", "password2": "quite another phrase"})
            assert answer.status_code < 500, address
            assert not shows(answer, acme), address
            client.force_login(rival.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert User.objects.get(pk=acme.owner.pk).password == before


def test_an_invitation_is_for_whom_it_was_sent_to(acme: Holding, rival: Holding) -> None:
    client = signed_in(rival.owner)
    for route in routes_for(TOKEN):
        for guess in (acme.values["invitation"], ACME, "x" * 43):
            answer = client.get(route.filled({"token": guess}))
            assert answer.status_code == 404
        client.post(route.filled({"token": acme.token}), {"name": "Rex", "password": "quite another phrase"})
    assert queries.role_of(rival.owner.pk, ACME) is None


def test_home_and_public_pages_show_nothing_of_others(acme: Holding, rival: Holding) -> None:
    client = signed_in(rival.owner)
    for route in (*routes_for(OWN), *routes_for(PUBLIC)):
        for answer in asked(client, route.filled({})):
            assert not shows(answer, acme), route


def test_a_removed_member_is_a_stranger(acme: Holding) -> None:
    member = User.objects.get(pk=acme.values["person"])
    client = signed_in(member)
    address = f"/a/{ACME}/claims/{acme.values['claim']}/"
    assert client.get(address).status_code == 200
    commands.remove_member(ACME, member.pk, by=as_customer(acme.owner), now=TUESDAY_10TH)
    assert client.get(address).status_code == 302
    assert signed_in(User.objects.get(pk=member.pk)).get(address).status_code == 404
