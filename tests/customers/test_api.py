"""The API for the provider's billing: usage by key, in the same words as everywhere else."""

from typing import Any

import pytest
from django.test import Client

from customers import commands, queries
from kernel.money import Money
from kernel.months import Month
from tests.customers.conftest import MONDAY
from tests.personas import ACME, MIRA, RIVAL

pytestmark = pytest.mark.usefixtures("accounts")
OCTOBER = Month(2026, 10)
USAGE = {"account": "acme", "month": "2026-10", "amount": "200.00"}


@pytest.fixture
def billing() -> str:
    return commands.create_provider_key("billing", by=MIRA, now=MONDAY).key


def post(client: Client, path: str, key: str | None, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    kind = "text/csv" if isinstance(body, str | bytes) else "application/json"
    return client.post(f"/api/v1/usage/{path}", body, content_type=kind, headers=headers)


def test_billing_sets_the_usage_of_a_month_in_its_own_name(client: Client, billing: str) -> None:
    answer = post(client, "set", billing, USAGE)
    assert answer.status_code == 200
    assert answer.json() == {**USAGE, "currency": "USD", "reason": ""}
    [shown] = queries.usage_history(ACME, OCTOBER)
    assert shown.amount == Money.of("200.00", "USD")
    assert shown.set_by == f"program {queries.program_for_key(billing)}"


def test_sending_the_same_again_changes_nothing(client: Client, billing: str) -> None:
    for _ in range(2):
        assert post(client, "set", billing, USAGE).status_code == 200
    assert len(queries.usage_history(ACME, OCTOBER)) == 1


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"account": "nobody"}, 404, "unknown_account"),
        ({"currency": "EUR"}, 422, "currency_differs"),
        ({"amount": "-1"}, 422, "usage_negative"),
        ({"amount": "0.001"}, 422, "usage_too_fine"),
        ({"month": "2099-01"}, 422, "month_not_begun"),
        ({"month": "October"}, 422, "invalid"),
        ({"amount": "a lot"}, 422, "invalid"),
        ({"currency": "dollar"}, 422, "invalid"),
        ({"currency": "$$$"}, 422, "invalid"),
    ],
)
def test_what_can_not_be_is_answered_with_problem_details(
    client: Client, billing: str, changed: dict[str, str], status: int, code: str
) -> None:
    answer = post(client, "set", billing, {**USAGE, **changed})
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["detail"]


def test_a_file_is_previewed_and_taken_over(client: Client, billing: str) -> None:
    body = "account,month,amount\nacme,2026-10,200.00\nrival,2026-10,75.00\n"
    shown = {
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "faulty_lines": 0,
        "totals": [{"month": "2026-10", "total": "275.00 USD"}],
        "faults": [],
    }
    assert post(client, "preview", billing, body).json() == shown
    assert queries.usage_of(ACME, OCTOBER) is None
    assert post(client, "import", billing, body).json() == shown
    assert queries.usage_of(RIVAL, OCTOBER) == Money.of("75.00", "USD")
    assert post(client, "import", billing, body).json()["unchanged"] == 2


def test_a_file_with_a_fault_is_refused_whole_with_its_faults(client: Client, billing: str) -> None:
    answer = post(client, "import", billing, "account,month,amount\nacme,2026-10,200.00\nacme,2026-09,$5\n")
    assert answer.status_code == 422
    [fault] = answer.json()["faults"]
    assert (fault["line"], fault["field"], fault["value"]) == (3, "amount", "$5")
    assert queries.usage_of(ACME, OCTOBER) is None


def test_a_file_that_is_no_text_is_refused(client: Client, billing: str) -> None:
    answer = post(client, "import", billing, b"\xff\xfe")
    assert (answer.status_code, answer.json()["code"]) == (422, "usage_file_faulty")


@pytest.mark.parametrize("path", ["set", "preview", "import"])
def test_nobody_but_the_providers_programs_gets_in(client: Client, path: str) -> None:
    acmes = commands.create_key(ACME, "acme's", by=MIRA, now=MONDAY).key
    ended = commands.create_provider_key("old billing", by=MIRA, now=MONDAY)
    commands.end_key(ended.id, by=MIRA, now=MONDAY)
    for key in (None, acmes, ended.key, "mgp_guess_guess"):
        answer = post(client, path, key, USAGE if path == "set" else "account,month,amount\n")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == 'Bearer realm="makegood"'
        assert answer["Content-Type"] == "application/problem+json"


def test_the_use_of_a_key_is_noted(client: Client, billing: str) -> None:
    assert queries.keys_of(None)[0].last_used_at is None
    post(client, "set", billing, USAGE)
    assert queries.keys_of(None)[0].last_used_at is not None


def test_the_api_is_described_with_its_keys(client: Client) -> None:
    schema = client.get("/api/schema/", {"format": "json"}).json()
    assert set(schema["components"]["securitySchemes"]) >= {"provider key"}
    for path in ("set", "preview", "import"):
        assert {"provider key": []} in schema["paths"][f"/api/v1/usage/{path}"]["post"]["security"]
