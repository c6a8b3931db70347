"""The provider's billing sets usage by key; customers read their own."""

from typing import Final

import pytest

from customers import queries
from kernel.money import Money
from kernel.months import Month
from tests.api.programs import Program, refused
from tests.personas import ACME, RIVAL

OCTOBER: Final = Month(2026, 10)
USAGE: Final = {"account": "rival", "month": "2026-10", "amount": "75.00", "reason": "metered"}
FILE: Final = "account,month,amount\nacme,2026-10,300.00\nrival,2026-10,75.00\n"


def test_billing_sets_the_usage_of_a_month_in_its_own_name(billing: Program, rival: Program) -> None:
    answer = billing.post("usage", USAGE)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["account"], told["month"], told["reason"]) == ("rival", "2026-10", "metered")
    assert told["amount"] == {"amount": "75.00", "currency": "USD"}
    (shown,) = queries.usage_history(RIVAL, OCTOBER)
    assert shown.set_by == f"program {queries.program_for_key(billing.key or '')}"
    assert rival.get("usage").json()["items"] == [{"month": "2026-10", "amount": told["amount"]}]


def test_sending_the_same_again_changes_nothing(billing: Program) -> None:
    for _ in range(2):
        assert billing.post("usage", USAGE).status_code == 200
    assert len(queries.usage_history(RIVAL, OCTOBER)) == 1


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"account": "nobody"}, 404, "unknown_account"),
        ({"currency": "EUR"}, 422, "currency_differs"),
        ({"amount": "-1"}, 422, "usage_negative"),
        ({"amount": "0.001"}, 422, "usage_too_fine"),
        ({"month": "2099-01"}, 422, "month_not_begun"),
        ({"month": "October"}, 422, "fields_unusable"),
        ({"amount": "a lot"}, 422, "fields_unusable"),
        ({"amount": "1e3"}, 422, "fields_unusable"),
        ({"amount": 12.5}, 422, "fields_unusable"),
        ({"currency": "dollar"}, 422, "fields_unusable"),
        ({"currency": "$$$"}, 422, "fields_unusable"),
    ],
)
def test_usage_that_cannot_be_is_refused(billing: Program, changed: dict[str, str], status: int, code: str) -> None:
    problem = refused(billing.post("usage", {**USAGE, **changed}), status, code)
    if status == 422:
        (fault,) = problem["errors"]
        assert {fault["field"]: fault["value"]} == changed
        assert fault["mend"]
    assert queries.usage_of(RIVAL, OCTOBER) is None


def test_a_file_is_previewed_and_taken_over(billing: Program) -> None:
    shown = {
        "new": 1,
        "changed": 1,
        "unchanged": 0,
        "faulty_lines": 0,
        "totals": [{"month": "2026-10", "amount": {"amount": "375.00", "currency": "USD"}}],
        "errors": [],
    }
    assert billing.post("usage/import?preview=true", FILE).json() == {**shown, "preview": True}
    assert queries.usage_of(RIVAL, OCTOBER) is None
    assert billing.post("usage/import", FILE).json() == {**shown, "preview": False}
    assert queries.usage_of(RIVAL, OCTOBER) == Money.of("75.00", "USD")
    assert billing.post("usage/import", FILE).json()["unchanged"] == 2


def test_a_file_with_a_fault_is_refused_whole_and_may_be_mended(billing: Program) -> None:
    faulty = FILE + "acme,2026-09,$5\n"
    (fault,) = refused(billing.post("usage/import", faulty, named="october"), 422, "usage_file_faulty")["errors"]
    assert (fault["line"], fault["field"], fault["value"]) == (4, "amount", "$5")
    assert fault["mend"].startswith("Write digits with a point")
    assert queries.usage_of(RIVAL, OCTOBER) is None
    assert billing.post("usage/import?preview=true", faulty).json()["faulty_lines"] == 1
    assert billing.post("usage/import", FILE, named="october").status_code == 200


def test_a_file_that_is_no_text_is_refused(billing: Program) -> None:
    refused(billing.post("usage/import", b"\xff\xfe"), 422, "usage_file_faulty")


def test_customers_set_no_usage_and_billing_reads_no_claims(acme: Program, billing: Program) -> None:
    refused(acme.post("usage", {**USAGE, "account": "acme"}), 403, "permission_denied")
    refused(acme.post("usage/import", FILE), 403, "permission_denied")
    refused(billing.get("usage"), 403, "permission_denied")
    refused(billing.get("claims"), 403, "permission_denied")
    assert queries.usage_of(ACME, OCTOBER) == Money.of("200.00", "USD")
